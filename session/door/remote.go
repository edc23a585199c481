package door

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync"

	"escort/session/event"
)

// Remote is a session at the other end of a connection, as an [event.Source].
type Remote struct {
	l     *lines
	about About
	you   string
	queue chan event.Event
	over  chan struct{} // closed when nothing comes any more
	left  chan struct{} // closed by Close
	leave sync.Once

	mu    sync.Mutex
	n     int
	calls map[string]chan Answer
	err   error           // why nothing comes any more; nil: the session is over
	heard func(err error) // told of what was refused without having been waited for
}

var (
	_ event.Source   = (*Remote)(nil)
	_ event.Releaser = (*Remote)(nil)
)

// Reach says hello to the other end of c and comes in.
func Reach(ctx context.Context, c net.Conn, hello Hello) (*Remote, error) {
	r := &Remote{l: newLines(c, maxEvent), queue: make(chan event.Event, 256), over: make(chan struct{}), left: make(chan struct{}), calls: map[string]chan Answer{}}
	stop := context.AfterFunc(ctx, func() { _ = c.Close() })
	a, err := greet(r.l, hello)
	if !stop() && err == nil {
		err = context.Cause(ctx)
	}
	if err == nil && a.Session == nil {
		err = errors.New("the other side does not say which session this is")
	}
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	r.about, r.you = *a.Session, a.You
	go r.read()
	return r, nil
}

// List asks the other end of c which sessions there are.
func List(ctx context.Context, c net.Conn) ([]About, error) {
	defer c.Close()
	stop := context.AfterFunc(ctx, func() { _ = c.Close() })
	defer stop()
	a, err := greet(newLines(c, maxEvent), Hello{List: true})
	return a.Sessions, err
}

// Refused is what the other side says where it does not do what was asked.
type Refused struct{ Words string }

func (e *Refused) Error() string { return e.Words }

// Is makes the errors of this package and of event be told by their words.
func (e *Refused) Is(target error) bool { return target.Error() == e.Words }

func greet(l *lines, hello Hello) (a Answer, err error) {
	said := l.write(hello) // who is not let in at all may be told so before
	line, err := l.next()
	if err != nil && len(line) == 0 {
		return a, fmt.Errorf("the session does not answer: %w", errors.Join(said, err))
	}
	if err := json.Unmarshal(line, &a); err != nil {
		return a, errors.New("the other side does not speak as a session does")
	}
	if a.Error != "" {
		return a, &Refused{a.Error}
	}
	return a, nil
}

// About is what was told of the session on coming in.
func (r *Remote) About() About { return r.about.clone() }

// You is the name under which one came in.
func (r *Remote) You() string { return r.you }

// Close leaves.
func (r *Remote) Close() error {
	r.leave.Do(func() {
		close(r.left)
		_ = r.l.write(Request{Leave: true})
	})
	return r.l.conn.Close()
}

// Hear has f told of what was refused without having been waited for.
func (r *Remote) Hear(f func(error)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.heard = f
}

// read takes what comes, until the line ends.
func (r *Remote) read() {
	err := r.take()
	if errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) {
		err = errors.New("the line to the session was lost")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.err = err
	close(r.over)
	close(r.queue)
}

func (r *Remote) take() error {
	for {
		line, err := r.l.next()
		if len(bytes.TrimSpace(line)) > 0 {
			closed, err := r.line(line)
			if err != nil || closed {
				return err
			}
		}
		if err != nil {
			return err
		}
	}
}

