package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"escort/explain/quote"
	"escort/session/bypass"
	"escort/session/record"

	"github.com/spf13/cobra"
)

// notCovered is what no row of the self-test can show.
const notCovered = "Not covered: faults of the kernel; programs that already run outside of the session and do what they are asked; " +
	"what an allowed interpreter computes without any effect; reading of files; a person who is root outside of the session."

func (t *tree) selftest() *cobra.Command {
	var asJSON bool
	var only []string
	c := &cobra.Command{
		Use:   "selftest",
		Short: "try to get past the gate on this host",
		Long: "Tries, in sessions of its own and in a temporary folder, a hundred ways in which gates of this kind were got past. " +
			"Each must be stopped. The result is kept and stands in the record of every later session. " +
			"Ends with 0 if all that was tried was stopped, with 1 if anything got through.",
		Example: "escort selftest\nescort selftest --only memfd --only vim\nescort selftest --json",
		Args:    cobra.ArbitraryArgs,
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the results as one JSON array")
	c.Flags().StringArrayVar(&only, "only", nil, "try only the case with this name; may be given several times")
	c.RunE = t.run(func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return usage(helpHint(cmd), "selftest takes no argument, and got %s", quote.Word(args[0]))
		}
		cases, err := chosen(only)
		if err != nil {
			return err
		}
		if runtime.GOOS != "linux" {
			return &Error{Code: Unable, Err: errors.New("sessions can be held on Linux only"), Hint: "run it on the Linux host itself"}
		}
		results, err := t.tried(cmd.Context(), cases)
		if err != nil {
			return err
		}
		if asJSON {
			err = printResultsJSON(t.Out, results)
		} else {
			err = printResults(t.Out, t.Getenv, results)
		}
		if err != nil {
			return err
		}
		sum := bypass.Count(results)
		if len(only) == 0 {
			if err := t.stamp(sum); err != nil {
				return err
			}
		}
		if sum.Through > 0 {
			return &Error{
				Code: Failed, Err: fmt.Errorf("the gate does not hold here: %s not stopped", count(sum.Through, "case")),
				Hint: "do not supervise sessions on this host before it is known why; escort doctor may tell",
			}
		}
		return nil
	})
	return c
}

// chosen are the cases with the names given; all, if none are.
func chosen(only []string) ([]bypass.Case, error) {
	all, err := bypass.Cases()
	if err != nil || len(only) == 0 {
		return all, err
	}
	var out []bypass.Case
	for _, id := range only {
		i := slices.IndexFunc(all, func(c bypass.Case) bool { return c.ID == id })
		if i < 0 {
			return nil, usage("escort selftest --json names them all", "there is no case %s", quote.Word(id))
		}
		out = append(out, all[i])
	}
	return out, nil
}

// tried tries the cases and says on the error stream how far it is.
func (t *tree) tried(ctx context.Context, cases []bypass.Case) ([]bypass.Result, error) {
	folder, err := os.MkdirTemp("", "escort-selftest-")
	if err != nil {
		return nil, &Error{Code: Failed, Err: err, Hint: "TMPDIR names another folder"}
	}
	defer os.RemoveAll(folder)
	n := 0
	results, err := bypass.All(ctx, folder, cases, func(r bypass.Result) {
		n++
		fmt.Fprintf(t.Err, "%3d of %d  %-8s %s\n", n, len(cases), outcomeOf(r), r.Item)
	})
	if err != nil {
		return nil, cannot(err, &Error{Code: Failed, Err: fmt.Errorf("the self-test could not be made: %w", err), Hint: "escort doctor says what this host lacks"})
	}
	return results, nil
}

// stamp keeps the result for the records of later sessions.
func (t *tree) stamp(sum bypass.Sum) error {
	root, err := record.StateRoot(t.Getenv)
	if err != nil {
		return err
	}
	return record.SaveStamp(root, record.Stamp{
		Time: time.Now().UTC(), Kernel: kernel(), Version: Version, Stopped: sum.Stopped, Through: sum.Through, NotRun: sum.NotRun,
	})
}

// kernel is the release of the running kernel; empty: not known.
func kernel() string {
	b, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

// outcomeOf is the word for a result.
func outcomeOf(r bypass.Result) string {
	switch {
	case r.NotRun != "":
		return "not run"
	case r.Stopped:
		return "stopped"
	}
	return "THROUGH"
}

func printResults(w io.Writer, getenv func(string) string, results []bypass.Result) error {
	p := page{width: columns(w)}
	var took time.Duration
	for _, r := range results {
		took += r.Took
		const column = len("stopped  ")
		word := outcomeOf(r)
		p.hang(plain, word+strings.Repeat(" ", column-len(word)), fmt.Sprintf("%s: %s (%s, %.1f s)", r.Item, r.Why, r.ID, r.Took.Seconds()))
		p.hang(plain, strings.Repeat(" ", column), quote.Line(cmp.Or(r.NotRun, r.How)).String())
	}
	sum := bypass.Count(results)
	p.paragraph(bold, fmt.Sprintf("%d stopped, %d got through, %d not run.", sum.Stopped, sum.Through, sum.NotRun))
	p.paragraph(plain, notCovered)
	return show(w, getenv, p.String())
}

// resultJSON is a result under the names that programs read.
type resultJSON struct {
	ID      string  `json:"id"`
	Item    string  `json:"item"`
	Why     string  `json:"why"`
	Outcome string  `json:"outcome"` // stopped, through, not-run
	How     string  `json:"how"`
	Seconds float64 `json:"seconds"`
}

func printResultsJSON(w io.Writer, results []bypass.Result) error {
	out := []resultJSON{}
	for _, r := range results {
		word := strings.ReplaceAll(strings.ToLower(outcomeOf(r)), " ", "-")
		out = append(out, resultJSON{r.ID, r.Item, r.Why, word, cmp.Or(r.NotRun, r.How), r.Took.Seconds()})
	}
	return writeJSON(w, out)
}
