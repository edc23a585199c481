// Package paint puts the console's pictures on the escort's terminal: rows of
// text in, the sequences that change what is there already into them out.
//
// The rules:
//
//   - Nothing happens while nothing changes. There is no frame clock: the first
//     change is drawn at once, what follows within a frame is drawn together.
//   - A row that is as it was costs nothing.
//   - Of the sequences in a row only those that give letters their look (SGR)
//     are obeyed. Every other control is dropped here, whatever came before:
//     the cursor, the title, the modes and the questions are this package's.
//   - What was switched on is switched off again by [Painter.Close], also after
//     a panic.
//
// Sequences follow xterm's "XTerm Control Sequences" (ctlseqs) and the kitty
// keyboard protocol. The letters' cells are counted by wcwidth, as the rows are
// laid out; the terminal is not asked to count otherwise (mode 2027).
package paint

import (
	"bytes"
	"io"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// Painter draws on one terminal. It is safe for concurrent use.
type Painter struct {
	w     io.Writer
	env   []string
	frame time.Duration

	profile colorprofile.Profile

	mu     sync.Mutex // guards everything below
	scr    *uv.TerminalRenderer
	buf    bytes.Buffer // what scr has to say
	cells  uv.ScreenBuffer
	rows   []string // as they were drawn
	next   tea.View // to be drawn
	shown  tea.View // drawn last
	due    *time.Timer
	last   time.Time
	wait   bool // due will draw
	sync   bool // the terminal takes a frame at once (mode 2026)
	opened bool
	ended  bool
}

// Options are about the terminal.
type Options struct {
	Env  []string // NAME=VALUE of the terminal
	FPS  int      // frames a second at most
	CRLF bool     // a line feed alone goes to the first column: the output is no terminal
	Ask  string   // questions that are asked at the beginning
}

// New makes a painter and switches on what it needs of the terminal.
func New(w io.Writer, cols, rows int, o Options) *Painter {
	p := &Painter{w: w, env: o.Env, frame: time.Second / time.Duration(max(o.FPS, 1))}
	p.scr = uv.NewTerminalRenderer(&p.buf, o.Env)
	p.profile = colorprofile.Detect(w, o.Env)
	p.scr.SetColorProfile(p.profile)
	p.scr.SetTabStops(-1)
	p.scr.SetMapNewline(o.CRLF)
	p.scr.SetFullscreen(true)
	p.scr.SetRelativeCursor(false)
	p.resize(cols, rows)
	p.due = time.AfterFunc(time.Hour, p.draw)
	p.due.Stop()
	_, _ = io.WriteString(w, ansi.SetModeAltScreenSaveCursor+ansi.ResetModeTextCursorEnable+ansi.SetModeBracketedPaste+
		ansi.SetModifyOtherKeys2+ansi.PushKittyKeyboard(ansi.KittyDisambiguateEscapeCodes)+ansi.RequestKittyKeyboard+
		ansi.RequestModeSynchronizedOutput+o.Ask)
	p.opened = true
	return p
}

// Profile is which colours the terminal has.
func (p *Painter) Profile() colorprofile.Profile { return p.profile }

// Show draws v as soon as the frame before is over. Of v it takes the content,
// the cursor, the title and the mode of the mouse.
func (p *Painter) Show(v tea.View) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended || p.opened && v.Content == p.next.Content && sameBut(v, p.next) {
		return
	}
	p.next = v
	p.schedule()
}

// sameBut reports whether two views differ at most in their content.
func sameBut(a, b tea.View) bool {
	return a.WindowTitle == b.WindowTitle && a.MouseMode == b.MouseMode &&
		(a.Cursor == nil) == (b.Cursor == nil) && (a.Cursor == nil || *a.Cursor == *b.Cursor)
}

// schedule makes draw run. Needs mu.
func (p *Painter) schedule() {
	if !p.wait {
		p.wait = true
		p.due.Reset(max(p.frame-time.Since(p.last), 0))
	}
}

// Sync says that the terminal takes whole frames at once.
func (p *Painter) Sync() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sync = true
}

// Resize says how large the terminal is now. All is drawn anew.
func (p *Painter) Resize(cols, rows int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.resize(cols, rows)
}

func (p *Painter) resize(cols, rows int) {
	p.cells = uv.NewScreenBuffer(cols, rows)
	p.scr.Resize(cols, rows)
	p.scr.Erase()
	p.rows = nil
}

// Again draws all anew, after somebody else wrote on the terminal.
func (p *Painter) Again() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.ended {
		p.resize(p.cells.Width(), p.cells.Height())
		p.schedule()
	}
}

// draw is a frame.
func (p *Painter) draw() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wait = false
	if p.ended {
		return
	}
	p.last = time.Now()
	v := p.next
	p.scr.SetScrollOptim(p.lay(v.Content) >= leastScroll)
	p.scr.Render(p.cells.RenderBuffer)
	if c := v.Cursor; c != nil {
		p.scr.MoveTo(c.X, c.Y)
	}
	_ = p.scr.Flush() // into memory
	body := p.buf.Bytes()
	var out bytes.Buffer
	p.modes(&out, v)
	p.wrap(&out, v, body)
	p.buf.Reset()
	p.shown = v
	if out.Len() > 0 {
		_, _ = p.w.Write(out.Bytes()) // a terminal that is gone ends the input too
	}
}

