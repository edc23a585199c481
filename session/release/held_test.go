package release

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"escort/session/event"
)

func holds(texts ...string) *Held {
	h := New(5)
	for _, t := range texts {
		_, _ = h.Write([]byte(t))
	}
	return h
}

func give(t *testing.T, h *Held, n int) []string {
	t.Helper()
	var got []string
	err := h.Take(n, h.Next(n).SHA256, func(w event.Withheld) error { got = w.Text; return nil })
	if err != nil && !errors.Is(err, ErrNothing) {
		t.Fatal(err)
	}
	return got
}

func TestLinesAreGivenOnceAndInOrder(t *testing.T) {
	h := New(5)
	var want, got []string
	for i := range 40 {
		want = append(want, fmt.Sprint("line ", i))
		_, _ = fmt.Fprintf(h, "line %d\r\n", i)
		if i%7 == 3 {
			got = append(got, give(t, h, 3)...)
		}
	}
	if w := h.Next(0); w.Lines != 40-len(got) {
		t.Errorf("%d wait after %d were given", w.Lines, len(got))
	}
	for !h.Empty() {
		got = append(got, give(t, h, 0)...)
	}
	if !slices.Equal(got, want) {
		t.Errorf("given: %q", got)
	}
}

func TestTheLineThatIsWrittenToWaits(t *testing.T) {
	h := holds("one\r\ntwo")
	if got := give(t, h, 9); !slices.Equal(got, []string{"one"}) {
		t.Errorf("given: %q", got)
	}
	_, _ = h.Write([]byte("\b\b\bthree\r\n$ "))
	if got := give(t, h, 9); !slices.Equal(got, []string{"three"}) {
		t.Errorf("given: %q", got)
	}
	h.End()
	if got := give(t, h, 9); !slices.Equal(got, []string{"$"}) || !h.Empty() {
		t.Errorf("given at the end: %q", got)
	}
}

func TestWhatWasNotShownIsNotGiven(t *testing.T) {
	h := holds("a\r\nb\r\n")
	shown := h.Next(9).SHA256
	_, _ = h.Write([]byte("\x1b[H\x1b[KX\r\n\r\n")) // written over
	none := func(event.Withheld) error { t.Error("given"); return nil }
	if err := h.Take(9, shown, none); !errors.Is(err, ErrChanged) {
		t.Errorf("taken: %v", err)
	}
	failed := errors.New("the disk is full")
	if err := h.Take(9, "", func(event.Withheld) error { return failed }); !errors.Is(err, failed) || h.Empty() {
		t.Errorf("%v, and it is empty: %v", err, h.Empty())
	}
}

// A secret is one text again, however the terminal got it.
func TestSecretsInATerminalsBytes(t *testing.T) {
	for what, texts := range map[string][]string{
		"in pieces":            {"x AKIAIO", "SFODNN", "EXAMPLEQ\r\n"},
		"coloured":             {"AKIA\x1b[31mIOSFODNN\x1b[1;4mEXAM\x1b[mPLEQ\r\n"},
		"backwards":            {"IOSFODNNEXAMPLEQ\x1b[1G\x1b[4@AKIA\r\n"},
		"by the cursor":        {"AKIA\x1b[12GNEXAMPLEQ\x1b[5GIOSF\x1b[2D", "\x1b[2CODN\r\n\n"},
		"with hidden marks":    {"AKIA\u200b\u200dIOSF\u0301ODNNEXAMPLEQ\r\n"},
		"over two lines":       {"AKIAIOSFODN\r\nNEXAMPLEQ\r\n"},
		"at an odd width":      {strings.Repeat("x", 1010) + " AKIAIOSFODNNEXAMPLEQ\r\n"},
		"beyond the scrolling": {"AKIAIOSFODN\r\n", "NEXAMPLEQ\r\n\n\n\n\n\n\n"},
	} {
		h := holds(texts...)
		w := h.Next(100)
		all := strings.Join(w.Text, "\n")
		if strings.Contains(all, "FODN") || strings.Contains(all, "EXAMPLEQ") || w.Hidden == 0 || w.Masked == 0 {
			t.Errorf("%s: %q, masked in %d (%d)", what, all, w.Hidden, w.Masked)
		}
	}
}

// A block that began in what was given goes on in what is given later.
func TestABlockOverTwoReleases(t *testing.T) {
	h := holds("-----BEGIN PRIVATE KEY-----\r\nMIIB\r\nMIIC\r\nMIID\r\n-----END PRIVATE KEY-----\r\nafter\r\n")
	got := slices.Concat(give(t, h, 2), give(t, h, 1), give(t, h, 9))
	if all := strings.Join(got, "\n"); strings.Contains(all, "MII") || !strings.HasSuffix(all, "\nafter") || len(got) != 6 {
		t.Errorf("given: %q", got)
	}
}

func TestAFullScreenProgramIsNotGiven(t *testing.T) {
	h := holds("before\r\n\x1b[?1049h\x1b[Hsecret of vi\r\nmore")
	if got := give(t, h, 9); slices.ContainsFunc(got, func(s string) bool { return s != "before" }) {
		t.Errorf("given: %q", got)
	}
	_, _ = h.Write([]byte("\x1b[?1049lafter\r\n"))
	got := give(t, h, 9)
	if !slices.Contains(got, "after") || slices.Contains(got, "secret of vi") {
		t.Errorf("given: %q", got)
	}
}

func TestAFloodDropsTheOldest(t *testing.T) {
	h := New(24)
	for i := range most + 5_000 {
		_, _ = fmt.Fprintf(h, "line %d\r\n", i)
	}
	w := h.Next(1)
	if w.Dropped == 0 || w.Lines < most || w.Text[0] != fmt.Sprint("line ", w.Dropped) {
		t.Errorf("%d wait, %d dropped, first %q", w.Lines, w.Dropped, w.Text)
	}
	for w = h.Next(1); w.Uncounted > 0; w = h.Next(1) {
	}
	if w.Masked != 0 {
		t.Errorf("masked in %d", w.Masked)
	}
}

func TestAResizeLosesNothing(t *testing.T) {
	h := New(10)
	var want, got []string
	for i := range 30 {
		h.Resize([]int{4, 12, 7}[i%3])
		want = append(want, fmt.Sprint("line ", i))
		_, _ = fmt.Fprintf(h, "line %d\r\n", i)
		if i%4 == 0 {
			got = append(got, give(t, h, 2)...)
		}
	}
	for !h.Empty() {
		got = append(got, give(t, h, 5)...)
	}
	if !slices.Equal(got, want) {
		t.Errorf("given: %q", got)
	}
}
