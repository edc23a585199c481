package explain

import (
	"testing"

	"escort/explain/effect"
)

// TestUnlistedOptionIsNotUnderstood: raising no doubt about an option is not
// the same as knowing what it does.
func TestUnlistedOptionIsNotUnderstood(t *testing.T) {
	e, plain := line(t, "nslookup -zzunlisted example.com", Nowhere), line(t, "nslookup example.com", Nowhere)
	for _, p := range e.Parts {
		if p.Text == "-zzunlisted" && p.Source != effect.FromNowhere {
			t.Errorf("%q comes from %s", p.Text, p.Source)
		}
	}
	if e.Risk != plain.Risk {
		t.Errorf("the risk went from %s to %s", plain.Risk, e.Risk)
	}
	if len(e.Parts) != 3 {
		t.Errorf("parts: %+v", e.Parts)
	}
}
