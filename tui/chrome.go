package tui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"escort/keymap"
	"escort/tui/consent"
	"escort/tui/layout"
	"escort/tui/theme"
)

// narrow is the width below which the header, the titles and the footer say
// only what matters most.
const narrow = 60

// header says which session this is, that it is recorded, and what waits.
func (m *Model) header(r layout.Rect) []string {
	left := theme.Line{theme.Own(theme.Strong, " escort")}
	if r.H == 1 && r.W < narrow && len(m.notes()) > 0 {
		left = nil // what is weaker than it should be comes first
	}
	for i, s := range m.names(r.H == 1) {
		sep := theme.Own(theme.Faint, " · ")
		if i == 0 && left == nil {
			sep = theme.Blank(1)
		}
		left = append(left, sep, s)
	}
	right := theme.Line{theme.Own(theme.RiskHigh, "●"), theme.Own(theme.Plain, " REC")}
	if m.opt.Mark != "" {
		right = theme.Line{theme.Own(theme.Plain, "▷ "), say(theme.Plain, m.opt.Mark)}
	}
	if r.W >= narrow {
		right = append(right, say(theme.Plain, " "+m.recorded()))
	}
	right = append(right, m.queued(r.W)...)
	if m.frozen {
		right = append(right, theme.Blank(2), sayf(theme.Frozen, " FROZEN%s ", m.thaws(r.W)))
	}
	right = append(right, theme.Blank(1))
	line := append(left.Fit(max(r.W-right.Width()-1, 0)), theme.Blank(1))
	out := []string{m.theme.Render(append(line, right...), r.W)}
	if r.H > 1 {
		out = append(out, m.theme.Render(m.warnings(r.W), r.W))
	}
	return out
}

// warnings are the header's second line, with what still holds where there is
// room for it.
func (m *Model) warnings(w int) theme.Line {
	notes := strings.Join(m.notes(), " · ")
	brief := theme.Line{theme.Own(theme.Held, " ! "), say(theme.Held, notes)}
	if len(m.lost) == 0 || m.lost[len(m.lost)-1].still == "" {
		return brief
	}
	return fits(w, append(brief[:2:2], say(theme.Plain, " · "+m.lost[len(m.lost)-1].still)), brief)
}

// thaws says how a frozen session goes on, where there is room for it.
func (m *Model) thaws(w int) string {
	key := m.keys.Key(keymap.Card, keymap.Freeze)
	switch {
	case w < 72:
		return ""
	case m.mode == keymap.Terminal:
		return " · " + m.keys.Key(keymap.Terminal, keymap.Switch) + " then " + key + " thaws"
	}
	return " · " + key + " thaws"
}

// names are what the session is called by; warnings stand before the ticket
// where they have no line of their own, so that they are cut last.
func (m *Model) names(notes bool) []theme.Span {
	var out []theme.Span
	if notes {
		for _, n := range m.notes() {
			out = append(out, say(theme.Held, "! "+n))
		}
	}
	host := m.opt.User + "@" + m.opt.Host
	if m.opt.User == "" {
		host = m.opt.Host
	}
	others := ""
	if w := m.watchers(); len(w) == 1 {
		others = w[0] + " watches too"
	} else if len(w) > 1 {
		others = strconv.Itoa(len(w)) + " others watch"
	}
	for _, s := range []string{host, others, m.opt.Ticket} {
		if s != "" {
			out = append(out, say(theme.Plain, s))
		}
	}
	return out
}

// recorded is how long the session has run. It changes with the seconds of the
// day.
func (m *Model) recorded() string {
	s := max(m.opt.now().Unix()-m.opened.Unix(), 0)
	return fmt.Sprintf("%02d:%02d:%02d", s/3600, s/60%60, s%60)
}

// footer says who has the keyboard, and which keys there are.
func (m *Model) footer(w int) string {
	l := theme.Line{theme.Own(theme.Faint, " keys go to: ")}
	l = append(l, m.whose(w)...)
	l = append(l, theme.Blank(2))
	unarmed := m.mode == keymap.Card && m.shown() != nil && !m.hidden() && !m.arming.ready(m.opt.now())
	if unarmed {
		l = append(l, theme.Own(theme.Faint, "wait…  "))
	}
	if m.hidden() {
		l = append(l, m.unseen(w-l.Width())...)
	}
	switch said := m.said(); {
	case said != "":
		if note := say(theme.Held, said); l.Width()+note.Width() > w {
			return m.theme.Render(theme.Line{theme.Blank(1), note}, w) // the frame's mark still tells
		}
		l = append(l, say(theme.Held, said), theme.Blank(2))
		if keys := m.shortKeys(w - l.Width()); !unarmed && l.Width()+keys.Width() <= w {
			l = append(l, keys...)
		}
	case m.frozen && m.mode == keymap.Terminal:
		l = append(l, fits(w-l.Width(), theme.Line{theme.Own(theme.Alarm, "frozen: nothing runs or is read")},
			theme.Line{theme.Own(theme.Alarm, "frozen")}, nil)...)
	case m.mode == keymap.Terminal && m.offer() != nil:
		l = append(l, fits(w-l.Width(), m.offer()...)...)
	case m.mode == keymap.Terminal && m.list.Len() == 0 && len(m.holds) == 0:
		l = append(l, fits(w-l.Width(), theme.Line{theme.Own(theme.Faint, "nothing runs before you allow it")}, nil)...)
	case !unarmed && (w >= narrow || foots[m.mode] == nil): // else the panel says them
		l = append(l, m.shortKeys(w-l.Width())...)
	}
	return m.theme.Render(l, w)
}

