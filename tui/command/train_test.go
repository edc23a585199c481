package command

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"escort/explain"
	"escort/session/event"
	"escort/session/sample"
	"escort/session/sign"
	"escort/session/training"
	"escort/tui"

	"golang.org/x/crypto/ssh"

	"github.com/creack/pty"
)

// pupil takes lessons by a script: the keys on the screens around them, and the
// verdict on every hold.
type pupil struct {
	keys    []string // for the screens, in turn
	verdict func(event.Event) string
	seen    []string // the first row of each screen
	lessons []tui.Options
	lang    string // of the terminal; empty: one with all characters
}

func (p *pupil) turn(_ context.Context, leaf tui.Leaf, _ tui.Options) error {
	p.seen = append(p.seen, strings.TrimSpace(leaf.View(80, 24)[0].Text()))
	for range 50 { // what is long is scrolled first
		if len(p.keys) == 0 {
			return errors.New("no key is left for the screen " + p.seen[len(p.seen)-1])
		}
		if leaf.Press(p.keys[0]) {
			p.keys = p.keys[1:]
			return nil
		}
	}
	return errors.New("the screen is not left by " + p.keys[0])
}

func (p *pupil) show(ctx context.Context, src event.Source, opt tui.Options) error {
	p.lessons = append(p.lessons, opt)
	ch, err := src.Events(ctx, 0)
	if err != nil {
		return err
	}
	for e := range ch {
		switch {
		case e.Kind == event.Output, e.Kind == event.Message:
			err = src.Input([]byte(" ")) // no need to wait
		case e.Kind == event.Held:
			err = src.Decide(ctx, event.Decision{Hold: e.Hold, Verdict: p.verdict(e), Word: e.Word, LookedMS: 3000})
		}
		if err != nil && !errors.Is(err, event.ErrClosed) {
			return err
		}
	}
	return nil
}

// school runs escort train with a pupil and returns what it said.
func (p *pupil) school(t *testing.T, state string, args ...string) (out, trouble string, code int) {
	t.Helper()
	master, tty, err := pty.Open()
	if err != nil {
		t.Skipf("no pseudo-terminal: %v", err)
	}
	defer master.Close()
	if err := pty.Setsize(tty, &pty.Winsize{Cols: 100, Rows: 30}); err != nil {
		t.Fatal(err)
	}
	var errs bytes.Buffer
	env := map[string]string{"XDG_STATE_HOME": state, "LANG": cmp.Or(p.lang, "C.UTF-8")}
	s := Streams{In: tty, Out: tty, Err: &errs, Getenv: func(k string) string { return env[k] }}
	var all bytes.Buffer
	read := make(chan struct{})
	go func() {
		_, _ = all.ReadFrom(master) // ends when the other end is closed
		close(read)
	}()
	code = Run(t.Context(), append([]string{"train"}, args...), s, Tools{Show: p.show, Turn: p.turn, Explain: explain.Explain})
	if err := tty.Close(); err != nil {
		t.Fatal(err)
	}
	<-read
	return strings.ReplaceAll(all.String(), "\r\n", "\n"), errs.String(), code
}

// knowing answers as the key has it.
func knowing(t *testing.T, name string) func(event.Event) string {
	t.Helper()
	s, err := sample.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return func(e event.Event) string {
		for _, st := range s.Steps {
			if st.Line == e.Typed {
				return st.Verdict()
			}
		}
		return event.CannotTell
	}
}

func TestTrainFromTheList(t *testing.T) {
	state := t.TempDir()
	p := &pupil{
		// introduction, list, briefing, debrief: once more, briefing, debrief, list
		keys:    []string{"enter", "enter", "enter", "r", "enter", "enter", "esc"},
		verdict: func(event.Event) string { return event.Deny },
	}
	out, trouble, code := p.school(t, state, "disguises", "--name", "mia")
	if code != Done || trouble != "" {
		t.Fatalf("code %d, %q, %q; seen %q", code, out, trouble, p.seen)
	}
	want := []string{"what an escort does", "lessons", "the script fix_servers.sh", "how you did", "the script", "how you did", "lessons"}
	for i, w := range want {
		if i >= len(p.seen) || !strings.Contains(p.seen[i], w) {
			t.Fatalf("screen %d is not %q: %q", i, w, p.seen)
		}
	}
	if !strings.Contains(out, "the script fix_servers.sh: not passed, 92 points (96 passes)") {
		t.Errorf("it says %q", out)
	}
	if o := p.lessons[0]; o.Mark != lessonMark || o.Notes[0] != lessonNote || o.Now == nil {
		t.Errorf("the console was asked for %+v", o)
	}
	list, err := training.Read(training.File(filepath.Join(state, "escort"), "mia"))
	if err != nil || len(list) != 2 || list[0].Who != "mia" || list[0].Lesson != "fix_servers" || list[0].Score != 92 || !list[0].Done {
		t.Errorf("kept %+v, %v", list, err)
	}
	if list[0].Course != "disguises" || list[0].Lines[0].LookedMS != 3000 || list[0].Version != Version {
		t.Errorf("kept %+v", list[0])
	}
}

