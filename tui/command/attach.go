package command

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"escort/explain/quote"
	"escort/session/door"
	"escort/session/policy"

	"github.com/spf13/cobra"
)

// Attach is the escort's side: it opens a console on a session of this machine
// that somebody else has started.
type Attach struct {
	// List tells which sessions there are.
	List func(ctx context.Context) ([]Meeting, error)
	// Console shows one.
	Console func(ctx context.Context, at Meeting, c Session) error
	// JSON passes lines between one and programs.
	JSON func(ctx context.Context, at Meeting, in io.Reader, out io.Writer) error
}

// Meeting is a session that one can attach to, and where it is reached.
type Meeting struct {
	door.About
	Socket string
}

func (t *tree) attach() *cobra.Command {
	var s Session
	var asJSON, list bool
	var key string
	c := &cobra.Command{
		Use:   "attach [SESSION]",
		Short: "the escort's side: the console on a session of this machine",
		Long: "Opens the console on a session that an engineer has started with escort shell, or that escort serve keeps. " +
			"SESSION is its ID or how that ends; it is needed only where there are several.",
		Example: "escort attach\nescort attach 4f2a --plain\nescort attach --list\nescort attach --sign agent\nescort attach 4f2a --json",
		Args:    cobra.MaximumNArgs(1),
	}
	signFlag(c, &key)
	themeFlag(c, &s.Theme)
	mouseFlag(c, &s.NoMouse)
	plainFlag(c, &s.Plain)
	alertFlag(c, &s.Alert)
	onHoldFlag(c, &s.OnHold)
	c.Flags().BoolVar(&asJSON, "json", false, "for programs: events out as JSON lines, decisions and messages in")
	c.Flags().BoolVar(&list, "list", false, "list the sessions and open none")
	c.RunE = t.run(func(cmd *cobra.Command, args []string) error {
		if runtime.GOOS != "linux" || t.tools.Attach.List == nil {
			return &Error{Code: Unable, Err: fmt.Errorf("sessions are on Linux only"), Hint: "attach on the Linux host itself"}
		}
		if err := checkTheme(s.Theme); err != nil {
			return err
		}
		found, err := t.tools.Attach.List(cmd.Context())
		if err != nil {
			return err
		}
		if list {
			return t.listSessions(found)
		}
		want := ""
		if len(args) == 1 {
			want = args[0]
		}
		switch {
		case !asJSON:
			if err := t.prepareConsole(&s); err != nil {
				return err
			}
		case cmd.Flags().Changed("sign"):
			return usage("a program signs what it sends, as ssh-keygen -Y sign does, and sends head and signature along", "--json does not go with --sign")
		}
		at, err := t.choose(found, want, asJSON)
		if err != nil {
			return err
		}
		if asJSON {
			return t.tools.Attach.JSON(cmd.Context(), at, t.In, t.Out)
		}
		if s.Signer, err = t.signer(cmd, key); err != nil {
			return err
		}
		return t.tools.Attach.Console(cmd.Context(), at, s)
	})
	return c
}

// prepareConsole checks what a console on another's session needs.
func (t *tree) prepareConsole(s *Session) (err error) {
	s.Plain, s.Why = t.plainly(s.Plain)
	if s.Cols, s.Rows, err = t.terminal(s.Plain); err != nil {
		return err
	}
	if s.Keys, err = t.bindings(); err != nil {
		return err
	}
	if s.Policy, err = policy.Load(policyPlaces(t.Getenv, "")); err != nil {
		return err
	}
	s.Out = t.Out
	return s.checkAlert()
}

// choose is the session that is meant: by its name, or the only one. Several
// are listed, and a person is asked.
func (t *tree) choose(found []Meeting, want string, program bool) (Meeting, error) {
	fits := slices.DeleteFunc(slices.Clone(found), func(a Meeting) bool { return !strings.HasSuffix(a.ID, want) })
	switch {
	case len(found) == 0:
		return Meeting{}, &Error{Code: Failed, Err: fmt.Errorf("no session on this machine waits for you"), Hint: "an engineer starts one with escort shell; another account's is reached through escort serve, or as root"}
	case len(fits) == 0:
		return Meeting{}, &Error{Code: Failed, Err: fmt.Errorf("there is no session %s", quote.Word(want)), Hint: "escort attach --list names those that there are"}
	case len(fits) == 1:
		return fits[0], nil
	case program:
		return Meeting{}, usage("escort attach --list names them", "there are %d sessions: name one", len(fits))
	}
	if err := t.listSessions(fits); err != nil {
		return Meeting{}, err
	}
	_, _ = fmt.Fprint(t.Out, "which one (number)? ")
	line := make([]byte, 32)
	n, _ := t.In.Read(line)
	i, err := strconv.Atoi(strings.TrimSpace(string(line[:n])))
	if err != nil || i < 1 || i > len(fits) {
		return Meeting{}, usage("name one: escort attach "+fits[0].ID, "that is none of them")
	}
	return fits[i-1], nil
}

// listSessions prints what there is to know of each session.
func (t *tree) listSessions(found []Meeting) error {
	w := tabwriter.NewWriter(t.Out, 0, 8, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "\tSESSION\tENGINEER\tHOST\tAGE\tWAITING\tESCORTS\tTICKET")
	for i, a := range found {
		who := strings.Join(a.Escorts, ", ")
		if who == "" {
			who = "nobody"
		}
		_, _ = fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%d\t%s\t%s\n", i+1, visible(a.ID), visible(a.Engineer), visible(a.Host),
			age(time.Since(a.Begun)), a.Waiting, visible(who), visible(titled(a.Ticket, a.Reason)))
	}
	return w.Flush()
}

// titled is what a session is for, in a line.
func titled(ticket, reason string) string {
	switch {
	case reason == "":
		return ticket
	case ticket == "":
		return reason
	}
	return ticket + " · " + reason
}

func visible(text string) string { return quote.Line(text).String() }

// age is a length of time as a clock has it.
func age(d time.Duration) string {
	s := max(int(d.Seconds()), 0)
	return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
}