// fits is the first line that fits w cells, else the last.
func fits(w int, lines ...theme.Line) theme.Line {
	for _, l := range lines {
		if l.Width() <= w {
			return l
		}
	}
	return lines[len(lines)-1]
}

// unseen says that something is held while its card is not on the screen.
func (m *Model) unseen(w int) theme.Line {
	return fits(w, theme.Line{sayf(theme.Held, "held: %s shows the card", m.cardKey()), theme.Blank(2)},
		theme.Line{sayf(theme.Held, "held (%s)", m.cardKey()), theme.Blank(2)})
}

// whose says who has the keyboard and, where there is room, how the other side
// gets it.
func (m *Model) whose(w int) theme.Line {
	key := m.keys.Key(keymap.Terminal, keymap.Switch)
	name, other := theme.Own(theme.Strong, "the console"), ""
	switch {
	case m.mode == keymap.Terminal && w < narrow:
		name, other = theme.Own(theme.Strong, "the shell"), " ("+key+" card)"
	case m.mode == keymap.Terminal:
		name, other = theme.Own(theme.Strong, "the shell"), " ("+key+" for the card)"
	case m.page != noPage:
		name = theme.Own(theme.Strong, "the page")
	case m.shown() != nil && !m.hidden():
		name = theme.Own(theme.Strong, "the card")
	case w >= narrow && !m.opt.Watch:
		other = " (" + key + " for the shell)"
	}
	if m.hidden() {
		other = "" // said with what is held
	}
	return theme.Line{name, say(theme.Faint, other)}
}

// dropped are the keys that the footer leaves out first where there is little
// room. Allow and deny are never parted: one alone would be advice.
var dropped = []keymap.Action{
	keymap.PageDown, keymap.EndIt, keymap.Freeze, keymap.Explain, keymap.Script, keymap.Tell, keymap.CannotTell,
	keymap.NextMark, keymap.Filter, keymap.Jump,
}

// tight are shorter words for narrow footers.
var tight = map[keymap.Action]string{keymap.Explain: "explain", keymap.CannotTell: "not sure"}

// dress is how the footer writes the keys.
type dress struct {
	gap   int
	words func(keymap.Binding) string // what stands behind the key
}

// dresses are tried in turn; keys are left out from the second on.
var dresses = []dress{
	{2, func(b keymap.Binding) string { return " " + b.Short }},
	{2, tightly},
	{1, func(b keymap.Binding) string {
		if b.Action == keymap.Help {
			return ""
		}
		return tightly(b)
	}},
	{2, func(keymap.Binding) string { return "" }},
}

func tightly(b keymap.Binding) string {
	if s, ok := tight[b.Action]; ok {
		return " " + s
	}
	return " " + b.Short
}

// shortKeys are the keys of the mode that fit w cells, the one for help always.
func (m *Model) shortKeys(w int) theme.Line {
	var bs []keymap.Binding
	for _, b := range m.keys.Of(m.mode) {
		if b.Action == keymap.Freeze && m.frozen {
			b.Short = "thaw"
		}
		if b.Action == keymap.Jump && m.page == heldPage {
			b.Short = "release it"
		}
		if b.Action == keymap.Allow && m.frozen || b.Mode == keymap.Word && b.Action == keymap.Enter && !consent.Right(m.shown().Word(), m.entry.text()) {
			continue // it allows nothing yet
		}
		if b.Short != "" && !m.disabled(b) {
			bs = append(bs, b)
		}
	}
	// help stands last, wherever the table has it
	slices.SortStableFunc(bs, func(a, b keymap.Binding) int { return last(a) - last(b) })
	for i, d := range dresses {
		if i == 1 {
			bs = m.leaveOut(bs, w)
		}
		if l := m.keyLine(bs, d); l.Width() <= w || i == len(dresses)-1 {
			return l
		}
	}
	return nil
}

// leaveOut takes away keys until the rest fits, as far as may be.
func (m *Model) leaveOut(bs []keymap.Binding, w int) []keymap.Binding {
	for _, a := range dropped {
		if a == keymap.Freeze && m.frozen && m.w >= narrow {
			continue // the way on
		}
		if m.keyLine(bs, dresses[1]).Width() <= w {
			break
		}
		bs = slices.DeleteFunc(bs, func(b keymap.Binding) bool { return b.Action == a })
	}
	return bs
}

func last(b keymap.Binding) int {
	if b.Action == keymap.Help {
		return 1
	}
	return 0
}

// keyLine writes the keys, with what they do as d has it.
func (m *Model) keyLine(bs []keymap.Binding, d dress) theme.Line {
	var l theme.Line
	for i, b := range bs {
		if i > 0 {
			l = append(l, theme.Blank(d.gap))
		}
		k := b.Keys[0]
		if b.Action == keymap.Pick {
			k += "-" + b.Keys[len(b.Keys)-1]
		}
		l = append(l, say(theme.Accent, k), say(theme.Plain, d.words(b)))
	}
	return l
}
