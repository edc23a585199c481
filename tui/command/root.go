package command

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"escort/explain/quote"
	"escort/keymap"
	"escort/session/policy"
	"escort/session/record"
	"escort/session/sign"
	"escort/tui"
	"escort/tui/layout"
	"escort/tui/runbook"
	"escort/tui/theme"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"
)

// Console opens the console with a supervised shell inside and returns when
// the session is over.
type Console func(ctx context.Context, c Session) error

// Session is what the bare command was asked to start.
type Session struct {
	Shell, Ticket, Reason string
	UserRC, AllowNoScopes bool
	Policy                *policy.Policy
	Runbook               *runbook.Book // nil: none
	RunbookFile           string
	Cols, Rows            int
	OnHold                string // command to run when something is held; empty: none
	Alert                 string // one of tui.Alerts
	Plain                 bool   // lines of text in place of a screen
	Why                   string // why plain, where nobody asked for it
	StateRoot             string
	Signer                *sign.Signer // nil: decisions are not signed
	Keys                  *keymap.Map
	Theme                 string
	NoMouse               bool
	Dir, Who              string
	lines                 bool // the terminal may be of any size
	blind                 bool // there need be no terminal
	Env                   []string
	Out                   io.Writer // for what is said after the console
}

func (t *tree) root() *cobra.Command {
	var s Session
	var policyFile, key string
	c := &cobra.Command{
		Use:   "escort",
		Short: "hold every command of an engineer until you have understood it",
		Long: "Opens a console with a supervised shell inside it, on this machine. Every command that is entered there is held, " +
			"explained in plain words with its risk, and runs only when you press a key.",
		Example: "escort --ticket INC-4211 --reason 'restart the billing API'\nescort --runbook restart.txt\nescort explain 'sudo rm -rf /var/lib/mysql'",
		Args:    cobra.ArbitraryArgs,
	}
	c.Flags().StringVar(&s.Ticket, "ticket", "", "number or title of the work order")
	c.Flags().StringVar(&s.Reason, "reason", "", "why the session is needed")
	c.Flags().StringVar(&s.Shell, "shell", "", "shell to start (default: $SHELL if it is bash or zsh, else bash; with any other the line view is lost)")
	c.Flags().StringVar(&policyFile, "policy", "", "policy file, in place of this account's own (see escort policy)")
	c.Flags().StringVar(&s.RunbookFile, "runbook", "", "file of planned lines, one command a line; each card says whether it is as planned, or what differs")
	_ = c.MarkFlagFilename("runbook")
	signFlag(c, &key)
	themeFlag(c, &s.Theme)
	mouseFlag(c, &s.NoMouse)
	plainFlag(c, &s.Plain)
	alertFlag(c, &s.Alert)
	onHoldFlag(c, &s.OnHold)
	c.Flags().BoolVar(&s.UserRC, "user-rc", false, "let the shell read the engineer's own start files")
	c.Flags().BoolVar(&s.AllowNoScopes, "allow-no-scopes", false, "relaxed: start where the kernel cannot keep root from the session's listener")
	c.RunE = t.run(func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return usage(helpHint(cmd), "unknown command %s", quote.Word(args[0]))
		}
		if cmd.Flags().Changed("policy") && policyFile == "" {
			return usage("name a file", "--policy got an empty name")
		}
		if cmd.Flags().Changed("runbook") && s.RunbookFile == "" {
			return usage("name a file", "--runbook got an empty name")
		}
		if err := checkTheme(s.Theme); err != nil {
			return err
		}
		if err := t.prepare(&s, policyFile); err != nil {
			return err
		}
		if err := s.checkAlert(); err != nil {
			return err
		}
		if err := t.signs(cmd, key, &s); err != nil {
			return err
		}
		ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGTERM, syscall.SIGHUP)
		defer stop()
		err := t.tools.Console(ctx, s)
		if ctx.Err() != nil && (err == nil || errors.Is(err, context.Canceled)) {
			err = &Error{Code: Failed, Err: errors.New("a signal ended the session"), Hint: "its record is kept in " + s.StateRoot}
		}
		return err
	})
	return c
}

// themeFlag adds the flag that chooses how things look.
func themeFlag(c *cobra.Command, to *string) {
	c.Flags().StringVar(to, "theme", theme.Auto, "colours: "+strings.Join(theme.Names, ", ")+" (calm is safe for colour-blind eyes, auto follows the terminal's background)")
	_ = c.RegisterFlagCompletionFunc("theme", cobra.FixedCompletions(theme.Names, cobra.ShellCompDirectiveNoFileComp))
}

// mouseFlag adds the flag that leaves the mouse alone.
func mouseFlag(c *cobra.Command, to *bool) {
	c.Flags().BoolVar(to, "no-mouse", false, "leave the mouse to the terminal, to select text with it (in the console, t switches)")
}

