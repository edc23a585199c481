package coding

import "testing"

func TestDecode(t *testing.T) {
	for _, s := range []string{"cm0gLXJmIC8+Pz8_", "cm0g\nLXJmIC8- Pz8/", "cm0gLXJmIC8+Pz8/=="} {
		if b, err := Base64(s); err != nil || string(b) != "rm -rf />???" {
			t.Errorf("%q: %q, %v", s, b, err)
		}
	}
	for _, s := range []string{"NFSA", "NFSA===="} {
		if b, err := Base32(s); err != nil || string(b) != "id" {
			t.Errorf("%q: %q, %v", s, b, err)
		}
	}
	if _, err := Base64("!"); err == nil {
		t.Error("! is base64")
	}
	if got := UTF16("i\x00d\x00\x3d\xd8\x00\xdex"); got != "id😀" {
		t.Errorf("%q", got)
	}
}
