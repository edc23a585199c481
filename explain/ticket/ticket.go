// Package ticket compares what a work order says with what a command does, by
// everyday words and by names; no meaning beyond that is understood.
//
// # Limits
//
// Words are English. A ticket that names no work, such as a bare number, says
// nothing about any command.
package ticket

import (
	"slices"
	"strings"

	"escort/explain/effect"
	"escort/explain/regex"
)

// Verdict is what the words of a ticket say about a command.
type Verdict string

// The verdicts. None: there is no ticket, or nothing to compare.
const (
	None    Verdict = ""
	Fits    Verdict = "fits"
	Unclear Verdict = "unclear"
	Beyond  Verdict = "beyond"
)

var (
	wordForm = regex.New(`[a-z0-9][a-z0-9._/@+-]*[a-z0-9]|/[a-z0-9._/@+-]+|[a-z0-9]`)
	negated  = regex.New(`\b(?:do not|don't|dont|never|without|no|not)\s+(?:to\s+)?(\w+)`)
	number   = regex.New(`^[a-z]{1,6}-\d+$`)
)

// Check says whether the effects are what the ticket asks for, and which
// effect is not. Looking is part of any work. What is rated low or safe is not
// held against the ticket.
func Check(text string, effects []effect.Effect) (Verdict, *effect.Effect) {
	t := read(text)
	if len(t.verbs) == 0 && len(t.names) == 0 {
		if strings.TrimSpace(text) == "" {
			return None, nil
		}
		return Unclear, nil
	}
	out := None
	for i := range effects {
		e := &effects[i]
		switch v := t.about(e); {
		case v == Beyond:
			return Beyond, e
		case v == Unclear, v == Fits && out == None:
			out = v
		}
	}
	if out == None {
		return Fits, nil
	}
	return out, nil
}

// order is a ticket as far as it is understood.
type order struct {
	verbs, forbidden map[string]bool
	names            []string
	specific         []string // names that are no word of a topic
	topics           map[string]bool
	words            []string // all of them
}

func read(text string) order {
	text = strings.ToLower(text)
	o := order{verbs: map[string]bool{}, forbidden: map[string]bool{}, topics: map[string]bool{}}
	for _, m := range negated.FindAllStringSubmatch(text, -1) {
		for _, v := range verbsOf(m[1]) {
			o.forbidden[v] = true
		}
		if verbsOf(m[1]) != nil {
			text = strings.Replace(text, m[0], " ", 1)
		}
	}
	for phrase, verbs := range phrases {
		if strings.Contains(text, phrase) {
			o.add(verbs)
		}
	}
	o.words = wordForm.FindAllString(text, -1)
	for _, w := range o.words {
		verbs := verbsOf(w)
		o.add(strings.Join(verbs, " "))
		known := false
		for topic, words := range topics {
			if slices.Contains(strings.Fields(words), stem(w)) || slices.Contains(strings.Fields(words), w) {
				o.topics[topic], known = true, true
			}
		}
		if verbs == nil && len(w) > 2 && !number.MatchString(w) && !stopWords[w] {
			o.names = append(o.names, w)
			if !known {
				o.specific = append(o.specific, w)
			}
		}
	}
	return o
}

func (o order) add(verbs string) {
	for v := range strings.FieldsSeq(verbs) {
		o.verbs[v] = true
	}
}

// stem takes the usual endings off a word.
func stem(w string) string {
	for _, end := range []string{"ing", "ed", "es", "s"} {
		if rest, ok := strings.CutSuffix(w, end); ok && len(rest) > 2 {
			return rest
		}
	}
	return w
}

func verbsOf(w string) []string {
	for _, try := range []string{w, stem(w), stem(w) + "e"} {
		if v, ok := actions[try]; ok {
			return strings.Fields(v)
		}
	}
	return nil
}

// about compares one effect.
func (o order) about(e *effect.Effect) Verdict {
	if o.forbidden[e.Verb] {
		return Beyond
	}
	if !e.Risk.AtLeast(effect.Caution) || e.Verb == "become" {
		return None
	}
	if e.Dimension == effect.Hiding {
		return Beyond // no work order asks for that
	}
	if o.unasked(e) {
		return Beyond
	}
	verb, named, foreign := o.verbs[e.Verb], o.named(e), o.foreign(e)
	verb = verb || e.Verb == "read" && named && (o.verbs["copy"] || o.verbs["write"]) // what is put somewhere is read
	switch {
	case verb && named && (!e.Risk.AtLeast(effect.Critical) || len(o.specific) == 0 || contains(o.specific, e.Object)):
		return Fits
	case verb && effect.Looks(e.Verb) && !e.Risk.AtLeast(effect.High):
		return Fits
	case e.Dimension == effect.Uncertainty, e.Verb == "execute" && !e.Risk.AtLeast(effect.High):
		return Unclear
	case len(o.verbs) == 0:
		return Unclear
	case !verb, foreign, e.Risk.AtLeast(effect.High):
		return Beyond
	}
	return Unclear
}

// unasked reports rights that the ticket does not ask for: those of an account
// or a group that it does not name, or those over the whole machine.
func (o order) unasked(e *effect.Effect) bool {
	if !e.Risk.AtLeast(effect.High) || effect.Looks(e.Verb) && e.Verb != "read" {
		return false
	}
	object := strings.ToLower(e.Object)
	switch e.Role {
	case effect.RoleUser, effect.RoleGroup:
		if powerGroups[object] {
			return !o.says("sudo admin administrator administrators root rights privileges " + object)
		}
		return len(o.specific) > 0 && object != "" && !contains(o.specific, e.Object)
	}
	for _, p := range powers {
		if strings.Contains(object, p.object) {
			return !o.says(p.words)
		}
	}
	return false
}

// says reports whether one of the words stands in the ticket.
func (o order) says(words string) bool {
	return slices.ContainsFunc(strings.Fields(words), func(w string) bool { return slices.Contains(o.words, w) })
}

// named reports whether the ticket names the object, or its topic.
func (o order) named(e *effect.Effect) bool {
	if contains(o.names, e.Object) {
		return true
	}
	for topic := range o.topics {
		if inTopic(topic, e) || told(topic, e) {
			return true
		}
	}
	return false
}

// told reports a service that must learn of what is done to something of a topic.
func told(topic string, e *effect.Effect) bool {
	return (e.Verb == "reload" || e.Verb == "restart") && slices.ContainsFunc(servedBy[topic], func(t string) bool { return inTopic(t, e) })
}

func contains(names []string, object string) bool {
	object = strings.ToLower(object)
	return slices.ContainsFunc(names, func(n string) bool {
		return strings.Contains(object, strings.Trim(n, "/.")) || len(stem(n)) > 3 && strings.Contains(object, stem(n))
	})
}

// foreign reports an object of a topic that the ticket does not speak of.
func (o order) foreign(e *effect.Effect) bool {
	for topic := range topics {
		if !o.topics[topic] && inTopic(topic, e) {
			return true
		}
	}
	return false
}

func inTopic(topic string, e *effect.Effect) bool {
	if slices.Contains(topicRoles[topic], e.Role) {
		return true
	}
	object := strings.ToLower(e.Object)
	for _, w := range objectsOf[topic] {
		if strings.Contains(object, w) {
			return true
		}
	}
	return false
}
