package host

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"escort/explain/effect"
)

// maxHanging bounds the goroutines of this process that wait for a file
// system, the ones that will never get an answer among them.
const maxHanging = 32

var slots = make(chan struct{}, maxHanging)

// do runs f, which may hang, and gives it up when ctx ends. The context that f
// gets ends then too, so that an abandoned loop stops at its next step.
func do[T any](ctx context.Context, w *World, f func(context.Context) (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	var none T
	if _, ok := ctx.Deadline(); !ok {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeout(ctx, w.o.Patience)
		defer stop()
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := ctx.Err(); err != nil {
		return none, unknown("too late: %v", err)
	}
	select {
	case slots <- struct{}{}:
	case <-ctx.Done():
		return none, unknown("too many file accesses wait for an answer")
	}
	done := make(chan result, 1)
	go func() {
		defer func() { <-slots }()
		r := result{err: unknown("stopped half-way")}
		defer func() {
			if p := recover(); p != nil {
				r = result{err: unknown("broke off: %v", p)}
			}
			done <- r
		}()
		r.value, r.err = f(ctx)
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		return none, unknown("no answer in time: %v", ctx.Err())
	}
}

// unknown is an error that is [effect.ErrUnknown].
func unknown(format string, args ...any) error {
	return fmt.Errorf("%w: %s", effect.ErrUnknown, fmt.Sprintf(format, args...))
}

// missing is an error that is [fs.ErrNotExist].
func missing(what string) error { return fmt.Errorf("%q: %w", what, fs.ErrNotExist) }

// failure tells an error of the file system apart: surely absent, or unknown.
// A root that went away with its process makes all its files look absent, so
// absence counts only while the root is still the same.
func (m *machine) failure(path string, err error) error {
	if errors.Is(err, effect.ErrUnknown) {
		return err
	}
	if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
		return fmt.Errorf("%w: %q: %w", effect.ErrUnknown, path, err)
	}
	if m.root != "" {
		now, err := os.Stat(m.root)
		if err != nil || m.rootInfo == nil || !os.SameFile(now, m.rootInfo) {
			return unknown("%q: the root of the session is gone", path)
		}
	}
	return missing(path)
}
