package event

import (
	"fmt"
	"regexp"
	"strconv"
)

// Namespace is what the signature of a decision is made for; see ssh-keygen(1).
const Namespace = "escort-decision"

// Statement is what somebody signs with a decision. It names the session and
// what was held there, as the ledger has it, so that a signature says nothing
// about anything else.
type Statement struct {
	Session  string // ID
	Hold     string
	Held     string // hash of the line of the ledger that says what is held
	Head     string // hash of the last line that had been received
	Verdict  string
	Reason   string
	Who      string
	LookedMS int64
}

// Statement is what is signed with d, in a session and on a hold whose line in
// the ledger has the hash held.
func (d Decision) Statement(session, held string) Statement {
	return Statement{
		Session: session, Hold: d.Hold, Held: held, Head: d.Head,
		Verdict: d.Verdict, Reason: d.Reason, Who: d.Who, LookedMS: d.LookedMS,
	}
}

// statement is the text, line by line. What it says first is its version.
const statement = `escort-decision 1
session: %s
hold: %s
held: %s
head: %s
verdict: %s
reason: %s
who: %s
looked: %d ms
`

// Text is exactly what is signed: lines that are always there and in this order.
// The reason, and any other value that is not one plain word, stands in double
// quotes and in ASCII as Go writes it, so that no value can look like a line.
func (s Statement) Text() []byte {
	return fmt.Appendf(nil, statement,
		value(s.Session), value(s.Hold), value(s.Held), value(s.Head), value(s.Verdict), quoted(s.Reason), value(s.Who), s.LookedMS)
}

var plain = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9@._-]*$`)

func value(s string) string {
	if plain.MatchString(s) {
		return s
	}
	return quoted(s)
}

// quoted is s as it comes out of JSON, in which a ledger keeps it: bytes that
// are no UTF-8 are not told apart there.
func quoted(s string) string {
	return strconv.QuoteToASCII(string([]rune(s)))
}
