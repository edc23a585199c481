package past

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"escort/explain/effect"
	"escort/session/event"
)

// Before is what happened before with the like of a hold.
type Before struct {
	Fold      bool       // exactly this was allowed by this escort in this session
	Sentences []Sentence // what to say of it
	Spans     [][2]int   // bytes of its text that differ from the last one that looked like it
}

// Sentence is one thing that is said; Warn sets it apart.
type Sentence struct {
	Text string
	Warn bool
}

// Of says what happened before with the like of h, which came at now.
func (m *Memory) Of(h event.Event, now time.Time) Before {
	t := text(h)
	d := m.deeds[h.Layer+" "+t]
	if t == "" {
		return Before{}
	}
	if d == nil {
		return m.likeness(h.Layer, t, now)
	}
	b := Before{Fold: m.folds(d, h)}
	if b.Fold {
		b.say(Same + ago(d.allowed.at, now) + ", allowed by you" + saving[riskOf(h)] + ".")
	}
	b.Sentences = append(b.Sentences, m.counts(d, now, b.Fold)...)
	if a := d.allowed; a != nil {
		b.Sentences = append(b.Sentences, changes(a, h)...)
	}
	return b
}

// Same begins the sentence that says of a fold what it is the same as.
const Same = "Same as "

// saving says what a fold spares, where it spares something.
var saving = map[effect.Risk]string{effect.Caution: ": one key allows it"}

func (b *Before) say(text string) { b.Sentences = append(b.Sentences, Sentence{Text: text}) }

func (m *Memory) folds(d *deed, h event.Event) bool {
	a := d.allowed
	return !m.strict && a != nil && !d.denied && a.here && a.who == m.self && foldable(h) && a.print != "" && a.print == fingerprint(h)
}

// counts says how often it was allowed and denied today. Where it folds, the
// last time is said already.
func (m *Memory) counts(d *deed, now time.Time, folds bool) []Sentence {
	var out []Sentence
	allowed, denied := split(d.verdicts, now)
	if n := len(allowed); n > 1 || n == 1 && !folds {
		last := allowed[n-1]
		out = append(out, Sentence{Text: fmt.Sprintf("%s allowed this %s today%s.", m.name(last.who, allowed), times(n), lastly(n, last, now))})
	}
	if n := len(denied); n > 0 {
		last := denied[n-1]
		s := fmt.Sprintf("%s denied this %s today%s", m.name(last.who, denied), times(n), lastly(n, last, now))
		if last.reason != "" {
			s += ": " + last.reason
		}
		out = append(out, Sentence{strings.TrimSuffix(s, ".") + ".", true})
	}
	return out
}

// Today is how often this escort has allowed and denied on the day of now.
func (m *Memory) Today(now time.Time) (allowed, denied int) {
	a, d := split(m.today, now)
	return len(a), len(d)
}

// split parts the verdicts of today.
func split(vs []verdict, now time.Time) (allowed, denied []verdict) {
	for _, v := range vs {
		switch {
		case !sameDay(v.at, now):
		case v.allow:
			allowed = append(allowed, v)
		default:
			denied = append(denied, v)
		}
	}
	return allowed, denied
}

// name is who gave the verdicts, the last of them last, for the beginning of a
// sentence.
func (m *Memory) name(last string, vs []verdict) string {
	if slices.ContainsFunc(vs, func(v verdict) bool { return v.who != last }) {
		if slices.ContainsFunc(vs, func(v verdict) bool { return v.who == m.self }) {
			return "You and others"
		}
		return "Others"
	}
	switch last {
	case m.self:
		return "You"
	case "":
		return "Somebody"
	case event.Policy:
		return "The policy"
	}
	return last
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

func lastly(n int, last verdict, now time.Time) string {
	if n == 1 {
		return ", " + ago(last.at, now)
	}
	return ", last " + ago(last.at, now)
}

// maxFiles keeps the names of changed files to what can be read.
const maxFiles = 3

// changes says what is not as it was when it was allowed.
func changes(a *allowed, h event.Event) []Sentence {
	var out []Sentence
	add := func(format string, args ...any) { out = append(out, Sentence{fmt.Sprintf(format, args...), true}) }
	now := sums(h.Explanation)
	var files []string
	for _, p := range slices.Sorted(maps.Keys(now)) {
		if old, ok := a.sums[p]; ok && old != now[p] {
			files = append(files, path.Base(p))
		}
	}
	switch n := len(files); {
	case n > maxFiles:
		add("Changed since it was allowed: %s and %d more.", strings.Join(files[:maxFiles], ", "), n-maxFiles)
	case n > 0:
		add("Changed since it was allowed: %s.", strings.Join(files, ", "))
	}
	if a.dir != "" && h.Dir != "" && a.dir != h.Dir {
		add("That was in the folder %s, this is in %s.", a.dir, h.Dir)
	}
	if r := riskOf(h); r != a.risk {
		add("It was rated %s then, and %s now.", strings.ToUpper(string(a.risk)), strings.ToUpper(string(r)))
	}
	return out
}

// likeness says how a thing that was not there before differs from the last one
// that looked like it.
func (m *Memory) likeness(layer, t string, now time.Time) Before {
	r, diff, ok := m.alike(layer, t)
	if !ok {
		return Before{}
	}
	what := "denied"
	if r.allow {
		what = "allowed"
	}
	b := Before{Spans: diff.Spans}
	b.Sentences = []Sentence{{fmt.Sprintf("Like one %s %s, but: %s.", what, ago(r.at, now), diff.Words()), !r.allow}}
	return b
}

// ago is how long before now something was, in words.
func ago(at, now time.Time) string {
	switch d := now.Sub(at); {
	case d < time.Minute:
		return "a moment ago"
	case d < 2*time.Minute:
		return "a minute ago"
	case d < time.Hour:
		return fmt.Sprintf("%d minutes ago", int(d.Minutes()))
	}
	return "at " + at.Local().Format("15:04")
}
