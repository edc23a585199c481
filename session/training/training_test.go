package training

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var day = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

// result is a lesson taken on a day, with one answer for each letter: r right,
// h harm, n needless, q a good question; fast ones in capitals.
func result(who, lesson string, days, score int, answers string) Result {
	r := Result{
		Time: day.AddDate(0, 0, days), Who: who, Lesson: lesson, Course: "first-day", Title: "the " + lesson, Version: "1", Done: true,
		Score: score, Pass: 96, TookMS: 60_000, Lines: []Line{},
	}
	for _, a := range answers {
		l := Line{Line: "ls", Risk: "safe", Right: "allow", Did: "allow", LookedMS: 4000}
		switch a | 0x20 {
		case 'h':
			l.Harm, l.Points = true, -10
		case 'n':
			l.Needless, l.Points = true, -2
		case 'q':
			l.Points = 1
		}
		if a < 'a' {
			l.LookedMS = 200
		}
		r.Lines = append(r.Lines, l)
	}
	return r
}

func TestAppendAndRead(t *testing.T) {
	state := t.TempDir()
	file := File(state, "mia")
	want := []Result{result("mia", "one", 0, 60, "rh"), result("mia", "one", 1, 100, "rr")}
	for _, r := range want {
		if err := Append(file, r); err != nil {
			t.Fatal(err)
		}
	}
	for path, mode := range map[string]os.FileMode{file: 0o600, filepath.Dir(file): 0o700} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
	if err := Append(File(state, "tom"), result("tom", "one", -1, 98, "n")); err != nil {
		t.Fatal(err)
	}
	got, err := Read(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if all, err := Read(filepath.Dir(file)); err != nil || len(all) != 3 || all[0].Who != "tom" {
		t.Errorf("the folder holds %d, %v", len(all), err)
	}
	if none, err := Read(filepath.Join(state, "none.jsonl")); err != nil || none != nil {
		t.Errorf("no file: %v, %v", none, err)
	}
}

func TestFileNamesStayInTheFolder(t *testing.T) {
	for who, want := range map[string]string{
		"mia": "mia.jsonl", "mia@firm": "mia@firm.jsonl", "../../x": "_.._x.jsonl", "a/b c": "a_b_c.jsonl", "Ä": "_.jsonl",
	} {
		if got := filepath.Base(File("/s", who)); got != want || filepath.Dir(File("/s", who)) != "/s/training" {
			t.Errorf("%q: %s", who, File("/s", who))
		}
	}
}

func TestWhatIsNoResultIsNamed(t *testing.T) {
	good := filepath.Join(t.TempDir(), "g.jsonl")
	if err := Append(good, result("mia", "one", 0, 100, "r")); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]string{
		"no JSON": "x\n", "something else": `{"seq":1}` + "\n", "nobody": `{"lesson":"a"}` + "\n", "torn": string(text[:40]) + "\n",
	} {
		if _, err := parse("f.jsonl", strings.NewReader(string(text)+"\n"+bad)); err == nil || !strings.HasPrefix(err.Error(), "f.jsonl:3: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func class() []Result {
	return []Result{
		result("tom", "one", 0, 60, "rhN"), result("mia", "one", 0, 98, "rrn"), result("mia", "two", 1, 101, "rq"),
		{Time: day, Who: "tom", Lesson: "two", Title: "the two", Pass: 96, Lines: []Line{}},
		result("tom", "one", 2, 96, "rRR"),
	}
}

func TestGroup(t *testing.T) {
	people := Group(class())
	if len(people) != 2 || people[0].Who != "mia" {
		t.Fatalf("%+v", people)
	}
	mia, tom := people[0], people[1]
	if mia.Passed != 2 || mia.Tries != 2 || mia.Needless != 1 || mia.Questions != 1 || mia.Reflex != 0 || mia.Median != 4*time.Second {
		t.Errorf("mia: %+v", mia)
	}
	if tom.Passed != 1 || tom.Tries != 3 || tom.Harm != 1 || tom.Reflex != 3 || len(tom.Scores) != 2 {
		t.Errorf("tom: %+v", tom)
	}
	if s := tom.Of("one"); s.Best != 96 || s.Tries != 2 || !s.Passed {
		t.Errorf("tom in one: %+v", s)
	}
	if s := tom.Of("two"); s.Done || s.Passed || s.Tries != 1 {
		t.Errorf("tom in two: %+v", s)
	}
	if s := tom.Of("three"); s != (Standing{}) {
		t.Errorf("tom in three: %+v", s)
	}
}

func TestLooksByRisk(t *testing.T) {
	r := Result{Time: day, Who: "mia", Lesson: "one", Lines: []Line{
		{Risk: "critical", Did: "deny", LookedMS: 9000},
		{Risk: "safe", Did: "allow", LookedMS: 1000},
		{Risk: "safe", Did: "deny", LookedMS: 3000},
		{Risk: "safe", Did: "allow", LookedMS: 2000},
	}}
	want := []Look{{"safe", 3, 2, 2 * time.Second}, {"critical", 1, 0, 9 * time.Second}}
	if diff := cmp.Diff(want, Group([]Result{r})[0].ByRisk); diff != "" {
		t.Error(diff)
	}
}

func TestTable(t *testing.T) {
	got := Table(Group(class()), true)
	want := []string{
		"who                   passed  tries   harm  needless  questions  median look",
		"mia                      2/2      2      0         1          1        4.0 s",
		"tom                      1/2      3      1         1          0        4.0 s",
		"",
		"mia: score of each lesson, in the order in which they were taken",
		"  2026-11-24  one                ########################|     98  passed",
		"  2026-11-25  two                ########################|    101  passed",
		"  SAFE      looked at for 4.0 s, 5 of 5 allowed",
		"",
		"tom: score of each lesson, in the order in which they were taken",
		"  2026-11-24  one                ###############         |     60  not passed",
		"  2026-11-26  one                ########################|     96  passed",
		"  SAFE      looked at for 4.0 s, 6 of 6 allowed",
		"  3 of 6 answers came in less than 1.5 s: too fast to have read the card",
	}
	for i := range got {
		got[i] = strings.TrimRight(got[i], " ")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestCSV(t *testing.T) {
	var b bytes.Buffer
	list := class()
	list[0].Title = "=1+1"
	if err := CSV(&b, list); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil || len(rows) != 6 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	want := []string{"2026-11-24T09:00:00Z", "tom", "first-day", "one", "'=1+1", "true", "false", "60", "96", "60.0", "3", "1", "1", "1"}
	if diff := cmp.Diff(want, rows[1]); diff != "" {
		t.Error(diff)
	}
}

func TestCertificate(t *testing.T) {
	list := class()
	title := func(name string) (string, int) { return "First day", 6 }
	people := Group(list)
	text, err := Certificate(people[0], list, day, "SHA256:x", title)
	if err != nil {
		t.Fatal(err)
	}
	sum, n := digest("mia", list)
	want := fmt.Sprintf(`Escort training certificate

Who          mia
Issued       2026-11-24 09:00 UTC
Signed with  SHA256:x
Answers      5, of which 0 allowed harm and 1 were needless
Results      %d, sha256 %s

First day: 2 of 6 lessons passed
  2026-11-24    98 points  the one (one), at the first try
  2026-11-25   101 points  the two (two), at the first try
`, n, sum)
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Error(diff)
	}
	list[2].Score++
	if other, _ := digest("mia", list); other == sum {
		t.Error("other results have the same sum")
	}
	if _, err := Certificate(Person{Who: "x"}, nil, day, "", title); !errors.Is(err, ErrNothing) {
		t.Errorf("nothing passed: %v", err)
	}
}
