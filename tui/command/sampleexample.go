package command

import (
	"fmt"
	"io"
	"strings"

	"escort/session/sample"

	"github.com/spf13/cobra"
)

func (t *tree) sampleExample() *cobra.Command {
	var b strings.Builder
	for _, n := range sample.Format() {
		fmt.Fprintf(&b, "  %-15s %s\n", n.Name, n.Says)
	}
	c := &cobra.Command{
		Use:   "example",
		Short: "print a whole sample file, to begin with",
		Long: "Prints a sample file of 25 lines with comments. Change it, then let escort sample check tell what is left to do, and play it with escort demo FILE.\n\n" +
			"The names that may stand in a file, and what is taken where one is left out:\n\n" + b.String(),
		Example: "escort sample example > mine.yaml\nescort sample check mine.yaml\nescort demo ./mine.yaml\nescort train ./mine.yaml",
		Args:    cobra.ArbitraryArgs,
	}
	c.RunE = t.run(func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return usage(helpHint(cmd), "example takes no argument, and got %d", len(args))
		}
		_, err := io.WriteString(t.Out, sample.Example)
		return err
	})
	return c
}
