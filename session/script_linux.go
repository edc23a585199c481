package session

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// proposalFile is the name of a text that is the session's command, in the folder
// of its record.
const proposalFile = "proposal"

// Interpreter is what a script's #! line names, else bash.
func Interpreter(script []byte) []string {
	first, _, _ := strings.Cut(string(script), "\n")
	if rest, ok := strings.CutPrefix(first, "#!"); ok {
		// As execve(2) has it: the program, and the rest as one word.
		program, word, _ := strings.Cut(strings.TrimSpace(rest), " ")
		if word = strings.TrimSpace(word); word != "" {
			return []string{program, word}
		}
		if program != "" {
			return []string{program}
		}
	}
	return []string{"bash"}
}

// putScript makes the script of the session a file that nothing inside it may
// change, and the session's command one that runs it. For another account there
// is one more, which it can read and, even from elsewhere, not write.
func (s *Session) putScript() error {
	if s.conf.Script == nil {
		return nil
	}
	at := filepath.Join(s.rec.Dir(), proposalFile)
	if err := os.WriteFile(at, s.conf.Script, 0o400); err != nil {
		return err
	}
	if a := s.conf.Account; a != nil {
		at = filepath.Join(s.conf.StartDir, proposalFile+"-"+s.rec.ID())
		s.rcFile = at // which goes with the session
		if err := errors.Join(os.WriteFile(at, s.conf.Script, 0o440), os.Chown(at, os.Geteuid(), a.GID), os.Chmod(at, 0o440)); err != nil {
			return err
		}
	}
	s.conf.Command = append(s.conf.Command, at)
	return nil
}
