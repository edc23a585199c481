package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"escort/explain/effect"
	"escort/session/event"

	"github.com/google/go-cmp/cmp"
)

var began = time.Date(2026, 11, 23, 23, 15, 2, 0, time.UTC)

// wrote is the error of a write alone.
func wrote(r *Recorder, e event.Event) error {
	_, err := r.Write(e)
	return err
}

func meta() Meta {
	return Meta{
		Host: "prod-db-2", User: "ravi", Ticket: "INC-4211", Reason: "restart <billing> & go", Shell: "/bin/bash",
		Escort: "mia", Cols: 120, Rows: 40, Started: began, Version: "1",
	}
}

func explained(headline string) *effect.Explanation {
	return (&effect.Explanation{Command: "rm -rf sub", Headline: headline, Risk: effect.High}).Normalize()
}

// script is a short session with every way in which events are recorded.
func script() []event.Event {
	status := 0
	events := []event.Event{
		{Kind: event.Opened, Cols: 120, Rows: 40, PID: 77, Who: "ravi"},
		{Kind: event.Output, Data: []byte("$ ")},
		{Kind: event.Resized, Cols: 100, Rows: 30},
		{Kind: event.Held, Hold: "1", Layer: event.LayerLine, Cause: event.CauseTyped, Typed: "rm -rf sub", Explanation: explained("Deletes sub.")},
		{Kind: event.Decided, Hold: "1", Verdict: event.Allow, Who: "mia", LookedMS: 1234},
		{Kind: event.Started, PID: 78, Argv: []string{"rm", "-rf", "sub"}, Planned: true, Hold: "1"},
		{Kind: event.Output, Data: []byte("gone\r\n")},
		{Kind: event.Finished, PID: 78, Status: &status},
		{Kind: event.Closed, Status: &status},
	}
	for i := range events {
		events[i].Seq = uint64(i + 1)
		events[i].Time = began.Add(time.Duration(i) * 250 * time.Millisecond)
	}
	return events
}

// recorded makes a closed record of events and returns its folder.
func recorded(t *testing.T, events []event.Event, options ...Option) string {
	t.Helper()
	r, err := Create(t.TempDir(), meta(), options...)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if _, err := r.Write(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	return r.Dir()
}

func lines(t *testing.T, path string) []string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
}

func TestLedgerSaysWhatHappened(t *testing.T) {
	dir := recorded(t, script())
	rep, err := Verify(dir)
	if err != nil || !rep.Whole() || !rep.Closed {
		t.Fatalf("Verify = %+v, %v", rep, err)
	}
	ledger := lines(t, filepath.Join(dir, LedgerFile))
	var kinds []string
	for i, line := range ledger {
		var got struct {
			Seq   int
			Event int
			Kind  string
		}
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Fatal(err)
		}
		if got.Seq != i+1 {
			t.Errorf("line %d has seq %d", i+1, got.Seq)
		}
		kinds = append(kinds, fmt.Sprintf("%s %d", got.Kind, got.Event))
	}
	want := []string{"opened 1", "resized 3", "held 4", "decided 5", "started 6", "finished 8", "closed 9"}
	if d := cmp.Diff(want, kinds); d != "" {
		t.Error(d)
	}
	for at, text := range map[int]string{
		0: `"meta":{"session":"` + filepath.Base(dir) + `","host":"prod-db-2","user":"ravi","ticket":"INC-4211","reason":"restart <billing> & go"`,
		2: `"explanation":{"command":"rm -rf sub","headline":"Deletes sub."`,
		3: `"verdict":"allow","who":"mia","looked_ms":1234`,
		4: `"argv":["rm","-rf","sub"],"planned":true`,
		6: `"cast":{"bytes":`,
	} {
		if !strings.Contains(ledger[at], text) {
			t.Errorf("line %d lacks %s:\n%s", at+1, text, ledger[at])
		}
	}
	if rep.First != began || rep.Last != began.Add(2*time.Second) || rep.Lines != len(ledger) {
		t.Errorf("report: %+v", rep)
	}
}

// The rule in the package comment, followed by hand.
func TestHashRule(t *testing.T) {
	dir := recorded(t, script())
	tail := regexp.MustCompile(`,"hash":"([0-9a-f]{64})"\}$`)
	prev := strings.Repeat("0", 64)
	for _, line := range lines(t, filepath.Join(dir, LedgerFile)) {
		m := tail.FindStringSubmatch(line)
		if m == nil {
			t.Fatalf("no hash at the end of %s", line)
		}
		if got := hexSum(strings.TrimSuffix(line, m[0]) + "}"); got != m[1] {
			t.Errorf("hash %s, by the rule %s", m[1], got)
		}
		if !strings.Contains(line, `,"prev":"`+prev+`",`) {
			t.Errorf("prev is not %s: %s", prev, line)
		}
		prev = m[1]
	}
}