// leastScroll is how many rows change at least where the terminal could be told
// to scroll. Looking for such rows costs a walk over the whole picture, which a
// clock's tick need not pay.
const leastScroll = 3

// lay puts the rows that changed into the cells, and answers how many.
func (p *Painter) lay(content string) (changed int) {
	w, h := p.cells.Width(), p.cells.Height()
	rows := strings.Split(content, "\n")
	for y := range h {
		row := ""
		if y < len(rows) {
			row = rows[y]
		}
		if y < len(p.rows) && p.rows[y] == row {
			continue
		}
		changed++
		area := uv.Rect(0, y, w, 1)
		p.cells.ClearArea(area)
		uv.NewStyledString(looksOnly(row)).Draw(p.cells, area)
	}
	p.rows = rows
	return changed
}

// modes switches what differs from the frame before.
func (p *Painter) modes(out *bytes.Buffer, v tea.View) {
	if v.WindowTitle != p.shown.WindowTitle {
		out.WriteString(ansi.SetWindowTitle(v.WindowTitle))
	}
	if v.MouseMode != p.shown.MouseMode {
		out.WriteString(mouseOff)
		out.WriteString(mouseOn[v.MouseMode])
	}
	if s := shape(v.Cursor); v.Cursor != nil && s != shape(p.shown.Cursor) {
		out.WriteString(ansi.SetCursorStyle(s))
	}
}

const mouseOff = ansi.ResetModeMouseButtonEvent + ansi.ResetModeMouseAnyEvent + ansi.ResetModeMouseExtSgr

var mouseOn = map[tea.MouseMode]string{
	tea.MouseModeCellMotion: ansi.SetModeMouseButtonEvent + ansi.SetModeMouseExtSgr,
	tea.MouseModeAllMotion:  ansi.SetModeMouseAnyEvent + ansi.SetModeMouseExtSgr,
}

// shape is the parameter of DECSCUSR for a cursor that blinks; 1 for none.
func shape(c *tea.Cursor) int {
	if c == nil {
		return 1
	}
	n := 2*int(c.Shape) + 1
	if !c.Blink {
		n++
	}
	return n
}

// wrap writes the body so that the terminal shows it in one piece, with the
// cursor as v has it.
func (p *Painter) wrap(out *bytes.Buffer, v tea.View, body []byte) {
	was, is := p.shown.Cursor != nil, v.Cursor != nil
	begin, end := "", ""
	switch {
	case len(body) > 0 && p.sync:
		begin, end = ansi.SetModeSynchronizedOutput, ansi.ResetModeSynchronizedOutput
	case len(body) > 0 && was && is:
		begin, end = ansi.ResetModeTextCursorEnable, ansi.SetModeTextCursorEnable
	}
	if was && !is {
		out.WriteString(ansi.ResetModeTextCursorEnable)
	}
	out.WriteString(begin)
	out.Write(body)
	if is && !was {
		out.WriteString(ansi.SetModeTextCursorEnable)
	}
	out.WriteString(end)
}

// Close gives the terminal back as it was. Nothing is drawn afterwards.
func (p *Painter) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		return
	}
	p.ended = true
	p.due.Stop()
	out := ansi.ResetStyle + ansi.ResetModifyOtherKeys + ansi.PopKittyKeyboard(1) + mouseOff + ansi.ResetModeBracketedPaste
	if p.shown.WindowTitle != "" {
		out += ansi.SetWindowTitle("")
	}
	if s := shape(p.shown.Cursor); s > 1 {
		out += ansi.SetCursorStyle(0)
	}
	out += ansi.ResetModeAltScreenSaveCursor + ansi.SetModeTextCursorEnable
	_, _ = io.WriteString(p.w, out)
}

// looksOnly drops every control from a row but the sequences that end in m.
func looksOnly(row string) string {
	var b strings.Builder
	from := 0
	for i := 0; i < len(row); {
		n := sgr(row[i:])
		if n == 0 {
			var r rune
			if r, n = utf8.DecodeRuneInString(row[i:]); unsound(r) || r == utf8.RuneError && n == 1 {
				b.WriteString(row[from:i])
				from = i + n
			}
		}
		i += n
	}
	if from == 0 {
		return row
	}
	b.WriteString(row[from:])
	return b.String()
}

// unsound reports whether r controls something.
func unsound(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }

// sgr is the length of the sequence at the start of s that gives letters their
// look; 0 if there is none.
func sgr(s string) int {
	if !strings.HasPrefix(s, "\x1b[") {
		return 0
	}
	for i := 2; i < len(s); i++ {
		switch c := s[i]; {
		case c == 'm':
			return i + 1
		case c != ';' && c != ':' && (c < '0' || c > '9'):
			return 0
		}
	}
	return 0
}
