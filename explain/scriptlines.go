package explain

import (
	"slices"
	"strconv"
	"strings"

	"escort/explain/effect"
	"escort/explain/prose"
	"escort/explain/shell"
)

const maxWorst = 12 // lines of a script that are singled out

func itoa(n int) string { return strconv.Itoa(n) }

// line is the number of the line in which a byte stands, from 1.
func (t *scriptText) line(offset int) int {
	offset = min(max(offset, 0), len(t.text))
	n, found := slices.BinarySearch(t.starts(), offset)
	if found {
		return n + 1
	}
	return n
}

// note singles out the line of a command by what the command does.
func (t *scriptText) note(s *step, c *shell.Command) {
	n := t.line(c.Span[0])
	t.add(n, t.at(n), s)
}

func (t *scriptText) at(n int) string {
	starts := t.starts()
	if n < 1 || n > len(starts) {
		return ""
	}
	end := len(t.text)
	if n < len(starts) {
		end = starts[n]
	}
	return strings.TrimSpace(t.text[starts[n-1]:end])
}

// starts are the places at which lines begin.
func (t *scriptText) starts() []int {
	if t.begins == nil {
		t.begins = []int{0}
		for i := range len(t.text) {
			if t.text[i] == '\n' {
				t.begins = append(t.begins, i+1)
			}
		}
	}
	return t.begins
}

func (t *scriptText) add(n int, text string, s *step) {
	if s.consumed {
		return
	}
	cs := s.clauses()
	if len(cs) == 0 {
		return
	}
	risk := s.risk()
	l := ScriptLine{Line: n, Text: clip(text, 400), Meaning: prose.Lower(cs[0].Full), Risk: risk}
	t.put(l)
}

// put keeps the worst meaning of each line.
func (t *scriptText) put(l ScriptLine) {
	i, was := t.noted[l.Line]
	if !was {
		if t.noted == nil {
			t.noted = map[int]int{}
		}
		t.noted[l.Line] = len(t.worst)
		t.worst = append(t.worst, l)
	} else if l.Risk.Rank() > t.worst[i].Risk.Rank() {
		t.worst[i] = l
	}
}

// The most of a script's text that goes into an explanation, and of all texts
// of one explanation together, in bytes.
const (
	maxScriptText = 64 << 10
	maxTexts      = 256 << 10
)

// close puts what was found out about the script into the answer.
func (t *scriptText) close(j *job) {
	sc := &j.out.Scripts[t.index]
	sc.Worst = t.ranked()
	if room := min(maxScriptText, maxTexts-j.texts); room > 0 {
		sc.Text = clip(t.text, room)
		j.texts += len(sc.Text)
	}
}

// ranked are the lines worth a look, worst first. Safe ones are only shown
// where there is nothing else.
func (t *scriptText) ranked() []ScriptLine {
	out := slices.Clone(t.worst)
	slices.SortStableFunc(out, func(a, b ScriptLine) int { return b.Risk.Rank() - a.Risk.Rank() })
	if n := slices.IndexFunc(out, func(l ScriptLine) bool { return l.Risk == effect.Safe }); n > 0 {
		out = out[:n]
	}
	return out[:min(len(out), maxWorst)]
}

// take puts the lines of commands that stand at a line of this text where
// they belong. One command has the rating that it has by now.
func (t *scriptText) take(from *scriptText, line int, s *step) {
	if t == nil || line == 0 {
		return
	}
	for _, w := range from.worst {
		w.Line += line - 1
		w.Text, w.Risk = clip(t.at(w.Line), 400), atMost(w.Risk, s.risk())
		t.put(w)
	}
}