func TestFolderIsPrivate(t *testing.T) {
	root := filepath.Join(t.TempDir(), "state", "escort")
	if err := os.MkdirAll(filepath.Join(root, "sessions"), 0o755); err != nil {
		t.Fatal(err)
	}
	r, err := Create(root, meta())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if !regexp.MustCompile(`^20261123-231502-[0-9a-f]{4}$`).MatchString(r.ID()) {
		t.Errorf("ID %q", r.ID())
	}
	if r.Dir() != filepath.Join(root, "sessions", r.ID()) {
		t.Errorf("Dir %q", r.Dir())
	}
	for path, mode := range map[string]os.FileMode{
		root: 0o700, filepath.Dir(r.Dir()): 0o700, r.Dir(): 0o700,
		filepath.Join(r.Dir(), LedgerFile): 0o600, filepath.Join(r.Dir(), CastFile): 0o600,
	} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v; want %v", path, info.Mode().Perm(), err, mode)
		}
	}
}

func TestMetaComesFirstWhateverIsWritten(t *testing.T) {
	for name, events := range map[string][]event.Event{
		"nothing":          nil,
		"held before open": {{Kind: event.Held, Hold: "1", Time: began}},
	} {
		t.Run(name, func(t *testing.T) {
			rep, err := Verify(recorded(t, events))
			if err != nil || !rep.Whole() || rep.Meta == nil || rep.Meta.User != "ravi" {
				t.Errorf("Verify = %+v, %v", rep, err)
			}
			if rep.Closed {
				t.Error("closed without a closed event")
			}
		})
	}
}

