package door

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"net"
	"strings"
	"testing"
	"testing/synctest"

	"escort/session/event"
	"escort/session/release"
)

// loud is a session in which a program says its secret wherever a program can.
func loud() *fake {
	f := newFake()
	h := held()
	h.Layer, h.Cause, h.Actual, h.Expanded, h.Argv, h.Dir = event.LayerStart, event.CauseSurprise, "x hunter2", "hunter2", []string{"hunter2"}, "/hunter2"
	typed := held()
	typed.Cause, typed.Typed, typed.Expanded, typed.Dir = event.CauseTyped, "cat file", "hunter2", "/hunter2"
	prompt := typed
	prompt.Layer, prompt.Typed = event.LayerPrompt, "hunter2"
	status := 0
	for _, e := range []event.Event{
		{Kind: event.Opened, Cols: 80, Rows: 24},
		{Kind: event.Output, Data: []byte("hunter2\r\n")},
		h, typed, prompt,
		{Kind: event.Started, Argv: []string{"hunter2"}},
		{Kind: event.Effected, Reason: "hunter2"},
		{Kind: event.Message, Who: "escort", Reason: "the program hunter2 does odd things"},
		{Kind: event.Decided, Hold: "h1", Verdict: event.Deny, Who: event.Policy, Reason: "changes of /hunter2 are never allowed"},
		{Kind: event.Message, Who: "eva", Reason: "hello"},
		{Kind: event.Finished, Hold: "h1", Status: &status, Reason: "it wrote hunter2"},
		{Kind: event.Lost, Reason: "hunter2"},
		{Kind: event.Output, Who: "escort", Data: []byte("escort: denied · hunter2")},
	} {
		f.happen(e)
	}
	return f
}

// Wherever the engineer asks from, and whatever for, nothing that a program said
// comes out, and nobody's own words are lost.
func TestNoWayToOutputThatIsHeldBack(t *testing.T) {
	for _, output := range []string{event.OutputReleased, event.OutputStatus} {
		for after := range uint64(8) {
			synctest.Test(t, func(t *testing.T) {
				f := loud()
				r := NewRoom(f, ravi, About{}, Rules{Output: output})
				var h Hall
				h.Open(r)
				ours, theirs := net.Pipe()
				go h.Serve(t.Context(), theirs, ravi)
				got := make(chan string)
				go func() {
					var all strings.Builder
					for s := bufio.NewScanner(ours); s.Scan(); {
						all.WriteString(s.Text() + "\n")
					}
					got <- all.String()
				}()
				for _, line := range []any{
					Hello{As: Engineer, After: after},
					map[string]any{"withheld": 100},
					map[string]any{"release": true},
					map[string]any{"release": true, "shown": "x", "lines": 1},
					map[string]any{"as": "escort"},
				} {
					text, err := json.Marshal(line)
					if err != nil {
						t.Fatal(err)
					}
					if _, err := ours.Write(append(text, '\n')); err != nil {
						t.Fatal(err)
					}
				}
				synctest.Wait()
				close(f.done)
				_ = ours.Close()
				all := <-got
				if strings.Contains(all, "hunter2") || strings.Contains(all, "aHVudGVyMg") {
					t.Errorf("%s, after %d: it came out:\n%s", output, after, all)
				}
				for _, want := range []string{`"output":"` + output, `"reason":"hello"`, ErrRole.Error(), `"status":0`} {
					if !strings.Contains(all, want) {
						t.Errorf("%s, after %d: %s did not come:\n%s", output, after, want, all)
					}
				}
			})
		}
	}
}

func TestReleases(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, ctx := newFake(), t.Context()
		r := NewRoom(f, ravi, About{}, Rules{Output: event.OutputReleased, Presence: strict.Presence})
		e, s := enter(t, r, ravi, Engineer), enter(t, r, eva, Escort)
		f.happen(event.Event{Kind: event.Output, Data: []byte("one\r\npassword=ab\r\nthree\r\n")})
		synctest.Wait()
		w, err := s.Withheld(ctx, 2)
		if err != nil || w.Lines != 3 || w.Masked != 1 || strings.Join(w.Text, "|") != "one|password=[masked: password]" {
			t.Fatalf("%+v, %v", w, err)
		}
		f.happen(event.Event{Kind: event.Output, Data: []byte("\x1b[Hother\x1b[4;1H")})
		synctest.Wait()
		if err := s.Release(ctx, 2, w.SHA256); !errors.Is(err, release.ErrChanged) {
			t.Errorf("what was not shown: %v", err)
		}
		if _, err := e.Withheld(ctx, 2); !errors.Is(err, ErrRole) {
			t.Errorf("the engineer asks: %v", err)
		}
		if err := e.Release(ctx, 2, ""); !errors.Is(err, ErrRole) {
			t.Errorf("the engineer releases: %v", err)
		}
		settled := make(chan bool)
		go func() { r.Settle(ctx, 0); close(settled) }()
		synctest.Wait()
		for i := range 2 {
			select {
			case <-settled:
				t.Fatalf("settled after %d of 2 releases", i)
			default:
			}
			if err := s.Release(ctx, 2, ""); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		<-settled
		s.Leave("")
		if err := s.Release(ctx, 2, ""); !errors.Is(err, ErrGone) {
			t.Errorf("after leaving: %v", err)
		}
		close(f.done)
		f.happen(event.Event{Kind: event.Closed})
		synctest.Wait()
	})
}

func TestNothingIsReleasedWhereAllFlows(t *testing.T) {
	f := newFake()
	r := NewRoom(f, ravi, About{}, Rules{})
	s := enter(t, r, eva, Escort)
	if _, err := s.Withheld(context.Background(), 1); !errors.Is(err, ErrFlows) {
		t.Error(err)
	}
	if err := s.Release(context.Background(), 1, ""); !errors.Is(err, ErrFlows) {
		t.Error(err)
	}
	close(f.done)
}

func TestWhoHasNoShellTypesNothing(t *testing.T) {
	f := newFake()
	shut := ravi
	shut.NoShell = true
	r := NewRoom(f, shut, About{}, Rules{})
	enter(t, r, eva, Escort)
	if err := enter(t, r, shut, Engineer).Input([]byte("x")); !errors.Is(err, ErrNoShell) {
		t.Error(err)
	}
	r = NewRoom(f, ravi, About{}, Rules{Mute: true})
	enter(t, r, eva, Escort)
	if err := enter(t, r, ravi, Engineer).Input([]byte("x")); !errors.Is(err, ErrMute) {
		t.Error(err)
	}
	close(f.done)
}

func TestShellOption(t *testing.T) {
	p, err := parsePeople("people", []byte(`role="engineer",account="ravi",shell="no" `+placeholder+"\n"+`role="engineer",account="ravi" -`+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	if m, err := p.ByAccount("ravi"); err != nil || !m.NoShell || !m.Person().NoShell {
		t.Errorf("%+v, %v", m, err)
	}
	for _, line := range []string{`role="escort",account="eva",shell="no" -`, `role="engineer",account="ravi",shell="yes" -`, `role="engineer",account="ravi",shell -`} {
		if _, err := parsePeople("people", []byte(line+"\n")); err == nil {
			t.Errorf("%s was taken", line)
		}
	}
}
