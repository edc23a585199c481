package training

import (
	"cmp"
	"slices"
	"time"
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
	Reflex    int           // answers in less than [ReflexTime]
	Scores    []Result      // finished lessons, the earliest first
}

// ReflexTime is less than it takes to read a card.
const ReflexTime = 1500 * time.Millisecond

// Group puts results together by person, in the order of their names.
func Group(results []Result) []Person {
	by := map[string]*Person{}
	looked := map[string][]time.Duration{}
	for _, r := range results {
		p := by[r.Who]
		if p == nil {
			p = &Person{Who: r.Who}
			by[r.Who] = p
		}
		p.add(r)
		for _, l := range r.Lines {
			looked[r.Who] = append(looked[r.Who], time.Duration(l.LookedMS)*time.Millisecond)
		}
	}
	var out []Person
	for who, p := range by {
		p.Median = median(looked[who])
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b Person) int { return cmp.Compare(a.Who, b.Who) })
	return out
}

func median(list []time.Duration) time.Duration {
	if len(list) == 0 {
		return 0
	}
	slices.Sort(list)
	return list[len(list)/2]
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
