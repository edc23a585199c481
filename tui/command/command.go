// Package command is the command line of escort: one cobra command a file, and
// how errors become sentences and exit codes.
//
// Every command fails with an [*Error], which carries the exit code, what went
// wrong and what to do about it; both reach the error stream as plain text,
//
//	escort: error: …
//	escort: hint: …
//
// whatever the terminal, so that scripts and screen readers get the same. Help
// pages, shell completion and the manual page are made by fang.
//
// The exit codes are 0 done, 1 failed, 2 wrong usage, 3 denied by the escort,
// 4 this host cannot enforce what was asked, 5 verification failed.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"escort/explain/effect"
	"escort/explain/quote"
	"escort/session"
	"escort/session/doctor"

	"charm.land/fang/v2"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Version is what `escort --version` says and what records carry.
const Version = "0.2.0"

// The exit codes of the program.
const (
	Done       = 0
	Failed     = 1
	Usage      = 2
	Denied     = 3
	Unable     = 4
	Unverified = 5
)

// Error is why a command failed.
type Error struct {
	Code int    // exit code
	Err  error  // what went wrong, as the end of a sentence; nil: nothing is said
	Hint string // what to do about it; empty: nothing to say
}

func (e *Error) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("exit status %d", e.Code)
	}
	return e.Err.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// cannot is err as a host's that cannot enforce what was asked, where it says
// so, else otherwise.
func cannot(err error, otherwise *Error) *Error {
	var c *session.Cannot
	if errors.As(err, &c) {
		return &Error{Code: Unable, Err: c.Err, Hint: c.Hint}
	}
	return otherwise
}

func usage(hint, format string, args ...any) *Error {
	return &Error{Code: Usage, Err: fmt.Errorf(format, args...), Hint: hint}
}

// hinted is an error of another package that knows what to do about it.
type hinted interface{ Hint() string }

// asError gives an error that has none a code and, where it brings one, a hint.
func asError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	e = &Error{Code: Failed, Err: err}
	var h hinted
	if errors.As(err, &h) {
		e.Hint = h.Hint()
	}
	return e
}

// Streams is what a command reads, writes and looks up.
type Streams struct {
	In     io.Reader
	Out    io.Writer
	Err    io.Writer
	Getenv func(string) string
}

// tree is the state that the commands of one run share.
type tree struct {
	Streams
	tools   Tools
	failure error
}

// run makes f the body of a command. Its error is kept here instead of being
// handed to fang, which asks the terminal for its background colour, and waits
// for the answer, before it reports one.
func (t *tree) run(f func(cmd *cobra.Command, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		t.failure = f(cmd, args)
		return nil
	}
}

// Tools is what the commands stand on, handed in so that tests can put
// something else there. A command whose tools are missing is not in the tree.
type Tools struct {
	Console Console
	Shell   Shell
	Propose Propose
	Attach  Attach
	Serve   Serve
	Show    Show
	Turn    Turn
	Explain func(context.Context, effect.Request) effect.Explanation
	Nowhere effect.World // a host of which nothing is known
	Schema  func() []byte
	Doctor  func(ctx context.Context, state string) []doctor.Check
}

// Run runs the command line args, without the program's name, and returns the
// exit code.
func Run(ctx context.Context, args []string, s Streams, tools Tools) int {
	t := &tree{Streams: s, tools: tools}
	root := t.root()
	root.AddCommand(t.verify(), t.keys(), t.policy())
	if tools.Explain != nil {
		root.AddCommand(t.explain(), t.sample())
	}
	if tools.Show != nil {
		root.AddCommand(t.demo())
	}
	if tools.Shell != nil {
		root.AddCommand(t.shell(), t.propose(), t.attach(), t.serve())
	}
	if tools.Show != nil && tools.Turn != nil {
		root.AddCommand(t.train())
	}
	if tools.Doctor != nil {
		root.AddCommand(t.doctor(), t.selftest())
	}
	root.InitDefaultCompletionCmd(args...)
	for name, example := range examples {
		if c, _, err := root.Find(strings.Fields(name)); err == nil && c != root {
			c.Example = example
		}
	}
	root.SetArgs(args)
	root.SetIn(s.In)
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		if errors.Is(err, pflag.ErrHelp) {
			return err
		}
		t.failure = usage(helpHint(cmd), "%w", err)
		return nil
	})
	err := fang.Execute(ctx, root, fang.WithVersion(Version), fang.WithColorSchemeFunc(fang.AnsiColorScheme),
		fang.WithErrorHandler(func(io.Writer, fang.Styles, error) {})) // reported below, once
	if err != nil { // of cobra's own commands, such as completion: only usage can be wrong there
		err = usage(helpHint(root), "%w", err)
	} else {
		err = t.failure
	}
	return t.report(err)
}

// examples of commands that are not this package's own.
var examples = map[string]string{
	"completion":            "escort completion bash > ~/.local/share/bash-completion/completions/escort",
	"completion bash":       "escort completion bash > ~/.local/share/bash-completion/completions/escort",
	"completion zsh":        "escort completion zsh > ~/.zfunc/_escort",
	"completion fish":       "escort completion fish > ~/.config/fish/completions/escort.fish",
	"completion powershell": "escort completion powershell | Out-String | Invoke-Expression",
}

// report writes err as the two lines and returns its exit code.
func (t *tree) report(err error) int {
	if err == nil {
		return Done
	}
	e := asError(err)
	if e.Err == nil {
		return e.Code
	}
	text := "escort: error: " + oneLine(e.Err.Error()) + "\n"
	if e.Hint != "" {
		text += "escort: hint: " + oneLine(e.Hint) + "\n"
	}
	_, _ = io.WriteString(t.Err, text) // there is nowhere left to report to
	return e.Code
}

// oneLine makes text visible, for it may carry what somebody typed.
func oneLine(text string) string {
	return quote.Line(strings.ReplaceAll(strings.TrimSpace(text), "\n", "; ")).String()
}

func helpHint(cmd *cobra.Command) string { return "see " + cmd.CommandPath() + " --help" }
