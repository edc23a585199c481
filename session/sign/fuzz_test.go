package sign

import (
	"errors"
	"testing"
	"time"
)

// No text makes a list by accident: what is taken has a key in each entry, and
// what is not is refused with its line.
func FuzzParseList(f *testing.F) {
	key := "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ6qy7Q3v4yz8oWQZ3m4p7m5cYcYyYx7b0e4f3q0v9dA"
	for _, s := range []string{"", "#", "eva " + key, `"a b" namespaces="x",valid-after="20260101Z" ` + key + " c", "eva cert-authority " + key, "\x00", "a \"", "a b=\"\\\"\" c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l, err := ParseList("list", []byte(text))
		var at *LineError
		if err != nil {
			if !errors.As(err, &at) || at.Line < 1 || at.What == "" {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		for _, e := range l.entries {
			if e.key == nil || e.principals == "" || usable(e.key) != nil {
				t.Errorf("%q has %+v", text, e)
			}
			_ = l.Check(e.key, "eva", "x", time.Now())
		}
	})
}

// No change of a signature is accepted.
func FuzzVerify(f *testing.F) {
	var good string
	f.Add("-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n", 0, byte(0))
	f.Fuzz(func(t *testing.T, text string, at int, flip byte) {
		if good == "" {
			good = string(signed(t, fromFile(t, edKey(t)), message))
		}
		if _, err := Verify([]byte(text), space, message); err == nil { // nobody has the key
			t.Errorf("%q is a signature", text)
		}
		b := []byte(good)
		if at < 0 || at >= len(b) || flip == 0 {
			return
		}
		b[at] ^= flip
		if _, err := Verify(b, space, message); err == nil && string(flat(b)) != string(flat([]byte(good))) {
			t.Errorf("accepted with byte %d changed:\n%s", at, b)
		}
	})
}
