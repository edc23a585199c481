package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"escort/explain/quote"
	"escort/session/record"
	"escort/session/sample"
	"escort/session/training"
	"escort/tui"
	"escort/tui/lesson"
	"escort/tui/theme"

	"github.com/spf13/cobra"
)

// What the header of a lesson says in place of being recorded.
const (
	lessonNote = "LESSON: nothing here is real, nothing runs"
	lessonMark = "LESSON"
)

// hintAfter is how long a card of a lesson waits for its hint.
const hintAfter = 40 * time.Second

func (t *tree) train() *cobra.Command {
	var asked tui.Options
	var who string
	c := &cobra.Command{
		Use:   "train [LESSON | COURSE | FILE | FOLDER]",
		Short: "take a lesson: decide live, and learn afterwards how you did",
		Long: "Begins with a list of courses and lessons. A lesson is a session that never happened, in the same console: you decide every line. " +
			"Afterwards each line is gone through: what you decided, what was right and why, what the card told you, and how long you took.\n\n" +
			strings.Join(sample.Weights(), " ") + "\n\n" +
			"Nothing is executed, and neither privileges nor a network are needed. Results are kept in $XDG_STATE_HOME/escort/training; " +
			"escort train report shows them. Lessons of your own are files or a folder of files (see escort sample check).",
		Example: "escort train\nescort train quiet_disk\nescort train disguises\nescort train ./our-lessons\nescort train report",
		Args:    cobra.ArbitraryArgs,
	}
	c.ValidArgs = sample.Names()
	for _, k := range sample.Courses() {
		c.ValidArgs = append(c.ValidArgs, k.Name)
	}
	c.Flags().StringVar(&who, "name", "", "under which name results are kept (default: your account's)")
	themeFlag(c, &asked.Theme)
	mouseFlag(c, &asked.NoMouse)
	plainFlag(c, &asked.Plain)
	c.RunE = t.run(func(cmd *cobra.Command, args []string) error {
		if len(args) > 1 {
			return usage(helpHint(cmd), "train takes one lesson, and got %d", len(args))
		}
		if cmd.Flags().Changed("name") && strings.TrimSpace(who) == "" {
			return usage("give it a name", "--name got an empty name")
		}
		if err := checkTheme(asked.Theme); err != nil {
			return err
		}
		s := school{tree: t, who: who, opt: asked}
		ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGTERM, syscall.SIGHUP)
		defer stop()
		err := s.open(strings.Join(args, ""))
		if err == nil {
			err = s.run(ctx)
		}
		if ctx.Err() != nil {
			return &Error{Code: Failed, Err: errors.New("the lesson was ended from outside"), Hint: "nothing was run"}
		}
		return err
	})
	c.AddCommand(t.trainReport())
	return c
}

// school is one run of escort train.
type school struct {
	*tree
	who        string
	opt        tui.Options
	cols, rows int
	file       string // of the results
	courses    []lesson.Course
	one        bool // a lesson was named: its list is not shown
	taken      []training.Result
}

// open prepares everything that a lesson needs, and finds what was named.
func (s *school) open(name string) (err error) {
	s.opt.Plain, s.opt.Why = s.plainly(s.opt.Plain)
	if s.cols, s.rows, err = s.terminal(s.opt.Plain); err != nil {
		return err
	}
	if s.opt.Keys, err = s.bindings(); err != nil {
		return err
	}
	if s.who == "" {
		s.who = accountName(s.Getenv)
	}
	if s.who == "" {
		return usage("name yourself with --name", "this account has no name under which results could be kept")
	}
	state, err := record.StateRoot(s.Getenv)
	if err != nil {
		return err
	}
	s.file = training.File(state, s.who)
	return s.find(name)
}

