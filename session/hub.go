package session

import (
	"context"
	"slices"
	"sync"
	"time"

	"escort/session/event"
)

const (
	keepOutput = 2 << 20 // bytes of output kept for who joins late
	maxLag     = 1 << 20 // bytes of output that a follower may be behind before output waits
)

// ledger is where events are written before they count. It answers the hash of
// the line that it made; empty: the kind has none.
type ledger interface {
	Write(e event.Event) (hash string, err error)
}

// hub numbers the events of a session, has them written, and passes them on to
// any number of followers. Everything but old output is kept.
type hub struct {
	rec  ledger
	lost func(error) // called once, on the first failure to write
	now  clock

	mu        sync.Mutex
	log       []entry
	seq       uint64
	ahead     time.Duration // by how much the time of day was ahead of the time that went by
	total     int64         // bytes of output so far
	kept      int64         // of these still in log
	failed    error
	closed    bool
	changed   chan struct{} // closed and replaced whenever log grows or a follower advances
	followers map[*follower]struct{}
}

type entry struct {
	e   event.Event
	end int64 // bytes of output up to and with this event
}

type follower struct{ at int64 } // bytes of output that were delivered

// clock tells the time of day, and how much time went by since it was made,
// which nobody can set.
type clock func() (day time.Time, passed time.Duration)

func newClock() clock {
	begun := time.Now()
	return func() (time.Time, time.Duration) {
		now := time.Now()
		return now.UTC(), now.Sub(begun)
	}
}

// From when on a clock is told of that went back, or ahead: the time of day is
// corrected by little, and goes on while the machine sleeps.
const (
	setBack  = time.Second
	setAhead = time.Minute
)

func newHub(rec ledger, lost func(error), now clock) *hub {
	if now == nil {
		now = newClock()
	}
	day, passed := now()
	return &hub{
		rec: rec, lost: lost, now: now, ahead: day.Sub(time.Unix(0, 0)) - passed,
		changed: make(chan struct{}), followers: map[*follower]struct{}{},
	}
}

// jumped is what is told where the machine's clock was set since the last
// event: what happened when can then only be told from the order.
func (h *hub) jumped() (words string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	day, passed := h.now()
	ahead := day.Sub(time.Unix(0, 0)) - passed
	const after = "; times before and after this do not compare, the order does"
	switch by := ahead - h.ahead; {
	case -by >= setBack:
		words = "the clock of this machine was set back by " + (-by).Round(time.Second).String() + after
	case by >= setAhead:
		words = "the clock of this machine went ahead by " + by.Round(time.Second).String() + ", or it slept" + after
	}
	h.ahead = ahead
	return words
}

// publish numbers e, writes it and passes it on. On an error nothing was
// written, and nothing is passed on unless the kind may go unrecorded.
func (h *hub) publish(e event.Event) error {
	if words := h.jumped(); words != "" {
		if err := h.put(event.Event{Kind: event.Message, Who: "escort", Reason: words}); err != nil {
			return err
		}
	}
	return h.put(e)
}

func (h *hub) put(e event.Event) error {
	h.mu.Lock()
	e.Seq = h.seq + 1
	e.Time, _ = h.now()
	err := h.failed
	if err == nil {
		if e.Hash, err = h.rec.Write(e); err != nil {
			h.failed = err
			defer h.lost(err) // after the lock is free
		}
	}
	defer h.mu.Unlock()
	if err != nil && !unrecorded[e.Kind] {
		return err
	}
	h.seq++
	h.total += int64(len(e.Data))
	h.kept += int64(len(e.Data))
	h.log = append(h.log, entry{e, h.total})
	h.trim()
	h.wake()
	return err
}

// unrecorded lists the kinds that people see even when the record has failed:
// they let nothing through.
var unrecorded = map[string]bool{
	event.Output: true, event.Resized: true, event.Frozen: true, event.Message: true, event.Closed: true, event.Lost: true,
	event.Decided: true, event.Withdrawn: true, event.Finished: true,
}

// trim drops the oldest output past keepOutput. Needs mu.
func (h *hub) trim() {
	if h.kept <= 2*keepOutput {
		return
	}
	h.log = slices.DeleteFunc(h.log, func(x entry) bool {
		old := x.e.Kind == event.Output && h.kept > keepOutput
		if old {
			h.kept -= int64(len(x.e.Data))
		}
		return old
	})
}

// fail says that the record is lost though no write has failed.
func (h *hub) fail(err error) {
	h.mu.Lock()
	first := h.failed == nil
	if first {
		h.failed = err
	}
	h.mu.Unlock()
	if first {
		h.lost(err)
	}
}

func (h *hub) wake() {
	close(h.changed)
	h.changed = make(chan struct{})
}

func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	h.wake()
}

// room waits until no follower is far behind, so that a flood runs at the speed
// at which it is read.
func (h *hub) room(ctx context.Context) {
	for {
		h.mu.Lock()
		behind := false
		for f := range h.followers {
			behind = behind || h.total-f.at > maxLag
		}
		changed := h.changed
		h.mu.Unlock()
		if !behind {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

// follow delivers every event after a sequence number until ctx is done or the
// hub is closed.
func (h *hub) follow(ctx context.Context, after uint64) <-chan event.Event {
	out := make(chan event.Event, 64)
	h.mu.Lock()
	f := &follower{at: h.total}
	h.followers[f] = struct{}{}
	h.mu.Unlock()
	go func() {
		defer close(out)
		defer func() {
			h.mu.Lock()
			defer h.mu.Unlock()
			delete(h.followers, f)
			h.wake()
		}()
		for {
			batch, changed, closed := h.since(after)
			for _, x := range batch {
				select {
				case out <- x.e:
				case <-ctx.Done():
					return
				}
				after = x.e.Seq
				h.advance(f, x)
			}
			if len(batch) > 0 {
				continue
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

func (h *hub) advance(f *follower, x entry) {
	h.mu.Lock()
	defer h.mu.Unlock()
	f.at = x.end
	if x.e.Kind == event.Output && h.total-f.at <= maxLag {
		h.wake()
	}
}

func (h *hub) since(after uint64) (batch []entry, changed <-chan struct{}, closed bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	i, _ := slices.BinarySearchFunc(h.log, after+1, func(x entry, seq uint64) int {
		switch {
		case x.e.Seq < seq:
			return -1
		case x.e.Seq > seq:
			return 1
		}
		return 0
	})
	const most = 64 // so that lag is seen while a long backlog is delivered
	batch = slices.Clone(h.log[i:min(len(h.log), i+most)])
	return batch, h.changed, h.closed
}
