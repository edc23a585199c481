package command

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"escort/explain/quote"
	"escort/session/record"

	"github.com/spf13/cobra"
)

func (t *tree) verify() *cobra.Command {
	var asJSON bool
	var want proofs
	c := &cobra.Command{
		Use:   "verify REC",
		Short: "check that the record of a session is as it was written",
		Long: "Checks the chain of a session's ledger, line by line, and the recording of the terminal against it. " +
			"REC is the session's folder, or its ledger.jsonl alone. Ends with 0 if nothing was changed, with 5 otherwise. " +
			"That the end of a session is missing is said, but no failure: a power cut leaves the same trace.\n\n" +
			"Decisions that were signed are counted, and each signature is checked. Whose keys they are, only a list can say: --signers FILE, as " +
			"ssh-keygen(1) describes it under ALLOWED SIGNERS. Nothing but the record and the list is needed. --export writes what was signed and the signatures, " +
			"for ssh-keygen -Y verify.",
		Example: "escort verify ~/.local/state/escort/sessions/20261123-231502-4f2a\nescort verify --json REC\n" +
			"escort verify --signers allowed_signers --require-signed REC\nescort verify --export proofs REC",
		Args: cobra.ArbitraryArgs,
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the result as one JSON object")
	want.flags(c)
	c.RunE = t.run(func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usage("escort verify REC, where REC is the folder of one session", "verify needs exactly one record, and got %d", len(args))
		}
		lists, err := want.lists()
		if err != nil {
			return err
		}
		rep, err := record.Verify(args[0])
		if err != nil {
			return unreadable(err)
		}
		sigs := checkSignatures(rep.Decisions, lists, want.required)
		print := printReport
		if asJSON {
			print = printReportJSON
		}
		if err := print(t.Out, rep, sigs); err != nil {
			return err
		}
		if err := want.export(t, rep, asJSON); err != nil {
			return err
		}
		return verified(rep, sigs)
	})
	return c
}

// verified is how a check ends.
func verified(rep record.Report, sigs signatures) error {
	if n := len(rep.Problems); n > 0 {
		return &Error{
			Code: Unverified, Err: fmt.Errorf("the record is not as it was written: %s", count(n, "problem")),
			Hint: "keep the folder as it is and compare it with another copy",
		}
	}
	if n := len(sigs.Wrong); n > 0 {
		return &Error{
			Code: Unverified, Err: fmt.Errorf("%s of %d does not hold", count(n, "signature"), n+sigs.Signed),
			Hint: "ask who decided, and compare the record with another copy; the list of signers may be too new or too old",
		}
	}
	if n := len(sigs.Missing); n > 0 && sigs.Required {
		return &Error{
			Code: Unverified, Err: fmt.Errorf("%s without a signature", count(n, "allow")),
			Hint: "decisions.signed: required in the policy refuses them in the session",
		}
	}
	return nil
}

func unreadable(err error) error {
	hint := "check who may read it"
	if errors.Is(err, fs.ErrNotExist) {
		hint = "the records of this account are in $XDG_STATE_HOME/escort/sessions, else ~/.local/state/escort/sessions"
	}
	return &Error{Code: Failed, Err: fmt.Errorf("the record cannot be read: %w", err), Hint: hint}
}

func printReportJSON(w io.Writer, rep record.Report, sigs signatures) error {
	return writeJSON(w, struct {
		Whole bool `json:"whole"`
		record.Report
		Signatures signatures `json:"signatures"`
	}{rep.Whole(), rep, sigs})
}

func printReport(w io.Writer, rep record.Report, sigs signatures) error {
	var b strings.Builder
	word := "whole"
	if !rep.Whole() {
		word = "CHANGED"
	}
	fmt.Fprintf(&b, "%s: %s", word, count(rep.Lines, "line"))
	if !rep.First.IsZero() {
		fmt.Fprintf(&b, ", %s to %s", stamp(rep.First), stamp(rep.Last))
	}
	b.WriteString("\n")
	if m := rep.Meta; m != nil {
		fmt.Fprintf(&b, "session of %s on %s, escort %s\n", quote.Line(m.User), quote.Line(m.Host), quote.Line(m.Escort))
	}
	if m := rep.Meta; m != nil {
		for _, p := range m.Policy {
			fmt.Fprintf(&b, "policy %s, sha256 %s\n", quote.Line(p.Name), quote.Line(p.SHA256))
		}
		if p := m.Runbook; p != nil {
			fmt.Fprintf(&b, "runbook %s, sha256 %s\n", quote.Line(p.Name), quote.Line(p.SHA256))
		}
	}
	if !rep.Closed {
		b.WriteString("the end of the session is missing: it still runs, was cut short, or lines were cut off\n")
	}
	sigs.print(&b)
	for _, p := range rep.Problems {
		b.WriteString(quote.Line(p.String()).String() + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// count puts a number before a word, which gets an s where it needs one.
func count(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
