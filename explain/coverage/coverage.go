// Package coverage counts what share of the words of commands was understood,
// by program.
//
// A word is a program's name, an option or an operand; what the shell itself
// reads (redirections, variables) is not counted. It was understood where its
// meaning is known and nothing that could not be told points at it.
//
// # Limits
//
// A quoted text that another shell or interpreter runs is one word. Programs
// in it have no row of their own; one that is not known makes the word one that
// was not understood.
package coverage

import (
	"cmp"
	"slices"

	"escort/explain/effect"
)

// Report is the count of a collection of commands.
type Report struct {
	Commands        int       `json:"commands"`
	Unread          int       `json:"unread"`   // commands of which no word could be made out
	Programs        int       `json:"programs"` // different ones
	ProgramsKnown   int       `json:"programs_known"`
	Words           int       `json:"words"`
	WordsUnderstood int       `json:"words_understood"`
	ByProgram       []Program `json:"by_program"` // worst first
}

// Program is what was understood of the words given to one program, its own
// name included.
type Program struct {
	Name       string   `json:"program"` // empty: only known when the line runs
	Times      int      `json:"times"`
	Known      bool     `json:"known"`
	Words      int      `json:"words"`
	Understood int      `json:"words_understood"`
	Missed     []Missed `json:"not_understood"` // most frequent first
}

// Missed is a word that was not understood.
type Missed struct {
	Word  string `json:"word"`
	Times int    `json:"times"`
}

// Tally counts explanations as they come. The zero Tally is empty.
type Tally struct {
	commands, unread int
	programs         map[string]*row
}

type row struct {
	Program
	missed map[string]int
}

// Add counts the words of one command.
func (t *Tally) Add(e effect.Explanation) {
	t.commands++
	if len(e.Parts) == 0 && len(e.Unknowns) > 0 {
		t.unread++
	}
	for _, p := range e.Parts {
		if p.Kind != "" {
			t.row(p.Program).add(p, understood(p, e.Unknowns))
		}
	}
}

func (t *Tally) row(program string) *row {
	r := t.programs[program]
	if r == nil {
		if t.programs == nil {
			t.programs = map[string]*row{}
		}
		r = &row{Program: Program{Name: program}, missed: map[string]int{}}
		t.programs[program] = r
	}
	return r
}

func (r *row) add(p effect.Part, known bool) {
	r.Words++
	if p.Kind == effect.PartProgram {
		r.Times++
		r.Known = (r.Known || r.Times == 1) && known
	}
	if known {
		r.Understood++
	} else {
		r.missed[p.Text]++
	}
}

// understood reports whether a word's meaning is known and nothing that could
// not be told points at it.
func understood(p effect.Part, unknowns []effect.Unknown) bool {
	return p.Source != effect.FromNowhere && !slices.ContainsFunc(unknowns, func(u effect.Unknown) bool {
		return u.Span != nil && u.Span[0] < p.Span[1] && p.Span[0] < u.Span[1]
	})
}

// Report is the count so far, the programs of which most words were not
// understood first.
func (t *Tally) Report() Report {
	out := Report{Commands: t.commands, Unread: t.unread, Programs: len(t.programs), ByProgram: []Program{}}
	for _, r := range t.programs {
		if r.Known {
			out.ProgramsKnown++
		}
		out.Words += r.Words
		out.WordsUnderstood += r.Understood
		p := r.Program
		p.Missed = ordered(r.missed)
		out.ByProgram = append(out.ByProgram, p)
	}
	slices.SortFunc(out.ByProgram, func(a, b Program) int {
		return cmp.Or((b.Words-b.Understood)-(a.Words-a.Understood), b.Times-a.Times, cmp.Compare(a.Name, b.Name))
	})
	return out
}

func ordered(missed map[string]int) []Missed {
	out := make([]Missed, 0, len(missed))
	for word, n := range missed {
		out = append(out, Missed{word, n})
	}
	slices.SortFunc(out, func(a, b Missed) int { return cmp.Or(b.Times-a.Times, cmp.Compare(a.Word, b.Word)) })
	return out
}
