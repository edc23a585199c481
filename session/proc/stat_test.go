package proc

import (
	"errors"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseStat(t *testing.T) {
	tail := " S 7 8 9 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4242 0 0\n"
	for _, c := range []struct {
		line string
		want Stat
		err  error
	}{
		{"12 (sh)" + tail, Stat{PID: 12, Comm: "sh", State: 'S', PPID: 7, Group: 8, Session: 9, Front: -1, Start: 4242}, nil},
		{"12 (a) S 1 (b)" + tail, Stat{PID: 12, Comm: "a) S 1 (b", State: 'S', PPID: 7, Group: 8, Session: 9, Front: -1, Start: 4242}, nil},
		{"", Stat{}, ErrFormat},
		{"12 )(", Stat{}, ErrFormat},
		{"12 (sh) S 7", Stat{}, ErrFormat},
		{"x (sh)" + tail, Stat{}, ErrFormat},
	} {
		got, err := parseStat([]byte(c.line))
		if d := cmp.Diff(c.want, got); d != "" || !errors.Is(err, c.err) {
			t.Errorf("%q: %v %s", c.line, err, d)
		}
	}
}

func TestParseStatus(t *testing.T) {
	s, err := parseStatus([]byte("Name:\tx\nTgid:\t5\nPPid:\t4\nTracerPid:\t3\nUid:\t0\t1000\t0\t0\nNStgid:\t5\t2\nSigPnd:\t0000000000000002\nShdPnd:\t0000000000000001\n"))
	want := Status{TGID: 5, PPID: 4, Tracer: 3, Inner: 2, Pending: 3, UID: 1000}
	if d := cmp.Diff(want, s); d != "" || err != nil {
		t.Error(err, d)
	}
	if !s.IsPending(syscall.SIGINT) || !s.IsPending(syscall.SIGHUP) || s.IsPending(syscall.SIGTERM) {
		t.Errorf("pending %x", s.Pending)
	}
	for _, bad := range []string{"", "Tgid:\n", "Tgid:\tx\n", "Tgid:\t5\nSigPnd:\tzz\n", "Tgid:\t5\nUid:\t1\n"} {
		if _, err := parseStatus([]byte(bad)); !errors.Is(err, ErrFormat) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
