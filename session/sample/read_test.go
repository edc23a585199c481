package sample

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"escort/session/event"

	"github.com/google/go-cmp/cmp"
)

const (
	goodHead = `title: t
about: a
engineer: ravi@v
host: h
ticket: x
now: 2026-11-24 14:20
debrief: l
`
	goodStep = "steps:\n  - line: ls\n    right: allow\n"
)

func TestWhatAFileMayLeaveOut(t *testing.T) {
	s, err := Parse("dir/good.yaml", []byte(goodHead+"files:\n  - path: /home/ravi/a\n  - path: /etc/b\n    age: 2h\n"+goodStep))
	if err != nil {
		t.Fatal(err)
	}
	if s.Name != "good" || s.Home != "/home/ravi" || s.User() != "ravi" || s.Start().Format(time.DateTime) != "2026-11-24 14:20:00" {
		t.Errorf("read as %+v", s)
	}
	if f := s.Files[0]; f.Owner != "ravi" || f.Age != Age(30*24*time.Hour) {
		t.Errorf("a file of home: %+v", f)
	}
	if f := s.Files[1]; f.Owner != "root" || f.Age != Age(2*time.Hour) {
		t.Errorf("a file of the system: %+v", f)
	}
}

// Every mistake is found, each with its line.
func TestEveryMistakeHasItsLine(t *testing.T) {
	_, err := Parse("bad.yaml", []byte(`title: t
colour: red
about: a
engineer: r@v
host: h
ticket: x
now: yesterday
technique: T10
home: home/r
files:
  - path: a
    age: 3 weeks
  - path: /b
    mode: 999
    odd: 1
steps:
  - line: "l\x1bs"
    right: maybe
  - line: ls
    right: ask
    answer: I look.
  - line: rm x
    right: deny
  - line: ls
    right: allow
    then: deny
    pause: 3h
    status: 300
  - ls
`))
	var p *Problems
	if !errors.As(err, &p) {
		t.Fatalf("answered %v", err)
	}
	want := []string{
		`bad.yaml:1: debrief is missing`, `bad.yaml:2: "colour" is no name`, `bad.yaml:7: "yesterday" is no time`, `bad.yaml:8: technique is`,
		`bad.yaml:9: home is`, `bad.yaml:11: the path of a file`, `bad.yaml:12: "3 weeks" is no age`, `bad.yaml:14: "999" are no permission bits`,
		`bad.yaml:15: "odd" is no name`, `bad.yaml:17: a step needs a line`, `bad.yaml:18: right is allow`, `bad.yaml:20: where asking is right`,
		`bad.yaml:20: because is missing`, `bad.yaml:23: because is missing`, `bad.yaml:26: then stands only`, `bad.yaml:27: "3h" is no short time`,
		`bad.yaml:28: status is a number`, `bad.yaml:29: here stand names with a colon behind each, such as line`,
	}
	got := strings.Split(err.Error(), "\n")
	for i, w := range want {
		if i >= len(got) || !strings.HasPrefix(got[i], w) {
			t.Fatalf("problem %d is not %q; all:\n%s", i, w, err)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d problems:\n%s", len(got), err)
	}
}

func TestWhatIsNoSample(t *testing.T) {
	for name, text := range map[string]string{
		"empty":         "",
		"no YAML":       "title: [",
		"a list":        "- a\n- b\n",
		"two documents": goodHead + goodStep + "---\ntitle: t\n",
		"no steps":      goodHead,
		"same name":     goodHead + "title: u\n" + goodStep,
		"steps no list": goodHead + "steps: none\n",
		"not now":       strings.Replace(goodHead, "now: 2026-11-24 14:20\n", "", 1) + goodStep,
	} {
		if s, err := Parse("x.yaml", []byte(text)); err == nil {
			t.Errorf("%s: taken as %+v", name, s)
		} else if !strings.HasPrefix(err.Error(), "x.yaml") {
			t.Errorf("%s: the error names no file: %v", name, err)
		}
	}
}

func TestAFolderOfSamples(t *testing.T) {
	files := fstest.MapFS{
		"b.yaml": {Data: []byte(goodHead + goodStep)}, "a.yaml": {Data: []byte(goodHead + goodStep)}, "notes.txt": {Data: []byte("x")},
	}
	list, err := Folder(files)
	if err != nil || len(list) != 2 || list[0].Name != "a" || list[1].Name != "b" {
		t.Errorf("read %v, %v", list, err)
	}
	files["c.yaml"] = &fstest.MapFile{Data: []byte("title: t\n")}
	if _, err := Folder(files); err == nil || !strings.Contains(err.Error(), "c.yaml:1: ") {
		t.Errorf("a bad one among them: %v", err)
	}
	if _, err := Folder(fstest.MapFS{}); err == nil {
		t.Error("an empty folder was taken")
	}
	if _, err := ReadFile(fstest.MapFS{"big.yaml": {Data: make([]byte, maxFile+1)}}, "big.yaml"); err == nil {
		t.Error("a file of a megabyte was taken")
	}
}

func TestVerdictOfAStep(t *testing.T) {
	for _, tc := range []struct{ right, then, want string }{
		{event.Allow, "", event.Allow},
		{event.Deny, "", event.Deny},
		{Ask, event.Allow, event.Allow},
		{Ask, event.Deny, event.Deny},
		{event.CannotTell, "", event.Deny},
		{event.CannotTell, event.Allow, event.Allow},
	} {
		if diff := cmp.Diff(tc.want, Step{Right: tc.right, Then: tc.then}.Verdict()); diff != "" {
			t.Errorf("%s then %q: %s", tc.right, tc.then, diff)
		}
	}
}