// find fills in the courses that a name stands for.
func (s *school) find(name string) error {
	for _, c := range sample.Courses() {
		if name != "" && name != c.Name {
			continue
		}
		course := lesson.Course{Title: c.Title, About: c.About}
		for _, n := range c.Lessons {
			l, err := sample.Load(n)
			if err != nil {
				return err
			}
			course.Entries = append(course.Entries, lesson.Entry{Sample: l})
		}
		s.courses = append(s.courses, course)
	}
	if len(s.courses) > 0 {
		return nil
	}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		list, err := sample.Folder(os.DirFS(name))
		if err != nil {
			return sampleError(name, err)
		}
		course := lesson.Course{Title: "Lessons of your own", About: name}
		for _, l := range list {
			course.Entries = append(course.Entries, lesson.Entry{Sample: l})
		}
		s.courses = []lesson.Course{course}
		return nil
	}
	l, err := findSample(name)
	if err != nil {
		return err
	}
	s.one, s.courses = true, []lesson.Course{{Title: l.Title, Entries: []lesson.Entry{{Sample: l}}}}
	return nil
}

// say writes what was taken, after the screen was given back.
func (s *school) say() error {
	var b strings.Builder
	for _, r := range s.taken {
		word := "not passed"
		switch {
		case r.Passed():
			word = "passed"
		case !r.Done:
			word = "left before the end"
		}
		fmt.Fprintf(&b, "%s: %s, %d points (%d passes)\n", quote.Line(r.Title), word, r.Score, r.Pass)
	}
	if len(s.taken) > 0 {
		fmt.Fprintf(&b, "Kept in %s; escort train report shows all.\n", quote.Line(s.file))
	}
	_, err := io.WriteString(s.Out, b.String())
	return err
}

// width is how wide text is folded in the console of lines.
func (s *school) width() int { return min(max(s.cols-2, 20), 78) }

// write writes a page as lines of text.
func (s *school) write(page *lesson.Sheet) error {
	var lines []string
	for _, l := range page.Lines(s.width()) {
		lines = append(lines, strings.TrimRight(l.Text(), " "))
	}
	return s.print(lines)
}

// print writes lines of the program's own in the characters of the terminal.
func (s *school) print(lines []string) error {
	var has theme.Glyphs
	if s.asciiOnly() {
		has = theme.ASCII
	}
	_, err := io.WriteString(s.Out, has.Text(strings.Join(lines, "\n"), true)+"\n\n")
	return err
}

// inLines takes one lesson in the console of lines. One only: what is typed
// after it belongs to whatever comes next.
func (s *school) inLines(ctx context.Context) error {
	all, at := s.entries(), 0
	if len(all) > 1 {
		n, err := s.number(len(all))
		if err != nil || n == 0 {
			return err
		}
		at = n - 1
	}
	if err := s.write(lesson.Briefing(all[at].Sample, "")); err != nil {
		return err
	}
	d, err := s.take(ctx, all[at].Sample)
	if err != nil {
		return err
	}
	if len(d.Outcomes) == len(d.Sample.Steps) {
		if err := s.print(append([]string{""}, d.Text(s.width())...)); err != nil {
			return err
		}
	}
	return s.say()
}

// number asks which lesson to take; 0: none.
func (s *school) number(most int) (int, error) {
	menu := lesson.NewMenu(s.courses)
	if err := s.print(menu.Text()); err != nil {
		return 0, err
	}
	if _, err := io.WriteString(s.Out, "Number of the lesson (Enter alone leaves): "); err != nil {
		return 0, err
	}
	var line []byte
	for b := make([]byte, 1); ; { // one at a time: the rest is the console's
		n, err := s.In.Read(b)
		if n == 1 && b[0] != '\n' && b[0] != '\r' && len(line) < 10 {
			line = append(line, b[0])
			continue
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, err
		}
		break
	}
	text := strings.TrimSpace(string(line))
	if text == "" {
		return 0, nil
	}
	n := 0
	if _, err := fmt.Sscan(text, &n); err != nil || n < 1 || n > most {
		return 0, usage(fmt.Sprintf("the lessons have the numbers 1 to %d", most), "%s is no lesson's number", quote.Word(text))
	}
	return n, nil
}
