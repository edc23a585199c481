package command

import (
	"errors"
	"io"
	"strings"

	"escort/explain/quote"
	"escort/session/doctor"
	"escort/session/record"

	"github.com/spf13/cobra"
)

func (t *tree) doctor() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "doctor",
		Short: "say what this host can enforce, and why not",
		Long: "Tries out, line by line, what a supervised session needs of this machine. " +
			"Ends with 0 if sessions can be held here, with 4 otherwise.",
		Example: "escort doctor\nescort doctor --json",
		Args:    cobra.ArbitraryArgs,
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the checks as one JSON array")
	c.RunE = t.run(func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return usage(helpHint(cmd), "doctor takes no argument, and got %s", quote.Word(args[0]))
		}
		state, err := record.StateRoot(t.Getenv)
		if err != nil {
			return err
		}
		checks := t.tools.Doctor(cmd.Context(), state)
		print := printChecks
		if asJSON {
			print = printChecksJSON
		}
		if err := print(t.Out, checks); err != nil {
			return err
		}
		if !doctor.Able(checks) {
			return unable(checks)
		}
		return nil
	})
	return c
}

// unable names what is missing and the first hint of what to do about it.
func unable(checks []doctor.Check) *Error {
	e := &Error{Code: Unable}
	var missing []string
	for _, c := range checks {
		if c.Needed && !c.OK {
			missing = append(missing, c.Name)
			if e.Hint == "" {
				e.Hint = c.Hint
			}
		}
	}
	if len(missing) == 0 {
		missing = []string{"nothing that is needed could be tried"}
	}
	e.Err = errors.New("this host cannot hold a session: " + strings.Join(missing, ", "))
	return e
}

// verdict is the word in front of a check: what is missing but not needed is
// no failure.
func verdict(c doctor.Check) string {
	switch {
	case c.OK:
		return "ok"
	case c.Needed:
		return "MISSING"
	default:
		return "note"
	}
}

func printChecks(w io.Writer, checks []doctor.Check) error {
	p := page{width: columns(w)}
	for _, c := range checks {
		word := verdict(c)
		line := c.Name
		if c.Detail != "" {
			line += ": " + c.Detail
		}
		const column = len("MISSING  ")
		p.hang(plain, word+strings.Repeat(" ", column-len(word)), line)
		if c.Hint != "" {
			p.hang(plain, strings.Repeat(" ", column), c.Hint)
		}
	}
	_, err := io.WriteString(w, p.String())
	return err
}

// checkJSON is a check under the names that programs read.
type checkJSON struct {
	Name   string `json:"name"`
	Detail string `json:"detail"`
	Hint   string `json:"hint"`
	OK     bool   `json:"ok"`
	Needed bool   `json:"needed"`
}

func printChecksJSON(w io.Writer, checks []doctor.Check) error {
	out := []checkJSON{}
	for _, c := range checks {
		out = append(out, checkJSON(c))
	}
	return writeJSON(w, out)
}
