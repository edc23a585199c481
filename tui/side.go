package tui

import (
	"fmt"
	"slices"

	"escort/explain/quote"
	"escort/keymap"
	"escort/session/event"
	"escort/tui/layout"
	"escort/tui/theme"
)

func say(t theme.Token, s string) theme.Span { return theme.Of(t, quote.Line(s)) }

func sayf(t theme.Token, format string, args ...any) theme.Span {
	return say(t, fmt.Sprintf(format, args...))
}

// margin is the blank columns at each side of a panel's text.
func (m *Model) margin() int {
	if m.lay.Boxed {
		return 2
	}
	return 1
}

// measure is the widest that words are set: longer lines are hard to follow.
const measure = 100

// sideRoom is the room for what scrolls in the side panel: without the lines
// at its foot, which always stand.
func (m *Model) sideRoom() room {
	in := m.inside(m.lay.Side)
	in.w -= 2 * m.margin()
	if m.page != scriptPage {
		in.w = min(in.w, measure)
	}
	in.h -= len(m.foot(in.w))
	return room{max(in.w, 1), max(in.h, 1)}
}

// side is the panel with the card, a page or the decisions.
func (m *Model) side(r layout.Rect) []string {
	if r.Empty() {
		return nil
	}
	h := m.shown()
	if h == nil && m.page == noPage && m.mode != keymap.Message && m.mode != keymap.End && m.mode != keymap.Search {
		return m.frame(r, theme.Border, theme.Line{theme.Own(theme.Plain, "decisions")}, nil, m.brief(m.inside(r)))
	}
	in := m.sideRoom()
	lines, at := m.sideLines(in.w, in.h)
	*at = min(*at, max(len(lines)-in.h, 0))
	name := m.sideTitle(h)
	right := m.sideNotes(r.W-titleCells-name.Width(), len(lines)-*at-in.h, h)
	shown := make([]theme.Line, in.h)
	copy(shown, lines[min(*at, len(lines)):])
	shown = append(shown, m.foot(in.w)...)
	full := m.inside(r)
	for i := range shown {
		edge := theme.Line{theme.Blank(m.margin())}
		if i < in.h && *at+i < len(lines) && m.hit.at(m.page, *at+i) {
			edge = theme.Line{theme.Blank(m.margin() - 1), theme.Own(theme.Accent, "▸")}
		}
		shown[i] = append(edge, shown[i]...)
	}
	return m.frame(r, border(!m.onSession()), name, right, m.fill(shown, full))
}

// titles are what the panel is called while something is written and nothing
// is held.
var titles = map[keymap.Mode]theme.Span{
	keymap.End: theme.Own(theme.Strong, "end the session"), keymap.Message: theme.Own(theme.Strong, "message"),
	keymap.Search: theme.Own(theme.Strong, "search"),
}

func (m *Model) sideTitle(h *hold) theme.Line {
	if p, ok := pages[m.page]; ok {
		name := theme.Line{say(theme.Strong, p.title)}
		if m.page == historyPage && m.filter != 0 {
			name = append(name, say(theme.Plain, ": "+m.filter.String()))
		}
		return name
	}
	if h == nil {
		return theme.Line{titles[m.mode]}
	}
	name := theme.Line{theme.Own(theme.Strong, "this wants to run")}
	if h.Parked != "" {
		name = append(name, theme.Own(theme.Plain, " · "), theme.Own(theme.Held, "passed on"))
	}
	if len(m.holds) == 1 {
		return name
	}
	others := ""
	if m.w >= narrow {
		others = " others"
	}
	which := theme.Line{
		sayf(theme.Plain, "%d of %d", m.cur+1, len(m.holds)),
		sayf(theme.Faint, " (%s %s%s)", m.keys.Key(keymap.Card, keymap.PrevHold), m.keys.Key(keymap.Card, keymap.NextHold), others),
	}
	if m.w < narrow {
		return which
	}
	return append(append(name, theme.Own(theme.Plain, " · ")), which...)
}

