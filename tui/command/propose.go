package command

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"syscall"
	"unicode/utf8"

	"escort/explain/quote"
	"escort/session/event"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"
)

// Propose is the engineer's side without a shell: it starts a session that is a
// text, and passes on what is released of its output. The status is the text's.
type Propose func(ctx context.Context, c Session, p Proposal) (status int, err error)

// Proposal is a text that an escort allows or denies.
type Proposal struct {
	Text     []byte
	ByLine   bool // each command of it is a hold of its own
	Solo     bool // an escort may be the same account
	Terminal bool // what is released goes to a terminal
	Notes    io.Writer
}

// MaxProposal is how long a proposal may be, in bytes: what a script is read to.
const MaxProposal = 1 << 20

func (t *tree) propose() *cobra.Command {
	var s Session
	var p Proposal
	var policyFile string
	c := &cobra.Command{
		Use:   "propose [flags] [FILE]",
		Short: "the engineer's side without a shell: a text that runs when the escort allows it",
		Long: "Reads commands from FILE or standard input and shows them to an escort, who allows them whole or denies them. They are run by bash, or by what " +
			"their #! line names, and read nothing. What they write comes back when the escort releases it, with secrets masked. The exit status is " +
			"their own (128+N for a signal), 3 if they are denied.",
		Example: "escort propose --ticket INC-4211 restart.sh\necho 'systemctl restart nginx' | escort propose --reason 'hangs'\nescort propose --lines steps.sh",
		Args:    cobra.MaximumNArgs(1),
	}
	c.Flags().StringVar(&s.Ticket, "ticket", "", "number or title of the work order")
	c.Flags().StringVar(&s.Reason, "reason", "", "why it is needed")
	c.Flags().StringVar(&policyFile, "policy", "", "policy file, in place of this account's own (see escort policy)")
	c.Flags().BoolVar(&s.AllowNoScopes, "allow-no-scopes", false, "relaxed: start where the kernel cannot keep root from the session's listener")
	c.Flags().BoolVar(&p.ByLine, "lines", false, "propose each command by itself, one after another; a denial ends it")
	c.Flags().BoolVar(&p.Solo, "solo", false, "relaxed: this account may be its own escort, in another terminal")
	c.RunE = t.run(func(cmd *cobra.Command, args []string) (err error) {
		if cmd.Flags().Changed("policy") && policyFile == "" {
			return usage("name a file", "--policy got an empty name")
		}
		if p.Text, err = t.proposed(args); err != nil {
			return err
		}
		s.Alert, s.blind = "none", true
		if err := t.prepare(&s, policyFile); err != nil {
			return err
		}
		s.Policy = s.Policy.Withholding(event.OutputReleased)
		f, ok := t.Out.(*os.File)
		p.Terminal, p.Notes = ok && term.IsTerminal(f.Fd()), t.Err
		ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGTERM, syscall.SIGHUP, syscall.SIGINT)
		defer stop()
		status, err := t.tools.Propose(ctx, s, p)
		switch {
		case ctx.Err() != nil && (err == nil || errors.Is(err, context.Canceled)):
			return &Error{Code: Failed, Err: errors.New("a signal ended the session"), Hint: "its record is kept in " + s.StateRoot}
		case err != nil:
			return err
		case status != 0:
			return &Error{Code: status}
		}
		return nil
	})
	return c
}

// proposed reads the text of a proposal.
func (t *tree) proposed(args []string) ([]byte, error) {
	in, name := t.In, "standard input"
	if len(args) == 1 && args[0] != "-" {
		f, err := os.Open(args[0])
		if err != nil {
			return nil, &Error{Code: Failed, Err: err, Hint: "name a file that you can read, or give the text on standard input"}
		}
		defer f.Close()
		in, name = f, quote.Word(args[0])
	} else if f, ok := in.(*os.File); ok && term.IsTerminal(f.Fd()) {
		return nil, usage("escort propose FILE, or a text on standard input; escort shell gives a shell", "nothing is proposed")
	}
	text, err := io.ReadAll(io.LimitReader(in, MaxProposal+1))
	if err != nil {
		return nil, &Error{Code: Failed, Err: err, Hint: "name a file that you can read"}
	}
	return text, checkProposal(text, name)
}

// checkProposal says why a text cannot be proposed: an escort must be able to
// read it.
func checkProposal(text []byte, name string) error {
	bad := func(format string, hint string) error {
		return &Error{Code: Failed, Err: errors.New(name + " " + format), Hint: hint}
	}
	switch {
	case len(bytes.TrimSpace(text)) == 0:
		return bad("is empty: nothing is proposed", "write the commands that shall run")
	case len(text) > MaxProposal:
		return bad("is longer than 1 MiB, more than an escort is shown", "propose it in smaller steps")
	case !utf8.Valid(text):
		return bad("is not UTF-8 text", "only text can be proposed; say by a command where a program comes from")
	case bytes.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r == 0x7f }):
		return bad("has control characters in it", "write them as escapes, and line ends as LF alone")
	}
	return nil
}
