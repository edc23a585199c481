package tui

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"escort/keymap"
	"escort/session/event"
	"escort/session/screen"
	"escort/tui/card"
	"escort/tui/history"
	"escort/tui/layout"
	"escort/tui/pane"
	"escort/tui/past"
	"escort/tui/stint"
	"escort/tui/theme"
)

// scrollback is how many lines of the session can be scrolled back, if nothing
// else is asked for.
const scrollback = 10_000

// Model is the console's state. It is changed by Update alone.
type Model struct {
	ctx     context.Context
	opt     Options
	keys    *keymap.Map
	theme   theme.Theme
	outside outside
	owned   sync.WaitGroup // the goroutines that end with ctx

	src   event.Source
	scr   *screen.Screen
	pane  *pane.Pane
	pump  *pump
	works *worker
	begun bool
	err   error // why the console ended, where that is a failure

	w, h   int
	lay    layout.Layout
	split  layout.Split
	zoomed bool   // one pane fills the window, the one in use
	size   [2]int // columns and rows of the session's terminal
	mouse  mouse

	holds  []*hold
	cur    int // the shown one
	list   history.List
	past   *past.Memory
	moment uint64 // the place in the session of the event that is taken
	opened time.Time
	frozen bool
	froze  string // why, in words; may be empty

	mode    keymap.Mode
	page    page
	back    keymap.Mode // where a page or a search returns to
	entry   entry
	notice  notice
	scroll  int         // first line shown of the card
	turned  int         // first line shown of the page
	mark    int         // the marked line that was gone to last; -1: none
	hit     hit         // what was found last on a page or the card
	stint   stint.Stint // how long the escort has judged without a break
	filter  history.Filter
	chosen  int  // the row of the list of decisions that is marked
	session bool // PgUp and PgDn scroll the session, not the card
	arming  arming
	behind  withheld
	termKey time.Time // the last key given to the program
	seize   bool      // a hold waits to take the focus
	lost    []loss    // layers that do not hold any more
	signals signals   // nil: the terminal takes none
	rang    time.Time // when the last alert was given
	here    []string  // the escorts who watch, once for each of their consoles
	touched time.Time // when the session was last told that keys are pressed
	hush    bool      // keys that were meant for a hold that went are in flight
}

// hold is one thing that waits for a decision.
type hold struct {
	*card.Card
	since time.Time // when it came
	place uint64    // where in the session
	drawn time.Time // when its card was first on the screen
	asked bool      // a decision is on its way
}

func newModel(ctx context.Context, src event.Source, opt Options) *Model {
	if opt.now == nil {
		opt.now = opt.Now
	}
	if opt.now == nil {
		opt.now = time.Now
	}
	if opt.after == nil {
		opt.after = tea.Tick
	}
	if opt.Keys == nil {
		opt.Keys = keymap.Default()
	}
	const cols, rows = 80, 24 // until the real size is known
	if opt.Scrollback == 0 {
		opt.Scrollback = scrollback
	}
	scr := screen.New(cols, rows, opt.Scrollback)
	can := abilityOf(opt.Env)
	m := &Model{
		ctx: ctx, opt: opt, keys: opt.Keys, outside: outside{can: can}, src: src, scr: scr, pane: pane.New(scr, can.bare, can.glyphs),
		pump: newPump(scr), works: newWorker(), opened: opt.now(),
		past: past.New(opt.Who), mouse: mouse{on: !opt.NoMouse && !can.noEsc},
	}
	m.mode, m.pump.follow = m.rest(), opt.Watch
	if opt.Watch {
		m.size = [2]int{cols, rows}
	}
	if opt.NoFold {
		m.past.NeverFold()
	}
	m.style()
	return m
}

// Messages that commands send back.
type (
	second time.Time // a second passed
	rearm  struct{}  // the card may be armed now
	begun  struct {
		src     event.Source
		earlier []event.Judged
		err     error
	}
	answered struct { // the source's answer to a call
		hold string
		what string // said when it worked
		err  error
	}
)

// drawn reports that the card of a hold is on the screen.
type drawn string

// Init starts the clock.
func (m *Model) Init() tea.Cmd {
	return m.tick()
}

// asks are the questions to the terminal that the console begins with: for its
// background, where the theme depends on it.
func (m *Model) asks() string {
	if m.theme.Bare || m.opt.Theme != theme.Auto && m.opt.Theme != "calm" {
		return ""
	}
	return ansi.RequestBackgroundColor
}

// tick comes when the clock of the header changes: with the seconds of the day,
// as the session's own looks at its record do, so that both wake the processor
// once.
func (m *Model) tick() tea.Cmd {
	return m.opt.after(time.Second-time.Duration(m.opt.now().Nanosecond()), func(t time.Time) tea.Msg { return second(t) })
}

