package event

import (
	"fmt"
	"regexp"
	"strconv"
)

// Namespace is what the signature of a decision is made for; see ssh-keygen(1).
const Namespace = "escort-decision"

// Statement is what somebody signs with a decision. It names the session and
// what was held there, as the ledger has it and as it was shown, so that a
// signature says nothing about anything else.
type Statement struct {
	Session  string // ID
	Hold     string
	Held     Sight
	Head     string // hash of the last line that had been received
	Verdict  string
	Reason   string
	Who      string
	LookedMS int64
}

// Statement is what is signed with d, in a session and on a hold.
func (d Decision) Statement(session string, held Sight) Statement {
	return Statement{
		Session: session, Hold: d.Hold, Held: held, Head: d.Head,
		Verdict: d.Verdict, Reason: d.Reason, Who: d.Who, LookedMS: d.LookedMS,
	}
}

// statement is the text, line by line. What it says first is its version.
const statement = `escort-decision 1
session: %s
hold: %s
what: %s
risk: %s
says: %s
held: %s
card: %s
head: %s
verdict: %s
reason: %s
who: %s
looked: %d ms
`

// Text is exactly what is signed: lines that are always there and in this order.
// Texts, and any value that is not one plain word, stand in double quotes and in
// ASCII as Go writes it, so that no value can look like a line. Of a long command
// the beginning stands there; card is the hash of all of it.
func (s Statement) Text() []byte {
	return fmt.Appendf(nil, statement,
		value(s.Session), value(s.Hold), beginning(s.Held.What), value(s.Held.Risk), beginning(s.Held.Says), value(s.Held.Line), value(s.Held.Card), value(s.Head), value(s.Verdict), quoted(s.Reason), value(s.Who), s.LookedMS)
}

var plain = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9@._-]*$`)

func value(s string) string {
	if plain.MatchString(s) {
		return s
	}
	return quoted(s)
}

// mostText is how many characters of a text of the session's stand in a statement.
const mostText = 240

// beginning is s, quoted; what is cut off is counted behind it.
func beginning(s string) string {
	r := []rune(s)
	if len(r) <= mostText {
		return quoted(s)
	}
	return quoted(string(r[:mostText])) + fmt.Sprintf(" and %d more", len(r)-mostText)
}

// quoted is s as it comes out of JSON, in which a ledger keeps it: bytes that
// are no UTF-8 are not told apart there.
func quoted(s string) string {
	return strconv.QuoteToASCII(string([]rune(s)))
}
