package shell

import (
	"strings"

	"escort/explain/say"

	"mvdan.cc/sh/v3/syntax"
)

func (r *reader) ifClause(c *syntax.IfClause, st state) outcome {
	var ways []map[string]value
	feeds := outcome{}
	for n := 0; c != nil; n++ {
		cond := st
		cond.maybe = st.maybe || n > 0
		answer := r.stmts(c.Cond, cond).status
		if len(c.Cond) == 0 {
			answer = succeeds
		}
		if len(ways) == 0 && answer == fails {
			r.untaken(c.Then, st)
			c = c.Else
			continue
		}
		if len(ways) == 0 && answer == succeeds {
			out := r.stmts(c.Then, st)
			for c = c.Else; c != nil; c = c.Else {
				r.untaken(c.Cond, st)
				r.untaken(c.Then, st)
			}
			return out
		}
		body := st
		body.maybe = true
		var out outcome
		ways = append(ways, r.vars.changes(func() { out = r.stmts(c.Then, body) }))
		feeds.feeds = append(feeds.feeds, out.feeds...)
		if c.Else == nil && len(c.Cond) > 0 {
			ways = append(ways, nil)
		}
		c = c.Else
	}
	r.vars.merge(ways...)
	feeds.known = len(ways) == 0
	return feeds
}

func (r *reader) while(c *syntax.WhileClause, st state) outcome {
	if out, ok := r.computedWhile(c, st); ok {
		return out
	}
	r.loosen(c, st)
	st.loop = true
	r.stmts(c.Cond, st)
	st.maybe = true
	out := r.stmts(c.Do, st)
	r.loosen(c, st)
	out.known = false
	return out
}

func (r *reader) caseClause(c *syntax.CaseClause, st state) outcome {
	if out, ok := r.chosen(c, r.word(c.Word, st), st); ok {
		return out
	}
	var ways []map[string]value
	feeds := outcome{}
	for _, item := range c.Items {
		for _, p := range item.Patterns {
			r.inside(p, st)
		}
		body := st
		body.maybe = true
		var out outcome
		ways = append(ways, r.vars.changes(func() { out = r.stmts(item.Stmts, body) }))
		feeds.feeds = append(feeds.feeds, out.feeds...)
	}
	r.vars.merge(append(ways, nil)...)
	return feeds
}

// chosen reads a case of a word that is known: the first arm whose pattern is
// the word itself is taken.
func (r *reader) chosen(c *syntax.CaseClause, w Word, st state) (outcome, bool) {
	if !w.Known {
		return outcome{}, false
	}
	taken := -1
	for i, item := range c.Items {
		if item.Op != syntax.Break && i+1 < len(c.Items) {
			return outcome{}, false
		}
		for _, p := range item.Patterns {
			v := r.word(p, st)
			r.feeding = nil
			switch {
			case !v.Known || strings.ContainsAny(v.Value, `*?[\(`) && v.Value != "*":
				return outcome{}, false
			case taken < 0 && (v.Value == w.Value || v.Value == "*"):
				taken = i
			}
		}
	}
	out := outcome{known: true}
	for i, item := range c.Items {
		if i == taken {
			out = r.stmts(item.Stmts, st)
		} else {
			r.untaken(item.Stmts, st)
		}
	}
	return out, true
}

// maxUnroll is how many rounds of loops, nested ones multiplied, are looked at
// one by one.
const maxUnroll = 16

func (r *reader) forClause(c *syntax.ForClause, st state) outcome {
	var name string
	var items []Word
	listed := false
	switch l := c.Loop.(type) {
	case *syntax.WordIter:
		name = l.Name.Value
		if l.InPos.IsValid() {
			items, listed = r.words(l.Items, st), true
		} else {
			items, listed = r.positional(st)
		}
	case *syntax.CStyleLoop:
		r.inside(l, st)
	}
	if l, ok := c.Loop.(*syntax.CStyleLoop); ok {
		if out, ok := r.computedCounting(c, l, st); ok {
			return out
		}
	}
	if listed && !c.Select && plain(items) && len(items) <= maxRounds {
		if out, ok := r.computedFor(c, name, items, st); ok {
			return out
		}
	}
	body := st
	rounds := len(items)
	if c.Select || !listed || rounds == 0 && name == "" || rounds > maxUnroll || rounds*st.unroll > maxUnroll || !listable(items) {
		return r.loop(c, name, items, body)
	}
	body.unroll = st.unroll * max(rounds, 1)
	out := outcome{known: true}
	leaves := jumps(c)
	body.maybe = st.maybe || leaves && rounds > 1
	for _, w := range items {
		var one outcome
		if w.Glob != nil {
			one = r.loop(c, name, []Word{w}, body)
		} else {
			r.vars.set(name, value{str: w.Value, how: w.how})
			one = r.stmts(c.Do, body)
		}
		out.add(one)
		out.known = out.known && one.known && !leaves && len(out.text) <= maxOutput
	}
	if leaves {
		r.loosen(c, st)
	}
	return out
}

// listable reports that there are several words, each known or a pattern that
// names files, so that a loop is read once for each.
func listable(words []Word) bool {
	if len(words) < 2 {
		return plain(words)
	}
	for _, w := range words {
		if !w.Known || w.Multi && w.Glob == nil {
			return false
		}
	}
	return true
}

// plain reports whether each of the words is known and is exactly one word.
func plain(words []Word) bool {
	for _, w := range words {
		if !w.Known || w.Multi || w.Glob != nil {
			return false
		}
	}
	return true
}

// loop reads the body of a loop once, for any number of rounds.
func (r *reader) loop(c *syntax.ForClause, name string, items []Word, st state) outcome {
	r.loosen(c, st)
	st.loop, st.maybe = true, true
	if l, ok := c.Loop.(*syntax.CStyleLoop); ok && l != nil {
		st.maybe = true
	} else {
		r.vars.set(name, oneOf(items))
	}
	out := r.stmts(c.Do, st)
	r.loosen(c, st)
	out.known = false
	return out
}

// oneOf is a value that is one of several words.
func oneOf(items []Word) value {
	if len(items) != 1 {
		v := unknownValue(say.Text("shell.it-is-one-of-several"))
		return v
	}
	w := items[0]
	v := value{str: w.Value, glob: w.Glob, home: w.Home, why: w.Why, of: w.source()}
	if w.Glob != nil {
		v.str = globShape(w.Value)
		v.why = say.Text("shell.it-is-one-of-the", "pattern", w.Glob.Pattern)
	} else if w.Multi || !w.Known {
		v.why = say.Text("shell.it-is-one-of-several")
	}
	return v
}

// source are the Commands of whose output the word is.
func (w Word) source() []int {
	if len(w.From) > 0 && w.Pipe == "" {
		return w.From
	}
	return w.Of
}

// positional is the list "$@" as words.
func (r *reader) positional(st state) ([]Word, bool) {
	v := r.lookup("@", st)
	if v.str == Unknown || !v.array {
		return nil, false
	}
	words := make([]Word, len(v.list))
	for i, s := range v.list {
		words[i] = Word{Value: s, Known: true}
	}
	return words, true
}
