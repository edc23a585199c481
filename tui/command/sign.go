package command

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"escort/explain/quote"
	"escort/session/event"
	"escort/session/policy"
	"escort/session/sign"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"
)

// agentVariable names the socket of the SSH agent.
const agentVariable = "SSH_AUTH_SOCK"

// signFlag adds the flag that has decisions signed.
func signFlag(c *cobra.Command, to *string) {
	c.Flags().StringVar(to, "sign", "", "sign each decision with an SSH key: its file, or agent, or agent:FINGERPRINT (as ssh-add -l has it)")
	_ = c.MarkFlagFilename("sign")
}

// signer is the key that a value of the flag means; nil: none was asked for. A
// public key file means that key of the agent. A passphrase is asked for in the
// terminal.
func (t *tree) signer(cmd *cobra.Command, value string) (*sign.Signer, error) {
	if !cmd.Flags().Changed("sign") {
		return nil, nil
	}
	name, which, chosen := strings.Cut(value, ":")
	switch {
	case value == "":
		return nil, usage("name a key file, or agent", "--sign got an empty name")
	case name != "agent":
		return sign.FromFile(cmd.Context(), value, t.Getenv(agentVariable), t.asksSecret())
	case chosen && !strings.HasPrefix(which, "SHA256:"):
		return nil, usage("ssh-add -l prints them; ./"+value+" names a file", "%s is no fingerprint as SHA256:…", quote.Word(which))
	}
	return sign.FromAgent(cmd.Context(), t.Getenv(agentVariable), which)
}

// asksSecret asks for something in the terminal that is not shown; nil: there is
// no terminal.
func (t *tree) asksSecret() func(prompt string) ([]byte, error) {
	f, ok := t.In.(*os.File)
	if !ok || !term.IsTerminal(f.Fd()) {
		return nil
	}
	return func(prompt string) ([]byte, error) {
		if _, err := fmt.Fprint(t.Err, quote.Line(prompt).String()); err != nil {
			return nil, err
		}
		secret, err := term.ReadPassword(f.Fd())
		_, _ = fmt.Fprintln(t.Err)
		return secret, err
	}
}

// signs finds the key of a session's only escort, and refuses one that does not
// count.
func (t *tree) signs(cmd *cobra.Command, value string, s *Session) (err error) {
	if s.Signer, err = t.signer(cmd, value); err != nil {
		return err
	}
	return mayDecide(s.Policy, s.Signer, s.Who)
}

// mayDecide refuses a session in which nothing that its only escort decides
// would count.
func mayDecide(p *policy.Policy, s *sign.Signer, who string) error {
	if s == nil {
		if p.Signed {
			return &Error{Code: Usage, Err: errors.New("the policy wants decisions signed"), Hint: "--sign KEYFILE, or --sign agent"}
		}
		return nil
	}
	for _, l := range p.Signers {
		if err := l.Check(s.Key(), who, event.Namespace, time.Now()); err != nil {
			return &Error{Code: Failed, Err: err, Hint: "sign with a key that is listed there, or have this one added"}
		}
	}
	return nil
}

// signed is a session whose decisions are signed in the name of who, where that
// was asked for.
func (c Session) signed(src event.Source, id, who string) event.Source {
	if c.Signer == nil {
		return src
	}
	return sign.Source(src, id, who, c.Signer)
}

// keepAgent keeps the agent that signs from the session: what runs there does
// not learn of it and may not reach it.
func (c Session) keepAgent(env, guard []string) (envOut, guardOut []string) {
	if c.Signer == nil || c.Signer.Agent() == "" {
		return env, guard
	}
	env = slices.DeleteFunc(slices.Clone(env), func(v string) bool { return strings.HasPrefix(v, agentVariable+"=") })
	guard = append(slices.Clone(guard), c.Signer.Agent())
	if real, err := filepath.EvalSymlinks(c.Signer.Agent()); err == nil {
		guard = append(guard, real)
	}
	return env, guard
}
