package door

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"time"
)

// Hall is the rooms of one program.
type Hall struct {
	// Begin opens a room for a new session of an engineer's; nil: there are no
	// new ones to be had here.
	Begin func(ctx context.Context, p Person, w Work) (*Room, error)

	mu      sync.Mutex
	rooms   []*Room
	telling int           // connections that events are written to
	changed chan struct{} // closed and replaced whenever these change; nil: nobody waits
}

// Changed is closed when a room is opened or goes, or somebody came or went.
func (h *Hall) Changed() <-chan struct{} {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.changed == nil {
		h.changed = make(chan struct{})
	}
	return h.changed
}

// wake needs mu.
func (h *Hall) wake() {
	if h.changed != nil {
		close(h.changed)
		h.changed = nil
	}
}

// Open adds a room, which goes when its session ends.
func (h *Hall) Open(r *Room) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.rooms = append(h.rooms, r)
	h.wake()
	go func() {
		<-r.live.Done()
		h.mu.Lock()
		defer h.mu.Unlock()
		h.rooms = slices.DeleteFunc(h.rooms, func(o *Room) bool { return o == r })
		h.wake()
	}()
}

// Rooms are those that are open, the oldest first.
func (h *Hall) Rooms() []*Room {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.rooms)
}

// Find is the room of a session, by its ID or how that ends; with an empty one,
// the only room that there is.
func (h *Hall) Find(id string) (*Room, error) {
	var found []*Room
	for _, r := range h.Rooms() {
		if strings.HasSuffix(r.live.ID(), id) {
			found = append(found, r)
		}
	}
	switch len(found) {
	case 0:
		return nil, ErrNoRoom
	case 1:
		return found[0], nil
	}
	return nil, fmt.Errorf("%d sessions are meant by %q: name one", len(found), id)
}

// slow is how long a line may take to be taken by who reads it.
const slow = 30 * time.Second

// Serve answers one connection of p until it or ctx ends.
func (h *Hall) Serve(ctx context.Context, c net.Conn, p Person) {
	defer c.Close()
	stop := context.AfterFunc(ctx, func() { _ = c.Close() })
	defer stop()
	l := newLines(c, maxRequest)
	line, err := l.next()
	var hello Hello
	if err != nil || json.Unmarshal(line, &hello) != nil || hello.List == (hello.As != "") {
		_ = l.write(Answer{Error: "not understood: a first line with list or as is expected"})
		return
	}
	if hello.List {
		a := Answer{OK: true, Sessions: []About{}, You: p.Name}
		for _, r := range h.Rooms() {
			if p.May(Escort) || r.engineer.Same(p) {
				a.Sessions = append(a.Sessions, r.About())
			}
		}
		_ = l.write(a)
		return
	}
	r, err := h.meant(ctx, p, hello)
	if err != nil {
		_ = l.write(answer(nil, err))
		return
	}
	s, err := r.Enter(p, hello.As)
	if err != nil {
		_ = l.write(answer(nil, err))
		return
	}
	h.tell(1)
	told := sync.OnceFunc(func() { h.tell(-1) })
	defer told()
	s.Leave(l.serve(ctx, s, hello.After, told))
}

// tell counts the connections that events are still written to.
func (h *Hall) tell(n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.telling += n
	h.wake()
}

// Told waits until everybody who came has got every event that there is for
// them, or ctx ends.
func (h *Hall) Told(ctx context.Context) {
	for {
		changed := h.Changed()
		h.mu.Lock()
		n := h.telling
		h.mu.Unlock()
		if n == 0 {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

// meant is the room that a hello asks for.
func (h *Hall) meant(ctx context.Context, p Person, hello Hello) (*Room, error) {
	switch {
	case hello.New == nil:
		return h.Find(hello.ID)
	case hello.As != Engineer || !p.May(Engineer):
		return nil, ErrNotThat
	case h.Begin == nil:
		return nil, errors.New("no session can be begun here")
	case hello.New.Cols < 1 || hello.New.Rows < 1:
		return nil, errors.New("the size of the terminal is missing")
	}
	return h.Begin(ctx, p, *hello.New)
}

// lines are the two directions of a connection.
type lines struct {
	conn net.Conn
	in   *bufio.Reader
	most int // bytes of a line that is read

	mu sync.Mutex // one line at a time
}

func newLines(c net.Conn, most int) *lines {
	return &lines{conn: c, in: bufio.NewReaderSize(c, 16<<10), most: most}
}

// next reads a line without its end.
func (l *lines) next() ([]byte, error) {
	var line []byte
	for {
		part, err := l.in.ReadSlice('\n')
		if line = append(line, part...); len(line) > l.most {
			return nil, errors.New("a line is too long")
		}
		if err == bufio.ErrBufferFull {
			continue
		}
		return bytes.TrimSuffix(line, []byte("\n")), err
	}
}

// write sends a value as one line.
func (l *lines) write(v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.conn.SetWriteDeadline(time.Now().Add(slow)); err != nil {
		return err
	}
	_, err := l.conn.Write(b.Bytes())
	return err
}

// serve carries events out and requests in until one side ends, and says why. told
// is called when the last event is out.
func (l *lines) serve(ctx context.Context, s *Seat, after uint64, told func()) (why string) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	about := s.room.About()
	if err := l.write(Answer{OK: true, Session: &about, You: s.who.Name}); err != nil {
		return "the line dropped"
	}
	events, err := s.Events(ctx, after)
	if err != nil {
		_ = l.write(answer(nil, err))
		return err.Error()
	}
	var out sync.WaitGroup
	out.Go(func() {
		defer told()
		// The session is over, or nobody reads: what is asked now is answered still.
		defer func() { _ = l.conn.SetReadDeadline(time.Now().Add(time.Second)) }()
		for e := range events {
			if l.write(e) != nil {
				return
			}
		}
	})
	defer out.Wait()
	defer cancel()
	for {
		line, err := l.next()
		if len(bytes.TrimSpace(line)) > 0 {
			if l.write(handle(ctx, s, line)) != nil {
				return "the line dropped"
			}
		}
		switch {
		case err != nil:
			return "the line dropped"
		}
	}
}
