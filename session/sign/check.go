package sign

import (
	"time"

	"escort/session/event"

	"golang.org/x/crypto/ssh"
)

// Check checks the signature of a decision: that it was made over s, with a key
// that each of the lists has for who decided, at that time. Without a list any
// key is taken, and what is returned says which one it was.
func Check(s event.Statement, signature []byte, lists []*List, at time.Time) (ssh.PublicKey, error) {
	key, err := Verify(signature, event.Namespace, s.Text())
	if err != nil {
		return nil, err
	}
	for _, l := range lists {
		if err := l.Check(key, s.Who, event.Namespace, at); err != nil {
			return nil, err
		}
	}
	return key, nil
}
