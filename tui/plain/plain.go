// Package plain is the console for people who listen to it, and for terminals
// that only know lines: the same holds, the same decisions and the same safety
// as the full screen, as sentences one below the other.
//
// The rules:
//
//   - Nothing is drawn, coloured or moved: text, the end of a line, and BS to
//     rub out what was typed. Lines are folded at words.
//   - What the session writes goes through the emulator and comes out as lines
//     that begin with "| ". No other line begins so, and what the session
//     writes cannot begin otherwise: it cannot speak for the console.
//   - A word decides only the hold that was read out last, in full, and only if
//     the line was begun at least 600 ms after that and after the key before
//     (tui/consent). What was typed ahead decides nothing, and is said to.
//   - Caution takes a second Enter, a hold with a word takes that word; both
//     questions are held to the same pause.
//   - A hold takes the keyboard at once. A line that was begun before goes
//     nowhere: neither to the session nor to the hold.
//   - Input that ends, ends the session; ctrl+c and ctrl+z end and stop nothing.
//
// # Limits
//
// Full-screen programs are not read out by themselves; the word screen reads
// what they show. A line that is typed for the session is edited here and sent
// at Enter, so that completion with Tab is not to be had. Of a flood of output
// only the end is read out; the record has all of it.
package plain

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/charmbracelet/x/term"

	"escort/keymap"
	"escort/session/event"
	"escort/tui/runbook"
)

// Options say what the console is about.
type Options struct {
	Host, User, Ticket string
	Notes              []string       // warnings, read out at the beginning
	Who                string         // under whose name decisions are sent
	Mark               string         // what stands in place of "recording"; empty: it is recorded
	Why                string         // why this console was chosen, where nobody asked for it
	Release            event.Releaser // has the output that is held back from the engineer; nil: none is
	Watch              bool           // the engineer has a terminal of their own: nobody types here
	Bell               bool           // ring when something is held
	Runbook            *runbook.Book  // the lines that were planned; nil: none
	NoFold             bool           // what was allowed before takes all of its keys again

	// Earlier is asked, once Start has answered, for what was decided in earlier
	// sessions, the latest last; nil: nothing is known of them.
	Earlier func() []event.Judged

	// Over is given the sum of the session, in lines of plain text, when it has
	// ended; nil: nobody wants it.
	Over func(lines []string)

	// Start makes the source once the size of its terminal is known. It is
	// used when Run is given no source.
	Start func(cols, rows int) (event.Source, error)

	Input  io.Reader   // nil: standard input
	Output io.Writer   // nil: standard output
	Keys   *keymap.Map // nil: the defaults
}

// The session's terminal: rows are the console's own choice, since no screen is
// drawn; cols are what stands behind the mark of a session's line.
const (
	rows       = 24
	usualWidth = 80
	leastWidth = 20
)

// Run reads src out until the session closes, the escort ends it, its input
// ends, or ctx is done (then it answers ctx's error). With a nil src the
// session is begun by Options.Start.
func Run(ctx context.Context, src event.Source, opt Options) error {
	if opt.Input == nil {
		opt.Input = os.Stdin
	}
	if opt.Output == nil {
		opt.Output = os.Stdout
	}
	restore, err := raw(opt.Input)
	if err != nil {
		return err
	}
	defer restore()
	size := sizeOf(opt.Output)
	if src == nil {
		if src, err = opt.Start(size()-len(mark), rows); err != nil {
			return err
		}
	}
	var earlier []event.Judged
	if opt.Earlier != nil {
		earlier = opt.Earlier()
	}
	ctx, cancel := context.WithCancel(ctx)
	l := loop{
		console: newConsole(ctx, src, opt, size), ctx: ctx,
		keys: make(chan stroke), done: make(chan func()),
	}
	l.console.call = l.call
	l.past.Learn(earlier)
	begun := l.now()
	err = l.run(opt.Input)
	cancel()
	l.owned.Wait()
	if opt.Over != nil {
		opt.Over(l.list.Total().Lines(l.now().Sub(begun)))
	}
	return err
}

// loop feeds a console with what happens.
type loop struct {
	*console
	ctx   context.Context
	keys  chan stroke
	done  chan func() // what a call of the source makes of its answer
	owned sync.WaitGroup
}

// stroke is bytes of the input and when they came; none: it ended.
type stroke struct {
	p  []byte
	at time.Time
}

// read hands the input on. It ends with the input, or at the first key after
// the loop's end: a read of a terminal cannot be taken back.
func (l *loop) read(in io.Reader) {
	for {
		buf := make([]byte, 1024)
		n, err := in.Read(buf)
		s := stroke{buf[:n], time.Now()}
		if n == 0 && err == nil {
			continue
		}
		select {
		case l.keys <- s:
		case <-l.ctx.Done():
			return
		}
		if err != nil {
			if n > 0 {
				select {
				case l.keys <- stroke{}:
				case <-l.ctx.Done():
				}
			}
			return
		}
	}
}

// call runs f beside the loop, and then inside it what f answers.
func (l *loop) call(f func() func()) {
	l.owned.Go(func() {
		g := f()
		select {
		case l.done <- g:
		case <-l.ctx.Done():
		}
	})
}

func (l *loop) run(in io.Reader) error {
	events, err := l.src.Events(l.ctx, 0)
	if err != nil {
		return err
	}
	go l.read(in)
	l.begin()
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for !l.over {
		if wait, ok := l.due(time.Now()); ok {
			timer.Reset(wait)
		} else {
			timer.Stop()
		}
		select {
		case <-l.ctx.Done():
			l.out.newline()
			return l.ctx.Err()
		case e, ok := <-events:
			if !ok {
				l.over = true
				break
			}
			l.take(e)
		case s := <-l.keys:
			if len(s.p) == 0 {
				l.over = true // nobody is there any more
			}
			l.strokes(s)
		case f := <-l.done:
			f()
		case <-timer.C:
		}
		l.settle(time.Now())
		if l.out.err != nil {
			return fmt.Errorf("the console broke: %w", l.out.err)
		}
	}
	l.finish()
	return nil
}

// raw takes line editing and signals away from the terminal that in is, if it
// is one: when each key came is what the rules stand on.
func raw(in io.Reader) (restore func(), err error) {
	f, ok := in.(*os.File)
	if !ok || !term.IsTerminal(f.Fd()) {
		return func() {}, nil
	}
	state, err := term.MakeRaw(f.Fd())
	if err != nil {
		return nil, errors.New("the terminal cannot be told to hand over single keys")
	}
	return func() { _ = term.Restore(f.Fd(), state) }, nil
}

// sizeOf tells the width of a terminal, in cells, at any time.
func sizeOf(out io.Writer) func() int {
	f, ok := out.(*os.File)
	return func() int {
		if ok {
			if w, _, err := term.GetSize(f.Fd()); err == nil && w > 0 {
				return max(w, leastWidth)
			}
		}
		return usualWidth
	}
}
