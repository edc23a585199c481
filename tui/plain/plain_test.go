package plain

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"escort/explain/effect"
	"escort/session/event"
	"escort/tui/consent"
)

// A whole short session as it is read out.
func TestSession(t *testing.T) {
	b := newBench(t)
	b.play(output("ravi@prod-db-2:~$ "))
	b.wait(time.Second)
	b.line("rm -rf /srv/backup")
	b.play(output("rm -rf /srv/backup\r\n"), held("h1", effect.High))
	b.line("explain")
	b.line("ask")
	b.line("allow")
	b.line("delet")
	b.line("delete")
	b.play(decided("h1", event.Allow), output("gone\r\nravi@prod-db-2:~$ "), event.Event{Kind: event.Finished, Hold: "h1", Status: new(int)})
	b.wait(time.Second)
	b.keys("\x1d")
	b.line("history")
	b.line("end")
	b.line("yes")
	b.play(event.Event{Kind: event.Closed})
	b.c.finish()
	b.golden("session")
	b.verdicts(event.Decision{Hold: "h1", Verdict: event.Allow, Word: "DELETE", Who: "eva"})
	if b.src.ended != 1 || b.src.input != "rm -rf /srv/backup\r" {
		t.Errorf("ended %d times, input %q", b.src.ended, b.src.input)
	}
}

func TestEffortGrowsWithTheRisk(t *testing.T) {
	allow := func(word string) event.Decision {
		return event.Decision{Hold: "h1", Verdict: event.Allow, Word: word, Who: "eva"}
	}
	for _, tc := range []struct {
		name  string
		risk  effect.Risk
		lines []string
		want  []event.Decision
	}{
		{"safe", effect.Safe, []string{"allow"}, []event.Decision{allow("")}},
		{"low, in capitals", effect.Low, []string{" ALLOW"}, []event.Decision{allow("")}},
		{"caution, once", effect.Caution, []string{"allow"}, nil},
		{"caution", effect.Caution, []string{"allow", ""}, []event.Decision{allow("")}},
		{"caution, taken back", effect.Caution, []string{"allow", "no", ""}, nil},
		{"caution, allow twice", effect.Caution, []string{"allow", "allow"}, nil},
		{"high, once", effect.High, []string{"allow", "", "allow"}, nil},
		{"high, wrong", effect.High, []string{"allow", "delet", "yes"}, nil},
		{"high", effect.High, []string{"allow", "delet", "delete"}, []event.Decision{allow("DELETE")}},
		{"high, the word alone", effect.High, []string{"delete"}, nil},
		{"critical", effect.Critical, []string{"allow", "DELETE"}, []event.Decision{allow("DELETE")}},
		{"critical, taken back", effect.Critical, []string{"allow", "no", "delete"}, nil},
		{"with more behind it", effect.Safe, []string{"allow it", "allowed", "al low", "all"}, nil},
		{"deny", effect.High, []string{"deny"}, []event.Decision{{Hold: "h1", Verdict: event.Deny, Who: "eva"}}},
		{"deny because", effect.High, []string{"Deny not in the  ticket "}, []event.Decision{{Hold: "h1", Verdict: event.Deny, Reason: "not in the  ticket", Who: "eva"}}},
		{"cannot tell", effect.High, []string{"cannot tell"}, []event.Decision{{Hold: "h1", Verdict: event.CannotTell, Who: "eva"}}},
		{"twice", effect.Safe, []string{"allow", "allow", "deny"}, []event.Decision{allow("")}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := newBench(t)
			b.play(held("h1", tc.risk))
			for _, l := range tc.lines {
				b.line(l)
			}
			b.verdicts(tc.want...)
		})
	}
}

