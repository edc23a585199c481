// Package engineer is the engineer's side of a session with two people: a
// terminal that passes everything through, both ways, and says what the escort's
// side does.
//
// The rules:
//
//   - What the session writes reaches the terminal unchanged and in order; what
//     is typed reaches the session unchanged, but for one key, which begins a
//     message to the escort.
//   - Lines of this package's own are written between two outputs of the session,
//     never inside a control sequence, and never into a full-screen program: they
//     wait until it has ended. The line with the cursor is drawn again below.
//     While a line is held they stand behind what the session says of that.
//   - While a message is written, what the session writes waits.
//   - Where output is held back, what is released of it stands behind a bar, |. No
//     other line begins so, and so it can imitate none of the console's. What is
//     typed is shown here and sent as a line, for its echo is output as well.
//
// That a line is held, or was denied, the session itself shows at its prompt.
//
// # Limits
//
// A line of ours takes the colours away that a program has left on at its
// prompt, and a message the cursor position that it has kept (DECSC).
package engineer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"escort/explain/quote"
	"escort/keymap"
	"escort/session/event"
	"escort/session/screen"
	"escort/tui/pane"
	"escort/tui/theme"
)

// Options say where the engineer sits.
type Options struct {
	In         io.Reader
	Out        io.Writer
	Cols, Rows int           // cells of the terminal
	Sizes      <-chan [2]int // its new sizes, columns and rows; nil: it keeps its size
	Notes      io.Writer     // takes the lines of this package's own, where In and Out are no terminal; nil: Out
	Refused    <-chan string // what else was asked for and is not done, in words; nil: nothing
	How        string        // how an escort comes, said while nobody is there; may be empty
	Plain      bool          // no bar before what is released: it goes to a program
	Output     string        // what the engineer gets of the output: one of event.Outputs; empty: all
}

// End is how a session ended.
type End struct {
	Status int    // of the shell or the command
	Reason string // in words, where it did not end by itself
	Came   bool   // an escort was there at some time
	Denied bool   // the last line that was decided was denied
	Why    string // the reason for that, where output is held back
}

// Errors of [Run].
var (
	ErrGaveUp = errors.New("given up before an escort came")
	ErrLost   = errors.New("the line to the session was lost")
	ErrWent   = errors.New("the terminal is gone")
)

// maxWaiting is how much output waits while a message is written, in bytes; with
// more, the message gives way.
const maxWaiting = 1 << 20

// terminal is the engineer's terminal while a session goes on.
type terminal struct {
	opt Options
	src event.Source
	out io.Writer
	err error // of the first write that failed

	scr     *screen.Screen
	pane    *pane.Pane
	waiting []byte   // output, while a message is written
	later   []string // lines to say once no full-screen program draws
	talk    *talk    // the message that is written; nil: none
	escorts []string // who watches, once for each console
	came    bool
	told    bool   // that keys go nowhere now
	asked   string // the last line that was held, where output is held back
	typing  []byte // the line that is written, where the session's echo is held back
	held    string // the line that is held, at whose prompt the session says so; empty: none
	why     string
	denied  bool // the last one that was
	end     *End
}

// Run passes a session through until it ends, its source does, or ctx is done.
func Run(ctx context.Context, src event.Source, opt Options) (End, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	scr := screen.New(opt.Cols, opt.Rows, 0)
	t := &terminal{opt: opt, src: src, out: opt.Out, scr: scr, pane: pane.New(scr, false, theme.Unicode)}
	events, err := src.Events(ctx, 0)
	if err != nil {
		return End{}, err
	}
	if err := src.Resize(opt.Cols, opt.Rows); err != nil {
		return End{}, err
	}
	keys := make(chan []byte)
	var owned sync.WaitGroup
	go read(ctx, opt.In, keys) // a read of a terminal cannot be taken back
	defer owned.Wait()
	t.begin()
	for t.end == nil && t.err == nil {
		select {
		case <-ctx.Done():
			return End{Came: t.came}, ctx.Err()
		case e, ok := <-events:
			if !ok {
				return End{Came: t.came}, ErrLost
			}
			t.take(e)
		case p, ok := <-keys:
			if !ok {
				return End{Came: t.came}, ErrWent
			}
			if err := t.typed(p); err != nil {
				return End{Came: t.came}, err
			}
		case words := <-opt.Refused:
			t.say(words)
		case size := <-opt.Sizes:
			t.opt.Cols, t.opt.Rows = size[0], size[1]
			t.scr.Resize(size[0], size[1])
			if err := src.Resize(size[0], size[1]); err != nil {
				t.say(err.Error())
			}
		}
	}
	if opt.Notes == nil {
		t.write([]byte(restore))
	}
	if t.err != nil {
		return End{Came: t.came}, fmt.Errorf("%w: %w", ErrWent, t.err)
	}
	return *t.end, nil
}

// restore leaves the terminal as shells want it, whatever a program of the
// session that was ended had set.
const restore = "\x1b[0m\x1b[?1049l\x1b[?25h\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?1l\x1b>\r\n"

