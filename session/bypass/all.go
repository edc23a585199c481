package bypass

import (
	"context"
	"sync"
)

// together is how many cases are tried at once: they wait more than they work.
const together = 3

// All tries the cases and tells of each as it ends, in the order of their
// ending; tell is not called twice at once. The results come in the order of
// the cases. An error is of the set-up: then the host is not known to be tested.
func All(ctx context.Context, folder string, cases []Case, tell func(Result)) ([]Result, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	results := make([]Result, len(cases))
	next := make(chan int)
	var workers sync.WaitGroup
	var mu sync.Mutex
	for range together {
		workers.Go(func() {
			for i := range next {
				r, err := Run(ctx, folder, cases[i])
				if err != nil {
					cancel(err)
					continue
				}
				mu.Lock()
				results[i] = r
				tell(r)
				mu.Unlock()
			}
		})
	}
	for i := range cases {
		select {
		case next <- i:
		case <-ctx.Done():
		}
	}
	close(next)
	workers.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	return results, nil
}