func TestNothingAfterTheEnd(t *testing.T) {
	r, err := Create(t.TempDir(), meta())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Write(event.Event{Kind: event.Closed}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Write(event.Event{Kind: event.Output, Data: []byte("late")}); !errors.Is(err, ErrFinished) {
		t.Errorf("late output: %v", err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if err := r.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
	if rep, err := Verify(r.Dir()); err != nil || !rep.Whole() || !rep.Closed {
		t.Errorf("Verify = %+v, %v", rep, err)
	}
}

// full is a disk that takes so many bytes more and then none.
type full struct {
	file
	left int
	sync error
}

func (f *full) Write(p []byte) (int, error) {
	if len(p) <= f.left {
		f.left -= len(p)
		return f.file.Write(p)
	}
	n, err := f.file.Write(p[:f.left])
	f.left = 0
	return n, errors.Join(err, syscall.ENOSPC)
}

func (f *full) Sync() error { return errors.Join(f.sync, f.file.Sync()) }

func TestFirstFailureIsFinal(t *testing.T) {
	for name, tc := range map[string]struct {
		file string
		disk full
		want error
	}{
		"ledger full": {LedgerFile, full{left: 900}, syscall.ENOSPC},
		"cast full":   {CastFile, full{left: 200}, syscall.ENOSPC},
		"sync fails":  {LedgerFile, full{left: 1 << 20, sync: syscall.EIO}, syscall.EIO},
	} {
		t.Run(name, func(t *testing.T) {
			var disk full
			r, err := Create(t.TempDir(), meta(), func(s *settings) {
				s.open = func(path string) (file, error) {
					f, err := openNew(path)
					if err != nil || filepath.Base(path) != tc.file {
						return f, err
					}
					disk = tc.disk
					disk.file = f
					return &disk, nil
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			var first error
			for i := 0; i < 100 && first == nil; i++ {
				first = errors.Join(
					wrote(r, event.Event{Kind: event.Output, Data: []byte("more\r\n")}),
					wrote(r, event.Event{Kind: event.Message, Reason: "more"}))
			}
			if !errors.Is(first, tc.want) {
				t.Fatalf("got %v, want %v", first, tc.want)
			}
			disk.left, disk.sync = 1<<20, nil // room again: it must stay failed
			for _, kind := range []string{event.Output, event.Decided, event.Closed} {
				if _, err := r.Write(event.Event{Kind: kind}); !errors.Is(err, tc.want) {
					t.Errorf("%s after the failure: %v", kind, err)
				}
			}
			if err := r.Healthy(); !errors.Is(err, tc.want) {
				t.Errorf("Healthy = %v", err)
			}
			select {
			case err := <-r.Err():
				if !errors.Is(err, tc.want) {
					t.Errorf("Err delivered %v", err)
				}
			default:
				t.Error("Err delivered nothing")
			}
		})
	}
}

func TestHealthyMissesItsFiles(t *testing.T) {
	for name, spoil := range map[string]func(path string) error{
		"removed":   os.Remove,
		"truncated": func(path string) error { return os.Truncate(path, 10) },
		"added to":  func(path string) error { return os.WriteFile(path, make([]byte, 1<<16), 0o600) },
		"replaced": func(path string) error {
			return errors.Join(os.Rename(path, path+".old"), os.WriteFile(path, nil, 0o600))
		},
	} {
		for _, victim := range []string{LedgerFile, CastFile} {
			t.Run(name+" "+victim, func(t *testing.T) {
				r, err := Create(t.TempDir(), meta())
				if err != nil {
					t.Fatal(err)
				}
				defer r.Close()
				if _, err := r.Write(script()[0]); err != nil {
					t.Fatal(err)
				}
				if err := r.Healthy(); err != nil {
					t.Fatalf("healthy at first: %v", err)
				}
				if err := spoil(filepath.Join(r.Dir(), victim)); err != nil {
					t.Fatal(err)
				}
				if err := r.Healthy(); err == nil {
					t.Error("did not notice")
				}
				if _, err := r.Write(event.Event{Kind: event.Decided}); err == nil {
					t.Error("wrote on")
				}
			})
		}
	}
}

func TestWriteFromManySides(t *testing.T) {
	r, err := Create(t.TempDir(), meta())
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i := range 8 {
		all.Add(1)
		go func() {
			defer all.Done()
			for k := range 25 {
				kind := []string{event.Output, event.Effected, event.Held}[(i+k)%3]
				if _, err := r.Write(event.Event{Kind: kind, Data: []byte("x")}); err != nil {
					t.Error(err)
				}
			}
		}()
	}
	all.Wait()
	if err := errors.Join(wrote(r, event.Event{Kind: event.Closed}), r.Close()); err != nil {
		t.Fatal(err)
	}
	if rep, err := Verify(r.Dir()); err != nil || !rep.Whole() {
		t.Errorf("Verify = %+v, %v", rep, err)
	}
}

func TestBigEvent(t *testing.T) {
	big := explained(strings.Repeat("very long ", 400_000))
	dir := recorded(t, []event.Event{{Kind: event.Held, Hold: "1", Explanation: big}, {Kind: event.Closed}})
	if rep, err := Verify(dir); err != nil || !rep.Whole() || rep.Lines != 3 {
		t.Errorf("Verify = %+v, %v", rep, err)
	}
}

func TestRoots(t *testing.T) {
	for name, tc := range map[string]struct {
		env        map[string]string
		state, run string
	}{
		"all":           {map[string]string{"XDG_STATE_HOME": "/s", "HOME": "/h", "XDG_RUNTIME_DIR": "/r"}, "/s/escort", "/r/escort"},
		"home":          {map[string]string{"HOME": "/h"}, "/h/.local/state/escort", "/h/.local/state/escort/run"},
		"relative":      {map[string]string{"XDG_STATE_HOME": "s", "HOME": "/h"}, "/h/.local/state/escort", "/h/.local/state/escort/run"},
		"nothing":       {nil, "", ""},
		"relative home": {map[string]string{"HOME": "h"}, "", ""},
		"run alone":     {map[string]string{"XDG_RUNTIME_DIR": "/r"}, "", "/r/escort"},
	} {
		t.Run(name, func(t *testing.T) {
			getenv := func(n string) string { return tc.env[n] }
			state, serr := StateRoot(getenv)
			run, rerr := RunRoot(getenv)
			if state != tc.state || run != tc.run {
				t.Errorf("got %q and %q, want %q and %q", state, run, tc.state, tc.run)
			}
			for got, err := range map[string]error{state: serr, run: rerr} {
				var root *RootError
				if (got == "") != errors.As(err, &root) {
					t.Errorf("%q with error %v", got, err)
				}
			}
		})
	}
}

// The hash that a write answers is that of the line, and one that an event
// brings along changes nothing.
func TestWriteAnswersTheHash(t *testing.T) {
	r, err := Create(t.TempDir(), meta())
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, e := range script() {
		e.Hash = strings.Repeat("f", 64)
		hash, err := r.Write(e)
		if err != nil {
			t.Fatal(err)
		}
		if (hash == "") != (e.Kind == event.Output) {
			t.Errorf("%s has the hash %q", e.Kind, hash)
		}
		if hash != "" {
			want = append(want, hash)
		}
	}
	var got []string
	for _, l := range lines(t, filepath.Join(r.Dir(), LedgerFile)) {
		var e event.Event
		if err := json.Unmarshal([]byte(l), &e); err != nil {
			t.Fatal(err)
		}
		got = append(got, e.Hash)
		if n := strings.Count(l, `"hash"`); n != 1 {
			t.Errorf("%d hashes in one line:\n%s", n, l)
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if rep, err := Verify(r.Dir()); err != nil || !rep.Whole() {
		t.Errorf("%+v, %v", rep.Problems, err)
	}
}
