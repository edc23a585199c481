package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"escort/keymap"
	"escort/session/sample"
	"escort/session/training"
	"escort/tui/lesson"
)

// run takes lessons until the person leaves.
func (s *school) run(ctx context.Context) error {
	first, err := s.stand()
	if err != nil {
		return err
	}
	if first {
		if left, err := s.show(ctx, lesson.Introduction(s.opt.Keys)); err != nil || left {
			return err
		}
	}
	if s.opt.Plain {
		return s.inLines(ctx)
	}
	for at, marked := 0, -1; ; marked = at {
		if !s.one {
			if at, err = s.choose(ctx, marked); err != nil || at < 0 {
				return errors.Join(err, s.say())
			}
		}
		for again := true; again; {
			if at, again, err = s.lesson(ctx, at); err != nil {
				return errors.Join(err, s.say())
			}
		}
		if s.one {
			return s.say()
		}
	}
}

// stand reads what was taken before; first tells that it is nothing.
func (s *school) stand() (first bool, err error) {
	list, err := training.Read(s.file)
	if err != nil {
		return false, &Error{Code: Failed, Err: err, Hint: "mend the line, or move the file away"}
	}
	for _, p := range training.Group(list) {
		if p.Who != s.who {
			continue
		}
		for _, c := range s.courses {
			for i := range c.Entries {
				c.Entries[i].Stands = p.Of(c.Entries[i].Sample.Name)
			}
		}
	}
	return len(list) == 0, nil
}

// show shows a page; left tells that the person wants to go.
func (s *school) show(ctx context.Context, page *lesson.Sheet) (left bool, err error) {
	if s.opt.Plain {
		return false, s.write(page)
	}
	if err := s.tools.Turn(ctx, page, s.opt); err != nil {
		return true, err
	}
	return page.Left == keymap.Back || page.Left == "", nil
}

// choose shows the list; -1: the person wants to go.
func (s *school) choose(ctx context.Context, marked int) (int, error) {
	for {
		menu := lesson.NewMenu(s.courses)
		if marked >= 0 && menu.Chosen < marked {
			menu.Chosen = marked
		}
		if err := s.tools.Turn(ctx, menu, s.opt); err != nil {
			return -1, err
		}
		switch menu.Left {
		case keymap.Enter:
			return menu.Chosen, nil
		case keymap.Intro:
			if _, err := s.show(ctx, lesson.Introduction(s.opt.Keys)); err != nil {
				return -1, err
			}
			marked = menu.Chosen
		default:
			return -1, nil
		}
	}
}

// entries are all lessons, course by course.
func (s *school) entries() (all []lesson.Entry) {
	for _, c := range s.courses {
		all = append(all, c.Entries...)
	}
	return all
}

// lesson takes the lesson with a number, and answers which to take next.
func (s *school) lesson(ctx context.Context, at int) (next int, again bool, err error) {
	all := s.entries()
	l := all[at].Sample
	number := ""
	if len(all) > 1 {
		number = fmt.Sprintf("Lesson %d of %d", at+1, len(all))
	}
	for {
		brief := lesson.Briefing(l, number)
		left, err := s.show(ctx, brief)
		if err != nil || left {
			return at, false, err
		}
		if brief.Left != keymap.Intro {
			break
		}
		if left, err := s.show(ctx, lesson.Introduction(s.opt.Keys)); err != nil || left {
			return at, false, err
		}
	}
	d, err := s.take(ctx, l)
	if err != nil || len(d.Outcomes) < len(l.Steps) {
		return at, false, err
	}
	d.Again = true
	page := d.Sheet()
	if _, err := s.show(ctx, page); err != nil {
		return at, false, err
	}
	switch {
	case page.Left == keymap.Again:
		return at, true, nil
	case page.Left == keymap.Next && at+1 < len(all):
		return at + 1, true, nil
	}
	return at, false, nil
}

// take plays a lesson and keeps its result.
func (s *school) take(ctx context.Context, l sample.Sample) (lesson.Debrief, error) {
	d := lesson.Debrief{Sample: l}
	play := sample.New(l, sample.Options{
		Cols: s.cols, Rows: s.rows, Who: s.who, Colleague: colleague, Lesson: true, HintAfter: hintAfter, Explain: s.tools.Explain,
	})
	opt := shown(l, s.who, s.opt.Keys, s.opt.Theme)
	opt.Notes, opt.Mark, opt.Now = []string{lessonNote}, lessonMark, play.Clock
	opt.NoMouse, opt.Plain, opt.Why = s.opt.NoMouse, s.opt.Plain, s.opt.Why
	begun := time.Now()
	err := s.tools.Show(ctx, play, opt)
	if end := play.End(context.WithoutCancel(ctx)); err == nil {
		err = end
	}
	d.Took = time.Since(begun)
	d.Outcomes, _ = play.Outcomes()
	if err != nil || len(d.Outcomes) == 0 {
		return d, err
	}
	r := d.Result(s.who, Version, time.Now())
	if err := training.Append(s.file, r); err != nil {
		return d, &Error{Code: Failed, Err: fmt.Errorf("the result cannot be kept: %w", err), Hint: "check who may write to " + s.file}
	}
	s.taken = append(s.taken, r)
	_, err = s.stand()
	if err != nil {
		return d, err
	}
	list, err := training.Read(s.file)
	d.Past = slices.DeleteFunc(list, func(r training.Result) bool { return r.Lesson != l.Name || !r.Done || r.Who != s.who })
	return d, err
}
