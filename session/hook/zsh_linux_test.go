package hook

import (
	"os"
	"path/filepath"
	"testing"
)

func startZsh(t *testing.T) *shellUnderTest {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, ".zshrc"), []byte(Zsh(3, false)), 0o600); err != nil {
		t.Fatal(err)
	}
	s := start(t, []string{"ZDOTDIR=" + dir}, "zsh", "-d", "-i")
	s.anew = 1
	return s
}

func TestZshReadsTheUsersFileOnlyWhenAllowed(t *testing.T) {
	for _, word := range []string{Allow, Deny} {
		dir, home := t.TempDir(), t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, ".zshrc"), []byte(Zsh(3, true)), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(home, ".zshrc"), []byte("alias mine=true\nbindkey '^M' .accept-line\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		s := prepare(t)
		s.verdict = func(l Line) Verdict {
			if l.Text == ". ~/.zshrc" {
				return Verdict{Word: word}
			}
			return Verdict{Word: Allow}
		}
		s.run([]string{"ZDOTDIR=" + dir, "HOME=" + home}, "zsh", "-d", "-i")
		if got := s.last().Text; got != ". ~/.zshrc" {
			t.Fatalf("the shell asked about %q", got)
		}
		if got := s.ask("alias mine"); (got == "true") != (word == Allow) {
			t.Errorf("%s: the alias of the start file is %q", word, got)
		}
	}
}

func TestZshLinesAreSeenWhole(t *testing.T) {
	s := startZsh(t)
	for _, tt := range []struct{ typed, text string }{
		{"true\r", "true"},
		{" echo hi; echo second > /dev/null\r", " echo hi; echo second > /dev/null"},
		{"{ :; } > /dev/null\n", "{ :; } > /dev/null"},
		{"f() { :; }\r", "f() { :; }"},
		{"echo one\r", "echo one"},
		{"\x1b[200~echo a\necho b\x1b[201~\r", "echo a\necho b"},
		{"\x12one\r", "echo one"},
		{"echo é\r", "echo é"},
		{"echo 'a!'b\r", "echo 'a!'b"},
	} {
		s.enter(tt.typed, 1, 1)
		if got := s.last(); got.Text != tt.text || got.Typed != tt.text {
			t.Errorf("typed %q: the hook showed %q, want %q", tt.typed, got, tt.text)
		}
	}
	s.enter("echo !!\r", 1, 1)
	if got := s.last(); got.Text != "echo echo 'a!'b" || got.Typed != "echo !!" {
		t.Errorf("an earlier line: the hook showed %q", got)
	}
}

func TestZshDeniedLineNeverRuns(t *testing.T) {
	s := startZsh(t)
	mark := filepath.Join(t.TempDir(), "mark")
	for _, line := range []string{"echo x > " + mark, "{ :; } > " + mark, "for i in 1; do :; done > " + mark, ": & > " + mark} {
		s.denied(line + "\r")
	}
	s.denied("\x1b[A\r")
	if got := s.last().Text; got != ": & > "+mark {
		t.Errorf("history brought %q right after the denial", got)
	}
	s.enter("true\r", 1, 1)
	if _, err := os.Stat(mark); err == nil {
		t.Error("a denied line changed a file")
	}
	s.denied("\x1b[A\x1b[A\r")
	if got := s.last().Text; got != ": & > "+mark {
		t.Errorf("history brought %q, want the denied line", got)
	}
}

func TestZshTellsWhatItKnows(t *testing.T) {
	s := startZsh(t)
	s.enter("alias ll='ls -l' ; x='a b'; l=(a b); f() { echo in; }\r", 1, 1)
	s.knows("alias ll", "ls -l")
	s.knows("variable x", "a b")
	s.knows("function f", "f () {\n\techo in\n}")
	s.knows("variable IFS", " \t\n")
	s.knowsNot("variable nosuch", "variable l", "variable a[$(touch_x)]")
}

// Every line here tries to make the next one, "echo x > MARK", run unasked. A
// shell that takes no line any more is a good answer.
func TestZshAttacksOnTheHookFailClosed(t *testing.T) {
	for _, attack := range []string{
		"set -e -u -x -v -f", "setopt err_return", "setopt ksh_arrays sh_word_split", "emulate sh", "emulate ksh", "emulate -R csh", "unsetopt zle",
		"setopt noexec", "FUNCNEST=0", "readonly FUNCNEST=0", "typeset +r FUNCNEST; FUNCNEST=0", "((FUNCNEST = 0))", "unset FUNCNEST; FUNCNEST=0", "emulate -R sh; FUNCNEST=0", "f() { local FUNCNEST=0; vared PS1 }; f", "FUNCNEST=0 true", "setopt local_options; unsetopt zle", "FUNCNEST=1", "FUNCNEST=2", "readonly __escort_nonce", "readonly __escort_status=0", "readonly BUFFER", "readonly IFS=,", "IFS=123",
		"builtin() { :; }", "unfunction() { :; }; builtin() { return 0 }", "disable builtin", "disable printf read zle", "printf() { :; }; read() { :; }; zle() { :; }",
		"precmd_functions=()", "readonly precmd_functions", "precmd() { precmd_functions=() }", "TRAPUSR1() { :; }; kill -USR1 $$", "TRAPDEBUG() { : }", "TRAPZERR() { : }",
		"zle -N accept-line self-insert", "zle -A .accept-line accept-line", "zle -D zle-line-finish", "zle -D accept-line",
		"bindkey '^M' .accept-line", "bindkey -s '^M' '^O'", "w() { zle .accept-line }; zle -N w; bindkey '^M' w; bindkey '^J' w",
		"bindkey -v", "bindkey -d", "bindkey -A .safe main", "zmodload -u zsh/zle", "zmodload -u zsh/parameter", "alias -g echo='echo'", "alias builtin=: case=: while=:",
		"setopt prompt_subst", "COLUMNS=0", "PS1=", "exec 3>&-", "setopt single_line_zle", "setopt csh_junkie_loops bang_hist", "TMOUT=1", "stty -icanon", "LC_ALL=C",
		"zle-line-finish() { : }; zle -N zle-line-finish", "disable -r '[['", "unset functions", "PERIOD=0; periodic() { : }", "setopt local_options ignore_braces",
	} {
		t.Run(attack, func(t *testing.T) {
			t.Parallel()
			s := startZsh(t)
			mark := s.attack(attack)
			s.silence() // so that what is typed now comes to a shell that is done with it
			for _, accept := range []string{"\r", "\n", "\x0f", "\x1ba", "\x1bA", "\x1bh", "\x1b?", "\x1bxaccept-line\r", "\x03", "\x1b\r", "\x15"} {
				if _, err := s.tty.WriteString("echo x > " + mark + accept); err != nil {
					break // the shell is gone
				}
			}
			_, _ = s.tty.WriteString("\x15echo last\r")
			s.silence()
			if _, err := os.Stat(mark); err == nil {
				t.Errorf("a line ran unasked after %q\n%q", attack, s.out.String())
			}
		})
	}
}