// sideNotes stand at the right of the title, as far as there is room: how the
// other pane comes back, how much is below, how long the hold has waited.
func (m *Model) sideNotes(w, below int, h *hold) theme.Line {
	var zoom, more, whole, wait theme.Line
	if m.zoomed {
		zoom = theme.Line{sayf(theme.Faint, "%s: both panes", m.keys.Key(keymap.Card, keymap.Zoom))}
	}
	if below > 0 {
		key := m.keys.Key(keymap.Page, keymap.PageDown)
		more, whole = theme.Line{sayf(theme.Accent, "%d more · %s", below, key)}, theme.Line{sayf(theme.Accent, "%d more lines · %s", below, key)}
		if below == 1 {
			whole = theme.Line{sayf(theme.Accent, "1 more line · %s", key)}
		}
	}
	if h != nil {
		wait = m.age(h)
	}
	return fits(w, spaced(zoom, whole, wait), spaced(zoom, more, wait), spaced(whole, wait), spaced(more, wait), more)
}

// spaced joins the lines that are not empty.
func spaced(lines ...theme.Line) theme.Line {
	var out theme.Line
	for _, l := range lines {
		if len(l) > 0 && len(out) > 0 {
			out = append(out, theme.Blank(2))
		}
		out = append(out, l...)
	}
	return out
}

// waited is how many seconds the hold has waited.
func (m *Model) waited(h *hold) int { return int(m.opt.now().Sub(h.since).Seconds()) }

// foots says what stands at the foot of the panel in each mode.
var foots = map[keymap.Mode]func(*Model, int) []theme.Line{
	keymap.Confirm: (*Model).footConfirm,
	keymap.Word:    (*Model).footWord,
	keymap.Deny:    (*Model).footDeny,
	keymap.Message: (*Model).footMessage,
	keymap.Search: func(m *Model, w int) []theme.Line {
		return m.written("search: ").Wrap(w, 2)
	},
	keymap.End: func(m *Model, w int) []theme.Line {
		return append(theme.Line{sayf(theme.Plain, "So far: %s. Every program of the session stops. The record stays.", m.list.Total().Brief())}.Wrap(w, 0),
			theme.Line{theme.Own(theme.Alarm, "end the session? y/n"), say(theme.Alarm, m.leaves())}.Wrap(w, 0)...)
	},
	keymap.Presence: func(m *Model, w int) []theme.Line {
		return append(theme.Line{theme.Own(theme.Held, "No key was pressed here for a while.")}.Wrap(w, 0),
			m.written("type your name ("+m.opt.Who+") to go on: ").Wrap(w, 2)...)
	},
}

func (m *Model) foot(w int) []theme.Line {
	if f, ok := foots[m.mode]; ok {
		out := append([]theme.Line{{theme.Rule(theme.Border, w)}}, f(m, w)...)
		if writes[m.mode] && m.w < narrow {
			out = append(out, m.shortKeys(w))
		}
		return out
	}
	h := m.shown()
	switch {
	case h == nil:
		return nil
	case m.page != noPage:
		return m.footPage(w, h)
	case h.asked:
		return theme.Line{theme.Own(theme.Held, "answering…")}.Wrap(w, 0)
	case m.frozen:
		return m.footFrozen(w, h)
	}
	return m.footWaiting(w, h)
}

// footFrozen says how it goes on, and why it does not by itself.
func (m *Model) footFrozen(w int, h *hold) []theme.Line {
	state := theme.Line{theme.Own(theme.Alarm, "Frozen"), say(theme.Plain, m.froze+".")}
	deny, thaw := m.keys.Key(keymap.Card, keymap.DenyIt), m.keys.Key(keymap.Card, keymap.Freeze)
	keys := theme.Line{sayf(theme.Plain, " %s denies. To allow, thaw first: %s", deny, thaw)}
	waits := theme.Line{sayf(theme.Faint, " · waiting %s", clock(m.waited(h)))}
	return oneOf(w, fits(w, slices.Concat(state, keys, waits), slices.Concat(state, keys)), slices.Concat(state, keys))
}