// alertFlag adds the flag that says how something held is told.
func alertFlag(c *cobra.Command, to *string) {
	c.Flags().StringVar(to, "alert", "none", "when something is held: "+strings.Join(tui.Alerts, ", ")+" (rings, or shows a note by OSC 9)")
	_ = c.RegisterFlagCompletionFunc("alert", cobra.FixedCompletions(tui.Alerts, cobra.ShellCompDirectiveNoFileComp))
}

func checkTheme(name string) error {
	if !slices.Contains(theme.Names, name) {
		return usage("the themes are "+strings.Join(theme.Names, ", "), "no theme is called %s", quote.Word(name))
	}
	return nil
}

// prepare checks what the console needs before anything is started, and fills
// in what the flags leave open.
func (t *tree) prepare(s *Session, policyFile string) error {
	if runtime.GOOS != "linux" || t.tools.Console == nil {
		return &Error{
			Code: Unable, Err: errors.New("sessions can be held on Linux only"),
			Hint: "explain and verify work here; run the console on the Linux host itself",
		}
	}
	var err error
	s.Plain, s.Why = t.plainly(s.Plain)
	if s.Cols, s.Rows = 80, 24; !s.blind {
		if s.Cols, s.Rows, err = t.terminal(s.Plain || s.lines); err != nil {
			return err
		}
	}
	if s.StateRoot, err = record.StateRoot(t.Getenv); err != nil {
		return err
	}
	if s.Dir, err = os.Getwd(); err != nil {
		return &Error{Code: Failed, Err: err, Hint: "change to a folder that exists"}
	}
	if s.Keys, err = t.bindings(); err != nil {
		return err
	}
	if s.Runbook, err = readRunbook(s.RunbookFile); err != nil {
		return err
	}
	if s.Policy, err = policy.Load(policyPlaces(t.Getenv, policyFile)); err != nil {
		return err
	}
	s.Out = t.Out
	s.Who, s.Env = accountName(t.Getenv), os.Environ()
	if s.Shell == "" {
		s.Shell = usualShell(t.Getenv("SHELL"))
	}
	return nil
}

// checkAlert refuses an alert that there is not, or that the policy forbids.
func (s *Session) checkAlert() error {
	switch {
	case !slices.Contains(tui.Alerts, s.Alert):
		return usage("the alerts are "+strings.Join(tui.Alerts, ", "), "no alert is called %s", quote.Word(s.Alert))
	case !s.Policy.Bell && (s.Alert == "bell" || s.Alert == "both"):
		return usage("leave --alert out, or change console.bell", "the policy does not let the console ring")
	case !s.Policy.Notify && (s.Alert == "desktop" || s.Alert == "both"):
		return usage("leave --alert out, or change console.notify", "the policy does not let the console show notes on the desktop")
	}
	return nil
}

// plainFlag adds the flag that asks for the console of lines.
func plainFlag(c *cobra.Command, to *bool) {
	c.Flags().BoolVar(to, "plain", false, "one line of text at a time, for screen readers and terminals that know only lines (by itself where TERM is dumb)")
}

// plainly reports whether the console of lines is to be used, and why if nobody
// asked for it.
func (t *tree) plainly(asked bool) (plain bool, why string) {
	if asked || t.Getenv("TERM") != "dumb" {
		return asked, ""
	}
	return true, "This terminal is called dumb (TERM), so the console comes as lines of text. See escort --help, --plain."
}

// terminal returns the size of the terminal that both streams must be. Lines
// of text need no least size.
func (t *tree) terminal(plain bool) (cols, rows int, err error) {
	const hint = "start escort in a terminal, with nothing redirected"
	for _, stream := range []struct {
		name string
		file any
	}{{"input", t.In}, {"output", t.Out}} {
		f, ok := stream.file.(*os.File)
		if !ok || !term.IsTerminal(f.Fd()) {
			return 0, 0, usage(hint, "the standard %s is not a terminal", stream.name)
		}
		if cols, rows, err = term.GetSize(f.Fd()); err != nil {
			return 0, 0, usage(hint, "the size of the terminal is not known: %w", err)
		}
	}
	if !plain && (cols < layout.MinCols || rows < layout.MinRows) {
		return 0, 0, usage("make the window larger, or its letters smaller",
			"the terminal has %d×%d cells; the console needs %d×%d", cols, rows, layout.MinCols, layout.MinRows)
	}
	return cols, rows, nil
}

// usualShell is the account's own shell where it can be supervised.
func usualShell(shell string) string {
	if name := filepath.Base(shell); name == "bash" || name == "zsh" {
		return shell
	}
	return "bash"
}
