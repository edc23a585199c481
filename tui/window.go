package tui

import (
	"fmt"
	"io"
	"os"
	"slices"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"

	"escort/tui/paint"
)

// usualFPS is how many pictures a second are drawn at most.
const usualFPS = 60

// terminal is the escort's terminal while the console has it.
type terminal struct {
	*paint.Painter
	in         io.Reader
	out        io.Writer
	env        []string
	cols, rows int
	restore    func()
}

// open takes the terminal that m is shown on.
func open(m *Model) (*terminal, error) {
	o := m.opt
	t := &terminal{in: o.Input, out: o.Output, cols: 80, rows: 24, restore: func() {}}
	if t.in == nil {
		t.in = os.Stdin
	}
	if t.out == nil {
		t.out = os.Stdout
	}
	if o.Size != [2]int{} {
		t.cols, t.rows = o.Size[0], o.Size[1]
	} else if cols, rows, ok := t.size(); ok {
		t.cols, t.rows = cols, rows
	}
	f, tty := t.in.(*os.File)
	if tty = tty && term.IsTerminal(f.Fd()); tty {
		state, err := term.MakeRaw(f.Fd())
		if err != nil {
			return nil, fmt.Errorf("the terminal cannot be told to hand over single keys: %w", err)
		}
		t.restore = func() { _ = term.Restore(f.Fd(), state) }
	}
	t.env = o.Env
	if t.env == nil {
		t.env = os.Environ()
	}
	if m.outside.can.mono {
		t.env = append(slices.Clone(t.env), "NO_COLOR=1") // of the session's programs too
	}
	fps := o.FPS
	if fps == 0 {
		fps = usualFPS
	}
	t.Painter = paint.New(t.out, t.cols, t.rows, paint.Options{Env: t.env, FPS: fps, CRLF: !tty && o.Sizes == nil, Ask: m.asks()})
	return t, nil
}

// size is the window's, where the output is a terminal.
func (t *terminal) size() (cols, rows int, ok bool) {
	f, ok := t.out.(*os.File)
	if !ok {
		return 0, 0, false
	}
	cols, rows, err := term.GetSize(f.Fd())
	return cols, rows, err == nil && cols > 0 && rows > 0
}

func (t *terminal) close() {
	t.Close()
	t.restore()
}

// painted shows a model's pictures on a terminal.
type painted struct {
	*Model
	t *terminal
}

// Update takes one message.
func (p painted) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		p.t.Resize(msg.Width, msg.Height)
	case tea.ModeReportMsg:
		if msg.Mode == ansi.ModeSynchronizedOutput && msg.Value == ansi.ModeReset {
			p.t.Sync()
		}
	}
	_, cmd := p.Model.Update(msg)
	return p, cmd
}

// View hands the picture on.
func (p painted) View() tea.View {
	p.t.Show(p.Model.View())
	return tea.View{}
}
