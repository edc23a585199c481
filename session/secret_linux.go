package session

import (
	"bytes"
	"slices"
	"sync"

	"escort/session/hook"

	"golang.org/x/sys/unix"
)

// secret keeps the hook's key sequences from being typed: who learnt them could
// ask for one line and have another accepted.
type secret struct {
	keys [][]byte // as plain makes them
	mu   sync.Mutex
	end  []byte // end of what was typed before, to find keys that are split over writes
}

func newSecret(k hook.Keys) *secret {
	s := &secret{}
	for _, key := range []string{k.Look, k.Go, k.Disarm, k.Accept} {
		s.keys = append(s.keys, plain([]byte(key)))
	}
	return s
}

// typed reports whether the bytes, with those typed before, have one of the
// sequences in them.
func (s *secret) typed(p []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := append(s.end, plain(p)...)
	longest, found := 0, false
	for _, k := range s.keys {
		longest = max(longest, len(k))
		found = found || bytes.Contains(all, k)
	}
	s.end = slices.Clone(all[max(0, len(all)-longest+1):])
	return found
}

// plain is what any setting of a terminal could make of typed bytes: without
// the eighth bit, in small letters, without control characters.
func plain(p []byte) []byte {
	out := make([]byte, 0, len(p))
	for _, c := range p {
		if c &= 0x7f; c >= 0x20 && c != 0x7f {
			out = append(out, c)
		}
	}
	return bytes.ToLower(out)
}

// swallowed are the characters that a terminal takes for itself, with what they
// usually are. One that could stand in a text would be left out of what the
// shell reads, and so hide a sequence from [secret].
var swallowed = map[int]uint8{
	unix.VINTR: 3, unix.VQUIT: 28, unix.VSUSP: 26, unix.VSTART: 17, unix.VSTOP: 19,
}

// plainInput undoes what makes a terminal change or swallow typed characters.
func plainInput(fd int) error {
	t, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		return err
	}
	was := *t
	if t.Lflag&unix.ICANON != 0 {
		t.Cc[unix.VEOL], t.Cc[unix.VEOL2] = 0, 0 // no other key ends a line
	}
	t.Iflag &^= unix.ISTRIP | unix.IUCLC | unix.IGNCR | unix.PARMRK
	for at, usual := range swallowed {
		if t.Cc[at] >= 0x20 && t.Cc[at] != 0x7f {
			t.Cc[at] = usual
		}
	}
	if *t == was {
		return nil
	}
	return unix.IoctlSetTermios(fd, unix.TCSETS, t)
}