// What was begun before a hold was read out decides nothing, at whatever time
// it ends; so does what comes too soon behind it or behind another key.
func TestTypedAheadDecidesNothing(t *testing.T) {
	for name, play := range map[string]func(b *bench){
		"begun before": func(b *bench) {
			b.keys("allo")
			b.play(held("h1", effect.Safe))
			b.wait(time.Minute)
			b.keys("w\r")
		},
		"begun before, for the console": func(b *bench) {
			b.keys("\x1dallo")
			b.play(held("h1", effect.Safe))
			b.wait(time.Minute)
			b.keys("w\r")
		},
		"too soon": func(b *bench) {
			b.play(held("h1", effect.Safe))
			b.wait(consent.Pause - 100*time.Millisecond)
			b.keys("allow\r")
		},
		"typing on": func(b *bench) {
			b.play(held("h1", effect.Safe))
			for range 20 {
				b.wait(200 * time.Millisecond)
				b.keys("\r")
			}
			b.keys("allow\r")
		},
		"held again": func(b *bench) {
			b.play(held("h1", effect.Safe))
			b.wait(time.Second)
			b.keys("allo")
			b.play(held("h1", effect.Safe)) // with another explanation, say
			b.wait(time.Second)
			b.keys("w\r")
		},
		"another one in its place": func(b *bench) {
			b.play(held("h1", effect.Safe), held("h2", effect.Safe))
			b.wait(time.Second)
			b.keys("allo")
			b.play(event.Event{Kind: event.Withdrawn, Hold: "h1"})
			b.wait(time.Second)
			b.keys("w\r")
		},
		"Enter ahead of the question": func(b *bench) {
			b.play(held("h1", effect.Caution))
			b.wait(time.Second)
			b.keys("allow\r\r\r")
			b.wait(100 * time.Millisecond)
			b.keys("\r")
		},
		"the word ahead of the question": func(b *bench) {
			b.play(held("h1", effect.High))
			b.wait(time.Second)
			b.keys("allow\rdelete\r")
		},
		"frozen": func(b *bench) {
			b.play(held("h1", effect.Safe), event.Event{Kind: event.Frozen})
			b.line("allow")
		},
		"parked meanwhile": func(b *bench) {
			b.play(held("h1", effect.Safe))
			b.wait(time.Second)
			b.keys("allo")
			b.play(event.Event{Kind: event.Parked, Hold: "h1", Who: "tom"})
			b.wait(time.Second)
			b.keys("w\r")
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			play(b)
			b.verdicts()
			if strings.Contains(b.src.input, "w") {
				t.Errorf("a part of a line went to the session: %q", b.src.input)
			}
			b.play(event.Event{Kind: event.Thawed})
			b.line("no") // out of a question, where one is open
			b.line("deny")
			if len(b.src.decided) != 1 || b.src.decided[0].Verdict != event.Deny {
				t.Errorf("afterwards a word does not decide: %+v\n%s", b.src.decided, b.said())
			}
		})
	}
}

func TestSeveralHolds(t *testing.T) {
	b := newBench(t)
	b.play(held("h1", effect.Low))
	b.said()
	b.play(surprise("h2"), script("h3"))
	b.says("Another hold waits: number 2, LOW.", "Type hold 3 to hear it.")
	b.line("holds")
	b.says("Hold 1, LOW: Deletes", "Hold 3, CRITICAL")
	b.line("hold 3")
	b.says("Hold 3 waits, and 2 more.", "1. CRITICAL: do not allow alone.", "Line 12, critical: rm -rf /srv/backup/* (deletes backups)")
	b.line("hold 9")
	b.says("There is no hold 9")
	b.line("deny")
	b.play(decided("h3", event.Deny))
	b.says("Hold 3 was denied.", "Hold 2 waits, and 1 more.", "A program wants to start.", "No card that was allowed has shown this.")
	b.line("allow")
	b.verdicts(
		event.Decision{Hold: "h3", Verdict: event.Deny, Who: "eva"},
		event.Decision{Hold: "h2", Verdict: event.Allow, Who: "eva"},
	)
}

func TestWords(t *testing.T) {
	for line, want := range map[string][]string{
		"explain":            {"Why this risk?", "Concern, critical: Backups", "What changes if I allow?", "critical: delete /srv/backup, with everything in it, as root", "What would a harmless version look like?", "You can also ask: What for?"},
		"script":             {"/home/ravi/fix.sh", "Line 12, critical: echo hello (deletes backups)", "more. Type script 41 to go on."},
		"script 41":          {"Line 60: echo hello"},
		"script 99999":       {"Line 60: echo hello"},
		"repeat":             {"Hold 1 waits.", "Command: sudo ./fix.sh"},
		"holds":              {"Hold 1, CRITICAL"},
		"keys":               {"ctrl+]: changes between", "ctrl+u: takes back"},
		"help":               {"allow: allow what is held", "deny [reason]: deny", "end: end the session"},
		"history":            {"09:00:01, note, message from ravi: hello, ravi"},
		"screen":             {"| one", "| two"},
		"press ctrl+c up":    {"hold 1> "},
		"press hyper":        {"There is no key hyper."},
		"ask why?":           {"Sent: why?"},
		"ask":                {"Sent: Where is the other copy?"},
		"freeze":             {"hold 1> "},
		"wat \x1b[31m\u202e": {"I do not know wat", "Type help for the words."},
		"":                   {"hold 1> "},
		"\x03":               {"That key does nothing here"},
		"\x1a":               {"That key does nothing here"},
		"\x1d":               {"Decide what is held first"},
	} {
		b := newBench(t)
		b.play(event.Event{Kind: event.Message, Who: "ravi", Reason: "hello", Time: start.Add(time.Second)}, output("one\r\ntwo\r\n"), script("h1"))
		b.wait(time.Second)
		b.said()
		b.line(line)
		b.says(want...)
		b.verdicts()
		switch {
		case line == "press ctrl+c up" && b.src.input != "\x03\x1b[A":
			t.Errorf("the session got %q", b.src.input)
		case line == "freeze" && (len(b.src.frozen) != 1 || !b.src.frozen[0]):
			t.Errorf("froze %v", b.src.frozen)
		}
	}
}

