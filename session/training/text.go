package training

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"escort/explain/quote"
)

// Table is a group's results in lines of text: a row for each person, and below
// it the plot of the scores over the days.
func Table(people []Person, ascii bool) []string {
	lines := []string{fmt.Sprintf("%-20s %7s %6s %6s %9s %10s %12s", "who", "passed", "tries", "harm", "needless", "questions", "median look")}
	for _, p := range people {
		lines = append(lines, fmt.Sprintf("%-20s %7s %6d %6d %9d %10d %12s", quote.Line(p.Who),
			fmt.Sprintf("%d/%d", p.Passed, len(p.Standings)), p.Tries, p.Harm, p.Needless, p.Questions, seconds(p.Median)))
	}
	for _, p := range people {
		lines = append(append(lines, "", quote.Line(p.Who).String()+": score of each lesson, in the order in which they were taken"), Plot(p.Scores, lessonCells, ascii)...)
		for _, k := range p.ByRisk {
			lines = append(lines, fmt.Sprintf("  %-8s  looked at for %s, %d of %d allowed", strings.ToUpper(k.Risk), seconds(k.Median), k.Allowed, k.Lines))
		}
		if p.Lines > 0 && 5*p.Reflex > p.Lines {
			lines = append(lines, fmt.Sprintf("  %d of %d answers came in less than %s: too fast to have read the card", p.Reflex, p.Lines, seconds(ReflexTime)))
		}
	}
	return lines
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

// plotted is how many cells a bar of 100 points has.
const plotted = 25

// lessonCells is the width of a lesson's name in a table.
const lessonCells = 18

// Plot is a bar for each result, with the pass mark; the lesson's name has so
// many cells, with 0 it is left out.
func Plot(results []Result, name int, ascii bool) []string {
	full, mark := "█", "│"
	if ascii {
		full, mark = "#", "|"
	}
	var out []string
	for _, r := range results {
		n, pass := cells(r.Score), cells(r.Pass)
		bar := []string{}
		for i := range plotted + 2 {
			switch {
			case i == pass:
				bar = append(bar, mark)
			case i < n:
				bar = append(bar, full)
			default:
				bar = append(bar, " ")
			}
		}
		word := "passed"
		if !r.Passed() {
			word = "not passed"
		}
		label := r.Time.Local().Format("2006-01-02")
		if name > 0 {
			label += fmt.Sprintf("  %-*s", name, quote.Line(r.Lesson))
		}
		out = append(out, fmt.Sprintf("  %s %s %4d  %s", label, strings.Join(bar, ""), r.Score, word))
	}
	return out
}

func cells(score int) int { return min(max(score*plotted/100, 0), plotted+2) }

// CSV writes a row for each lesson taken.
func CSV(w io.Writer, results []Result) error {
	out := csv.NewWriter(w)
	_ = out.Write([]string{"time", "who", "course", "lesson", "title", "done", "passed", "score", "pass", "took_s", "lines", "harm", "needless", "version"})
	for _, r := range results {
		var harm, needless int
		for _, l := range r.Lines {
			harm += one(l.Harm)
			needless += one(l.Needless)
		}
		_ = out.Write([]string{
			r.Time.UTC().Format(time.RFC3339), cell(r.Who), cell(r.Course), cell(r.Lesson), cell(r.Title), strconv.FormatBool(r.Done),
			strconv.FormatBool(r.Passed()), strconv.Itoa(r.Score), strconv.Itoa(r.Pass), fmt.Sprintf("%.1f", float64(r.TookMS)/1000),
			strconv.Itoa(len(r.Lines)), strconv.Itoa(harm), strconv.Itoa(needless), cell(r.Version),
		})
	}
	out.Flush()
	return out.Error()
}

// cell is text that a spreadsheet does not take for a formula.
func cell(s string) string {
	s = quote.Line(s).String()
	if s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
		return "'" + s
	}
	return s
}
