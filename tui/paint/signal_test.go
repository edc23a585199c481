package paint

import (
	"strings"
	"testing"
)

func TestSignals(t *testing.T) {
	o, p := newOuter(40, 3)
	p.Ring()
	p.Notify()
	if !p.Copy("rm -rf /srv\x07\x1b\\") || p.Copy(strings.Repeat("x", maxCopy+1)) {
		t.Error("what may be copied is not")
	}
	p.Close()
	n := o.count()
	p.Ring()
	p.Copy("x")
	if o.count() != n {
		t.Error("a signal after the end")
	}
	for _, want := range []string{"\a", "\x1b]9;" + notice + "\x07", "\x1b]52;c;cm0gLXJmIC9zcnYHG1w=\x07"} {
		if !strings.Contains(o.all.String(), want) {
			t.Errorf("%q was not sent: %q", want, o.all.String())
		}
	}
}