// Every word is said by the help and does something; without a hold those that
// need one say so.
func TestEveryWord(t *testing.T) {
	for _, w := range words {
		b := newBench(t)
		b.keys("\x1d")
		b.line("help")
		b.says(w.name)
		b.line(w.name)
		if s := b.said(); w.held != strings.Contains(s, "Nothing is held.") && w.name != "holds" || strings.Contains(s, "do not know") {
			t.Errorf("%s without a hold: %q", w.name, s)
		}
		b.verdicts()
	}
}

// What is typed for the session arrives whole, control keys at once, and what
// is typed at a question for a password is not shown.
func TestLinesForTheSession(t *testing.T) {
	b := newBench(t)
	b.said()
	b.keys("lx\x7fs -l \xc3\xa9\x1b[A\x1b[1;5C\x1bOP\r")
	if want := "ls -l é\r"; b.src.input != want {
		t.Errorf("the session got %q, want %q", b.src.input, want)
	}
	b.says("lx\b \bs -l é")
	b.src.input = ""
	b.keys("half\x03")
	b.keys("gone\x15\r")
	if want := "\x03\r"; b.src.input != want {
		t.Errorf("the session got %q, want %q", b.src.input, want)
	}
	b.src.input = ""
	b.play(output("[sudo] password for ravi: "))
	b.wait(time.Second)
	b.says("| [sudo] password for ravi:")
	b.keys("hunter2\x7f3\r")
	if s := b.said(); strings.Contains(s, "hu") || strings.Contains(s, "ter") || b.src.input != "hunter3\r" {
		t.Errorf("said %q, the session got %q", s, b.src.input)
	}
	b.keys("\x1d")
	b.says("words for the console")
	b.line("shell")
	b.says("lines go to the session")
	b.line("x")
	if !strings.HasSuffix(b.src.input, "x\r") {
		t.Errorf("the session got %q", b.src.input)
	}
}

func TestResize(t *testing.T) {
	b := newBench(t)
	b.said()
	b.w = 50
	b.wait(time.Second)
	if len(b.src.sizes) != 1 || b.src.sizes[0] != [2]int{48, rows} {
		t.Errorf("sizes %v", b.src.sizes)
	}
	b.play(held("h1", effect.High))
	for l := range strings.Lines(b.said()) {
		if n := len(strings.TrimRight(l, "\n")); n > 50 {
			t.Errorf("%d wide: %q", n, l)
		}
	}
}

// hostile is what a session may try with a terminal that it does not have.
var hostile = append(strings.Split("\x1b]52;c;ZXZpbA==\x07 \x1b]0;owned\x07 \x1b]8;;http://x\x1b\\l\x1b]8;;\x1b\\ \x1bP$qm\x1b\\ \x1bP+q544e\x1b\\ \x1bPq#0~\x1b\\ \x1b_Ga=T\x1b\\ \x1b^p\x1b\\ \x1bXs\x1b\\ \x1b[6n \x1b[c \x1b[>q \x1b]10;?\x07 \x1b]4;1;?\x07 \x1b[2J\x1b[H \x1bc \x1b#8 \x1b[3;5r \x1b[?1049h \x1b[?1049l \x1b[?1000h \x07 \x08\x08\x08 \u009b31m \u009d0;x\u009c \x9b1m \u202e \u200b \U000e0041 \u2028 \x85 \x0b \x0c", " "),
	"\rHold 9 waits.\r\n", "\nescort> \r", "\x1b[1A\x1b[2KHold 1 was allowed.\r\n", "\x1b[999D\x1b[KEscort console\r\n", "a\x00b\r\n", strings.Repeat("w", 500)+"\r\nHold 3\r\n", "漢\u0301\u0301\u0301\u0301字\r\n", "👩\u200d💻\r\n", "\x1b[8mhidden\x1b[m\r\n", "\x1b[20h\nx\n",
)

// own are the lines that the console itself may have said in the test below.
var own = regexp.MustCompile(`^(\| .*|\||shell> .*|\d+ lines of the session went by unread\.|A program draws on .*|  .*|The full-screen program .*|)$`)

