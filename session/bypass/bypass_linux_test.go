package bypass

import (
	"errors"
	"os"
	"testing"

	"escort/session"
	"escort/session/child"
)

func TestMain(m *testing.M) {
	if child.Main() {
		return
	}
	os.Exit(m.Run())
}

// TestCases tries every case.
func TestCases(t *testing.T) {
	all, err := Cases()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 90 {
		t.Errorf("only %d cases", len(all))
	}
	for _, c := range all {
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			r, err := Run(t.Context(), t.TempDir(), c)
			var cannot *session.Cannot
			if errors.As(err, &cannot) {
				t.Skip(err)
			}
			switch {
			case err != nil:
				t.Fatal(err)
			case r.NotRun != "":
				t.Skip(r.NotRun)
			case !r.Stopped:
				t.Errorf("%s: %s", c.Item, r.How)
			}
			t.Logf("%v %s", r.Took, r.How)
		})
	}
}
