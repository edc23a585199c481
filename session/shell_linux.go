package session

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"escort/explain/effect"
	"escort/explain/quote"
	"escort/session/child"
	"escort/session/hook"
)

// program is the file of what a session with c starts.
func program(c Config) (string, error) {
	if len(c.Command) == 0 {
		shell, err := exec.LookPath(c.Shell)
		if err != nil {
			return "", &Cannot{Err: fmt.Errorf("the shell %s is not on this machine", c.Shell), Hint: "install bash 4.4 or zsh 5.3, or later"}
		}
		return shell, nil
	}
	file := c.Command[0]
	if strings.Contains(file, "/") && !filepath.IsAbs(file) && c.Dir != "" {
		file = filepath.Join(c.Dir, file)
	}
	file, err := exec.LookPath(file)
	if err != nil {
		return "", fmt.Errorf("%s cannot be started: %w", quote.Word(c.Command[0]), err)
	}
	return file, nil
}

// hooked reports whether the line layer exists for a shell.
func hooked(shell string) bool {
	name := filepath.Base(shell)
	return name == "bash" || name == dialectZsh
}

// dialectZsh is zsh by its name, also in [effect.Request].
const dialectZsh = effect.DialectZsh

// startFile writes the hook's start-up text and makes it the only one that the
// shell reads but for /etc/zsh/zshenv, which only -f would leave out: with it
// zsh reads no start file at all. What that starts is held.
func (s *Session) startFile(cfg *child.Config) error {
	at := filepath.Join(s.rec.Dir(), "shell-start")
	if s.conf.StartDir != "" {
		at = filepath.Join(s.conf.StartDir, "start-"+s.rec.ID())
	}
	s.rcFile = at
	if err := os.Mkdir(at, 0o700); err != nil {
		return err
	}
	name, text := filepath.Join(at, "bashrc"), hook.Bash(s.keys, child.HookFD, s.conf.UserRC)
	if s.dialect == dialectZsh {
		name, text = filepath.Join(at, ".zshrc"), hook.Zsh(child.HookFD, s.conf.UserRC)
		cfg.Argv = append(cfg.Argv, "-d", "-i")
		cfg.Env = append(cfg.Env, "ZDOTDIR="+at)
	} else {
		cfg.Argv = append(cfg.Argv, "--noprofile", "--rcfile", name, "-i")
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil || cfg.Account == nil {
		return err
	}
	return errors.Join(os.Chown(name, cfg.Account.UID, cfg.Account.GID), os.Chown(at, cfg.Account.UID, cfg.Account.GID))
}

// dropped are variables that would make the shell run, read or load something
// before its first prompt, or that tell lies about the terminal.
var dropped = []string{
	"BASH_ENV", "ENV", "SHELLOPTS", "BASHOPTS", "PROMPT_COMMAND", "PS0", "PS1", "PS2", "PS4", "INPUTRC", "TERM", "COLORTERM",
	"LINES", "COLUMNS", "POSIXLY_CORRECT", "BASH_LOADABLES_PATH", "BASH_XTRACEFD", "HISTFILE", "FUNCNEST", "ZDOTDIR", "FPATH",
	"MODULE_PATH", "MAIL", "MAILPATH", "NULLCMD", "READNULLCMD", "PS3", "RPS1", "RPS2", "RPROMPT", "RPROMPT2", "PROMPT", "PROMPT2", "PROMPT3", "PROMPT4",
	"SPROMPT", "TMOUT", "PERIOD", "TMUX", "TMUX_PANE", "STY",
}

func shellEnv(env []string) []string {
	out := slices.DeleteFunc(slices.Clone(env), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return slices.Contains(dropped, name) || strings.HasPrefix(name, "BASH_FUNC_") || strings.HasPrefix(name, "LD_")
	})
	return append(out, "TERM=xterm-256color", "COLORTERM=truecolor", "INPUTRC=/dev/null")
}