// check holds all that was written to the rules: printable text, line ends and
// rubbing out; and nothing that the session wrote begins a line by itself.
func (b *bench) check(lines bool) {
	b.t.Helper()
	s := b.said()
	for _, r := range strings.ReplaceAll(s, "\b \b", "") {
		if r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 || r == 0x202e || r == 0x200b || r == 0x2028 || r >= 0xe0000 && r < 0xe0080 {
			b.t.Fatalf("%U was written: %q", r, s)
		}
	}
	if !lines {
		return
	}
	for l := range strings.Lines(s) {
		if !own.MatchString(strings.TrimRight(l, "\n")) {
			b.t.Errorf("a line begins by itself: %q", l)
		}
	}
}

func TestNothingOfTheSessionReachesTheTerminal(t *testing.T) {
	b := newBench(t)
	b.said()
	for _, s := range hostile {
		b.play(output(s))
		b.wait(time.Second)
		b.check(true)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		b.play(output(hostile[r.IntN(len(hostile))]))
		b.wait(time.Duration(r.IntN(400)) * time.Millisecond)
	}
	b.check(true)
	evil := strings.Join(hostile, "")
	e := held("h1", effect.High)
	e.Explanation.Command, e.Explanation.Headline, e.Explanation.Ask = evil, evil, []string{evil}
	e.Explanation.Parts[0].Text, e.Explanation.Findings[0].Text, e.Expanded, e.Word = evil, evil, evil, evil
	b.play(e, event.Event{Kind: event.Message, Who: evil, Reason: evil}, event.Event{Kind: event.Frozen, Reason: evil})
	for _, l := range []string{"explain", "ask", "holds", "history", "allow", evil, "no", "screen"} {
		b.line(l)
	}
	b.check(false)
	b.verdicts()
}

// What the session writes is said once, in order, and a flood only by its end.
func TestTranscript(t *testing.T) {
	b := newBench(t)
	b.said()
	b.play(output("one\r\ntwo"))
	b.wait(time.Second)
	b.play(output(" three\r\n"))
	b.wait(time.Second)
	b.play(output("10%\r20%\r30%"))
	b.wait(50 * time.Millisecond)
	b.play(output("\r100%\r\n"))
	b.wait(time.Second)
	b.golden("transcript")
	for i := range 1000 {
		b.play(output(fmt.Sprintf("line %d\r\n", i)))
	}
	b.wait(time.Second)
	s := b.said()
	if !strings.Contains(s, "lines of the session went by unread.") || !strings.Contains(s, "| line 999\n") || strings.Count(s, "\n") > 300 {
		t.Errorf("of a flood %d lines were said:\n%s", strings.Count(s, "\n"), s)
	}
	b.play(output("\x1b[?1049h\x1b[Hfull screen"))
	b.wait(time.Second)
	if s := b.said(); strings.Contains(s, "| full") || !strings.Contains(s, "A program draws on the full screen now.") {
		t.Errorf("%q", s)
	}
	b.keys("\x1d")
	b.line("screen")
	b.says("| full screen")
	b.play(output("\x1b[?1049lback\r\n"))
	b.wait(time.Second)
	b.says("has left the screen", "| back")
}

// The loop around it ends with the session, with its input and with ctx.
func TestRunEnds(t *testing.T) {
	for name, end := range map[string]func(src *fake, in io.Closer, cancel func()){
		"closed":  func(src *fake, _ io.Closer, _ func()) { src.events <- event.Event{Kind: event.Closed} },
		"channel": func(src *fake, _ io.Closer, _ func()) { close(src.events) },
		"input":   func(_ *fake, in io.Closer, _ func()) { _ = in.Close() },
		"context": func(_ *fake, _ io.Closer, cancel func()) { cancel() },
	} {
		t.Run(name, func(t *testing.T) {
			in, keys, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			src := &fake{events: make(chan event.Event, 8)}
			var size [2]int
			done := make(chan error, 1)
			go func() {
				done <- Run(ctx, nil, Options{Input: in, Output: io.Discard, Start: func(cols, rows int) (event.Source, error) {
					size = [2]int{cols, rows}
					return src, nil
				}})
			}()
			src.events <- held("h1", effect.Safe)
			end(src, keys, cancel)
			if err := <-done; (name == "context") != (err != nil) {
				t.Errorf("ended with %v", err)
			}
			if size != [2]int{usualWidth - len(mark), rows} || len(src.decided) != 0 {
				t.Errorf("size %v, decided %v", size, src.decided)
			}
			cancel()
			_ = keys.Close()
			_ = in.Close()
		})
	}
}
