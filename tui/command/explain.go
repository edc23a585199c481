package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"escort/explain/effect"
	"escort/explain/host"

	"github.com/spf13/cobra"
)

// patience is how long one explanation may take.
const patience = 2 * time.Second

// maxScript is the size in bytes up to which a script is taken in at all; the
// explanation says how much of it was read.
const maxScript = 64 << 20

// explainFlags is what the flags of `escort explain` were set to.
type explainFlags struct {
	file, ticket, coverage        string
	jsonl, asJSON, noHost, schema bool
}

func (t *tree) explain() *cobra.Command {
	var f explainFlags
	c := &cobra.Command{
		Use:   "explain [CMD]",
		Short: "say what a command would do, and how risky that is",
		Long: "Explains one command, a script, or a stream of commands. Nothing is run. " +
			"The whole command is one argument: quote it. The exit code is 0 whenever an answer was given, whatever the answer.",
		Example: "escort explain 'sudo rm -rf /var/lib/mysql'\nescort explain -f fix_servers.sh\n" +
			"escort explain --json 'curl https://example.com/x | sh'\nescort explain --jsonl < commands.jsonl\n" +
			"escort explain --no-host --coverage commands.txt",
		Args: cobra.ArbitraryArgs,
	}
	c.Flags().StringVarP(&f.file, "file", "f", "", "explain the script in this file; - is the standard input")
	c.Flags().BoolVar(&f.jsonl, "jsonl", false, `answer lines like {"id":1,"cmd":"ls","kind":"line"} from the standard input`)
	c.Flags().StringVar(&f.coverage, "coverage", "", "say what share of the words was understood, by program, of the commands in this file, one a line; - is the standard input")
	c.Flags().BoolVar(&f.asJSON, "json", false, "print one JSON object instead of text")
	c.Flags().BoolVar(&f.noHost, "no-host", false, "do not look at this machine: say what holds on any")
	c.Flags().BoolVar(&f.schema, "schema", false, "print the JSON Schema of the answers")
	c.Flags().StringVar(&f.ticket, "ticket", "", "what the work order says")
	c.RunE = t.run(func(cmd *cobra.Command, args []string) error {
		fileGiven, cover := cmd.Flags().Changed("file"), cmd.Flags().Changed("coverage")
		if err := f.check(fileGiven, cover, args); err != nil {
			return err
		}
		switch {
		case f.schema:
			_, err := t.Out.Write(t.tools.Schema())
			return err
		case f.jsonl:
			return t.explainLines(cmd.Context(), f)
		case cover:
			return t.explainCoverage(cmd.Context(), f)
		case fileGiven:
			return t.explainFile(cmd.Context(), f)
		default:
			return t.explainOne(cmd.Context(), f, effect.Request{Text: args[0], Kind: effect.KindLine})
		}
	})
	return c
}

// check refuses all but one thing to explain.
func (f explainFlags) check(fileGiven, cover bool, args []string) error {
	asked := len(args)
	for _, set := range []bool{fileGiven, cover, f.jsonl, f.schema} {
		if set {
			asked++
		}
	}
	const quoted = "give the command as one argument, in quotes: escort explain 'ls -l /tmp'"
	switch {
	case len(args) > 1:
		return usage(quoted, "explain takes exactly one command, and got %d words", len(args))
	case asked == 0:
		return usage(quoted+"; or use -f FILE, --jsonl or --coverage FILE", "there is nothing to explain")
	case asked > 1:
		return usage("leave out all but one", "a command, -f, --jsonl, --coverage and --schema exclude each other")
	case fileGiven && f.file == "":
		return usage("name a file, or - for the standard input", "-f got an empty name")
	case cover && f.coverage == "":
		return usage("name a file, or - for the standard input", "--coverage got an empty name")
	}
	return nil
}

func (t *tree) world(f explainFlags) effect.World {
	if f.noHost {
		return t.tools.Nowhere
	}
	return thisHost(t.Getenv)
}

// thisHost is this machine as the account and folder that escort was started
// with see it. There is no shell whose aliases and functions could be asked.
func thisHost(getenv func(string) string) effect.World {
	cwd, err := os.Getwd()
	if err != nil {
		cwd = "" // it was removed: not known
	}
	return host.New(host.Options{
		Cwd:  cwd,
		User: accountName(getenv),
		Env: func(name string) (string, bool) {
			v := getenv(name)
			return v, v != ""
		},
	})
}

func (t *tree) explainOne(ctx context.Context, f explainFlags, req effect.Request) error {
	req.World, req.Ticket = t.world(f), f.ticket
	e := t.within(ctx, req)
	if f.asJSON {
		return writeJSON(t.Out, e)
	}
	return printExplanation(t.Out, t.Getenv, e)
}

// within explains within the patience one has with it.
func (t *tree) within(ctx context.Context, req effect.Request) effect.Explanation {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return t.tools.Explain(ctx, req)
}

func (t *tree) explainFile(ctx context.Context, f explainFlags) error {
	req := effect.Request{Kind: effect.KindScript, Name: f.file}
	in := t.In
	if f.file == "-" {
		req.Name = ""
	} else {
		file, err := os.Open(f.file)
		if err != nil {
			return &Error{Code: Failed, Err: fmt.Errorf("the script cannot be read: %w", err), Hint: "check the name, and who may read it"}
		}
		defer file.Close()
		in = file
		req.Name = filepath.Clean(f.file)
	}
	b, err := io.ReadAll(io.LimitReader(in, maxScript+1))
	if err == nil && len(b) > maxScript {
		err = fmt.Errorf("it has more than %d MB", maxScript>>20)
	}
	if err != nil {
		return &Error{Code: Failed, Err: fmt.Errorf("the script cannot be read: %w", err), Hint: "give a text file that a shell or another interpreter runs"}
	}
	req.Text = string(b)
	return t.explainOne(ctx, f, req)
}

// streamGC is how much a stream of explanations lets the heap grow between two
// collections, in per cent: little of it lives on, and most of the memory is
// used again at once. An explicit GOGC counts more.
const streamGC = 400

func (t *tree) explainLines(ctx context.Context, f explainFlags) error {
	if os.Getenv("GOGC") == "" {
		defer debug.SetGCPercent(debug.SetGCPercent(streamGC))
	}
	world := t.world(f)
	_, bad, err := jsonLines(ctx, t.In, t.Out, func(ctx context.Context, req effect.Request) effect.Explanation {
		req.World, req.Ticket = world, f.ticket
		return t.within(ctx, req)
	})
	if err != nil {
		return fmt.Errorf("the stream broke off: %w", err)
	}
	if bad > 0 {
		return &Error{
			Code: Failed, Err: errors.New(count(bad, "line") + " could not be answered"),
			Hint: `each line must be an object like {"id":1,"cmd":"ls","kind":"line"}; the answers name the lines`,
		}
	}
	return nil
}
