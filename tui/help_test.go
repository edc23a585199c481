package tui

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"escort/explain/effect"
	"escort/keymap"
	"escort/session/event"
	"escort/tui/layout"
)

// given brings the console to the card of a hold.
func given(r effect.Risk, then ...string) func(*bench) {
	return func(b *bench) {
		b.hold(typed("h1", r))
		b.press(then...)
	}
}

// written brings the console to a line that is being written.
func written(open, text string) func(*bench) {
	return func(b *bench) {
		given(effect.High, open)(b)
		b.letters(text)
	}
}

func twoHolds(b *bench) {
	b.hold(typed("h1", effect.Safe))
	b.play(typed("h2", effect.Low))
}

// scrolled brings the console to where there is something above and below.
func scrolled(b *bench) {
	b.m.resize(80, 24)
	b.hold(typed("h1", effect.Critical))
	b.m.scroll = 3
}

func pageScrolled(b *bench) {
	b.m.resize(80, 24)
	b.press("ctrl+]", "?")
	b.m.turned = 30
}

func searching(b *bench) {
	scrolled(b)
	b.press("/")
	b.letters("why does a restart")
}

func verdict(v, reason string) func(*bench, string) {
	return func(b *bench, _ string) {
		b.t.Helper()
		b.verdicts(event.Decision{Hold: "h1", Verdict: v, Reason: reason, Who: "eva"})
	}
}

func inMode(m keymap.Mode, want ...string) func(*bench, string) {
	return func(b *bench, _ string) {
		b.t.Helper()
		b.mode(m)
		b.sees(want...)
		b.verdicts()
	}
}

func line(at func(*Model) int, want func(now int) bool) func(*bench, string) {
	return func(b *bench, key string) {
		b.t.Helper()
		if now := at(b.m); !want(now) {
			b.t.Errorf("%s: line %d is at the top", key, now)
		}
	}
}

func cardLine(want func(int) bool) func(*bench, string) {
	return line(func(m *Model) int { return m.scroll }, want)
}

func pageLine(want func(int) bool) func(*bench, string) {
	return line(func(m *Model) int { return m.turned }, want)
}

func entryIs(want string) func(*bench, string) {
	return func(b *bench, key string) {
		b.t.Helper()
		if b.m.entry.text() != want {
			b.t.Errorf("%s: %q is written, want %q", key, b.m.entry.text(), want)
		}
	}
}

func is(n int) func(int) bool   { return func(now int) bool { return now == n } }
func over(n int) func(int) bool { return func(now int) bool { return now > n } }

func idle(b *bench) { b.press("ctrl+]") }