// line takes one line, an event or an answer.
func (r *Remote) line(line []byte) (closed bool, err error) {
	var e struct {
		event.Event
		Answer
	}
	if err := json.Unmarshal(line, &e); err != nil {
		return false, fmt.Errorf("the other side does not speak as a session does: %w", err)
	}
	if e.Seq > 0 {
		select {
		case r.queue <- e.Event:
		case <-r.left:
			return false, net.ErrClosed
		}
		return e.Kind == event.Closed, nil
	}
	r.mu.Lock()
	call, heard := r.calls[string(e.Re)], r.heard
	delete(r.calls, string(e.Re))
	r.mu.Unlock()
	switch {
	case call != nil:
		call <- e.Answer
	case e.Error != "" && heard != nil:
		heard(&Refused{e.Error})
	}
	return false, nil
}

// Events delivers what comes, once; after is what the hello had.
func (r *Remote) Events(ctx context.Context, _ uint64) (<-chan event.Event, error) {
	return r.queue, nil
}

// Lost says why nothing comes any more; nil: the session is over, or still there.
func (r *Remote) Lost() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// call sends a request and waits until it is done.
func (r *Remote) call(ctx context.Context, q Request) error {
	_, err := r.ask(ctx, q)
	return err
}

// ask sends a request and waits for its answer.
func (r *Remote) ask(ctx context.Context, q Request) (a Answer, err error) {
	answer := make(chan Answer, 1)
	r.mu.Lock()
	r.n++
	q.Re = json.RawMessage(strconv.Itoa(r.n))
	r.calls[string(q.Re)] = answer
	r.mu.Unlock()
	if err := r.l.write(q); err != nil {
		return a, fmt.Errorf("the line to the session was lost: %w", err)
	}
	select {
	case a = <-answer:
		if a.Error != "" {
			return a, &Refused{a.Error}
		}
		return a, nil
	case <-r.over:
		if err := r.Lost(); err != nil {
			return a, err
		}
		return a, event.ErrClosed
	case <-ctx.Done():
		return a, ctx.Err()
	}
}

// Decide answers a hold.
func (r *Remote) Decide(ctx context.Context, d event.Decision) error {
	return r.call(ctx, Request{Decision: d})
}

// Tell sends a line of text to the other side.
func (r *Remote) Tell(ctx context.Context, text string) error {
	return r.call(ctx, Request{Message: &text})
}

// Freeze stops every process of the session, or resumes them.
func (r *Remote) Freeze(ctx context.Context, on bool) error {
	return r.call(ctx, Request{Freeze: on, Thaw: !on})
}

// Withheld is the output that is held back.
func (r *Remote) Withheld(ctx context.Context, n int) (event.Withheld, error) {
	a, err := r.ask(ctx, Request{Withheld: &n})
	if err == nil && a.Withheld == nil {
		err = errors.New("the other side does not say what is held back")
	}
	if err != nil {
		return event.Withheld{}, err
	}
	return *a.Withheld, nil
}

// Release gives the engineer output that was held back.
func (r *Remote) Release(ctx context.Context, n int, shown string) error {
	return r.call(ctx, Request{Release: true, Lines: n, Shown: shown})
}

// End kills every process of the session.
func (r *Remote) End(ctx context.Context) error {
	err := r.call(ctx, Request{End: true})
	if errors.Is(err, event.ErrClosed) { // which came before the answer
		err = nil
	}
	return err
}

// Abandon ends a session of the engineer's that no escort has come to.
func (r *Remote) Abandon(ctx context.Context) error {
	err := r.call(ctx, Request{Abandon: true})
	if errors.Is(err, event.ErrClosed) {
		err = nil
	}
	return err
}

// Prove shows that somebody is there; see [Seat.Prove].
func (r *Remote) Prove(name string) error { return r.call(context.Background(), Request{Here: &name}) }

// Touch tells that a key was pressed.
func (r *Remote) Touch() { _ = r.l.write(Request{Key: true}) }

// Input sends what the engineer typed. What becomes of it is heard later.
func (r *Remote) Input(p []byte) error { return r.l.write(Request{Input: p}) }

// Resize tells the size of the engineer's terminal.
func (r *Remote) Resize(cols, rows int) error { return r.l.write(Request{Cols: cols, Rows: rows}) }
