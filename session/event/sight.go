package event

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// Sight is what somebody had before them who decided: what was held, as its line
// in the ledger has it and as it was shown.
type Sight struct {
	Line string // hash of its line in the ledger
	Card string // hash of what that line says, beside when it was written and after what
	What string // the command
	Risk string
	Says string // what the card said first
}

// Sight is what a console had before it that received e. The hash of the line is
// as the session's host says; that of the card is of what came.
func (e Event) Sight() (Sight, error) {
	b, err := json.Marshal(e)
	if err != nil {
		return Sight{}, err
	}
	return SightIn(b)
}

// SightIn is the same from a line of a ledger, or of a console's wire.
func SightIn(line []byte) (Sight, error) {
	var e Event
	if err := json.Unmarshal(line, &e); err != nil {
		return Sight{}, err
	}
	card, err := cardHash(line)
	if err != nil {
		return Sight{}, err
	}
	s := Sight{Line: e.Hash, Card: card, What: cmp.Or(e.Actual, e.Typed)}
	if x := e.Explanation; x != nil {
		s.What, s.Risk, s.Says = cmp.Or(s.What, x.Command), string(x.Risk), x.Headline
	}
	return s, nil
}

// placed are the members of a line that say where it stands, and not what is held.
var placed = []string{"seq", "time", "prev", "kind", "event", "meta", "cast", "hash"}

// cardHash is the SHA-256, in hex, of a line without its place: as JSON on one
// line, its members sorted by their names, without those that are null, false,
// zero or empty, which another version might leave out.
func cardHash(line []byte) (string, error) {
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	var members map[string]any
	if err := d.Decode(&members); err != nil {
		return "", err
	}
	for _, name := range placed {
		delete(members, name)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(said(members)); err != nil {
		return "", err
	}
	sum := sha256.Sum256(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
	return hex.EncodeToString(sum[:]), nil
}

// said is v without members that say nothing. Of a list every element counts.
func said(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, x := range v {
			if x = said(x); empty(x) {
				delete(v, name)
			} else {
				v[name] = x
			}
		}
	case []any:
		for i, x := range v {
			v[i] = said(x)
		}
	}
	return v
}

func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case bool:
		return !v
	case string:
		return v == ""
	case json.Number:
		return v == "0"
	case map[string]any:
		return len(v) == 0
	case []any:
		return len(v) == 0
	}
	return false
}
