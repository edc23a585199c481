package toolwork

import (
	"bytes"
	"context"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"escort/session"
	"escort/session/event"
	"escort/session/policy"
)

// person is engineer and escort: types, and allows everything that is held.
type person struct {
	t        *testing.T
	s        *session.Session
	followed chan struct{}

	mu      sync.Mutex
	out     bytes.Buffer
	mark    int // of out, when the present step began
	cost    cost
	open    map[string]bool // lines that have not finished
	lines   int             // lines that were held
	changed chan struct{}
}

// sit starts the session and waits for its prompt.
func sit(t *testing.T, b *bench, env []string) *person {
	t.Helper()
	rules := *policy.Default()
	rules.Explain = time.Minute // the figures are not to depend on how busy the machine is
	s, err := session.Start(t.Context(), session.Config{
		Shell: "bash", Cols: 100, Rows: 30, StateRoot: filepath.Join(b.dir, "state"), Dir: b.work,
		Env: env, Policy: &rules, User: "ravi", Who: "erin", Host: "test", Version: "test",
	})
	if err != nil {
		t.Fatal(err)
	}
	p := &person{t: t, s: s, followed: make(chan struct{}), open: map[string]bool{}, changed: make(chan struct{}, 1)}
	events, err := s.Events(context.Background(), 0)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.followed)
		for e := range events {
			p.take(e)
			select {
			case p.changed <- struct{}{}:
			default:
			}
		}
	}()
	p.until("the first prompt", patience, p.atPrompt)
	return p
}

func (p *person) take(e event.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e.Kind {
	case event.Output:
		p.out.Write(e.Data)
	case event.Held:
		p.cost.count(e.Layer)
		what := e.Actual
		if e.Layer == event.LayerLine || e.Layer == event.LayerPrompt {
			what = e.Typed
			p.lines++
		}
		if e.Effect != nil {
			what = e.Effect.Verb + " " + e.Effect.Object
		}
		risk, headline := "", ""
		if e.Explanation != nil {
			risk, headline = string(e.Explanation.Risk), e.Explanation.Headline
		}
		p.t.Logf("held: %s (%s), %s: %q %s %s", e.Layer, e.Cause, risk, what, headline, e.Reason)
		if e.Layer == event.LayerLine {
			p.open[e.Hold] = true
		}
		if err := p.s.Decide(context.Background(), event.Decision{Hold: e.Hold, Verdict: event.Allow, Word: e.Word}); err != nil {
			p.t.Logf("allow: %v", err)
		}
	case event.Decided:
		if e.Verdict != event.Allow {
			p.t.Logf("decided: %s %s", e.Verdict, e.Reason)
			delete(p.open, e.Hold)
		}
	case event.Finished, event.Withdrawn:
		delete(p.open, e.Hold)
	case event.Message:
		p.t.Logf("message: %s", e.Reason)
	}
}

// sequences are what moves the cursor, colours and so on.
var sequences = regexp.MustCompile(`\x1b(?:\[[0-9;?!>=]*[a-zA-Z]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][0-9A-B]|[=>78MNOPZc])|[\x0e\x0f]`)

// shown is what the terminal showed since the present step began. Needs mu.
func (p *person) shown() []byte { return sequences.ReplaceAll(p.out.Bytes()[p.mark:], nil) }

var prompt = regexp.MustCompile(`[#$] $`)

// atPrompt reports whether the shell waits for a line. Needs mu.
func (p *person) atPrompt() bool { return len(p.open) == 0 && prompt.Match(p.shown()) }

// names are keys that have no letter.
var names = strings.NewReplacer("{ESC}", "\x1b", "{ENTER}", "\r", "{C-a}", "\x01", "{C-b}", "\x02", "{C-c}", "\x03", "{C-d}", "\x04")

// step types and waits until what was typed for is there.
func (p *person) step(s step) {
	p.t.Helper()
	p.mu.Lock()
	lines := p.lines
	p.mu.Unlock()
	p.mu.Lock()
	p.mark = p.out.Len()
	p.mu.Unlock()
	keys := names.Replace(s.Keys)
	if s.Type != "" {
		p.input(s.Type)
		end := []byte(s.Type[max(0, len(s.Type)-3):])
		p.until("", 5*time.Second, func() bool { return bytes.Contains(p.shown(), end) }) // an echo, if it comes
		keys = "\r"
	}
	p.input(keys)
	if s.Until == "" {
		p.until("the prompt after "+s.Type+s.Keys, patience, func() bool { return (s.Type == "" || p.lines > lines) && p.atPrompt() })
		return
	}
	want := regexp.MustCompile(s.Until)
	p.until(s.Until+" after "+s.Type+s.Keys, patience, func() bool { return want.Match(p.shown()) })
}

func (p *person) input(keys string) {
	p.t.Helper()
	if err := p.s.Input([]byte(keys)); err != nil {
		p.t.Fatal(err)
	}
}

// patience is how long something may take on a busy machine.
const patience = 3 * time.Minute

// until waits for a condition over what came. What has no name need not come.
func (p *person) until(what string, most time.Duration, ok func() bool) {
	p.t.Helper()
	late := time.After(most)
	for {
		p.mu.Lock()
		done := ok()
		p.mu.Unlock()
		if done {
			return
		}
		select {
		case <-p.changed:
		case <-late:
			if what == "" {
				return
			}
			p.mu.Lock()
			defer p.mu.Unlock()
			p.t.Errorf("waited in vain for %s; the screen had %q", what, p.out.String()[max(0, p.out.Len()-3000):])
			p.mu.Unlock()
			p.end()
			p.mu.Lock()
			p.t.FailNow()
		}
	}
}

func (p *person) end() {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := p.s.End(ctx); err != nil {
		p.t.Errorf("end: %v", err)
	}
	<-p.followed
}
