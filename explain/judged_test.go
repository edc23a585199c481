package explain

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"escort/explain/effect"
)

// TestJudged checks the rating and the words of everyday commands and of
// attacks. Each file of testdata/judged is a family; a row is a command, its
// risk ("high" or "low..high") and a part of the headline. Lines that begin
// with "#\t" are remarks.
func TestJudged(t *testing.T) {
	files, err := filepath.Glob("testdata/judged/*.tsv")
	if err != nil || len(files) == 0 {
		t.Fatalf("no tables: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".tsv"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for row := range strings.Lines(string(text)) {
				if !strings.HasPrefix(row, "#\t") {
					judgedRow(t, strings.TrimSuffix(row, "\n"))
				}
			}
		})
	}
}

func judgedRow(t *testing.T, row string) {
	f := strings.Split(row, "\t")
	if len(f) != 3 {
		t.Fatalf("row %q has %d columns", row, len(f))
	}
	e := line(t, f[0], Nowhere)
	low, high, both := strings.Cut(f[1], "..")
	if !both {
		high = low
	}
	if !e.Risk.AtLeast(Risk(low)) || !Risk(high).AtLeast(e.Risk) {
		t.Errorf("%s: risk is %s, want %s: %q", f[0], e.Risk, f[1], e.Headline)
	}
	if !strings.Contains(strings.ToLower(e.Headline), strings.ToLower(f[2])) {
		t.Errorf("%s: headline %q does not say %q", f[0], e.Headline, f[2])
	}
	sound(t, e)
}

// inTemp is a world whose shell stands in a temporary folder.
type inTemp struct{ paper }

func (inTemp) Facts() (string, string, time.Time) { return "/tmp/x", "ravi", time.Time{} }

// TestRelativeDeletesDependOnTheFolder checks that deleting a folder by a
// relative name is high wherever the shell stands.
func TestRelativeDeletesDependOnTheFolder(t *testing.T) {
	for cmd, want := range map[string]Risk{
		"rm -rf sub": effect.High, "rm -rf ./sub": effect.High, "rm -rf *": effect.High, "rm -rf ../y": effect.High,
		"rm -rf /tmp/x": effect.Low, "rm -rf /tmp/x/sub": effect.Low, "rm sub": effect.Low,
	} {
		if e := line(t, cmd, inTemp{}); e.Risk != want {
			t.Errorf("%s is %s, want %s", cmd, e.Risk, want)
		}
	}
}

// crowd is a world in which *.log stands for many files.
type crowd struct{ paper }

func (crowd) Glob(_ context.Context, pattern string, limit int) ([]string, bool, error) {
	paths := make([]string, min(3412, limit))
	for i := range paths {
		paths[i] = "f" + strconv.Itoa(i) + ".log"
	}
	return paths, limit < 3412, nil
}

// TestWidePatternsAreCounted checks that a wildcard is rated by how much it
// stands for, where that is changed.
func TestWidePatternsAreCounted(t *testing.T) {
	e := line(t, "rm *.log", crowd{})
	if e.Risk != effect.High || !strings.Contains(e.Headline, " files)") {
		t.Errorf("%s: %q, %+v", e.Risk, e.Headline, e.Findings)
	}
	if e := line(t, "ls *.log", crowd{}); e.Risk.AtLeast(effect.Caution) {
		t.Errorf("listing is %s: %q", e.Risk, e.Headline)
	}
	if e := line(t, "rm *.log", fixServers); e.Risk != effect.Caution {
		t.Errorf("few files are %s", e.Risk)
	}
}
