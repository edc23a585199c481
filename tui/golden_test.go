package tui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"escort/explain/effect"
	"escort/session/event"
)

// sizes are the windows of the golden screens: the usual one, the two larger
// layouts, and the smallest in which a hold can be judged.
var sizes = [][2]int{{80, 24}, {120, 40}, {200, 60}, {40, 12}}

const prompt = "\x1b[32mravi@prod-db-2\x1b[m:~$ "

// state is something that an escort can find on the screen. Each is a golden
// screen in every size; sees must be in all of them.
type state struct {
	name string
	at   func(*bench)
	sees []string
}

var states = []state{
	{"idle", idleAfterTwo, []string{"keys go to: the shell"}},
	{"safe", waiting(effect.Safe), []string{"held", "SAFE", "a allow", "d deny"}},
	{"low", waiting(effect.Low), []string{"held", "LOW", "a allow", "d deny"}},
	{"caution", waiting(effect.Caution), []string{"held", "CAUTION", "a allow", "d deny"}},
	{"high", waiting(effect.High), []string{"held", "HIGH", "a allow", "d deny"}},
	{"critical", waiting(effect.Critical), []string{"held", "CRITICAL", "a allow", "d deny"}},
	{"cannot-tell", cannotTellHold, []string{"HIGH · I cannot tell what", "pass it on"}},
	{"surprise", surpriseHold, []string{"held", "HIGH"}},
	{"unarmed", func(b *bench) { screenful(b, effect.High); b.play(typed("h1", effect.High)) }, []string{"held", "HIGH", "wait…"}},
	{"confirm", waiting(effect.Caution, "a"), []string{"allow this?", "enter", "esc"}},
	{"word", waiting(effect.High, "a", "D", "E"), []string{"type DELETE to allow: DE"}},
	{"wrong-word", waiting(effect.High, "a", "Y", "E", "S", "enter"), []string{"that was not the word", "type DELETE"}},
	{"deny", waiting(effect.High, "d", "1"), []string{"deny, because: not in the ticket", "6 wrong target"}},
	{"message", waiting(effect.High, "m"), []string{"to the engineer:", "enter sends"}},
	{"answering", waiting(effect.Safe, "a"), []string{"answering…"}},
	{"parked", parkedHold, []string{"held", "HIGH"}},
	{"queue", threeHolds, []string{"HOLD 1 (+2 waiting)", "2 of 3"}},
	{"explained", waiting(effect.High, "e"), []string{"Why this risk?", "esc close"}},
	{"script", waiting(effect.Critical, "v"), []string{"rm -rf /srv/backup/*", "esc close"}},
	{"script-mark", waiting(effect.Critical, "v", "n"), []string{"rm -rf /srv/backup", "esc close"}},
	{"history", func(b *bench) { idleAfterTwo(b); b.press("ctrl+]", "h") }, []string{"✗ denied", "esc close"}},
	{"help", func(b *bench) { idleAfterTwo(b); b.press("ctrl+]", "?") }, []string{"At the card", "esc close"}},
	{"search", waiting(effect.Critical, "/", "n", "c"), []string{"search: nc"}},
	{"console", func(b *bench) { idleAfterTwo(b); b.press("ctrl+]") }, []string{"keys go to: the console"}},
	{"end", func(b *bench) { idleAfterTwo(b); b.press("ctrl+]", "x") }, []string{"end the session? y/n"}},
	{"frozen", frozenHold, []string{"FROZEN"}},
	{"frozen-idle", func(b *bench) { idleAfterTwo(b); b.play(event.Event{Kind: event.Frozen, Who: "mia", Time: start}) }, []string{"FROZEN"}},
	{"escort-lost", func(b *bench) { waiting(effect.High)(b); b.play(escortLost...) }, []string{"FROZEN"}},
	{"view-lost", viewLost, []string{"line view"}},
	{"relaxed", func(b *bench) {
		b.m.opt.Notes = []string{"RELAXED: no scopes"}
		b.m.place()
		b.m.fit()
		waiting(effect.Low)(b)
	}, []string{"RELAXED"}},
	{"zoomed-card", waiting(effect.High, "o"), []string{"HIGH"}},
	{"zoomed-script", waiting(effect.Critical, "v", "n", "o"), []string{"rm -rf /srv/backup", "└ critical"}},
	{"zoomed-session", waiting(effect.High, "o", "tab"), []string{"HOLD 1", "held"}},
	{"repeat", repeated, []string{"CAUTION"}},
	{"as-planned", func(b *bench) { b.planned(restart); waiting(effect.Safe)(b) }, []string{"as planned"}},
	{"not-as-planned", func(b *bench) { b.planned(restart); waiting(effect.Caution)(b) }, []string{"CAUTION"}},
	{"stale", func(b *bench) { waiting(effect.High)(b); b.wait(staleAfter) }, []string{"HOLD 1", "2:08"}},
	{"break", breakDue, []string{"break?", "denied"}},
	{"break-held", func(b *bench) { breakDue(b); b.hold(typed("next", effect.Caution)) }, []string{"break?", "denied", "held"}},
	{"first", func(b *bench) { b.play(output(prompt)) }, []string{"keys go to: the shell"}},
	{"full-screen", fullScreen, []string{"held", "LOW"}},
}

