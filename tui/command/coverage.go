package command

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"escort/explain/coverage"
	"escort/explain/effect"
	"escort/explain/quote"

	"github.com/charmbracelet/x/ansi"
)

// explainCoverage explains every command of a file and says what share of
// their words was understood.
func (t *tree) explainCoverage(ctx context.Context, f explainFlags) error {
	in := t.In
	if f.coverage != "-" {
		file, err := os.Open(f.coverage)
		if err != nil {
			return unreadableList(err)
		}
		defer file.Close()
		in = file
	}
	report, err := t.cover(ctx, f, in)
	switch {
	case err != nil:
		return unreadableList(err)
	case f.asJSON:
		return writeJSON(t.Out, report)
	}
	return show(t.Out, t.Getenv, coveragePage(report, columns(t.Out)))
}

func unreadableList(err error) error {
	return &Error{
		Code: Failed, Err: fmt.Errorf("the commands cannot be read: %w", err),
		Hint: "give a text file with one command a line, or - for the standard input",
	}
}

// cover explains each line of in that is neither blank nor a comment.
func (t *tree) cover(ctx context.Context, f explainFlags, in io.Reader) (coverage.Report, error) {
	var tally coverage.Tally
	world, r := t.world(f), bufio.NewReaderSize(in, 1<<16)
	for n := 1; ; n++ {
		line, err := readInputLine(r)
		switch {
		case errors.Is(err, io.EOF):
			return tally.Report(), nil
		case errors.Is(err, errTooLong):
			return coverage.Report{}, fmt.Errorf("line %d is %w", n, err)
		case err == nil:
			err = ctx.Err()
		}
		if err != nil {
			return coverage.Report{}, err
		}
		if text := strings.TrimSpace(string(line)); text != "" && text[0] != '#' {
			tally.Add(t.within(ctx, effect.Request{Text: text, Kind: effect.KindLine, World: world, Ticket: f.ticket}))
		}
	}
}

// coveragePage makes the totals and the table by program.
func coveragePage(r coverage.Report, width int) string {
	p := page{width: width}
	totals := [][2]string{
		{"commands", fmt.Sprint(r.Commands)},
		{"programs known", share(r.ProgramsKnown, r.Programs)},
		{"words understood", share(r.WordsUnderstood, r.Words)},
	}
	if r.Unread > 0 {
		totals = append(totals, [2]string{"not readable", count(r.Unread, "command")})
	}
	for _, row := range totals {
		fmt.Fprintf(&p, "%s%-17s %s\n", indent, row[0], row[1])
	}
	if len(r.ByProgram) > 0 {
		p.WriteString("\n")
		p.coverageTable(r.ByProgram)
	}
	return p.String()
}

// coverageTable is a row for each program, as wide as the widest name within
// reason.
func (p *page) coverageTable(rows []coverage.Program) {
	const narrow, widest = 7, 24
	names, column := make([]quote.Safe, len(rows)), narrow
	for i, r := range rows {
		names[i] = quote.Line(nameOf(r))
		column = max(column, min(names[i].Width(), widest))
	}
	p.hang(bold, "", fmt.Sprintf("%-*s %5s  %-12s  %s", column, "program", "times", "understood", "not understood"))
	for i, r := range rows {
		name := ansi.Truncate(names[i].String(), column, "…")
		name += strings.Repeat(" ", max(column-ansi.StringWidth(name), 0))
		label := fmt.Sprintf("%s %5d  %-12s  ", name, r.Times, fmt.Sprintf("%d of %d", r.Understood, r.Words))
		if len(r.Missed) == 0 {
			label = strings.TrimRight(label, " ")
		}
		p.hang(plain, label, missedWords(r.Missed))
	}
}

func nameOf(p coverage.Program) string {
	if p.Name == "" {
		return "(not known)"
	}
	return p.Name
}

// missedWords lists words that were not understood, the most frequent first.
func missedWords(missed []coverage.Missed) string {
	const shown, widest = 12, 40
	var words []string
	for i, m := range missed {
		if i == shown {
			words = append(words, fmt.Sprintf("and %d more", len(missed)-i))
			break
		}
		word := ansi.Truncate(quote.Line(m.Word).String(), widest, "…")
		if m.Times > 1 {
			word += fmt.Sprintf(" ×%d", m.Times)
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

// share is a part of a whole with its percentage.
func share(part, whole int) string {
	if whole == 0 {
		return "none"
	}
	return fmt.Sprintf("%d of %d (%.1f %%)", part, whole, 100*float64(part)/float64(whole))
}