// Update takes one message.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.BackgroundColorMsg:
		m.background(msg)
	case tea.ColorProfileMsg:
		m.colours(msg)
	case tea.WindowSizeMsg:
		return m, m.resize(msg.Width, msg.Height)
	case tea.KeyPressMsg:
		return m, m.key(tea.Key(msg))
	case tea.MouseMsg:
		return m, m.mouseEvent(msg)
	case tea.PasteMsg:
		return m, m.paste(msg.Content)
	case pumped:
		return m, m.pumped()
	case second:
		return m, tea.Batch(m.tick(), m.seizeFocus(), m.watch(), m.lookBehind())
	case rearm:
		return m, tea.Batch(m.seizeFocus(), m.watch())
	case drawn:
		return m, m.markDrawn(string(msg))
	case waits:
		return m, m.takeHeldBack(msg)
	case gave:
		return m, m.takeGave(msg)
	case begun:
		return m, m.begin(msg)
	case answered:
		return m, m.answer(msg)
	}
	return m, nil
}

// resize lays the window out anew and, the first time, begins the session.
func (m *Model) resize(w, h int) tea.Cmd {
	m.w, m.h = w, h
	m.mouse.drag = false
	m.place()
	m.fit()
	switch {
	case m.begun && m.src != nil:
		return m.change()
	case m.begun:
		return nil
	case m.src != nil:
		m.begun = true
		return m.begin(begun{src: m.src})
	}
	m.begun = true
	start, earlier, size := m.opt.Start, m.opt.Earlier, m.size
	return func() tea.Msg {
		src, err := start(size[0], size[1])
		b := begun{src: src, err: err}
		if earlier != nil && err == nil {
			b.earlier = earlier()
		}
		return b
	}
}

// begin takes the session and starts what belongs to it.
func (m *Model) begin(b begun) tea.Cmd {
	if b.err != nil {
		m.err = b.err
		return tea.Quit
	}
	m.src = b.src
	m.past.Learn(b.earlier)
	m.opened = m.opt.now()
	m.resizeSession()
	m.owned.Go(func() { m.pump.run(m.ctx, b.src) })
	m.owned.Go(func() {
		m.works.run(m.ctx, func(err error) { m.pump.complain(err) })
	})
	return m.pump.wait(m.ctx)
}

// complain makes the console say err.
func (p *pump) complain(err error) {
	p.mu.Lock()
	p.queue = append(p.queue, arrival{Event: event.Event{Kind: complaint, Reason: err.Error()}})
	p.mu.Unlock()
	poke(p.now)
}

// complaint is a kind of event of the console's own: a call failed.
const complaint = "console complaint"

func (m *Model) pumped() tea.Cmd {
	as, closed, err := m.pump.drain()
	m.follow()
	m.behind.news = true
	var cmds []tea.Cmd
	for _, e := range as {
		if take, ok := takes[e.Kind]; ok {
			m.moment = e.place
			cmds = append(cmds, take(m, e.Event))
		}
		closed = closed || e.Kind == event.Closed
	}
	m.place()
	m.settle()
	if closed {
		m.err = err
		return tea.Quit
	}
	return tea.Batch(append(cmds, m.watch(), m.pump.wait(m.ctx))...)
}

// loss is a layer that does not hold any more, how the header says so, and what
// holds without it.
type loss struct{ layer, text, still string }

// notes are the warnings of the header, the newest loss first.
func (m *Model) notes() []string {
	var out []string
	for _, l := range slices.Backward(m.lost) {
		out = append(out, l.text)
	}
	return append(append(out, m.heldNote()...), m.opt.Notes...)
}

func (m *Model) noteLines() int {
	if len(m.notes()) > 0 {
		return 1
	}
	return 0
}

// shown is the hold on the card, nil if nothing is held.
func (m *Model) shown() *hold {
	if len(m.holds) == 0 {
		return nil
	}
	return m.holds[m.cur]
}

// find is the index of a hold by its name, -1 if it is not there.
func (m *Model) find(id string) int {
	return slices.IndexFunc(m.holds, func(h *hold) bool { return h.Hold.Hold == id })
}

// notice is one line said in the footer, until the next key or for a while.
type notice struct {
	text string
	till time.Time
}

// noticeFor is how long a notice stands.
const noticeFor = 4 * time.Second

// say puts a line into the footer.
func (m *Model) say(parts ...string) {
	m.notice = notice{strings.Join(parts, " "), m.opt.now().Add(noticeFor)}
}

// said is what stands in the footer now; empty if nothing.
func (m *Model) said() string {
	if m.opt.now().After(m.notice.till) {
		return ""
	}
	return m.notice.text
}