// screenful is a session in which something was just entered.
func screenful(b *bench, r effect.Risk) {
	b.play(output(prompt + "ls\r\napp.log  fix_servers.sh\r\n" + prompt + samples[r].Command + "\r\n"))
}

// waiting is a hold that was looked at for eight seconds, and then keys.
func waiting(r effect.Risk, keys ...string) func(*bench) {
	return func(b *bench) {
		screenful(b, r)
		b.hold(typed("h1", r))
		b.wait(8*time.Second - armAfter)
		b.press(keys...)
	}
}

// held is waiting for a hold that is like no other.
func heldAs(b *bench, e event.Event) {
	b.hold(e)
	b.wait(8*time.Second - armAfter)
}

func idleAfterTwo(b *bench) {
	b.play(output(prompt + "ls\r\napp.log\r\n" + prompt))
	b.play(typed("h1", effect.Safe), event.Event{Kind: event.Decided, Time: start, Hold: "h1", Verdict: event.Allow, Who: "eva"})
	b.play(typed("h2", effect.High), event.Event{Kind: event.Decided, Time: start, Hold: "h2", Verdict: event.Deny, Who: "eva", Reason: "no"})
}

func cannotTellHold(b *bench) {
	e := typed("h1", effect.High)
	x := *samples[effect.High]
	x.Command, x.Headline, x.UndoText = "./agent -x /etc/agent.conf", "Runs the program agent, which I do not know.", ""
	x.Undo, x.Dimensions, x.Effects, x.Findings, x.Parts = effect.UndoUnknown, effect.Dimensions{Unknown: effect.High}, nil, nil, nil
	x.Unknowns = []effect.Unknown{{Text: "I do not know the program agent", Why: "it is no program of a package"}}
	x.Ask = []string{"What does agent do, and where is that written?"}
	e.Typed, e.Explanation, e.Word = x.Command, &x, "EXECUTE"
	b.play(output(prompt + x.Command + "\r\n"))
	heldAs(b, e)
}

func surpriseHold(b *bench) {
	e := typed("h1", effect.High)
	e.Layer, e.Cause, e.Typed, e.Actual = event.LayerStart, event.CauseSurprise, "make install", "rm -rf /srv/backup"
	b.play(output(prompt + "make install\r\ncc -o billing main.c\r\n"))
	b.hold(e)
	b.wait(8*time.Second - armAfter)
}

func parkedHold(b *bench) {
	waiting(effect.High, "c")(b)
	b.play(event.Event{Kind: event.Parked, Hold: "h1", Who: "eva", Time: start})
	b.wait(armAfter)
}

func threeHolds(b *bench) {
	screenful(b, effect.Caution)
	b.hold(typed("h1", effect.Safe))
	b.play(typed("h2", effect.Caution), typed("h3", effect.Low))
	b.press("]")
	b.wait(8 * time.Second)
}

func repeated(b *bench) {
	screenful(b, effect.Caution)
	b.hold(whole("h1", effect.Caution))
	b.decided("h1", event.Allow, "eva")
	b.wait(4 * time.Minute)
	b.hold(whole("h2", effect.Caution))
	b.wait(8 * time.Second)
}

func breakDue(b *bench) {
	b.play(output(prompt))
	for range 15 {
		b.judge(event.Allow, "eva")
		b.wait(4 * time.Minute)
	}
}

func frozenBy(why string) event.Event {
	return event.Event{Kind: event.Frozen, Reason: why, Time: start}
}

func frozenHold(b *bench) {
	waiting(effect.High)(b)
	b.play(event.Event{Kind: event.Frozen, Who: "mia", Time: start})
	b.wait(armAfter)
}

// escortLost is what a session tells when the last escort's line has gone.
var escortLost = []event.Event{
	{Kind: event.Left, Who: "tom", Time: start}, frozenBy("no escort has been here for 30s"),
}

func viewLost(b *bench) {
	waiting(effect.Caution)(b)
	b.play(event.Event{Kind: event.Lost, Layer: event.LayerLine, Reason: "the shell reads keys without it", Time: start})
	b.wait(armAfter)
}

// fullScreen is a hold while a program has the whole terminal for itself.
func fullScreen(b *bench) {
	b.play(output("\x1b[?1049h\x1b[H\x1b[7mbilling.conf" + strings.Repeat(" ", b.m.size[0]-12) + "\x1b[m\r\nport = 8080\r\nworkers = 4\r\n~\r\n~" +
		fmt.Sprintf("\x1b[%d;1H:w", b.m.size[1])))
	e := typed("h1", effect.Low)
	e.Layer, e.Cause = event.LayerEffect, event.CauseSurprise
	b.hold(e)
	b.wait(8 * time.Second)
}

func TestScreens(t *testing.T) {
	for _, s := range states {
		for _, size := range sizes {
			name := fmt.Sprintf("%s-%dx%d", s.name, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				b := newBench(t, size[0], size[1])
				s.at(b)
				b.sees(s.sees...)
				b.golden(name)
			})
		}
	}
}

func TestScreenThatIsTooSmall(t *testing.T) {
	b := newBench(t, 120, 40)
	waiting(effect.High)(b)
	b.m.resize(30, 8)
	b.sees("too small", "held: 1")
	b.golden("too-small-30x8")
}