// does says of each binding where it is pressed and what must be seen then,
// which is what its help promises.
var does = map[string]struct {
	at   func(*bench)
	then func(*bench, string)
}{
	"card.allow":         {given(effect.Safe), verdict(event.Allow, "")},
	"card.deny":          {given(effect.High), inMode(keymap.Deny, "deny, because:", "1 not in the ticket")},
	"card.message":       {given(effect.High), inMode(keymap.Message, "to the engineer:", "enter sends: Where is the other copy?")},
	"card.explain":       {given(effect.High), inMode(keymap.Page, "Why this risk?", "What changes if I allow?", "harmless version", "each word")},
	"card.script":        {given(effect.Critical), inMode(keymap.Page, "bash, 38 lines", "owner: ravi", "2 of 38 lines stand out")},
	"card.cannot-tell":   {given(effect.High), verdict(event.CannotTell, "")},
	"card.freeze":        {given(effect.High), frozenAndThawed},
	"card.end":           {given(effect.High), inMode(keymap.End, "end the session? y/n")},
	"card.help":          {given(effect.High), inMode(keymap.Page, "At the card", "allow what is held")},
	"card.history":       {decidedOne, inMode(keymap.Page, "✗ denied", "Deletes every backup")},
	"card.runbook":       {func(b *bench) { b.planned(restart); given(effect.High)(b) }, inMode(keymap.Page, "▸   1  ls -la /srv/backup")},
	"card.release":       {func(b *bench) { attach(b); keeps(b) }, inMode(keymap.Page, "exactly so:", "key=[masked: secret]")},
	"card.search":        {given(effect.High), inMode(keymap.Search, "search:")},
	"card.next-pane":     {given(effect.High), otherPane},
	"card.previous-hold": {twoHolds, inMode(keymap.Card, "2 of 2", "Creates the empty file")},
	"card.next-hold":     {twoHolds, inMode(keymap.Card, "2 of 2", "Creates the empty file")},
	"card.previous-part": {given(effect.High), inMode(keymap.Card, "rm -rf [/srv/backup]")},
	"card.next-part":     {given(effect.High), inMode(keymap.Card, "[rm] -rf")},
	"card.page-up":       {scrolled, cardLine(is(0))},
	"card.page-down":     {scrolled, cardLine(over(3))},
	"card.top":           {scrolled, cardLine(is(0))},
	"card.bottom":        {scrolled, cardLine(over(3))},
	"card.zoom": {given(effect.High), func(b *bench, key string) {
		b.seesNot("─ session")
		b.sees("HIGH", "o: both panes")
		b.press(key)
		b.sees("┌ session", "HIGH")
	}},
	"card.smaller": {given(effect.High), borderAt(func(x, was int) bool { return x < was })},
	"card.larger":  {given(effect.High), borderAt(func(x, was int) bool { return x > was })},
	"card.mouse": {given(effect.High), func(b *bench, _ string) {
		if b.m.View().MouseMode != tea.MouseModeNone {
			b.t.Error("the mouse is still the console's")
		}
		b.sees("the mouse selects text")
	}},
	"card.switch":  {given(effect.High), inMode(keymap.Terminal, "keys go to: the shell")},
	"card.back":    {given(effect.High, "right"), func(b *bench, _ string) { b.seesNot("[rm]") }},
	"card.nothing": {given(effect.High), inMode(keymap.Card, "keys go to: the card", "does nothing")},
	"card.copy": {given(effect.High), func(b *bench, _ string) {
		b.verdicts()
		if b.signals.copied != "rm -rf /srv/backup" {
			b.t.Errorf("copied %q", b.signals.copied)
		}
		b.sees("copied, as it is shown")
	}},

	"terminal.switch": {func(*bench) {}, inMode(keymap.Card, "keys go to: the console")},

	"confirm.enter": {given(effect.Caution, "a"), verdict(event.Allow, "")},
	"confirm.back":  {given(effect.Caution, "a"), inMode(keymap.Card)},

	"word.enter": {written("a", "delete"), func(b *bench, _ string) {
		b.verdicts(event.Decision{Hold: "h1", Verdict: event.Allow, Word: "DELETE", Who: "eva"})
	}},
	"word.erase": {written("a", "delx"), entryIs("del")},
	"word.back":  {written("a", "delete"), inMode(keymap.Card)},

	"deny.pick": {given(effect.High, "d"), func(b *bench, key string) {
		b.sees("deny, because: " + reasons[b.m.keys.Of(keymap.Deny)[0].Index(key)])
	}},
	"deny.enter": {written("d", "no"), verdict(event.Deny, "no")},
	"deny.erase": {written("d", "no"), entryIs("n")},
	"deny.back":  {written("d", "no"), inMode(keymap.Card)},

	"message.enter": {written("m", "why?"), told("why?")},
	"message.erase": {written("m", "why?"), entryIs("why")},
	"message.back":  {written("m", "why?"), told()},

	"search.enter": {searching, cardLine(over(3))},
	"search.erase": {written("/", "copy"), entryIs("cop")},
	"search.back":  {written("/", "copy"), inMode(keymap.Card)},

	"end.yes":  {given(effect.High, "x"), ended(1)},
	"end.back": {given(effect.High, "x"), ended(0)},
	"end.leave": {func(b *bench) { attach(b); given(effect.High, "x")(b) }, func(b *bench, key string) {
		if _, cmd := b.m.Update(tea.KeyPressMsg(keyOf(key))); b.m.mode != keymap.End || cmd == nil {
			b.t.Error("it does not leave")
		}
		if b.src.ended > 0 {
			b.t.Error("it ended the session")
		}
	}},

	"presence.enter": {func(b *bench) { away(b); b.letters("eva") }, proved("eva")},
	"presence.erase": {func(b *bench) { away(b); b.letters("evax") }, entryIs("eva")},
	"presence.back":  {func(b *bench) { away(b); b.letters("eva") }, proved("")},

	"page.back":      {pageScrolled, func(b *bench, _ string) { b.mode(keymap.Card); b.seesNot("At the card") }},
	"page.line-up":   {pageScrolled, pageLine(is(29))},
	"page.line-down": {pageScrolled, pageLine(is(31))},
	"page.page-up":   {pageScrolled, pageLine(func(n int) bool { return n < 29 })},
	"page.page-down": {pageScrolled, pageLine(over(31))},
	"page.top":       {pageScrolled, pageLine(is(0))},
	"page.bottom":    {pageScrolled, pageLine(over(31))},
	"page.search":    {pageScrolled, inMode(keymap.Search, "search:")},
	"page.next-mark": {given(effect.Critical, "v"), func(b *bench, _ string) {
		b.sees("31")
		if b.m.mark != 0 {
			b.t.Errorf("mark %d was gone to, want the first", b.m.mark)
		}
	}},
	"page.jump":    {func(b *bench) { decidedMany(b); b.press("h", "home", "down") }, func(b *bench, _ string) { b.sees("$ touch file1", "lines back") }},
	"page.filter":  {func(b *bench) { decidedOne(b); b.press("h") }, inMode(keymap.Page, "shown: denied and passed on", "✗ denied")},
	"page.zoom":    {pageScrolled, func(b *bench, _ string) { b.seesNot("─ session"); b.sees("▸keys") }},
	"page.smaller": {pageScrolled, borderAt(func(y, was int) bool { return y < was })},
	"page.larger":  {pageScrolled, borderAt(func(y, was int) bool { return y > was })},
	"page.mouse":   {pageScrolled, func(b *bench, _ string) { b.sees("the mouse selects text") }},
	"page.switch":  {pageScrolled, inMode(keymap.Terminal, "keys go to: the shell")},
}