// footPage says, below a page that is read, how bad what waits is, and how it is
// refused: the page covers the card.
func (m *Model) footPage(w int, h *hold) []theme.Line {
	k := theme.RatingOf(h.Risk())
	risk := theme.Line{k.Named(k.Mark)}
	back, deny := m.keys.Key(keymap.Page, keymap.Back), m.keys.Key(keymap.Card, keymap.DenyIt)
	with := func(format string) theme.Line {
		return append(slices.Clone(risk), sayf(theme.Plain, format, back, deny))
	}
	return []theme.Line{{theme.Rule(theme.Border, w)}, fits(w,
		with(" is held, and waits while you read. To refuse: %s, then %s"), with(" is held. To refuse: %s, then %s"), with(" · refuse: %s, %s"))}
}

// oneOf is the whole line where it fits w cells, else the brief one: more of
// the card is seen then.
func oneOf(w int, whole, brief theme.Line) []theme.Line {
	if whole.Width() <= w {
		return []theme.Line{whole}
	}
	return brief.Wrap(w, 0)
}

// written is a prompt and what was written so far.
func (m *Model) written(prompt string) theme.Line {
	before, after := m.entry.parts()
	under := theme.Own(theme.Chosen, " ")
	if r := []rune(after); len(r) > 0 {
		under, after = say(theme.Chosen, string(r[0])), string(r[1:])
	}
	return theme.Line{say(theme.Strong, prompt), say(theme.Plain, before), under, say(theme.Plain, after)}
}

func (m *Model) footConfirm(w int) []theme.Line {
	return theme.Line{sayf(theme.Strong, "allow this? %s allows · %s does not",
		m.keys.Key(keymap.Confirm, keymap.Enter), m.keys.Key(keymap.Confirm, keymap.Back))}.Wrap(w, 0)
}

func (m *Model) footWord(w int) []theme.Line {
	var out []theme.Line
	if m.entry.wrong {
		out = theme.Line{theme.Own(theme.Alarm, "that was not the word")}.Wrap(w, 0)
	}
	out = append(out, m.written("type "+m.shown().Word()+" to allow: ").Wrap(w, 2)...)
	return append(out, theme.Line{sayf(theme.Faint, "%s: do not allow; the card comes back", m.keys.Key(keymap.Word, keymap.Back))}.Wrap(w, 0)...)
}

func (m *Model) footDeny(w int) []theme.Line {
	var out []theme.Line
	if text := deniesAlone[m.shown().Hold.Layer]; text != "" {
		out = theme.Line{say(theme.Plain, text)}.Wrap(w, 0)
	}
	keys := m.keys.Of(keymap.Deny)[0].Keys
	half := (len(reasons) + 1) / 2
	for i := range half {
		l := choice(keys[i], reasons[i]).Fit(min(max(w/2, reasonCells), w))
		if i+half < len(reasons) {
			l = append(l, choice(keys[i+half], reasons[i+half])...)
		}
		out = append(out, l)
	}
	return append(out, m.written("deny, because: ").Wrap(w, 2)...)
}

// deniesAlone says what a denial stops, where that is not the whole line.
var deniesAlone = map[string]string{
	event.LayerStart:  "This program does not start; what called for it goes on.",
	event.LayerEffect: "This is refused; the program that tried it goes on.",
}

// reasonCells is the width of the left column of reasons, the gap included.
const reasonCells = 21

func choice(key, text string) theme.Line {
	return theme.Line{say(theme.Accent, key), say(theme.Plain, " "+text)}
}

func (m *Model) footMessage(w int) []theme.Line {
	out := m.written("to the engineer: ").Wrap(w, 2)
	if h := m.shown(); h != nil && m.entry.text() == "" && h.Question() != "" {
		out = append(out, theme.Line{sayf(theme.Faint, "%s sends: %s", m.keys.Key(keymap.Message, keymap.Enter), h.Question())}.Wrap(w, 2)...)
	}
	return out
}
