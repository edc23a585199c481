package sample

import (
	"strings"
	"testing"

	"escort/explain"
)

func TestCheckComparesWithTheCards(t *testing.T) {
	s, err := Parse("mine.yaml", []byte(goodHead+`programs: [ls, rm, cat]
steps:
  - line: ls
    right: deny
    because: It is only shown here what cannot be.
  - line: ls
    right: cannot-tell
    because: Nobody knows ls.
  - line: sudo rm -rf /var/lib/mysql
    right: allow
  - line: cat notes
    right: allow
`))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range Check(t.Context(), s, explain.Explain) {
		got = append(got, (&Problems{File: "mine.yaml", List: []Problem{p}}).Error())
	}
	want := []string{"mine.yaml:9: only 2 lines are right to allow", "mine.yaml:14: cannot-tell is right only", "mine.yaml:17: the card says CRITICAL"}
	for i, w := range want {
		if i >= len(got) || !strings.HasPrefix(got[i], w) {
			t.Fatalf("problem %d is not %q:\n%s", i, w, strings.Join(got, "\n"))
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d problems:\n%s", len(got), strings.Join(got, "\n"))
	}
}
