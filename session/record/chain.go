package record

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"escort/session/event"
)

// origin stands as prev in the first line.
var origin = strings.Repeat("0", 2*sha256.Size)

// body is a line of the ledger without its hash. Its own members hide those of
// the embedded event that have the same name in JSON.
type body struct {
	Seq    uint64    `json:"seq"`
	Time   time.Time `json:"time"`
	Prev   string    `json:"prev"`
	Kind   string    `json:"kind"`
	Number uint64    `json:"event,omitempty"` // of the event in its session
	Meta   *Meta     `json:"meta,omitempty"`
	Cast   *Mark     `json:"cast,omitempty"`
	event.Event
}

// chain writes the ledger.
type chain struct {
	out
	seq  uint64
	prev string
}

func newChain(f file) *chain { return &chain{out: newOut(f), prev: origin} }

// append numbers b, links it to the line before and writes it in one call.
func (c *chain) append(b body) error {
	b.Seq, b.Prev = c.seq+1, c.prev
	b.Data = nil // what the terminal showed has its own file
	b.Hash = ""  // it is put there below, as the last member
	line, err := encode(b)
	if err != nil {
		return err
	}
	if len(line) > MaxLine {
		return fmt.Errorf("a line of %d bytes is longer than a ledger may have", len(line))
	}
	sealed, sum := seal(line)
	if err := c.write(append(sealed, '\n')); err != nil {
		return err
	}
	c.seq, c.prev = b.Seq, sum
	return nil
}

const (
	sealStart = `,"hash":"`
	sealEnd   = `"}`
	sealLen   = len(sealStart) + 2*sha256.Size + len(sealEnd)
)

// seal puts the hash of the JSON object line into it as its last member.
func seal(line []byte) (sealed []byte, sum string) {
	h := sha256.Sum256(line)
	sum = hex.EncodeToString(h[:])
	sealed = append(sealed, line[:len(line)-1]...)
	return append(sealed, sealStart+sum+sealEnd...), sum
}

// unseal takes the hash out of a line; computed is what it should be. ok is
// false where the line does not end in a hash.
func unseal(sealed []byte) (stated, computed string, ok bool) {
	n := len(sealed) - sealLen
	if n < 1 {
		return "", "", false
	}
	tail := string(sealed[n:])
	if !strings.HasPrefix(tail, sealStart) || !strings.HasSuffix(tail, sealEnd) {
		return "", "", false
	}
	h := sha256.New()
	h.Write(sealed[:n])
	h.Write([]byte("}"))
	return tail[len(sealStart) : sealLen-len(sealEnd)], hex.EncodeToString(h.Sum(nil)), true
}
