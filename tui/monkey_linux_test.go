package tui

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"escort/explain/effect"
	"escort/session/event"
	"escort/session/screen"
)

// monkeyFor is how long the monkey plays; ESCORT_MONKEY, a length of time,
// makes it longer.
const monkeyFor = 8 * time.Second

// monkey is a session and a person who presses anything. It keeps what was
// pressed and when, so that every verdict can be held against it.
type monkey struct {
	*fake
	t    *testing.T
	rand *rand.Rand
	tty  *os.File // the terminal's side of the console

	mu      sync.Mutex
	pressed []stroke
	open    map[string]opened // holds that wait
	done    map[string]int    // verdicts by hold
	n       int
}

// stroke is one key, opened a hold that was shown.
type (
	stroke struct {
		at  time.Time
		key string
	}
	opened struct {
		at   time.Time
		risk effect.Risk
		word string
	}
)

// slack is what lies between writing a key and its being read.
const slack = 120 * time.Millisecond

// Decide checks that the verdict was keyed in full, and lets it happen.
func (m *monkey) Decide(_ context.Context, d event.Decision) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	h, ok := m.open[d.Hold]
	if !ok {
		return event.ErrNoHold
	}
	if d.Verdict == event.Allow {
		if why := m.notKeyed(h); why != "" {
			m.t.Errorf("%s, %s, was allowed: %s; the last keys were %q", d.Hold, h.risk, why, m.lastKeys())
		}
	}
	if d.Verdict == event.CannotTell {
		m.events <- event.Event{Kind: event.Parked, Hold: d.Hold, Who: "eva", Time: start}
		return nil
	}
	delete(m.open, d.Hold)
	if m.done[d.Hold]++; m.done[d.Hold] > 1 {
		m.t.Errorf("%s was decided twice", d.Hold)
	}
	m.events <- event.Event{Kind: event.Decided, Hold: d.Hold, Verdict: d.Verdict, Who: "eva", Time: start}
	return nil
}

// notKeyed says what of an allow was not keyed, independently of the console:
// the allow key after a pause, and then Enter or the word and Enter. Needs mu.
func (m *monkey) notKeyed(h opened) string {
	for i := len(m.pressed) - 1; i >= 0; i-- {
		if m.pressed[i].key != "a" {
			continue
		}
		before := h.at
		if i > 0 && m.pressed[i-1].at.After(before) {
			before = m.pressed[i-1].at
		}
		if m.pressed[i].at.Sub(before) < armAfter-slack {
			continue
		}
		var rest strings.Builder
		for _, s := range m.pressed[i+1:] {
			rest.WriteString(s.key)
		}
		typed := rest.String()
		entered := strings.LastIndexByte(typed, '\r')
		switch {
		case !h.risk.AtLeast(effect.Caution):
			return ""
		case h.risk == effect.Caution && entered >= 0:
			return ""
		case h.risk.AtLeast(effect.High) && entered >= 0 && spelled(typed[:entered], h.word):
			return ""
		}
	}
	return "the keys for it were not all pressed after a pause"
}

// spelled reports whether the letters of a word were pressed in this order.
func spelled(keys, word string) bool {
	for _, r := range keys {
		if word != "" && strings.EqualFold(string(r), word[:1]) {
			word = word[1:]
		}
	}
	return word == ""
}

func (m *monkey) lastKeys() []string {
	var out []string
	for _, s := range m.pressed[max(0, len(m.pressed)-30):] {
		out = append(out, s.key)
	}
	return out
}

func (m *monkey) press(keys string) {
	m.mu.Lock()
	m.pressed = append(m.pressed, stroke{time.Now(), keys})
	m.mu.Unlock()
	_, _ = io.WriteString(m.tty, keys)
}

// anyKeys are the keys that the monkey has.
var anyKeys = strings.Split("a a a a d d m e v c f x y n o o - + t ? h / [ ] 1 2 3 6 q w z E \r \r \x1b \t \x7f \x03 \x1d \x1d \x1b[A \x1b[B \x1b[C \x1b[D \x1b[5~ \x1b[6~ \x1b[H \x1b[F \x1bOP é 漢", " ")

func (m *monkey) pause(d time.Duration) { <-time.After(d) }

