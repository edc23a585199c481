package coverage_test

import (
	"context"
	"testing"

	"escort/explain"
	"escort/explain/coverage"

	"github.com/google/go-cmp/cmp"
)

// counted explains commands and counts them.
func counted(commands ...string) coverage.Report {
	var t coverage.Tally
	for _, c := range commands {
		t.Add(explain.Explain(context.Background(), explain.Request{Text: c, World: explain.Nowhere}))
	}
	return t.Report()
}

func TestReport(t *testing.T) {
	type missed = []coverage.Missed
	for name, tc := range map[string]struct {
		commands []string
		want     coverage.Report
	}{
		"nothing": {nil, coverage.Report{ByProgram: []coverage.Program{}}},
		"known": {[]string{"ls -l /tmp"}, coverage.Report{
			Commands: 1, Programs: 1, ProgramsKnown: 1, Words: 3, WordsUnderstood: 3,
			ByProgram: []coverage.Program{{Name: "ls", Times: 1, Known: true, Words: 3, Understood: 3, Missed: missed{}}},
		}},
		"the shell's own words do not count": {[]string{"A=1 ls > x 2>&1"}, coverage.Report{
			Commands: 1, Programs: 1, ProgramsKnown: 1, Words: 1, WordsUnderstood: 1,
			ByProgram: []coverage.Program{{Name: "ls", Times: 1, Known: true, Words: 1, Understood: 1, Missed: missed{}}},
		}},
		"inside a wrapper, worst first, most frequent first": {[]string{"sudo zzfrob -x a a", "ls | zzfrob -x"}, coverage.Report{
			Commands: 2, Programs: 3, ProgramsKnown: 2, Words: 8, WordsUnderstood: 2,
			ByProgram: []coverage.Program{
				{Name: "zzfrob", Times: 2, Words: 6, Missed: missed{{Word: "-x", Times: 2}, {Word: "a", Times: 2}, {Word: "zzfrob", Times: 2}}},
				{Name: "ls", Times: 1, Known: true, Words: 1, Understood: 1, Missed: missed{}},
				{Name: "sudo", Times: 1, Known: true, Words: 1, Understood: 1, Missed: missed{}},
			},
		}},
		"an option that is not known": {[]string{"ls --zzfrob x"}, coverage.Report{
			Commands: 1, Programs: 1, ProgramsKnown: 1, Words: 3, WordsUnderstood: 2,
			ByProgram: []coverage.Program{{Name: "ls", Times: 1, Known: true, Words: 3, Understood: 2, Missed: missed{{Word: "--zzfrob", Times: 1}}}},
		}},
		"text that is run": {[]string{"sh -c 'zzfrob -x'"}, coverage.Report{
			Commands: 1, Programs: 1, ProgramsKnown: 1, Words: 3, WordsUnderstood: 2,
			ByProgram: []coverage.Program{{Name: "sh", Times: 1, Known: true, Words: 3, Understood: 2, Missed: missed{{Word: "'zzfrob -x'", Times: 1}}}},
		}},
		"only known when it runs": {[]string{`"$x" -a`}, coverage.Report{
			Commands: 1, Programs: 1, Words: 2,
			ByProgram: []coverage.Program{{Times: 1, Words: 2, Missed: missed{{Word: `"$x"`, Times: 1}, {Word: "-a", Times: 1}}}},
		}},
		"no command": {[]string{"", ")"}, coverage.Report{Commands: 2, Unread: 1, ByProgram: []coverage.Program{}}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, counted(tc.commands...)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestKnownEveryTime: a program that was not known once is not a known one.
func TestKnownEveryTime(t *testing.T) {
	if r := counted("ls", "./ls", "ls"); r.ProgramsKnown != 0 || r.ByProgram[0].Times != 3 || r.ByProgram[0].Understood != 2 {
		t.Errorf("%+v", r)
	}
}
