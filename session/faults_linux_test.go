package session

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"escort/explain/effect"
	"escort/session/event"
	"escort/session/record"

	"golang.org/x/sys/unix"
)

// What must hold when something breaks: nothing runs, and somebody is told.

// An explanation that breaks or never comes is "cannot tell", and held.
func TestAnExplanationThatFailsIsHeld(t *testing.T) {
	hung := make(chan struct{})
	defer close(hung)
	for why, explain := range map[string]func(context.Context, effect.Request) effect.Explanation{
		"explaining it failed: broken": func(context.Context, effect.Request) effect.Explanation { panic("broken") },
		"explaining it took too long":  func(context.Context, effect.Request) effect.Explanation { <-hung; return effect.Explanation{} },
	} {
		t.Run(why, func(t *testing.T) {
			c := open(t, func(c *Config) { c.explain = explain })
			c.typed("touch y\r")
			e := c.held()
			x := e.Explanation
			if x.Risk != effect.High || len(x.Unknowns) == 0 || x.Unknowns[0].Why != why || len(x.Plan.Starts) > 0 || e.Word == "" {
				t.Errorf("%s %v plan %v word %q", x.Risk, x.Unknowns, x.Plan.Starts, e.Word)
			}
			c.decide(e, event.Allow)
			start := c.held() // which the card did not show
			if start.Layer != event.LayerStart {
				t.Errorf("held %s", start.Layer)
			}
			c.decide(start, event.Deny)
			c.prompt()
			if c.exists("y") {
				t.Error("it ran")
			}
		})
	}
}

// fullRecord runs in a process of its own, whose files cannot grow any more.
const fullRecord = "ESCORT_TEST_FULL_RECORD"

