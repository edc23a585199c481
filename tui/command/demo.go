package command

import (
	"context"
	"errors"
	"io"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"escort/explain/quote"
	"escort/keymap"
	"escort/session/event"
	"escort/session/sample"
	"escort/tui"

	"github.com/spf13/cobra"
)

// What the header of a sample says in place of being recorded.
const (
	sampleNote = "SAMPLE: nothing here is real, nothing runs"
	sampleMark = "DEMO"
)

// colleague decides in a sample what the escort passes on.
const colleague = "dana"

// Show shows a session in the console until it is over.
type Show func(ctx context.Context, src event.Source, opt tui.Options) error

// Turn shows a screen of its own until it is left.
type Turn func(ctx context.Context, leaf tui.Leaf, opt tui.Options) error

func (t *tree) demo() *cobra.Command {
	var list bool
	var pic picture
	var look string
	var noMouse bool
	var lines bool
	c := &cobra.Command{
		Use:   "demo [SAMPLE | FILE]",
		Short: "play a sample session in the console",
		Long: "Plays a session that never happened, in the same console: an engineer types, every line is held and explained, and you " +
			"decide. Both answers play on. Nothing is executed, and neither privileges nor a network are needed.\n\n" +
			"While no card is shown, space takes the next step, p pauses and q quits. " +
			"At a card, a allows and d denies; ? lists the keys. --list names the samples; a file of your own is named with its path " +
			"(see escort sample check).\n\n" +
			"With --svg nothing is played: the console writes a picture of itself at one card of the sample.",
		Example:   "escort demo\nescort demo curl_pipe\nescort demo --list\nescort demo --svg card.svg --card 2 --size 80x24",
		Args:      cobra.ArbitraryArgs,
		ValidArgs: sample.Names(),
	}
	c.Flags().BoolVar(&list, "list", false, "list the samples and what each shows")
	c.Flags().StringVar(&pic.file, "svg", "", "write a picture of a screen to this file (- for the output) and end")
	c.Flags().IntVar(&pic.card, "card", 0, "with --svg: the card of this step; 0 is the first that is right to deny")
	c.Flags().StringVar(&pic.size, "size", "120x40", "with --svg: columns and rows of the screen")
	c.Flags().StringVar(&pic.page, "page", "", "with --svg: with this page open: "+strings.Join(tui.Pages(), ", "))
	themeFlag(c, &look)
	mouseFlag(c, &noMouse)
	plainFlag(c, &lines)
	// A folder of pictures, or the names of sizes, complete as anything else.
	_ = c.MarkFlagFilename("svg", "svg")
	_ = c.RegisterFlagCompletionFunc("size", cobra.FixedCompletions([]string{"80x24", "120x40", "200x60"}, cobra.ShellCompDirectiveNoFileComp))
	_ = c.RegisterFlagCompletionFunc("page", cobra.FixedCompletions(tui.Pages(), cobra.ShellCompDirectiveNoFileComp))
	c.RunE = t.run(func(cmd *cobra.Command, args []string) error {
		switch {
		case pic.file == "" && slices.ContainsFunc([]string{"card", "size", "page"}, cmd.Flags().Changed):
			return usage("escort demo --svg FILE --card N --size COLSxROWS --page PAGE", "--card, --size and --page are about a picture, which --svg asks for")
		case len(args) > 1:
			return usage(helpHint(cmd), "demo plays one sample, and got %d", len(args))
		case list && len(args) > 0:
			return usage("leave out one of them", "--list and the name of a sample exclude each other")
		case list:
			return listSamples(t.Out)
		}
		if err := checkTheme(look); err != nil {
			return err
		}
		name := sample.Default
		if len(args) > 0 {
			name = args[0]
		}
		if pic.file != "" {
			return t.drawSample(cmd.Context(), name, pic, look)
		}
		return t.playSample(cmd.Context(), name, tui.Options{Theme: look, NoMouse: noMouse, Plain: lines})
	})
	return c
}

// findSample is the sample of a name, or of a file of somebody's own.
func findSample(name string) (sample.Sample, error) {
	if strings.ContainsAny(name, `/\`) || strings.HasSuffix(name, ".yaml") {
		return readSample(name)
	}
	s, err := sample.Load(name)
	if errors.Is(err, sample.ErrNoSample) {
		return s, usage("the samples are "+strings.Join(sample.Names(), ", ")+"; a file of your own is named with its path", "there is no sample %s", quote.Word(name))
	}
	return s, err
}

// shown is what the console says about a sample.
func shown(s sample.Sample, who string, keys *keymap.Map, look string) tui.Options {
	return tui.Options{
		Host: s.Host, User: s.User(), Ticket: s.Ticket, Who: who, Notes: []string{sampleNote}, Keys: keys, Mark: sampleMark, Theme: look,
	}
}

// playSample shows a sample and, afterwards, how its holds were answered.
func (t *tree) playSample(ctx context.Context, name string, asked tui.Options) error {
	s, err := findSample(name)
	if err != nil {
		return err
	}
	asked.Plain, asked.Why = t.plainly(asked.Plain)
	cols, rows, err := t.terminal(asked.Plain)
	if err != nil {
		return err
	}
	keys, err := t.bindings()
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	who := accountName(t.Getenv)
	play := sample.New(s, sample.Options{Cols: cols, Rows: rows, Who: who, Colleague: colleague})
	opt := shown(s, who, keys, asked.Theme)
	opt.Now = play.Clock
	opt.NoMouse, opt.Plain, opt.Why = asked.NoMouse, asked.Plain, asked.Why
	err = t.tools.Show(ctx, play, opt)
	if end := play.End(context.WithoutCancel(ctx)); err == nil {
		err = end
	}
	switch {
	case ctx.Err() != nil:
		return &Error{Code: Failed, Err: errors.New("the sample was ended from outside"), Hint: "nothing was run"}
	case err != nil:
		return err
	}
	if lines := play.Summary(); len(lines) > 1 {
		_, err = io.WriteString(t.Out, strings.Join(lines, "\n")+"\n")
	}
	return err
}
