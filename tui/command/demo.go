package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

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
	var on stage
	c := &cobra.Command{
		Use:   "demo [SAMPLE | FILE]",
		Short: "play a sample session in the console",
		Long: "Plays a session that never happened, in the same console: an engineer types, every line is held and explained, and you " +
			"decide. Both answers play on. Nothing is executed, and neither privileges nor a network are needed.\n\n" +
			"While no card is shown, space takes the next step, p pauses, + and - change the speed, b goes back a step, a number goes to one, and q quits. " +
			"At a card, a allows and d denies; ? lists the keys. --list names the samples; a file of your own is named with its path " +
			"(see escort sample check).\n\n" +
			"For a class, --quiz shows each line without what its card says: those present vote with the keys 1 to 5, and Enter shows the card. " +
			"--big is for a projector. --transcript writes a handout.\n\n" +
			"With --svg, --cast or --transcript nothing is played: the console writes a picture of itself at one card of the sample, a film of all of it " +
			"(asciicast, with the right answers), or the handout.",
		Example: "escort demo\nescort demo curl_pipe\nescort demo --list\nescort demo homograph --quiz --big\nescort demo --from 4 --speed 2\n" +
			"escort demo --transcript handout.md\nescort demo --svg card.svg --card 2 --size 80x24\nescort demo --cast tour.cast",
		Args:      cobra.ArbitraryArgs,
		ValidArgs: sample.Names(),
	}
	c.Flags().BoolVar(&list, "list", false, "list the samples and what each shows")
	on.flags(c)
	c.Flags().StringVar(&pic.file, "svg", "", "write a picture of a screen to this file (- for the output) and end")
	c.Flags().IntVar(&pic.card, "card", 0, "with --svg: the card of this step; 0 is the first that is right to deny")
	c.Flags().StringVar(&pic.size, "size", "120x40", "with --svg or --cast: columns and rows of the screen")
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
		case pic.file == "" && slices.ContainsFunc([]string{"card", "page"}, cmd.Flags().Changed), pic.file == "" && on.cast == "" && cmd.Flags().Changed("size"):
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
		if err := on.check(cmd, pic.file != ""); err != nil {
			return err
		}
		if on.big && !cmd.Flags().Changed("theme") {
			look = "projector"
		}
		name := sample.Default
		if len(args) > 0 {
			name = args[0]
		}
		switch {
		case pic.file != "":
			return t.drawSample(cmd.Context(), name, pic, look)
		case on.cast != "":
			return t.filmSample(cmd.Context(), name, on.cast, pic.size, look)
		case on.transcript != "":
			return t.writeTranscript(cmd.Context(), name, on.transcript)
		}
		return t.playSample(cmd.Context(), name, on, tui.Options{Theme: look, NoMouse: noMouse, Plain: lines})
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
func (t *tree) playSample(ctx context.Context, name string, on stage, asked tui.Options) error {
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
	if on.from > len(s.Steps) {
		return usage(fmt.Sprintf("the sample has the steps 1 to %d", len(s.Steps)), "there is no step %d", on.from)
	}
	play := sample.New(s, sample.Options{
		Cols: cols, Rows: rows, Who: who, Colleague: colleague, Quiz: on.quiz, Big: on.big, From: on.from,
		Pace: time.Duration(float64(sample.DefaultPace) / on.speed),
	})
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