func TestARecordThatCannotGrowStopsEverything(t *testing.T) {
	if os.Getenv(fullRecord) == "" {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v", "-test.timeout=2m")
		cmd.Env = append(os.Environ(), fullRecord+"=1")
		out, err := cmd.CombinedOutput()
		if strings.Contains(string(out), "--- SKIP") {
			t.Skip(string(out))
		}
		if err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	signal.Ignore(syscall.SIGXFSZ)
	c := open(t, nil)
	c.typed("touch x\r")
	e := c.held()
	info, err := os.Stat(filepath.Join(c.s.Dir(), record.LedgerFile))
	if err != nil {
		t.Fatal(err)
	}
	var limit, was unix.Rlimit
	if err := unix.Prlimit(0, unix.RLIMIT_FSIZE, nil, &was); err != nil {
		t.Fatal(err)
	}
	limit = was
	limit.Cur = uint64(info.Size())
	if err := unix.Prlimit(0, unix.RLIMIT_FSIZE, &limit, nil); err != nil {
		t.Fatal(err)
	}
	if err := c.s.Decide(t.Context(), event.Decision{Hold: e.Hold, Verdict: event.Allow, Word: e.Word}); !errors.Is(err, event.ErrRecord) {
		t.Errorf("allowed without a record: %v", err)
	}
	c.until("the freeze", c.happened(event.Frozen, ""))
	c.until("the words", c.has(func(e event.Event) bool {
		return e.Kind == event.Message && strings.Contains(e.Reason, "the record cannot be written")
	}))
	if c.exists("x") {
		t.Error("it ran without a record")
	}
	if err := unix.Prlimit(0, unix.RLIMIT_FSIZE, &was, nil); err != nil {
		t.Fatal(err)
	}
}

// Nothing is written while nobody does anything: the session looks after its
// record all the same.
func TestAnIdleSessionStopsWithinASecondOfItsRecordsLoss(t *testing.T) {
	for _, name := range []string{record.LedgerFile, record.CastFile} {
		t.Run(name, func(t *testing.T) {
			c := open(t, nil)
			file := filepath.Join(c.s.Dir(), name)
			if err := os.Rename(file, file+".away"); err != nil {
				t.Fatal(err)
			}
			gone := time.Now()
			t.Cleanup(func() { // before the record is verified
				if err := os.Rename(file+".away", file); err != nil {
					t.Error(err)
				}
			})
			c.until("the freeze", c.has(func(e event.Event) bool {
				if e.Kind == event.Frozen && e.Time.Sub(gone) > time.Second {
					t.Errorf("stopped only after %v", e.Time.Sub(gone))
				}
				return e.Kind == event.Frozen
			}))
		})
	}
}

// A clock that is set while a line is held changes no decision, and is told of:
// the times in the record do not compare any more.
func TestAClockThatIsSetIsTold(t *testing.T) {
	const year = 365 * 24 * time.Hour
	for by, want := range map[time.Duration]string{-time.Hour: "set back by 1h0m0s", -year: "set back by 8760h0m0s", year: "went ahead by 8760h0m0s"} {
		t.Run(by.String(), func(t *testing.T) { clockSet(t, by, want) })
	}
}

func clockSet(t *testing.T, by time.Duration, want string) {
	var set atomic.Int64
	real := newClock()
	c := open(t, func(c *Config) {
		c.now = func() (time.Time, time.Duration) {
			day, passed := real()
			return day.Add(time.Duration(set.Load())), passed
		}
	})
	c.typed("touch y\r")
	e := c.held()
	set.Store(int64(by))
	c.decide(e, event.Allow)
	c.finished(e)
	c.deny("touch z")
	if !c.exists("y") || c.exists("z") {
		t.Error("the decisions did not count")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	told, seq := 0, uint64(0)
	for _, x := range c.events {
		if x.Kind == event.Message && strings.Contains(x.Reason, want) {
			told++
		}
		if x.Seq <= seq {
			t.Errorf("event %d comes after %d", x.Seq, seq)
		}
		seq = x.Seq
	}
	if told != 1 {
		t.Errorf("it was told %d times", told)
	}
}

// Of answers that come at the same time one counts.
func TestOneOfManyAnswersCounts(t *testing.T) {
	c := open(t, nil)
	for i := range 10 {
		c.typed("true\r")
		e := c.held()
		var wg sync.WaitGroup
		var mu sync.Mutex
		taken := []string{}
		for n := range 8 {
			verdict := []string{event.Allow, event.Deny}[n%2]
			wg.Go(func() {
				err := c.s.Decide(t.Context(), event.Decision{Hold: e.Hold, Verdict: verdict, Who: fmt.Sprint(n)})
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					taken = append(taken, verdict)
				} else if !errors.Is(err, event.ErrDecided) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		c.until("the decision", c.happened(event.Decided, e.Hold))
		c.prompt()
		c.mu.Lock()
		decided := []string{}
		for _, x := range c.events {
			if x.Kind == event.Decided && x.Hold == e.Hold {
				decided = append(decided, x.Verdict)
			}
		}
		c.mu.Unlock()
		if len(taken) != 1 || len(decided) != 1 || taken[0] != decided[0] {
			t.Fatalf("round %d: taken %v, decided %v", i, taken, decided)
		}
	}
}

// A terminal of one cell shows nothing, and holds all the same.
func TestATerminalOfOneCellHolds(t *testing.T) {
	inShells(t, func(t *testing.T, in func(*Config)) {
		c := open(t, in)
		if err := c.s.Resize(1, 1); err != nil {
			t.Fatal(err)
		}
		c.typed("touch y\r")
		e := c.held()
		if e.Typed != "touch y" || e.Explanation.Risk == "" {
			t.Errorf("held %q", e.Typed)
		}
		c.decide(e, event.Deny)
		c.screenHas("denied")
		if c.exists("y") {
			t.Error("the denied line ran")
		}
	})
}

// While a program floods the terminal, lines and starts are held as ever.
func TestAFloodHidesNothing(t *testing.T) {
	c := open(t, nil)
	c.typed("(while :; do printf '%01000d\\n' 0; done) &\r")
	c.decide(c.held(), event.Allow)
	seen := func() int { c.mu.Lock(); defer c.mu.Unlock(); return c.out.Len() }
	before := seen()
	c.until("the flood", func() bool { return c.out.Len() > before+1<<20 })
	c.typed("touch y\r")
	e := c.held()
	if e.Typed != "touch y" {
		t.Errorf("held %q", e.Typed)
	}
	c.decide(e, event.Deny)
	if c.exists("y") {
		t.Error("a denied line ran in the flood")
	}
}

// Every start of a storm is in the ledger, and each once.
func TestAStormOfStartsIsRecordedWhole(t *testing.T) { storm(t, 1000) }

// BenchmarkStorm is the same with ten thousand, and what memory that takes.
func BenchmarkStorm(b *testing.B) {
	for b.Loop() {
		storm(b, 10000)
	}
}

func storm(t testing.TB, n int) {
	c := open(t, nil)
	before := resident(t)
	c.typed(fmt.Sprintf("i=0; while [ $i -lt %d ]; do /bin/true $i; i=$((i+1)); done\r", n))
	line := c.held()
	c.decide(line, event.Allow)
	most := before
	c.patient("the end of the storm", 5*time.Minute, func() bool {
		most = max(most, resident(t))
		return c.happened(event.Finished, line.Hold)()
	})
	if b, ok := t.(*testing.B); ok {
		b.ReportMetric(float64(most-before)/(1<<20), "MB-over-idle")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	seen := map[string]int{}
	for _, e := range c.events {
		if e.Kind == event.Started && len(e.Argv) == 2 && e.Argv[0] == "/bin/true" {
			seen[e.Argv[1]]++
		}
	}
	for i := range n {
		if seen[fmt.Sprint(i)] != 1 {
			t.Fatalf("start %d is there %d times, of %d", i, seen[fmt.Sprint(i)], len(seen))
		}
	}
}

// resident is the memory of this process, in bytes; of the session and of what
// tests it.
func resident(t testing.TB) int {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(text))[1])
	if err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize()
}
