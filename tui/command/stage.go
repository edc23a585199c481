package command

import (
	"bytes"
	"context"
	"path/filepath"

	"escort/session/sample"
	"escort/tui"
	"escort/tui/shot"

	"github.com/spf13/cobra"
)

// stage is how a sample is shown to others.
type stage struct {
	quiz, big  bool
	from       int
	speed      float64
	transcript string // file; - for the output
	cast       string // file; - for the output
}

// The slowest and the fastest that a sample is played, against the usual.
const (
	slowest = 0.1
	fastest = 20
)

func (s *stage) flags(c *cobra.Command) {
	c.Flags().BoolVar(&s.quiz, "quiz", false, "before each card, take a vote on the line with the keys 1 to 5; Enter shows the card")
	c.Flags().BoolVar(&s.big, "big", false, "for a projector: black on white and bold (--theme projector), and each risk word in large letters")
	c.Flags().IntVar(&s.from, "from", 1, "begin with this step; those before it are shown at once, with the right answers")
	c.Flags().Float64Var(&s.speed, "speed", 1, "how fast it is played; 2 is twice as fast")
	c.Flags().StringVar(&s.transcript, "transcript", "", "write a handout to this file (- for the output) and end; Markdown if its name ends in .md, else text")
	c.Flags().StringVar(&s.cast, "cast", "", "write a film of the whole sample to this file (- for the output) and end")
	_ = c.MarkFlagFilename("transcript", "md", "txt")
	_ = c.MarkFlagFilename("cast", "cast")
}

// check refuses what does not go together.
func (s *stage) check(c *cobra.Command, svg bool) error {
	alone := 0
	for _, b := range []bool{svg, s.cast != "", s.transcript != ""} {
		if b {
			alone++
		}
	}
	played := c.Flags().Changed("quiz") || c.Flags().Changed("from") || c.Flags().Changed("speed")
	switch {
	case alone > 1:
		return usage("leave out all but one", "--svg, --cast and --transcript exclude each other")
	case alone == 1 && played:
		return usage("leave out one of them", "--quiz, --from and --speed are about playing, and nothing is played with --svg, --cast or --transcript")
	case s.from < 1:
		return usage("the first step is 1", "there is no step %d", s.from)
	case !(s.speed >= slowest && s.speed <= fastest):
		return usage("such as 0.5 or 2", "the speed is a number from %g to %d", slowest, fastest)
	}
	return nil
}

// writeTranscript writes a sample as a handout.
func (t *tree) writeTranscript(ctx context.Context, name, file string) error {
	s, err := findSample(name)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := sample.Transcript(ctx, &b, s, filepath.Ext(file) == ".md", t.tools.Explain); err != nil {
		return err
	}
	return t.put("handout", file, b.Bytes())
}

// filmSample writes the console while a sample is played with the right answers.
func (t *tree) filmSample(ctx context.Context, name, file, size, look string) error {
	s, err := findSample(name)
	if err != nil {
		return err
	}
	cols, rows, err := sizeOf(size)
	if err != nil {
		return err
	}
	events, end, err := sample.Whole(ctx, s, sample.Options{Cols: cols, Rows: rows, Who: pictured, Explain: t.tools.Explain})
	if err != nil {
		return err
	}
	keys, err := t.bindings()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	cast, err := shot.NewCast(&b, cols, rows, "escort: "+s.Title, s.Start())
	if err != nil {
		return err
	}
	scene := tui.Scene{Cols: cols, Rows: rows, At: end, Events: events}
	if err := tui.Film(shown(s, pictured, keys, look), scene, cast.Show); err != nil {
		return err
	}
	return t.put("film", file, b.Bytes())
}
