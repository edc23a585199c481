package sample

import (
	"context"
	"slices"
	"sync"
	"time"

	"escort/session/event"
)

// journal numbers the events of a play, keeps all of them, and passes them on
// to any number of followers.
type journal struct {
	now func() time.Time

	mu      sync.Mutex
	events  []event.Event
	changed chan struct{} // closed and replaced whenever events grows or closed is set
	closed  bool
}

func newJournal(now func() time.Time) *journal {
	return &journal{now: now, changed: make(chan struct{})}
}

// publish numbers e and passes it on. An event of kind closed is the last.
func (j *journal) publish(e event.Event) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return event.ErrClosed
	}
	e.Seq, e.Time = uint64(len(j.events))+1, j.now().UTC()
	j.events = append(j.events, e)
	j.closed = e.Kind == event.Closed
	close(j.changed)
	j.changed = make(chan struct{})
	return nil
}

// follow delivers every event after a sequence number until ctx is done or the
// journal is closed.
func (j *journal) follow(ctx context.Context, after uint64) <-chan event.Event {
	out := make(chan event.Event, 64)
	go func() {
		defer close(out)
		for {
			batch, changed, closed := j.since(after)
			for _, e := range batch {
				select {
				case out <- e:
				case <-ctx.Done():
					return
				}
				after = e.Seq
			}
			if closed {
				return
			}
			select {
			case <-changed:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

func (j *journal) since(after uint64) (batch []event.Event, changed <-chan struct{}, closed bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	at := min(after, uint64(len(j.events)))
	return slices.Clone(j.events[at:]), j.changed, j.closed
}