func TestEveryKeyDoesWhatItsHelpSays(t *testing.T) {
	seen := map[string]bool{}
	for _, mode := range keymap.Modes {
		for _, k := range keymap.Default().Of(mode.Mode) {
			name := fmt.Sprintf("%s.%s", k.Mode, k.Action)
			seen[name] = true
			d, ok := does[name]
			if !ok {
				t.Errorf("nothing says what %s must do: %s", name, k.Help)
				continue
			}
			for _, key := range k.Keys {
				t.Run(name+" "+key, func(t *testing.T) {
					b := newBench(t, 120, 40)
					d.at(b)
					b.mode(mode.Mode)
					b.press(key)
					d.then(b, key)
				})
			}
		}
	}
	for name := range does {
		if !seen[name] {
			t.Errorf("%s is tested and has no key", name)
		}
	}
}

// borderAt looks where the border between the panes stands, against where it
// stands by itself.
func borderAt(want func(now, was int) bool) func(*bench, string) {
	return func(b *bench, key string) {
		b.t.Helper()
		usual := layout.For(b.m.w, b.m.h, layout.Wish{Side: true})
		now, was := b.m.lay.Border.X, usual.Border.X
		if !usual.Boxed {
			now, was = b.m.lay.Border.Y, usual.Border.Y
		}
		if !want(now, was) {
			b.t.Errorf("%s: the border is at %d, was at %d", key, now, was)
		}
	}
}

func frozenAndThawed(b *bench, key string) {
	b.play(event.Event{Kind: event.Frozen, Time: start})
	b.press(key)
	if want := []bool{true, false}; !slices.Equal(b.src.frozen, want) {
		b.t.Errorf("froze %v, want %v", b.src.frozen, want)
	}
}

func decidedOne(b *bench) {
	b.hold(typed("h1", effect.High))
	b.play(event.Event{Kind: event.Decided, Hold: "h1", Verdict: event.Deny, Who: "tom", Time: start})
	idle(b)
}

func otherPane(b *bench, _ string) {
	b.play(output(strings.Repeat("line\r\n", 100)))
	b.press("pgup")
	b.sees("lines back")
	b.press("tab", "pgup")
	if b.m.pane.Offset() == 0 {
		b.t.Error("the session scrolled though the card was chosen")
	}
}

func told(want ...string) func(*bench, string) {
	return func(b *bench, _ string) {
		b.t.Helper()
		b.mode(keymap.Card)
		if !slices.Equal(b.src.told, want) {
			b.t.Errorf("told %q, want %q", b.src.told, want)
		}
	}
}

func ended(times int) func(*bench, string) {
	return func(b *bench, _ string) {
		b.t.Helper()
		b.mode(keymap.Card)
		if b.src.ended != times {
			b.t.Errorf("ended %d times, want %d", b.src.ended, times)
		}
	}
}
