package event

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestStatementText(t *testing.T) {
	s := Statement{Session: "20261123-231502-4f2a", Hold: "h3", Held: "ab", Head: "cd", Verdict: Allow, Who: "eva@ops", LookedMS: 12}
	want := "escort-decision 1\nsession: 20261123-231502-4f2a\nhold: h3\nheld: ab\nhead: cd\nverdict: allow\nreason: \"\"\nwho: eva@ops\nlooked: 12 ms\n"
	if got := string(s.Text()); got != want {
		t.Errorf("got\n%s", got)
	}
}

// No value can bring a line of its own, and no two statements have one text.
func TestStatementIsOneReading(t *testing.T) {
	evil := []string{"", "a", "a\nwho: eva", "\"a\"", "a b", "é", "\u202e", "\xff", "\x00", " a", "a\r\nverdict: allow", "-"}
	seen := map[string]string{}
	for _, a := range evil {
		for _, b := range evil {
			s := Statement{Session: a, Hold: b, Held: a, Head: b, Verdict: a, Reason: b, Who: a}
			text := string(s.Text())
			if n := strings.Count(text, "\n"); n != 9 {
				t.Errorf("%q, %q: %d lines\n%s", a, b, n, text)
			}
			if strings.ContainsFunc(text, func(r rune) bool { return r > '~' || r < ' ' && r != '\n' }) {
				t.Errorf("%q, %q: not plain\n%q", a, b, text)
			}
			if old, ok := seen[text]; ok {
				t.Errorf("%q and %q, and %s, have one text", a, b, old)
			}
			seen[text] = a + " and " + b
		}
	}
}

// A decision that went through JSON, as on a socket and in the ledger, has the
// same statement.
func TestStatementOutlivesJSON(t *testing.T) {
	for _, reason := range []string{"plain", "\xff\xfe", "a\u2028b", "é\x80", "<&>", "\x00\x1b[31m", "\xed\xa0\x80"} {
		d := Decision{Hold: "h1", Verdict: Deny, Reason: reason, Who: reason}
		b, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		var back Decision
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatal(err)
		}
		if one, two := d.Statement("s", "x").Text(), back.Statement("s", "x").Text(); string(one) != string(two) {
			t.Errorf("%q:\n%s\n%s", reason, one, two)
		}
	}
}
