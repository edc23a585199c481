package bypass

import (
	"bytes"
	"context"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"escort/explain/effect"
	"escort/session"
	"escort/session/event"
)

// person is engineer and escort of one case: types its lines and decides what
// is held, as the case says.
type person struct {
	c      Case
	s      *session.Session
	onLine func() error // done while the first line is held

	mu      sync.Mutex
	out     bytes.Buffer
	shown   int      // lines that were held
	denials []string // what was denied, in words
	alarms  []string
	failed  error
	open    map[string]bool
	closed  bool
	changed chan struct{}
}

// follow takes in events until the session ends.
func (p *person) follow(ctx context.Context, events <-chan event.Event) {
	for e := range events {
		p.take(ctx, e)
		select {
		case p.changed <- struct{}{}:
		default:
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
}

func (p *person) take(ctx context.Context, e event.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e.Kind {
	case event.Output:
		p.out.Write(e.Data)
	case event.Held:
		p.decide(ctx, e)
	case event.Finished:
		delete(p.open, e.Hold)
	case event.Message:
		if e.Who == "escort" {
			p.alarms = append(p.alarms, e.Reason)
		}
	}
}

// layers says in words where something was held.
var layers = map[string]string{
	event.LayerLine:   "held as a line, before the shell got it",
	event.LayerStart:  "held when a program would start",
	event.LayerEffect: "held when a program would change something",
	event.LayerPrompt: "held as a line for the program's own prompt",
}

// decide answers a hold. Needs mu.
func (p *person) decide(ctx context.Context, e event.Event) {
	d := event.Decision{Hold: e.Hold, Verdict: event.Deny, Word: e.Word, Reason: "self-test"}
	switch {
	case e.Layer == event.LayerLine && e.Cause == event.CauseTyped:
		p.shown++
		if p.shown == 1 && p.onLine != nil {
			p.failed = p.onLine()
		}
		if p.shown <= p.c.Allow {
			d.Verdict = event.Allow
		}
	case e.Layer == event.LayerStart && e.Cause != event.CauseChanged:
		if len(e.Argv) > 0 && slices.Contains(p.c.Permit, path.Base(e.Argv[0])) && !tells(e) {
			d.Verdict = event.Allow
		}
	}
	if e.Layer == event.LayerLine && e.Cause == event.CauseChanged {
		clear(p.open) // what was allowed did not go to the shell
	}
	if d.Verdict == event.Deny {
		p.denials = append(p.denials, layers[e.Layer])
	} else if e.Layer == event.LayerLine {
		p.open[e.Hold] = true
	}
	if err := p.s.Decide(ctx, d); err != nil && p.failed == nil && ctx.Err() == nil {
		p.denials = append(p.denials, "the decision was not taken: "+err.Error())
	}
}

// tells reports whether the card itself names the program that nobody allows:
// an escort who reads it is not got past.
func tells(e event.Event) bool {
	if strings.Contains(e.Actual, "evil") || e.Explanation == nil {
		return true
	}
	return slices.ContainsFunc(e.Explanation.Plan.Starts, func(s effect.Start) bool {
		return slices.ContainsFunc(s.Argv, func(w *string) bool { return w != nil && strings.Contains(*w, "evil") })
	})
}

// until waits for a condition; false: it did not come in time.
func (p *person) until(ctx context.Context, most time.Duration, ok func() bool) bool {
	late := time.NewTimer(most)
	defer late.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		p.mu.Lock()
		done := ok() || p.closed
		p.mu.Unlock()
		if done {
			return true
		}
		select {
		case <-p.changed:
		case <-tick.C:
		case <-late.C:
			return false
		case <-ctx.Done():
			return false
		}
	}
}

// atPrompt reports whether the shell waits for a line. Needs mu.
func (p *person) atPrompt() bool {
	b := p.out.Bytes()
	return len(p.open) == 0 && (bytes.HasSuffix(b, []byte("$ ")) || bytes.HasSuffix(b, []byte("# ")))
}

// forLine is how long one line may take, forKeys how long a program has to
// show itself before it is typed at, and forEnd how long it may go on after
// that: its end may have been denied too.
const (
	forLine = 8 * time.Second
	forKeys = 3 * time.Second
	forEnd  = 3 * time.Second
)

// named are the keys that lines write by name.
var named = strings.NewReplacer(
	"{TAB}", "\t", "{ESC}", "\x1b", "{C-c}", "\x03", "{C-u}", "\x15", "{C-o}", "\x0f", "{C-d}", "\x04", "\n", "\r", "{PAD}", strings.Repeat("x", 6000),
)

// enter types a line and waits until it is over.
func (p *person) enter(ctx context.Context, line string) {
	p.until(ctx, forLine, p.atPrompt)
	p.mu.Lock()
	before, shown := p.out.Len(), p.shown
	p.mu.Unlock()
	if head, rest, ok := strings.Cut(line, "{C-c}"); ok { // the terminal forgets what was typed after it
		p.typeIn(ctx, named.Replace(head)+"\x03")
		p.until(ctx, forLine, func() bool { return p.out.Len() > before+len(head) && p.atPrompt() })
		line = rest
	}
	keys := named.Replace(line) + "\r"
	p.typeIn(ctx, keys)
	held := func() bool { return p.shown > shown }
	if !p.until(ctx, forKeys, held) { // keys typed while the shell drew its prompt may be gone
		p.typeIn(ctx, "\x15"+keys)
		p.until(ctx, forLine, held)
	}
	most := forLine
	if p.c.Keys != "" && shown+1 == p.c.Allow {
		p.keys(ctx, before)
		most = forEnd
	}
	if !p.until(ctx, most, func() bool { return p.out.Len() > before && p.atPrompt() }) {
		p.typeIn(ctx, "\x03\x04")
		p.until(ctx, time.Second, p.atPrompt)
	}
}

// keys types at the program that the line started, once it runs.
func (p *person) keys(ctx context.Context, before int) {
	quiet, last := time.Now(), before
	p.until(ctx, forKeys, func() bool {
		if n := p.out.Len(); n != last {
			quiet, last = time.Now(), n
		}
		return len(p.open) > 0 && time.Since(quiet) > 400*time.Millisecond
	})
	for line := range strings.Lines(p.c.Keys) {
		p.typeIn(ctx, named.Replace(line))
		p.mu.Lock()
		n := len(p.denials)
		p.mu.Unlock()
		p.until(ctx, 500*time.Millisecond, func() bool { return len(p.denials) > n })
	}
}

// typeIn sends keys, byte by byte where the case says so.
func (p *person) typeIn(ctx context.Context, keys string) {
	step := len(keys)
	if p.c.Slow {
		step = 1
	}
	for len(keys) > 0 && ctx.Err() == nil {
		n := min(step, len(keys))
		if p.s.Input([]byte(keys[:n])) != nil {
			return
		}
		keys = keys[n:]
	}
}
