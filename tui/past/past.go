// Package past remembers what was decided, and says of something that is held
// what happened with the like of it before: how often it was allowed or denied
// today and by whom, which files changed since, what differs from the last one
// that looked like it, and whether it is exactly what this escort allowed here.
//
// The rules:
//
//   - Only what this escort allowed in this session folds to one key, only a
//     line that somebody typed, and only if everything is as it was then: the
//     line, its folder, the explanation with every hash of a file in it. From
//     high on, with a word to type, or where not all of it is known, nothing does.
//   - What was decided in earlier sessions is told, and eases nothing.
//
// Its sentences carry text of the session: whoever draws them makes it visible.
//
// # Limits
//
// It knows what this console has seen, and of earlier sessions what it was
// told at the start. The present day is that of the machine.
package past

import (
	"crypto/sha256"
	"encoding/json"
	"slices"
	"time"

	"escort/explain/effect"
	"escort/session/event"
	"escort/tui/worddiff"
)

// Memory is what was decided so far.
type Memory struct {
	self   string // the escort at this console
	strict bool   // nothing folds
	deeds  map[string]*deed
	recent []recent  // newest last
	today  []verdict // this escort's, of the day of the last one
}

// deed is what was decided about one thing.
type deed struct {
	verdicts []verdict // of the day of the last one
	allowed  *allowed  // the last time, on whatever day
	denied   bool      // later than that
}

type verdict struct {
	allow  bool
	who    string
	reason string
	at     time.Time
}

// allowed is a thing as it was when it was allowed.
type allowed struct {
	verdict
	here  bool // in this session
	risk  effect.Risk
	dir   string
	sums  map[string]string
	print string // of everything that its card said; empty: not known
}

// recent is one of the last decisions, to compare with.
type recent struct {
	layer, text string
	verdict
}

// maxRecent is how many of the last decisions are compared with.
const maxRecent = 50

// NeverFold makes everything take all of its keys, however often it was allowed.
func (m *Memory) NeverFold() { m.strict = true }

// New is a memory of nothing yet. self is the escort's name.
func New(self string) *Memory { return &Memory{self: self, deeds: map[string]*deed{}} }

// Learn takes what was decided in earlier sessions, the latest last, before
// anything is decided in this one.
func (m *Memory) Learn(earlier []event.Judged) {
	for _, j := range earlier {
		m.Note(j.Held, j.Decided, false)
	}
}

// text is what is held, in the words by which it is known again.
func text(h event.Event) string {
	switch h.Layer {
	case event.LayerStart:
		return h.Actual
	case event.LayerEffect:
		if h.Explanation == nil {
			return ""
		}
		return h.Explanation.Headline
	}
	return h.Typed
}

// Note remembers a verdict on h. here: it was made in this session.
func (m *Memory) Note(h, decided event.Event, here bool) {
	if decided.Verdict != event.Allow && decided.Verdict != event.Deny {
		return
	}
	v := verdict{decided.Verdict == event.Allow, decided.Who, decided.Reason, decided.Time}
	if v.who == m.self {
		m.today = append(sameDays(m.today, v.at), v)
	}
	t := text(h)
	if t == "" {
		return
	}
	k := h.Layer + " " + t
	d := m.deeds[k]
	if d == nil {
		d = &deed{}
		m.deeds[k] = d
	}
	d.verdicts = append(sameDays(d.verdicts, v.at), v)
	d.denied = !v.allow
	if v.allow {
		d.allowed = &allowed{v, here, riskOf(h), h.Dir, sums(h.Explanation), fingerprint(h)}
	}
	m.recent = append(m.recent, recent{h.Layer, t, v})
	m.recent = m.recent[max(len(m.recent)-maxRecent, 0):]
}

// sameDays is the verdicts of the day of at.
func sameDays(vs []verdict, at time.Time) []verdict {
	return slices.DeleteFunc(vs, func(v verdict) bool { return !sameDay(v.at, at) })
}

func sameDay(a, b time.Time) bool {
	return a.Local().Format(time.DateOnly) == b.Local().Format(time.DateOnly)
}

func riskOf(h event.Event) effect.Risk {
	if h.Explanation == nil {
		return effect.High
	}
	return h.Explanation.Risk
}

// sums are the hashes of what h would run or read, by path.
func sums(x *effect.Explanation) map[string]string {
	out := map[string]string{}
	if x == nil {
		return out
	}
	for _, s := range x.Plan.Starts {
		if s.Path != "" && s.SHA256 != "" {
			out[s.Path] = s.SHA256
		}
	}
	for _, s := range x.Scripts {
		if s.SHA256 != "" {
			out[s.Path] = s.SHA256
		}
	}
	for path, sum := range x.Plan.Files {
		out[path] = sum
	}
	return out
}

// fingerprint is a hash of everything that a card of h says; empty if there is
// none.
func fingerprint(h event.Event) string {
	b, err := json.Marshal([]any{h.Layer, h.Cause, h.Dir, h.Typed, h.Expanded, h.Actual, h.Argv, h.Word, h.Explanation})
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(b)
	return string(sum[:])
}

// foldable reports whether h is of a kind that can take one key once it was
// allowed.
func foldable(h event.Event) bool {
	x := h.Explanation
	return h.Layer == event.LayerLine && h.Cause == event.CauseTyped && h.Word == "" && h.Dir != "" &&
		x != nil && !x.Dimensions.Unknown.AtLeast(effect.Caution) && x.Risk != "" && !x.Risk.AtLeast(effect.High) && x.Plan.Complete && !x.Cut
}

// alike finds the last thing that looks like t and is not the same.
func (m *Memory) alike(layer, t string) (recent, worddiff.Diff, bool) {
	for _, r := range slices.Backward(m.recent) {
		if r.layer != layer || r.text == t {
			continue
		}
		if d := worddiff.Compare(r.text, t); d.Alike(2, 3) {
			return r, d, true
		}
	}
	return recent{}, worddiff.Diff{}, false
}
