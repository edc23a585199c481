package command

import (
	"bytes"
	"errors"
	"os"
	"strings"

	"escort/session/record"
	"escort/session/sample"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"
)

func (t *tree) sampleRecord() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "record REC",
		Short: "make the draft of a sample from the record of a session",
		Long: "Takes the lines that were typed and decided, what they printed, the scripts that they ran, and what the engineer answered, and writes a " +
			"sample file. The key is what was decided then; why that was right, and what to learn of it, is yours to write: " +
			"escort sample check lists what is left. REC is the session's folder.\n\n" +
			"Read the draft before anybody else does: it may hold secrets, and names of people and machines.",
		Example: "escort sample record ~/.local/state/escort/sessions/20261123-231502-4f2a > mine.yaml\nescort sample record REC --out mine.yaml\nescort sample check mine.yaml",
		Args:    cobra.ArbitraryArgs,
	}
	c.Flags().StringVar(&out, "out", "-", "the file that it is written to; it must not be there yet (- is the output)")
	_ = c.MarkFlagFilename("out", "yaml")
	c.RunE = t.run(func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usage("escort sample record REC, where REC is the folder of one session", "record needs exactly one record, and got %d", len(args))
		}
		meta, entries, err := record.Entries(args[0])
		if err != nil {
			return unreadable(err)
		}
		if len(entries) == 0 {
			return &Error{Code: Failed, Err: errors.New("no line was decided in this session"), Hint: "choose the record of another session"}
		}
		var b bytes.Buffer
		if err := sample.WriteDraft(&b, meta.Host, meta.User, meta.Ticket, meta.Started, seen(entries)); err != nil {
			return err
		}
		if out == "-" {
			_, err = t.Out.Write(b.Bytes())
			return err
		}
		return writeDraft(out, b.Bytes())
	})
	return c
}

// seen are the lines of a record as a draft takes them.
func seen(entries []record.Entry) []sample.Seen {
	var list []sample.Seen
	for _, e := range entries {
		s := sample.Seen{
			Line: e.Held.Typed, Verdict: e.Decided.Verdict, Reason: e.Decided.Reason, Answer: e.Answer, Explanation: e.Held.Explanation,
			Dir: e.Held.Dir, Output: putOut(e),
		}
		if f := e.Finished; f != nil && f.Status != nil {
			s.Status = *f.Status
		}
		list = append(list, s)
	}
	return list
}

// putOut is what a line printed, without the line itself, which the shell shows
// once more when it is allowed.
func putOut(e record.Entry) string {
	text := strings.TrimPrefix(ansi.Strip(string(e.Output)), "\r\n")
	if first, rest, ok := strings.Cut(text, "\n"); ok && strings.HasSuffix(strings.TrimRight(first, "\r"), e.Held.Typed) {
		return rest
	}
	return text
}

// writeDraft writes a new file that only its owner can read: it may hold secrets.
func writeDraft(name string, text []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		_, err = f.Write(text)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return &Error{Code: Failed, Err: err, Hint: "name a file that is not there yet, in a folder of yours"}
	}
	return nil
}
