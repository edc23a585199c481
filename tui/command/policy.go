package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"escort/explain/quote"
	"escort/session/policy"
	"escort/session/record"

	"github.com/spf13/cobra"
)

// policyFileName is the name of an account's policy, below the program's
// configuration folder.
const policyFileName = "policy.yaml"

// policyPlaces is where a session's policy is read from; chosen is the file
// that the command line names in place of the account's.
func policyPlaces(getenv func(string) string, chosen string) policy.Places {
	at := policy.Places{System: policy.SystemFile, Chosen: chosen}
	if d := record.UserFolder(getenv, "XDG_CONFIG_HOME", ".config"); d != "" {
		at.User = filepath.Join(d, policyFileName)
	}
	return at
}

const policyLong = "A policy says what is decided about a session without a person: what is never allowed, what is asked about each time, " +
	"from which risk on a word must be typed, how long a hold waits. It is read once, when a session starts: the machine's, " +
	policy.SystemFile + ", which root owns, and the account's, $XDG_CONFIG_HOME/escort/policy.yaml (else ~/.config/escort/policy.yaml) or the file " +
	"that --policy names. Where both are there, the stricter of each counts. Without any, the built-in policy holds.\n\n" +
	"A policy that cannot be read, has a mistake in it or can be written by others starts no session."

func (t *tree) policy() *cobra.Command {
	c := &cobra.Command{
		Use:     "policy",
		Short:   "check the policy of sessions, or print the built-in one",
		Long:    policyLong,
		Example: "escort policy check\nescort policy check policy.yaml\nescort policy default > policy.yaml",
		Args:    cobra.ArbitraryArgs,
	}
	c.RunE = t.run(func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return usage(helpHint(cmd), "policy does not know %s", quote.Word(args[0]))
		}
		return usage("escort policy check, or escort policy default", "policy needs a word that says what to do")
	})
	c.AddCommand(t.policyCheck(), t.policyDefault())
	return c
}

func (t *tree) policyCheck() *cobra.Command {
	c := &cobra.Command{
		Use:   "check [FILE]",
		Short: "check a policy and run the tests that it carries",
		Long: "Reads one policy file, or without FILE the policy that a session would have, and runs the tests in it with the explanations " +
			"and decisions of a session. Nothing is run and this machine is not looked at. Ends with 0 if all is well, with 1 if the file " +
			"cannot be taken or a test fails.",
		Example: "escort policy check\nescort policy check policy.yaml",
		Args:    cobra.ArbitraryArgs,
	}
	c.RunE = t.run(func(cmd *cobra.Command, args []string) error {
		if len(args) > 1 {
			return usage(helpHint(cmd), "policy check takes at most one file, and got %d", len(args))
		}
		var p *policy.Policy
		var err error
		if len(args) == 1 {
			p, err = policy.Read(args[0])
		} else {
			p, err = policy.Load(policyPlaces(t.Getenv, ""))
		}
		if err != nil {
			return err
		}
		return t.tryPolicy(cmd.Context(), p)
	})
	return c
}

func (t *tree) policyDefault() *cobra.Command {
	c := &cobra.Command{
		Use:     "default",
		Short:   "print the built-in policy, which says what each key means",
		Example: "escort policy default > policy.yaml",
		Args:    cobra.ArbitraryArgs,
	}
	c.RunE = t.run(func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return usage(helpHint(cmd), "policy default takes no argument, and got %s", quote.Word(args[0]))
		}
		_, err := t.Out.Write(policy.Text())
		return err
	})
	return c
}

// tryPolicy runs the tests of p and prints how each ended.
func (t *tree) tryPolicy(ctx context.Context, p *policy.Policy) error {
	results := p.Try(ctx)
	failed := 0
	for _, r := range results {
		if !r.OK() {
			failed++
		}
	}
	if err := printPolicy(t.Out, p, results); err != nil {
		return err
	}
	if failed > 0 {
		return &Error{
			Code: Failed, Err: errors.New(count(failed, "test") + " of the policy failed"),
			Hint: "change the rule, or the test if it wants the wrong thing",
		}
	}
	return nil
}

func printPolicy(w io.Writer, p *policy.Policy, results []policy.Result) error {
	var b strings.Builder
	for _, s := range p.Sources {
		fmt.Fprintf(&b, "%s, sha256 %s\n", quote.Line(s.Name), s.SHA256)
	}
	for _, note := range p.Relaxed() {
		b.WriteString(quote.Line(note).String() + "\n")
	}
	for _, r := range results {
		word, got := "ok    ", r.Got
		if !r.OK() {
			word, got = "FAILED", r.Got+", not "+r.Want
		}
		fmt.Fprintf(&b, "%s  %-8s  %s  (%s:%d)\n", word, got, quote.Line(r.What()), quote.Line(r.File), r.Line)
	}
	fmt.Fprintf(&b, "%s.\n", count(len(results), "test"))
	_, err := io.WriteString(w, b.String())
	return err
}
