package command

import (
	"context"
	"errors"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// Shell is the engineer's side: it starts a session that waits for an escort,
// and passes it through this terminal. The status is that of its shell or
// command.
type Shell func(ctx context.Context, c Session, w Work) (status int, err error)

// Work is what an engineer wants to do.
type Work struct {
	Command []string // in place of a shell; nil: a shell
	Solo    bool     // an escort may be the same account

	mute   bool   // nobody types in it
	script []byte // a proposal, in place of both; nil: it is none
}

func (t *tree) shell() *cobra.Command {
	var s Session
	var w Work
	var policyFile string
	c := &cobra.Command{
		Use:   "shell [flags] [-- CMD...]",
		Short: "the engineer's side: a supervised shell in this terminal, for which an escort decides elsewhere",
		Long: "Starts a supervised session in this terminal and waits until an escort attaches. Everything that is entered is held until the escort " +
			"allows it. With a command behind -- the session is this command alone: it is held itself, and its exit status is passed on (3: denied).",
		Example: "escort shell --ticket INC-4211 --reason 'restart the billing API'\nescort shell -- systemctl restart nginx\nescort shell --solo",
		Args: func(cmd *cobra.Command, args []string) error {
			return nil
		},
	}
	c.Flags().StringVar(&s.Ticket, "ticket", "", "number or title of the work order")
	c.Flags().StringVar(&s.Reason, "reason", "", "why the session is needed")
	c.Flags().StringVar(&s.Shell, "shell", "", "shell to start (default: $SHELL if it is bash or zsh, else bash; with any other the line view is lost)")
	c.Flags().StringVar(&policyFile, "policy", "", "policy file, in place of this account's own (see escort policy)")
	c.Flags().BoolVar(&s.UserRC, "user-rc", false, "let the shell read the engineer's own start files")
	c.Flags().BoolVar(&s.AllowNoScopes, "allow-no-scopes", false, "relaxed: start where the kernel cannot keep root from the session's listener")
	c.Flags().BoolVar(&w.Solo, "solo", false, "relaxed: this account may be its own escort, in another terminal")
	c.RunE = t.run(func(cmd *cobra.Command, args []string) error {
		switch dash := cmd.ArgsLenAtDash(); {
		case dash < 0 && len(args) > 0:
			return usage("write the command behind --, as in escort shell -- "+args[0], "a command stands behind --")
		case dash > 0:
			return usage(helpHint(cmd), "nothing may stand before --")
		case dash == 0 && len(args) == 0:
			return usage(helpHint(cmd), "no command stands behind --")
		case dash == 0:
			w.Command = args
		}
		if cmd.Flags().Changed("policy") && policyFile == "" {
			return usage("name a file", "--policy got an empty name")
		}
		s.Alert, s.lines = "none", true
		if err := t.prepare(&s, policyFile); err != nil {
			return err
		}
		ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGTERM, syscall.SIGHUP)
		defer stop()
		status, err := t.tools.Shell(ctx, s, w)
		switch {
		case ctx.Err() != nil && (err == nil || errors.Is(err, context.Canceled)):
			return &Error{Code: Failed, Err: errors.New("a signal ended the session"), Hint: "its record is kept in " + s.StateRoot}
		case err != nil:
			return err
		case w.Command != nil && status != 0:
			return &Error{Code: status}
		}
		return nil
	})
	return c
}