// read hands the input on, and closes keys at its end.
func read(ctx context.Context, in io.Reader, keys chan<- []byte) {
	defer close(keys)
	for {
		buf := make([]byte, 4096)
		n, err := in.Read(buf)
		if n > 0 {
			select {
			case keys <- buf[:n]:
			case <-ctx.Done():
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// takes says what is done with each kind of event.
var takes = map[string]func(*terminal, event.Event){
	event.Output:  (*terminal).takeOutput,
	event.Joined:  (*terminal).takeJoined,
	event.Left:    (*terminal).takeLeft,
	event.Message: (*terminal).takeMessage,
	event.Frozen:  (*terminal).takeFrozen,
	event.Thawed:  (*terminal).takeThawed,
	event.Closed:  (*terminal).takeClosed,
	event.Held: func(t *terminal, e event.Event) {
		if e.Layer == event.LayerLine {
			t.held = e.Hold
		}
	},
	event.Decided:   (*terminal).takeGone,
	event.Withdrawn: (*terminal).takeGone,
}

func (t *terminal) take(e event.Event) {
	f, ok := takes[e.Kind]
	if own, is := withheld[e.Kind]; is && t.blind() {
		f, ok = own, true
	}
	if ok {
		f(t, e)
	}
}

// takeGone notes that a line is not held any more.
func (t *terminal) takeGone(e event.Event) {
	if e.Hold == t.held {
		t.held, t.denied = "", e.Verdict == event.Deny
	}
}

func (t *terminal) takeOutput(e event.Event) {
	if t.talk == nil {
		t.pass(e.Data)
		return
	}
	if t.waiting = append(t.waiting, e.Data...); len(t.waiting) > maxWaiting {
		t.hush()
	}
}

// pass writes what the session has written, and after it what waits to be said.
func (t *terminal) pass(p []byte) {
	t.write(p)
	// The emulator's Write never fails; the terminal itself answers questions.
	_, _ = t.scr.Write(p)
	t.scr.Replies()
	if len(t.later) > 0 && t.free() {
		later := t.later
		t.later = nil
		t.say(later...)
	}
}

func (t *terminal) takeJoined(e event.Event) {
	if e.Layer != "" {
		return
	}
	if !slices.Contains(t.escorts, e.Who) {
		t.say(e.Who + " watches: nothing runs before an escort has allowed it")
	}
	t.escorts, t.came, t.told = append(t.escorts, e.Who), true, false
}

func (t *terminal) takeLeft(e event.Event) {
	i := slices.Index(t.escorts, e.Who)
	if e.Layer != "" || i < 0 {
		return
	}
	t.escorts = slices.Delete(t.escorts, i, i+1)
	switch {
	case slices.Contains(t.escorts, e.Who):
	case len(t.escorts) == 0:
		t.say(e.Who + " went, and nobody watches: keys go nowhere until an escort is back")
	default:
		t.say(e.Who + " went; " + strings.Join(t.escorts, ", ") + " watches")
	}
}

// takeMessage says what an escort's side has to say, where the session does not
// show it itself.
func (t *terminal) takeMessage(e event.Event) {
	if e.Who == "escort" {
		t.say(e.Reason)
	}
}

func (t *terminal) takeFrozen(e event.Event) {
	t.say(with("every program of the session is stopped", e.Reason))
}

func (t *terminal) takeThawed(e event.Event) {
	t.say(with("the programs go on", e.Reason))
}

func (t *terminal) takeClosed(e event.Event) {
	t.end = &End{Reason: e.Reason, Came: t.came, Denied: t.denied, Why: t.why}
	if e.Status != nil {
		t.end.Status = *e.Status
	}
	t.hush()
}

func with(text, more string) string {
	if more != "" {
		return text + ": " + more
	}
	return text
}

// begin says that an escort is waited for.
func (t *terminal) begin() {
	key := ""
	for _, k := range keymap.Line {
		if k.Action == keymap.Switch {
			key = k.Key
		}
	}
	t.say(with("waiting for an escort", t.opt.How))
	if words := outputs[t.opt.Output]; words != "" {
		t.say(words)
	}
	if t.opt.Notes == nil {
		rest := "every other key goes to the session"
		if t.blind() {
			rest = "every other line goes to the session"
		}
		t.say(key + " writes a message to the escort; " + rest)
		t.redraw()
	}
}

// typed takes keys.
func (t *terminal) typed(p []byte) error {
	switch {
	case t.talk != nil:
		t.written(p)
		return nil
	case t.opt.Notes != nil:
		t.send(p)
		return nil
	case t.blind():
		return t.compose(p)
	}
	for i, b := range p {
		a, _ := keymap.LineKey(b)
		if a == keymap.Switch {
			t.send(p[:i])
			t.ask()
			t.written(p[i+1:])
			return nil
		}
		if a == keymap.Nothing && !t.came {
			return ErrGaveUp
		}
	}
	t.send(p)
	return nil
}

// send gives keys to the session.
func (t *terminal) send(p []byte) {
	if len(p) == 0 {
		return
	}
	if err := t.src.Input(p); err != nil {
		t.Refused(err)
	}
}

// Refused says once why keys go nowhere.
func (t *terminal) Refused(err error) {
	if !t.told {
		t.told = true
		t.say(err.Error())
	}
}

func (t *terminal) write(p []byte) {
	if _, err := t.out.Write(p); err != nil && t.err == nil {
		t.err = err
	}
}

// line is a line of this package's own, made visible.
func line(text string) string { return "escort: " + quote.Line(text).String() }
