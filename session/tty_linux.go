package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"escort/session/event"

	"golang.org/x/sys/unix"
)

// readOutput carries what the pty says into events until the session ends.
func (s *Session) readOutput() {
	defer close(s.read)
	buf := make([]byte, 64<<10)
	var tail []byte
	for {
		n, err := s.master.Read(buf)
		if n > 0 {
			s.hub.room(s.ctx)
			data := slices.Clone(buf[:n])
			s.prompts.heard(data)
			seen := append(tail, data...)
			s.altScreen.Store(trackAltScreen(seen, s.altScreen.Load()))
			tail = slices.Clone(seen[max(0, len(seen)-16):])
			_ = s.hub.publish(event.Event{Kind: event.Output, Data: data})
		}
		if err != nil {
			return
		}
	}
}

// writeInput carries typed bytes to the pty; it alone waits when the program
// does not read.
func (s *Session) writeInput() {
	for {
		select {
		case p := <-s.input:
			if err := plainInput(int(s.slave.Fd())); err != nil && s.ctx.Err() == nil {
				s.Alarm("typed keys are dropped, since the terminal cannot be read: " + err.Error())
				continue
			}
			for ok := true; ok; ok = len(p) > 0 {
				if err := s.pass(p); err != nil && s.ctx.Err() != nil {
					return
				}
				p, s.ahead = s.ahead, nil
			}
		case <-s.ctx.Done():
			return
		}
	}
}

// flushInput throws away what was typed and not yet read.
func (s *Session) flushInput() {
	s.dropInput()
	_ = unix.IoctlSetInt(int(s.slave.Fd()), unix.TCFLSH, unix.TCIFLUSH)
}

// dropInput throws away what was typed and not yet handed on.
func (s *Session) dropInput() {
	for {
		select {
		case <-s.input:
		default:
			return
		}
	}
}

// Input sends bytes as typed by the engineer; see [event.Source].
func (s *Session) Input(p []byte) error {
	if s.ctx.Err() != nil {
		return event.ErrClosed
	}
	if s.secret.typed(p) {
		return errors.New("that key sequence is the hook's own and is not passed on")
	}
	select {
	case s.input <- slices.Clone(p):
		return nil
	default:
		return ErrBusy
	}
}

func (s *Session) setSize(cols, rows int) error {
	if cols < 1 || rows < 1 || cols > 1<<15 || rows > 1<<15 {
		return fmt.Errorf("a terminal of %d×%d cells is not possible", cols, rows)
	}
	// Through the slave: asking the master for its descriptor would make reads
	// of it block past their deadline.
	return unix.IoctlSetWinsize(int(s.slave.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Col: uint16(cols), Row: uint16(rows)})
}

// Resize sets the size of the session's terminal.
func (s *Session) Resize(cols, rows int) error {
	if err := s.setSize(cols, rows); err != nil {
		return err
	}
	return s.hub.publish(event.Event{Kind: event.Resized, Cols: cols, Rows: rows})
}

// Events delivers the session's events; see [event.Source].
func (s *Session) Events(ctx context.Context, after uint64) (<-chan event.Event, error) {
	return s.hub.follow(ctx, after), nil
}

// Decide answers a hold; see [event.Source].
func (s *Session) Decide(_ context.Context, d event.Decision) error {
	err := s.board.decide(d)
	if err == nil && d.Verdict == event.CannotTell {
		s.sayInStream("escort: " + event.PassedOn)
	}
	return err
}

// sayInStream puts a line of the console's own into the session's output,
// unless a full-screen program has the terminal. Beside a held line the shell
// draws it, which knows where its line stands.
func (s *Session) sayInStream(text string) {
	if q := s.question.Load(); q != nil && q.Say(text) {
		return
	}
	if !s.altScreen.Load() {
		_ = s.hub.publish(event.Event{Kind: event.Output, Who: sessionItself, Data: []byte("\r\n" + text + "\r\n")})
	}
}

// sessionItself is who wrote output that no program did.
const sessionItself = "escort"

// altScreen are the sequences that give the terminal to a full-screen program,
// and those that take it back.
var altScreen = []struct {
	seq string
	on  bool
}{
	{"\x1b[?1049h", true},
	{"\x1b[?1047h", true},
	{"\x1b[?47h", true},
	{"\x1b[?1049l", false},
	{"\x1b[?1047l", false},
	{"\x1b[?47l", false},
	{"\x1bc", false},
}

// trackAltScreen follows whether a full-screen program has the terminal. b has
// the end of the chunk before in front, so that no sequence is missed. Most
// output has none, and is then looked through once.
func trackAltScreen(b []byte, was bool) bool {
	for {
		i := bytes.IndexByte(b, 0x1b)
		if i < 0 {
			return was
		}
		b = b[i:]
		for _, a := range altScreen {
			if bytes.HasPrefix(b, []byte(a.seq)) {
				was = a.on
			}
		}
		b = b[1:]
	}
}