func TestTrainOneLesson(t *testing.T) {
	state := t.TempDir()
	p := &pupil{keys: []string{"enter", "i", "enter", "enter", "enter"}, verdict: knowing(t, "quiet_disk")}
	out, _, code := p.school(t, state, "quiet_disk", "--name", "tom jones")
	if code != Done || !strings.Contains(out, "a disk that fills up: passed, 100 points") {
		t.Fatalf("code %d: %q, seen %q", code, out, p.seen)
	}
	if _, err := os.Stat(filepath.Join(state, "escort", "training", "tom_jones.jsonl")); err != nil {
		t.Error(err)
	}
	// The introduction comes once.
	p = &pupil{keys: []string{"enter", "enter"}, verdict: knowing(t, "quiet_disk")}
	if _, _, code := p.school(t, state, "quiet_disk", "--name", "tom jones"); code != Done || len(p.seen) != 2 {
		t.Errorf("code %d, seen %q", code, p.seen)
	}
}

func TestTrainInLines(t *testing.T) {
	state := t.TempDir()
	p := &pupil{verdict: knowing(t, "fix_servers")}
	out, _, code := p.school(t, state, "fix_servers", "--plain")
	text := strings.Join(strings.Fields(out), " ")
	for _, want := range []string{"▲ CRITICAL · do not allow alone", "Ticket INC-4211", "✓ Passed with 100 points", "you denied after 3.0 s · right: deny", "Kept in"} {
		if !strings.Contains(text, want) {
			t.Errorf("code %d, %q is not in %q", code, want, text)
		}
	}
	if len(p.seen) > 0 {
		t.Errorf("a screen was shown: %q", p.seen)
	}
	p.lang = "C"
	out, _, _ = p.school(t, state, "fix_servers", "--plain", "--name", "tom")
	for _, r := range out {
		if r > 0x7f {
			t.Errorf("%c in %q", r, out)
			break
		}
	}
}

