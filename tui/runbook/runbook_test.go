package runbook

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"escort/session/event"
)

const text = `# Restart the billing API

systemctl status billing-api
# The restart
sudo systemctl restart billing-api
## After it
curl -s localhost:8080/health
systemctl status billing-api
`

func book(t *testing.T) *Book {
	t.Helper()
	b, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func line(s string) event.Event {
	return event.Event{Kind: event.Held, Layer: event.LayerLine, Cause: event.CauseTyped, Typed: s}
}

func TestParse(t *testing.T) {
	want := []Step{
		{Line: "systemctl status billing-api", Heading: "Restart the billing API"},
		{Line: "sudo systemctl restart billing-api", Heading: "The restart"},
		{Line: "curl -s localhost:8080/health", Heading: "After it"},
		{Line: "systemctl status billing-api", Heading: "After it"},
	}
	if diff := cmp.Diff(want, book(t).Steps()); diff != "" {
		t.Error(diff)
	}
	b, err := Parse([]byte("\ufeffls\r\n"))
	if err != nil || b.Steps()[0].Line != "ls" {
		t.Errorf("a file of another system: %v, %v", b, err)
	}
}

func TestRefused(t *testing.T) {
	for name, tc := range map[string]struct{ text, want string }{
		"empty":         {"", "no command"},
		"headings only": {"# a\n\n# b\n", "no command"},
		"no text":       {"ls\nrm \xff\n", "line 2: it holds what cannot be seen"},
		"turned around": {"ls \u202e/\n", "line 1: it holds"},
		"escape":        {"# \x1b[2Jx\nls\n", "line 1: it holds"},
		"NUL":           {"ls\x00\n", "line 1"},
		"tab":           {"ls\t-l\n", "line 1"},
		"goes on":       {"ls \\\n-l\n", "line 1: it ends in a backslash"},
		"too long":      {strings.Repeat("ls\n", MaxBytes/3+1), "bytes"},
		"too many":      {strings.Repeat("ls\n", maxSteps+1), "1001 commands"},
	} {
		if _, err := Parse([]byte(tc.text)); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %q", name, err, tc.want)
		}
	}
}

func TestPlaces(t *testing.T) {
	expanded := line("systemctl status billing-api")
	expanded.Expanded = "rm -rf /"
	start := event.Event{Kind: event.Held, Layer: event.LayerStart, Actual: "curl -s localhost:8080/health"}
	for _, tc := range []struct {
		name    string
		taken   []string
		held    event.Event
		planned bool
		words   string
		line    string
	}{
		{name: "first", held: line("systemctl status billing-api"), planned: true, words: "as planned · step 1 of 4 · Restart the billing API"},
		{
			name: "out of turn", held: line("curl -s localhost:8080/health"), planned: true,
			words: "as planned · step 3 of 4 · After it|Step 1 comes first there: systemctl status billing-api",
		},
		{
			name: "the same text again", taken: []string{"systemctl status billing-api"}, held: line("systemctl status billing-api"), planned: true,
			words: "as planned · step 4 of 4 · After it|Step 2 comes first there: sudo systemctl restart billing-api",
		},
		{
			name: "done before", taken: []string{"curl -s localhost:8080/health"}, held: line("curl -s localhost:8080/health"), planned: true,
			words: "as planned · step 3 of 4 · After it|It was allowed before.",
		},
		{
			name: "one word else", taken: []string{"systemctl status billing-api"}, held: line("sudo systemctl restart web-api"),
			words: `Not as planned. Nearest is step 2 of 4, but here: "web-api" in place of "billing-api".`, line: "sudo systemctl restart billing-api",
		},
		{
			name: "one word more", held: line("systemctl status billing-api --force"),
			words: `Not as planned. Nearest is step 1 of 4, but here: "--force" added.`, line: "systemctl status billing-api",
		},
		{
			name: "something else", taken: []string{"systemctl status billing-api"}, held: line("rm -rf /srv"),
			words: "Not in the runbook. Next there is step 2 of 4.", line: "sudo systemctl restart billing-api",
		},
		{name: "expands to something else", held: expanded, words: "Not as planned: it is typed as step 1 of 4 has it, but the shell makes something else of it."},
		{name: "a start", held: start},
		{
			name:  "nothing left",
			taken: []string{"systemctl status billing-api", "sudo systemctl restart billing-api", "curl -s localhost:8080/health", "systemctl status billing-api"},
			held:  line("ls"), words: "Not in the runbook, and all its 4 steps were allowed already.",
		},
		{
			name: "blanks within", held: line("systemctl  status billing-api"), line: "systemctl status billing-api",
			words: "Not as planned. Nearest is step 1 of 4, but here: the words are the same, the blanks between them are not.",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := book(t)
			for _, s := range tc.taken {
				b.Take(line(s))
			}
			got := b.Of(tc.held)
			if got.Planned != tc.planned || got.Line != tc.line {
				t.Errorf("planned %v, line %q", got.Planned, got.Line)
			}
			if diff := cmp.Diff(tc.words, strings.Join(got.Words, "|")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestNoBook(t *testing.T) {
	var b *Book
	b.Take(line("ls"))
	if p := b.Of(line("ls")); p.Planned || len(p.Words) > 0 {
		t.Errorf("without a runbook: %+v", p)
	}
}
