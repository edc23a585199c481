package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"escort/explain/effect"
	"escort/explain/quote"
	"escort/session/sample"

	"github.com/spf13/cobra"
)

func (t *tree) sample() *cobra.Command {
	c := &cobra.Command{
		Use:   "sample",
		Short: "list, check and make sample sessions",
		Long: "A sample session is a YAML file: who the engineer is, the ticket, the lines that are typed, what they print, and what is right " +
			"to decide. escort demo plays it, escort train makes a lesson of it. escort sample example prints one to begin with.",
		Example: "escort sample example > mine.yaml\nescort sample list\nescort sample check mine.yaml\nescort sample record REC > mine.yaml",
		Args:    cobra.ArbitraryArgs,
	}
	c.RunE = t.run(func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return usage(helpHint(cmd), "unknown command %s", quote.Word(args[0]))
		}
		return cmd.Help()
	})
	c.AddCommand(t.sampleList(), t.sampleCheck(), t.sampleRecord(), t.sampleExample())
	return c
}

func (t *tree) sampleList() *cobra.Command {
	c := &cobra.Command{
		Use:     "list [FOLDER]",
		Short:   "list the samples, course by course, or those of a folder",
		Example: "escort sample list\nescort sample list ./our-lessons",
		Args:    cobra.ArbitraryArgs,
	}
	c.RunE = t.run(func(cmd *cobra.Command, args []string) error {
		if len(args) > 1 {
			return usage(helpHint(cmd), "list takes one folder, and got %d", len(args))
		}
		if len(args) == 0 {
			return listSamples(t.Out)
		}
		list, err := sample.Folder(os.DirFS(args[0]))
		if err != nil {
			return sampleError(args[0], err)
		}
		for _, s := range list {
			if err := listSample(t.Out, s); err != nil {
				return err
			}
		}
		return nil
	})
	return c
}

// listSamples writes what each sample shows, course by course.
func listSamples(w io.Writer) error {
	for _, c := range sample.Courses() {
		if _, err := fmt.Fprintf(w, "%s (%s): %s\n", c.Title, c.Name, c.About); err != nil {
			return err
		}
		for _, name := range c.Lessons {
			s, err := sample.Load(name)
			if err != nil {
				return err
			}
			if err := listSample(w, s); err != nil {
				return err
			}
		}
	}
	return nil
}

func listSample(w io.Writer, s sample.Sample) error {
	_, err := fmt.Fprintf(w, "  %-16s  %s\n", quote.Line(s.Name), quote.Line(s.About))
	return err
}

func (t *tree) sampleCheck() *cobra.Command {
	c := &cobra.Command{
		Use:   "check FILE…",
		Short: "check sample files: that they play, and that their key agrees with the cards",
		Long: "Reads each file and writes every problem as FILE:LINE: text. It also makes the explanation of every line and compares it with what " +
			"the file calls right: to allow what the card calls HIGH or CRITICAL, and to deny what it calls SAFE, needs a because; cannot-tell is for what the " +
			"card does not understand; and at least three lines must be right to allow, so that denying everything does not pass.\n\n" +
			"The exit code is 0 where nothing is wrong, else 1.",
		Example: "escort sample check mine.yaml\nescort sample check our-lessons/*.yaml",
		Args:    cobra.ArbitraryArgs,
	}
	c.RunE = t.run(func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usage("escort sample check FILE…", "check needs the name of a file")
		}
		bad := 0
		for _, name := range args {
			n, err := t.checkSample(cmd.Context(), name)
			if err != nil {
				return err
			}
			bad += n
		}
		if bad > 0 {
			return &Error{Code: Failed, Err: fmt.Errorf("%s to mend", count(bad, "problem")), Hint: "escort sample example prints a whole one, and its --help says what each name means"}
		}
		return nil
	})
	return c
}

// checkSample writes what is wrong with a file, or what its cards will say, and
// returns the number of problems.
func (t *tree) checkSample(ctx context.Context, name string) (bad int, err error) {
	s, err := readSample(name)
	var found *sample.Problems
	switch {
	case errors.As(err, &found):
	case err != nil:
		return 0, err
	default:
		found = &sample.Problems{File: name, List: sample.Check(ctx, s, t.tools.Explain)}
	}
	if len(found.List) > 0 {
		_, err = io.WriteString(t.Out, quote.Text(found.Error()).String()+"\n")
		return len(found.List), err
	}
	if _, err := fmt.Fprintf(t.Out, "%s: %s, all is well\n", quote.Line(name), count(len(s.Steps), "step")); err != nil {
		return 0, err
	}
	for _, st := range s.Steps {
		e := t.tools.Explain(ctx, effect.Request{Text: st.Line, Kind: effect.KindLine, World: s.World(), Ticket: s.Ticket})
		_, err := fmt.Fprintf(t.Out, "  %-11s  %-8s  %s\n", st.Right, strings.ToUpper(string(e.Risk)), quote.Line(st.Line))
		if err != nil {
			return 0, err
		}
	}
	return 0, nil
}

// readSample reads a file of somebody's own.
func readSample(name string) (sample.Sample, error) {
	dir, file := filepath.Split(name)
	if dir == "" {
		dir = "."
	}
	s, err := sample.ReadFile(os.DirFS(dir), file)
	if err != nil {
		return s, sampleError(dir, err)
	}
	return s, nil
}

// sampleError is an error of a file in a folder, under the name that was given.
func sampleError(dir string, err error) error {
	var p *sample.Problems
	var missing *fs.PathError
	switch {
	case errors.As(err, &p):
		if dir != "." {
			p.File = filepath.Join(dir, p.File)
		}
		return p
	case errors.As(err, &missing):
		return &Error{
			Code: Failed, Err: fmt.Errorf("%s cannot be read: %w", filepath.Join(dir, missing.Path), missing.Err),
			Hint: "escort sample list names the samples that come with the program",
		}
	}
	return &Error{Code: Failed, Err: fmt.Errorf("%s: %w", dir, err), Hint: "escort sample check FILE says what is wrong with a file"}
}
