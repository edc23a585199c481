package command

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"escort/session/record"
	"escort/session/training"

	"github.com/spf13/cobra"
)

func (t *tree) trainReport() *cobra.Command {
	var asCSV, asJSON bool
	var cert certificate
	c := &cobra.Command{
		Use:   "report [FILE | FOLDER]…",
		Short: "show the results of lessons: yours, or those of a group",
		Long: "Without a name it reads what is kept of this account. For a group, collect the files WHO.jsonl of its members " +
			"(from $XDG_STATE_HOME/escort/training) into a folder and name that.\n\n" +
			"The table says for each person: lessons passed of those begun, tries, lines allowed that were harmful, needless denials, good questions, and " +
			"how long a card was looked at. Below it stands a bar for each finished lesson with the mark that passes.\n\n" +
			"With --sign the trainer makes a certificate: a text that lists what somebody passed, and beside it a signature (FILE.sig) by the trainer's SSH key, " +
			"which ssh-keygen -Y verify -n " + training.Namespace + " checks. The key is a private one, or a public one whose private half an agent holds.",
		Example: "escort train report\nescort train report ./class-of-november\nescort train report --csv a.jsonl b.jsonl > results.csv\n" +
			"escort train report ./class-of-november --sign ~/.ssh/id_ed25519 --who mia\n" +
			"ssh-keygen -Y verify -f trainers -I trainer@firm -n escort-training -s mia-certificate.txt.sig < mia-certificate.txt",
		Args: cobra.ArbitraryArgs,
	}
	c.Flags().BoolVar(&asCSV, "csv", false, "a row for each lesson taken, for spreadsheets")
	c.Flags().BoolVar(&asJSON, "json", false, "every result with every answer, for programs")
	c.Flags().StringVar(&cert.key, "sign", "", "make a certificate and sign it with this SSH key")
	c.Flags().StringVar(&cert.who, "who", "", "with --sign: whose certificate, where there are results of several people")
	c.Flags().StringVar(&cert.out, "out", "", "with --sign: the file that it is written to (default: WHO-certificate.txt)")
	_ = c.MarkFlagFilename("sign")
	_ = c.MarkFlagFilename("out")
	c.RunE = t.run(func(cmd *cobra.Command, args []string) error {
		if cert.key == "" && (cert.who != "" || cert.out != "") {
			return usage("escort train report --sign KEY --who NAME", "--who and --out are about a certificate, which --sign asks for")
		}
		if cert.key != "" && (asCSV || asJSON) {
			return usage("choose one", "--sign goes with neither --csv nor --json")
		}
		if asCSV && asJSON {
			return usage("choose one", "--csv and --json exclude each other")
		}
		list, err := t.results(args)
		switch {
		case err != nil:
			return err
		case cert.key != "":
			return t.certify(cmd.Context(), cert, list)
		case asJSON:
			return writeJSON(t.Out, list)
		case asCSV:
			return training.CSV(t.Out, list)
		}
		_, err = io.WriteString(t.Out, strings.Join(training.Table(training.Group(list), t.asciiOnly()), "\n")+"\n")
		return err
	})
	return c
}

// results reads what files and folders hold, or what is kept of this account.
func (t *tree) results(names []string) ([]training.Result, error) {
	where := names
	if len(names) == 0 {
		state, err := record.StateRoot(t.Getenv)
		if err != nil {
			return nil, err
		}
		where = []string{filepath.Dir(training.File(state, "x"))}
	}
	for _, n := range names {
		if _, err := os.Stat(n); err != nil {
			return nil, &Error{Code: Failed, Err: err, Hint: "name a file WHO.jsonl, or a folder of them"}
		}
	}
	list, err := training.Read(where...)
	if err != nil {
		return nil, &Error{Code: Failed, Err: err, Hint: "name files that escort train has written"}
	}
	if len(list) == 0 {
		return nil, &Error{Code: Failed, Err: errors.New("there is no result of a lesson yet"), Hint: "escort train takes one"}
	}
	return list, nil
}

// asciiOnly reports whether the output had better do without other characters.
func (t *tree) asciiOnly() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if l := strings.ToLower(t.Getenv(name)); l != "" {
			return !strings.Contains(l, "utf-8") && !strings.Contains(l, "utf8")
		}
	}
	return t.Getenv("TERM") == "dumb"
}