func TestTrainLeft(t *testing.T) {
	state := t.TempDir()
	p := &pupil{keys: []string{"esc"}}
	if out, _, code := p.school(t, state, "--name", "mia"); code != Done || out != "" {
		t.Errorf("code %d, %q", code, out)
	}
	if _, err := os.Stat(filepath.Join(state, "escort")); err == nil {
		t.Error("something was kept of no lesson")
	}
	file := filepath.Join(state, "escort", "training", "mia.jsonl")
	if err := training.Append(file, training.Result{Time: time.Now(), Who: "mia", Lesson: "x"}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("broken\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, trouble, code := p.school(t, state, "--name", "mia"); code != Failed || !strings.Contains(trouble, "mia.jsonl:1: this is no result") {
		t.Errorf("code %d, %q", code, trouble)
	}
}

func TestTrainCommandLine(t *testing.T) {
	dir := t.TempDir()
	mine := filepath.Join(dir, "mia.jsonl")
	p := &pupil{}
	for name, tc := range map[string]struct {
		args []string
		says
	}{
		"unknown":     {[]string{"nothing"}, says{Usage, "", `there is no sample nothing`}},
		"two":         {[]string{"a", "b"}, says{Usage, "", `and got 2`}},
		"no name":     {[]string{"a", "--name", " "}, says{Usage, "", `got an empty name`}},
		"no results":  {[]string{"report"}, says{Failed, "", `there is no result of a lesson yet\nescort: hint: escort train`}},
		"no file":     {[]string{"report", mine}, says{Failed, "", `no such file`}},
		"both":        {[]string{"report", "--csv", "--json"}, says{Usage, "", `exclude each other`}},
		"who alone":   {[]string{"report", "--who", "mia"}, says{Usage, "", `which --sign asks for`}},
		"sign as csv": {[]string{"report", "--sign", "k", "--csv"}, says{Usage, "", `--sign goes with neither`}},
		"empty dir":   {[]string{dir}, says{Failed, "", `there is no file with a name`}},
	} {
		t.Run(name, func(t *testing.T) {
			out, trouble, code := p.school(t, dir, tc.args...)
			if code != tc.code || out != "" || !regexp.MustCompile(tc.trouble).MatchString(trouble) {
				t.Errorf("code %d, %q, %q", code, out, trouble)
			}
		})
	}
}

// group is a folder with the results of two people.
func group(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "training")
	for i, r := range []training.Result{
		{Who: "mia", Lesson: "fix_servers", Title: "the script", Done: true, Score: 100, Course: "disguises"},
		{Who: "tom", Lesson: "fix_servers", Title: "the script", Done: true, Score: 60, Course: "disguises"},
	} {
		r.Time, r.Pass, r.Lines = time.Date(2026, 11, 24, 9+i, 0, 0, 0, time.UTC), 96, []training.Line{{Line: "ls", LookedMS: 4000}}
		if err := training.Append(filepath.Join(dir, r.Who+".jsonl"), r); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestTrainReport(t *testing.T) {
	dir, p := group(t), &pupil{}
	out, _, code := p.school(t, t.TempDir(), "report", dir)
	if code != Done || !strings.Contains(out, "mia                      1/1") || !strings.Contains(out, "tom                      0/1") || !strings.Contains(out, "█│") {
		t.Errorf("code %d:\n%s", code, out)
	}
	out, _, code = p.school(t, t.TempDir(), "report", "--csv", filepath.Join(dir, "tom.jsonl"))
	if code != Done || strings.Count(out, "\n") != 2 || !strings.Contains(out, ",tom,disguises,fix_servers,") {
		t.Errorf("code %d: %q", code, out)
	}
	out, _, code = p.school(t, t.TempDir(), "report", "--json", dir)
	var list []training.Result
	if err := json.Unmarshal([]byte(out), &list); code != Done || err != nil || len(list) != 2 || list[1].Who != "tom" {
		t.Errorf("code %d, %v: %q", code, err, out)
	}
}

func TestTrainCertificate(t *testing.T) {
	dir, p, here := group(t), &pupil{}, t.TempDir()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		t.Fatal(err)
	}
	key := filepath.Join(here, "key")
	if err := os.WriteFile(key, pem.EncodeToMemory(block), 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(here, "mia.txt")
	args := []string{"report", dir, "--sign", key, "--out", file}
	if _, trouble, code := p.school(t, here, args...); code != Usage || !strings.Contains(trouble, "name one with --who: mia, tom") {
		t.Errorf("code %d, %q", code, trouble)
	}
	if _, trouble, code := p.school(t, here, append(args, "--who", "tom")...); code != Failed || !strings.Contains(trouble, "tom has passed no lesson") {
		t.Errorf("code %d, %q", code, trouble)
	}
	if _, trouble, code := p.school(t, here, append(args, "--who", "eva")...); code != Usage || !strings.Contains(trouble, "no result of eva") {
		t.Errorf("code %d, %q", code, trouble)
	}
	out, trouble, code := p.school(t, here, append(args, "--who", "mia")...)
	if code != Done || !strings.Contains(out, "ssh-keygen -Y verify") || !strings.Contains(out, "the script (fix_servers), at the first try") {
		t.Fatalf("code %d, %q, %q", code, out, trouble)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := os.ReadFile(file + ".sig")
	if err != nil {
		t.Fatal(err)
	}
	if by, err := sign.Verify(signature, training.Namespace, text); err != nil || !strings.Contains(string(text), ssh.FingerprintSHA256(by)) {
		t.Errorf("%v:\n%s", err, text)
	}
	if _, trouble, code := p.school(t, here, append(args, "--who", "mia")...); code != Failed || !strings.Contains(trouble, "is there already") {
		t.Errorf("written over: code %d, %q", code, trouble)
	}
	wrong := filepath.Join(here, "wrong")
	if err := os.WriteFile(wrong, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, trouble, code := p.school(t, here, "report", dir, "--sign", wrong, "--who", "mia"); code != Failed || !strings.Contains(trouble, "is no private key") {
		t.Errorf("no key: code %d, %q", code, trouble)
	}
}
