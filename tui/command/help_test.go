package command

import (
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"escort/explain"
	"escort/tui"
)

// whole is the command tree with everything in it.
func whole() *cobra.Command {
	t := &tree{tools: Tools{Show: tui.Run, Explain: explain.Explain, Doctor: live().Doctor}}
	root := t.root()
	root.AddCommand(t.verify(), t.keys(), t.explain(), t.demo(), t.doctor(), t.selftest(), t.policy())
	return root
}

// TestEveryCommandIsExplained walks the tree of commands: each has a help page
// with an example of its own, and stands in the manual page with its flags.
func TestEveryCommandIsExplained(t *testing.T) {
	manual, _, code := run(t, program(t, "man"))
	if code != Done {
		t.Fatalf("escort man ends with %d", code)
	}
	manual = strings.ReplaceAll(manual, `\-`, "-")
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		path := strings.Fields(c.CommandPath())
		page, _, code := run(t, program(t, append(path[1:], "--help")...))
		if c.Short == "" || c.Example == "" || code != Done {
			t.Errorf("%s: short %q, example %q, exit code %d", c.CommandPath(), c.Short, c.Example, code)
		}
		for example := range strings.Lines(c.Example) {
			if words := strings.Fields(example); len(words) > 0 && (words[0] != "escort" || !strings.Contains(page, words[len(words)-1])) {
				t.Errorf("%s: the help page lacks the example %q", c.CommandPath(), example)
			}
		}
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if f.Usage == "" || !strings.Contains(page, "--"+f.Name) {
				t.Errorf("%s: --%s is not explained", c.CommandPath(), f.Name)
			}
			if f.Name != "help" && f.Name != "version" && !strings.Contains(manual, "--"+f.Name) {
				t.Errorf("the manual page lacks --%s of %s", f.Name, c.CommandPath())
			}
		})
		if !regexp.MustCompile(`(?i)` + regexp.QuoteMeta(c.Name())).MatchString(manual) {
			t.Errorf("the manual page lacks %s", c.CommandPath())
		}
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(whole())
}

// TestCompletion asks for what a shell would offer.
func TestCompletion(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{""}, "selftest"},
		{[]string{"ke"}, "keys"},
		{[]string{"demo", "q"}, "quiet_disk"},
		{[]string{"demo", "--size", ""}, "80x24"},
		{[]string{"explain", "--no"}, "--no-host"},
		{[]string{"completion", "f"}, "fish"},
	} {
		out, _, _ := run(t, program(t, append([]string{"__complete"}, c.args...)...))
		if !strings.Contains(out, c.want) {
			t.Errorf("%q offers %q, not %s", c.args, out, c.want)
		}
	}
	for _, shell := range []string{"completion bash", "completion zsh", "completion fish", "completion"} {
		page, _, code := run(t, program(t, append(strings.Fields(shell), "--help")...))
		if code != Done || !strings.Contains(page, "escort completion") {
			t.Errorf("%s --help: %d, %q", shell, code, page)
		}
	}
}
