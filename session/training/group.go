package training

import (
	"cmp"
	"slices"
	"time"

	"escort/explain/effect"
	"escort/session/event"
)

// Standing is how somebody does in one lesson.
type Standing struct {
	Lesson, Title, Course string
	Tries                 int  // begun
	Best                  int  // score; 0 if it was never finished
	Done, Passed          bool // ever
	First, Last           time.Time
}

// Person is what somebody's results come to.
type Person struct {
	Who       string
	Standings []Standing // in the order in which the lessons were first taken
	Tries     int
	Passed    int           // lessons
	Harm      int           // lines allowed that were not to be
	Needless  int           // lines kept up that were fine
	Questions int           // where asking or passing on was right
	Lines     int           // answered
	Median    time.Duration // that a card was looked at
	ByRisk    []Look        // the same for each risk that there was, the lowest first
	Reflex    int           // answers in less than [ReflexTime]
	Scores    []Result      // finished lessons, the earliest first
}

// Look is how the cards of one risk were answered.
type Look struct {
	Risk    string
	Lines   int
	Allowed int
	Median  time.Duration
}

// ReflexTime is less than it takes to read a card.
const ReflexTime = 1500 * time.Millisecond

// Group puts results together by person, in the order of their names.
func Group(results []Result) []Person {
	by := map[string]*Person{}
	lines := map[string][]Line{}
	for _, r := range results {
		p := by[r.Who]
		if p == nil {
			p = &Person{Who: r.Who}
			by[r.Who] = p
		}
		p.add(r)
		lines[r.Who] = append(lines[r.Who], r.Lines...)
	}
	var out []Person
	for who, p := range by {
		p.Median = median(lines[who])
		p.ByRisk = looks(lines[who])
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b Person) int { return cmp.Compare(a.Who, b.Who) })
	return out
}

func median(lines []Line) time.Duration {
	if len(lines) == 0 {
		return 0
	}
	var list []int64
	for _, l := range lines {
		list = append(list, l.LookedMS)
	}
	slices.Sort(list)
	return time.Duration(list[len(list)/2]) * time.Millisecond
}

// looks sorts answers by the risk of their cards.
func looks(lines []Line) (out []Look) {
	for _, r := range effect.Risks {
		of := slices.DeleteFunc(slices.Clone(lines), func(l Line) bool { return l.Risk != string(r) })
		if len(of) == 0 {
			continue
		}
		k := Look{Risk: string(r), Lines: len(of), Median: median(of)}
		for _, l := range of {
			k.Allowed += one(l.Did == event.Allow)
		}
		out = append(out, k)
	}
	return out
}

func (p *Person) add(r Result) {
	p.Tries++
	for _, l := range r.Lines {
		p.Lines++
		p.Harm += one(l.Harm)
		p.Needless += one(l.Needless)
		p.Questions += one(l.Points > 0)
		p.Reflex += one(time.Duration(l.LookedMS)*time.Millisecond < ReflexTime)
	}
	if r.Done {
		p.Scores = append(p.Scores, r)
	}
	s := p.standing(r)
	s.Tries++
	s.Last = r.Time
	if r.Done && (!s.Done || r.Score > s.Best) {
		s.Best, s.Done = r.Score, true
	}
	if r.Passed() && !s.Passed {
		s.Passed = true
		p.Passed++
	}
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// standing is the row of a result's lesson.
func (p *Person) standing(r Result) *Standing {
	for i := range p.Standings {
		if p.Standings[i].Lesson == r.Lesson {
			return &p.Standings[i]
		}
	}
	p.Standings = append(p.Standings, Standing{Lesson: r.Lesson, Title: r.Title, Course: r.Course, First: r.Time})
	return &p.Standings[len(p.Standings)-1]
}

// Of is how somebody stands in a lesson; the zero Standing if it was not taken.
func (p Person) Of(lesson string) Standing {
	for _, s := range p.Standings {
		if s.Lesson == lesson {
			return s
		}
	}
	return Standing{}
}
