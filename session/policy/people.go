package policy

import (
	"time"

	"github.com/goccy/go-yaml/ast"

	"escort/session/event"
)

// span is what a length of time may be; zero says that 0 is one as well.
type span struct {
	least, most time.Duration
	zero        bool
}

// within reads a length of time within bounds.
func (r *reader) within(to *time.Duration, s span) field {
	return func(n ast.Node) error {
		d, err := r.duration(n)
		if err != nil {
			return err
		}
		if (d != 0 || !s.zero) && (d < s.least || d > s.most) {
			return r.bad(n, "%v is expected to be %v to %v%s", d, s.least, s.most, map[bool]string{true: ", or 0"}[s.zero])
		}
		*to = d
		return nil
	}
}

// people reads what holds where engineer and escort are two.
func (r *reader) people(n ast.Node) error {
	const day = 24 * time.Hour
	return r.mapping(n, map[string]field{
		"second": r.risk(&r.p.Second), "second_always": r.truth(&r.p.SecondAlways),
		"wait":     r.within(&r.p.Wait, span{time.Second, day, true}),
		"grace":    r.within(&r.p.Grace, span{time.Second, time.Hour, false}),
		"return":   r.within(&r.p.Return, span{0, time.Hour, true}),
		"output":   r.one(&r.p.Output, event.Outputs),
		"presence": r.within(&r.p.Presence, span{time.Minute, day, true}),
	})
}

// lessOutput is the stricter of two ways in which the engineer gets output.
func lessOutput(a, b string) string {
	for _, o := range event.Outputs {
		if a == o || b == o {
			return o
		}
	}
	return event.OutputStatus
}

// Withholding is p with no more output for the engineer than is given.
func (p *Policy) Withholding(output string) *Policy {
	q := *p
	q.Output = lessOutput(p.Output, output)
	return &q
}
