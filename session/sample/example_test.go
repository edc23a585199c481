package sample

import (
	"os"
	"strings"
	"testing"

	"escort/explain"

	"github.com/google/go-cmp/cmp"
)

// The example that documents the format is a sample that is right in every way,
// and short enough to be read.
func TestTheExampleIsASample(t *testing.T) {
	text, err := os.ReadFile("testdata/example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := Parse("example.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range Check(t.Context(), s, explain.Explain) {
		t.Errorf("line %d: %s", p.Line, p.Text)
	}
	if n := strings.Count(string(text), "\n"); n > 25 {
		t.Errorf("the example has %d lines", n)
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if block := fenced(string(readme), "title:"); block != "" {
		if diff := cmp.Diff(string(text), block); diff != "" {
			t.Errorf("the README has another example (-kept +README):\n%s", diff)
		}
	}
}

// Every name of the format is explained.
func TestFormat(t *testing.T) {
	names := Format()
	for _, n := range names {
		if n.Says == "" {
			t.Errorf("%s is not explained", n.Name)
		}
	}
	if len(names) != len(says) {
		t.Errorf("%d names, and %d explained", len(names), len(says))
	}
}

// fenced is the code block of a Markdown text that begins with begin; empty:
// there is none.
func fenced(text, begin string) string {
	parts := strings.Split(text, "```")
	for i := 1; i < len(parts); i += 2 {
		if _, code, _ := strings.Cut(parts[i], "\n"); strings.HasPrefix(code, begin) {
			return code
		}
	}
	return ""
}

func TestFenced(t *testing.T) {
	const text = "a\n```sh\nls\n```\nb\n```yaml\ntitle: x\n```\n"
	if got := fenced(text, "title:"); got != "title: x\n" {
		t.Errorf("found %q", got)
	}
	if got := fenced(text, "name:"); got != "" {
		t.Errorf("found %q", got)
	}
}
