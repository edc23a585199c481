package hook

import (
	"slices"
	"testing"
)

func allowAll(Line) Verdict { return Verdict{Word: Allow} }

// gapsOf enters lines, each of which comes back to a prompt, and returns what
// the prompts said.
func (s *shellUnderTest) gapsOf(lines ...string) []string {
	s.t.Helper()
	s.mu.Lock()
	s.verdict = allowAll
	from := len(s.gaps)
	s.mu.Unlock()
	for _, line := range lines {
		s.mu.Lock()
		before := len(s.gaps)
		s.mu.Unlock()
		if _, err := s.tty.WriteString(line); err != nil {
			s.t.Fatal(err)
		}
		s.wait("the prompt after "+line, func() bool { return len(s.gaps) > before })
		s.silence() // what is typed too early after a Ctrl-C is thrown away
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.gaps[from:])
}

var ordinary = []string{
	"true\r", "\r", "false; true\r", "\x03", "echo abc\x03", "# nothing\r", " true\r", "\x1b[200~echo a\necho b\x1b[201~\r",
	"for i in 1 2; do :; done\r", "(true)\r", "\x1b[200~cat <<'E'\nx\nE\n\x1b[201~\r", "f() { :; }\r", "f\r", "true &\r", "wait\r", "false\r",
}

func TestNothingIsMissingWhileTheHookStands(t *testing.T) {
	for name, start := range map[string]func(*testing.T) *shellUnderTest{"bash": startBash, "zsh": startZsh} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			for i, gap := range s.gapsOf(ordinary...) {
				if gap != "" {
					t.Errorf("prompt %d says %q", i, gap)
				}
			}
		})
	}
}

func TestAPartOfTheHookThatIsGoneIsTold(t *testing.T) {
	for _, tt := range []struct {
		start        func(*testing.T) *shellUnderTest
		attack, want string
	}{
		{startBash, `bind '"\C-m": accept-line'`, gapUnasked},
		{startBash, `bind -m emacs '"\C-m": "\C-b"'; bind '"\C-b": accept-line'`, gapUnasked},
		{startZsh, "bindkey '^M' .accept-line", gapEnter},
		{startZsh, "disable -f __escort_finish", gapLeave},
		{startZsh, "disable -f __escort_finish; bindkey '^M' .accept-line", gapUnasked},
	} {
		t.Run(tt.attack, func(t *testing.T) {
			t.Parallel()
			s := tt.start(t)
			gaps := s.gapsOf(tt.attack+"\r", "true\r", "\x03", "true\r")
			if want := []string{"", tt.want, tt.want, tt.want}; !slices.Equal(gaps, want) {
				t.Errorf("the prompts say %q, want %q", gaps, want)
			}
		})
	}
}

func TestTheHookIsWholeAgainAfterAWholeLine(t *testing.T) {
	s := startZsh(t)
	gaps := s.gapsOf("bindkey '^M' .accept-line\r", "bindkey '^M' accept-line\r", "true\r")
	if want := []string{"", gapEnter, ""}; !slices.Equal(gaps, want) {
		t.Errorf("the prompts say %q, want %q", gaps, want)
	}
}
