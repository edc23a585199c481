// Package tui is the console: the supervised terminal, the card of what is
// held, and the keys that decide. It has the only tea.Model; panes and cards
// are plain structs.
//
// The rules:
//
//   - Nothing of the session or of an explanation is drawn before it was made
//     visible (explain/quote, screen.Snapshot.Safe). The window's title is a
//     constant.
//   - A card arms when it was drawn and 600 ms passed without any key. Until
//     then keys decide nothing. Every change of the shown hold disarms.
//   - No verdict is preselected; an allow costs more the higher the risk.
//   - The mouse scrolls, chooses a pane and moves the split; it never decides.
//     The program inside gets it only if it asked and has the keyboard.
//   - Output of the session coalesces; holds, decisions and messages queue and
//     are never dropped.
//   - Update never blocks: Decide, Tell, Freeze and End run as commands; Input
//     and Resize, whose order matters, run one after the other on a worker.
//
// # Limits
//
// A second escort for critical holds is up to the source: the console sends
// the decision under its own name.
package tui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	tea "charm.land/bubbletea/v2"

	"escort/keymap"
	"escort/session/event"
	"escort/tui/plain"
	"escort/tui/runbook"
)

// Options say what the console is about.
type Options struct {
	Host    string // shown in the header
	User    string
	Ticket  string
	Notes   []string       // warnings that stand in the header for the whole session
	Who     string         // under whose name decisions are sent
	Runbook *runbook.Book  // the lines that were planned; nil: none
	Mark    string         // what stands before the clock; empty: that the session is recorded
	Plain   bool           // lines of text in place of a screen (tui/plain)
	Alert   string         // one of Alerts; empty: none
	Release event.Releaser // has the output that is held back from the engineer; nil: none is
	Watch   bool           // the engineer has a terminal of their own: nobody types here
	NoCopy  bool           // no key may put a command onto the clipboard
	NoFold  bool           // what was allowed before takes all of its keys again
	Why     string         // why plain, where nobody asked for it

	// Start makes the source once the size of its terminal is known. It is
	// used when Run is given no source.
	Start func(cols, rows int) (event.Source, error)

	// Earlier is asked, once Start has answered, for what was decided in earlier
	// sessions, the latest last; nil: nothing is known of them.
	Earlier func() []event.Judged

	// Over is given the sum of the session, in lines of plain text, once the
	// terminal was given back; nil: nobody wants it. It is not called where no
	// session began.
	Over func(lines []string)

	Input      io.Reader     // nil: standard input
	Output     io.Writer     // nil: standard output
	Env        []string      // NAME=VALUE of the escort's terminal; nil: the process's own
	Keys       *keymap.Map   // nil: the defaults
	Theme      string        // a name of theme.Names; empty: the terminal's own colours
	Scrollback int           // lines of the session that can be scrolled back; 0: 10,000
	Size       [2]int        // columns and rows of the window, where the output is no terminal; zero: 80×24
	Sizes      <-chan [2]int // its new sizes, of a terminal elsewhere that takes single keys; nil: the terminal itself tells
	FPS        int           // frames a second at most; 0: 60

	// Now is the clock of the session; nil: the machine's.
	Now func() time.Time

	// NoMouse leaves the mouse to the terminal until a key takes it.
	NoMouse bool
	now     func() time.Time
	after   func(time.Duration, func(time.Time) tea.Msg) tea.Cmd // what starts a timer
}

// ErrNoSource is what Run answers when it is given neither a source nor a way
// to start one.
var ErrNoSource = errors.New("the console has no session to show")

// Run shows src until the session closes, the escort ends it, or ctx is done
// (then it answers ctx's error). With a nil src the session is begun by
// Options.Start as soon as the window's size is known.
func Run(ctx context.Context, src event.Source, opt Options) error {
	if src == nil && opt.Start == nil {
		return ErrNoSource
	}
	if opt.Plain {
		return plain.Run(ctx, src, opt.plain())
	}
	inner, cancel := context.WithCancel(ctx)
	m := newModel(inner, src, opt)
	t, err := open(m)
	if err != nil {
		cancel()
		return err
	}
	m.signals = t
	p := tea.NewProgram(painted{m, t}, m.programOptions(t)...)
	unwatch := t.watch(p, opt.Sizes)
	// Asked to quit, not killed: then its reader of keys has ended before the
	// terminal is given back.
	stop := context.AfterFunc(ctx, p.Quit)
	_, err = p.Run()
	stop()
	unwatch()
	t.close()
	cancel()
	m.owned.Wait()
	if m.begun && m.src != nil && opt.Over != nil {
		opt.Over(m.list.Total().Lines(m.opt.now().Sub(m.opened)))
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("the console broke: %w", err)
	}
	return m.err
}

// plain are the options for the console of lines.
func (o Options) plain() plain.Options {
	return plain.Options{
		Host: o.Host, User: o.User, Ticket: o.Ticket, Notes: o.Notes, Who: o.Who, Mark: o.Mark, Why: o.Why, Bell: o.Alert == "bell" || o.Alert == "both", Runbook: o.Runbook, Earlier: o.Earlier, NoFold: o.NoFold, Over: o.Over,
		Start: o.Start, Release: o.Release, Watch: o.Watch, Input: o.Input, Output: o.Output, Keys: o.Keys,
	}
}

// programOptions leave the terminal to t: the program of Bubble Tea reads keys
// and draws nothing, for its own clock of frames never rests.
func (m *Model) programOptions(t *terminal) []tea.ProgramOption {
	return []tea.ProgramOption{
		tea.WithoutRenderer(), tea.WithFPS(1), tea.WithoutSignalHandler(), tea.WithOutput(io.Discard), tea.WithInput(t.in),
		tea.WithWindowSize(t.cols, t.rows), tea.WithEnvironment(t.env), tea.WithColorProfile(t.Profile()),
	}
}
