package event

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestStatementText(t *testing.T) {
	s := Statement{Session: "20261123-231502-4f2a", Hold: "h3", Held: Sight{Line: "ab", Card: "ef", What: "rm x", Risk: "low", Says: "Deletes x."}, Head: "cd", Verdict: Allow, Who: "eva@ops", LookedMS: 12}
	want := "escort-decision 1\nsession: 20261123-231502-4f2a\nhold: h3\nwhat: \"rm x\"\nrisk: low\nsays: \"Deletes x.\"\nheld: ab\ncard: ef\nhead: cd\nverdict: allow\nreason: \"\"\nwho: eva@ops\nlooked: 12 ms\n"
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
			s := Statement{Session: a, Hold: b, Held: Sight{a, b, a, b, a}, Head: b, Verdict: a, Reason: b, Who: a}
			text := string(s.Text())
			if n := strings.Count(text, "\n"); n != 13 {
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
		if one, two := d.Statement("s", Sight{}).Text(), back.Statement("s", Sight{}).Text(); string(one) != string(two) {
			t.Errorf("%q:\n%s\n%s", reason, one, two)
		}
	}
}

// What stands in the text of a long command is its beginning, and how much more
// there is.
func TestStatementOfALongCommand(t *testing.T) {
	s := Statement{Held: Sight{What: strings.Repeat("é", mostText) + "\nxyz"}}
	if got := string(s.Text()); !strings.Contains(got, "what: \""+strings.Repeat(`\u00e9`, mostText)+"\" and 4 more\n") {
		t.Errorf("got\n%s", got)
	}
}