// acts is what the monkey does, the likelier ones more than once.
func (m *monkey) act() {
	r := m.rand
	switch n := r.IntN(100); {
	case n < 45:
		m.press(anyKeys[r.IntN(len(anyKeys))])
	case n < 60:
		m.hold()
	case n < 72: // somebody who means it, or nearly
		if r.IntN(2) == 0 {
			m.press("\x1b") // from wherever that was
		}
		m.pause(armAfter + time.Duration(r.IntN(300))*time.Millisecond)
		m.press("a")
		if r.IntN(2) == 0 {
			m.press("\r")
			break
		}
		for _, l := range m.someWord() {
			m.press(string(l))
		}
		m.press("\r")
	case n < 78:
		m.withdraw()
	case n < 84:
		m.events <- output(strings.Repeat(hostile[r.IntN(len(hostile))]+"text ", r.IntN(2000)))
	case n < 90:
		m.resize(1+r.IntN(220), 1+r.IntN(70))
	case n < 94:
		m.press("\x1b[200~a\rdelete\r\x1b[201~")
	case n < 96:
		m.mouse()
	case n < 98:
		kind := []string{event.Frozen, event.Thawed}[r.IntN(2)]
		m.events <- event.Event{Kind: kind, Time: start}
	default:
		m.pause(time.Duration(r.IntN(700)) * time.Millisecond)
	}
}

// mouse presses, drags or turns something somewhere. It is no key: whatever it
// does decides nothing.
func (m *monkey) mouse() {
	r := m.rand
	for range 1 + r.IntN(4) {
		button := []int{0, 0, 32, 32, 35, 2, 64, 65}[r.IntN(8)]
		_, _ = fmt.Fprintf(m.tty, "\x1b[<%d;%d;%d%c", button, 1+r.IntN(200), 1+r.IntN(60), "Mm"[r.IntN(2)])
	}
}

func (m *monkey) verdicts() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.done)
}

func (m *monkey) someWord() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, h := range m.open {
		return h.word
	}
	return "delete"
}

func (m *monkey) hold() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.open) > 3 {
		return
	}
	m.n++
	id := fmt.Sprint("h", m.n)
	risk := effect.Risks[m.rand.IntN(len(effect.Risks))]
	e := typed(id, risk)
	m.open[id] = opened{time.Now(), risk, e.Word}
	m.events <- e
}

func (m *monkey) withdraw() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id := range m.open {
		delete(m.open, id)
		m.events <- event.Event{Kind: event.Withdrawn, Hold: id, Time: start}
		return
	}
}

func (m *monkey) resize(cols, rows int) {
	_ = pty.Setsize(m.tty, &pty.Winsize{Cols: uint16(cols), Rows: uint16(rows)})
	_ = syscall.Kill(os.Getpid(), syscall.SIGWINCH) // the terminal is not this process's own
}

// TestMonkey presses anything at a running console while anything happens to
// its session.
func TestMonkey(t *testing.T) {
	length := monkeyFor
	if d, err := time.ParseDuration(os.Getenv("ESCORT_MONKEY")); err == nil {
		length = d
	}
	master, slave, err := pty.Open()
	if err != nil {
		t.Skip("no pseudo-terminals here: ", err)
	}
	defer master.Close()
	seed, err := strconv.ParseUint(os.Getenv("ESCORT_MONKEY_SEED"), 10, 64)
	if err != nil {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("seed %d", seed)
	m := &monkey{
		fake: newFake(), t: t, rand: rand.New(rand.NewPCG(seed, 1)), tty: master, open: map[string]opened{}, done: map[string]int{},
	}
	m.resize(120, 40)
	out := &outer{scr: screen.New(250, 80, 0)}
	read := make(chan struct{})
	go func() { defer close(read); _, _ = io.Copy(out, master) }()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- Run(ctx, nil, Options{
			Host: "prod-db-2", Who: "eva", Input: slave, Output: slave, Env: []string{"TERM=xterm-256color"},
			Start: func(int, int) (event.Source, error) { return m, nil },
		})
	}()
	// Until something was decided: chance may let a minute pass.
	for end := time.Now().Add(length); time.Now().Before(end) || m.verdicts() == 0 && time.Since(end) < time.Minute; {
		if t.Failed() {
			break
		}
		m.act()
		select {
		case err := <-ended:
			t.Fatalf("the console ended: %v", err)
		default:
		}
	}
	m.resize(120, 40)
	until(t, "footer", func() bool { return strings.Contains(strings.Join(out.scr.Text(), "\n"), "keys go to: ") },
		func() string { return strings.Join(out.scr.Text(), "\n") })
	cancel()
	<-ended
	_ = slave.Close()
	<-read
	clean(t, out.bytes())
	m.mu.Lock() // the last verdict may still be on its way
	defer m.mu.Unlock()
	t.Logf("%d keys, %d holds, %d verdicts", len(m.pressed), m.n, len(m.done))
	if len(m.done) == 0 {
		t.Error("nothing was ever decided")
	}
}
