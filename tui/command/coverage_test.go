package command

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"escort/explain"
	"escort/explain/coverage"

	"github.com/google/go-cmp/cmp"
)

func TestCoverage(t *testing.T) {
	dir := t.TempDir()
	list := filepath.Join(dir, "list.txt")
	text := "# examples\n\n  # more\nls -l\r\n\tsudo zzfrob -x\nls | zzfrob \x1b[2J\n"
	if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(dir, "empty.txt")
	if err := os.WriteFile(empty, []byte("# nothing\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const table = `(?s)^  commands          3
  programs known    2 of 3 \(66\.7 %\)
  words understood  4 of 8 \(50\.0 %\)

  program +times  understood +not understood
  zzfrob +2  0 of 4 +zzfrob ×2, [^\n\x1b]+, -x
  ls +2  3 of 3
  sudo +1  1 of 1
$`
	const hint = `\nescort: hint: .+\n$`
	for name, tc := range map[string]struct {
		args []string
		in   string
		says
	}{
		"file":           {[]string{"--no-host", "--coverage", list}, "", says{Done, table, ""}},
		"standard input": {[]string{"--no-host", "--coverage", "-"}, text, says{Done, table, ""}},
		"json": {[]string{"--no-host", "--coverage=-", "--json"}, "ls -l\n", says{
			Done, `^\{"commands":1,"unread":0,"programs":1,"programs_known":1,"words":2,"words_understood":2,"by_program":` +
				`\[\{"program":"ls","times":1,"known":true,"words":2,"words_understood":2,"not_understood":\[\]\}\]\}\n$`, "",
		}},
		"nothing in it":   {[]string{"--coverage", empty}, "", says{Done, `^  commands          0\n  programs known    none\n  words understood  none\n$`, ""}},
		"missing":         {[]string{"--coverage", filepath.Join(dir, "no")}, "", says{Failed, "", `^escort: error: the commands cannot be read: .*no such file or directory` + hint}},
		"folder":          {[]string{"--coverage", dir}, "", says{Failed, "", `^escort: error: the commands cannot be read: ` + ".*" + hint}},
		"no name":         {[]string{"--coverage", ""}, "", says{Usage, "", `^escort: error: --coverage got an empty name` + hint}},
		"without a value": {[]string{"--coverage"}, "", says{Usage, "", `^escort: error: .*--coverage` + hint}},
		"and a command":   {[]string{"--coverage", list, "ls"}, "", says{Usage, "", `^escort: error: .*exclude each other` + hint}},
		"and a script":    {[]string{"--coverage", list, "-f", list}, "", says{Usage, "", `^escort: error: .*exclude each other` + hint}},
	} {
		t.Run(name, func(t *testing.T) {
			c := program(t, append([]string{"explain"}, tc.args...)...)
			c.Stdin = strings.NewReader(tc.in)
			tc.check(t, c)
		})
	}
}

// TestCoverageLongLine: a line that nobody could have meant ends the count.
func TestCoverageLongLine(t *testing.T) {
	var out, trouble bytes.Buffer
	s := Streams{In: strings.NewReader("ls\n" + strings.Repeat("x", maxInputLine+1)), Out: &out, Err: &trouble, Getenv: os.Getenv}
	code := Run(context.Background(), []string{"explain", "--no-host", "--coverage", "-"}, s, Tools{Explain: explain.Explain, Nowhere: explain.Nowhere})
	if code != Failed || out.Len() > 0 || !strings.Contains(trouble.String(), "line 2 is longer than 16 MB") {
		t.Errorf("code %d, %q, %q", code, out.String(), trouble.String())
	}
}

func TestMissedWords(t *testing.T) {
	many := make([]coverage.Missed, 15)
	for i := range many {
		many[i] = coverage.Missed{Word: string(rune('a' + i)), Times: 1}
	}
	many[0] = coverage.Missed{Word: strings.Repeat("ä", 60), Times: 3}
	want := strings.Repeat("ä", 39) + "… ×3, b, c, d, e, f, g, h, i, j, k, l, and 3 more"
	if diff := cmp.Diff(want, missedWords(many)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
