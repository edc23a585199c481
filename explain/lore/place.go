package lore

import "strings"

// place hands the operands to the slots that the pattern names. A slot that an
// option has filled already takes no operand.
func (r *reader) place() {
	var ps []operand
	for _, p := range r.entry.patterns {
		if len(r.use.Slots[p.name]) == 0 {
			ps = append(ps, p)
		}
	}
	ops := r.operands
	fixedAfter := 0
	for i, p := range ps {
		if p.many {
			fixedAfter = 0
			for _, q := range ps[i+1:] {
				if !q.optional || len(ops) > 1 {
					fixedAfter++
				}
			}
		}
	}
	for i, p := range ps {
		n := 1
		if p.many {
			n = max(len(ops)-fixedAfter, 0)
		} else if p.optional && len(ops) <= required(ps[i+1:]) {
			n = 0
		}
		for ; n > 0 && len(ops) > 0; n-- {
			r.fill(p.name, ops[0])
			ops = ops[1:]
		}
	}
	for _, w := range ops {
		r.note(w, "", r.isStrange(w))
	}
	if len(ops) > 0 && len(r.use.Strange) == 0 {
		r.use.Extra = ops
	}
}

func (r *reader) isStrange(w Word) bool {
	for _, s := range r.use.Strange {
		if s.Span == w.Span && s.Text == w.Text {
			return false
		}
	}
	return true
}

func required(ps []operand) int {
	n := 0
	for _, p := range ps {
		if !p.optional && !p.many {
			n++
		}
	}
	return n
}

func (r *reader) fill(name string, w Word) {
	r.give(name, w)
	if r.slot(name).Kind == "command" { // its words are explained where they are run
		return
	}
	r.note(w, r.meaning(name, w), true)
}

// give puts a word into a slot, divided where the slot says so.
func (r *reader) give(name string, w Word) {
	s := r.slot(name)
	if s.Split == "" {
		r.use.Slots[name] = append(r.use.Slots[name], w)
		return
	}
	for part := range strings.SplitSeq(w.Text, s.Split) {
		p := w
		p.Text = strings.TrimSpace(part)
		r.use.Slots[name] = append(r.use.Slots[name], p)
	}
}
