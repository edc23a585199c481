package screen

import "fmt"

// maxReplies bounds the answers that wait for the program to be read.
const maxReplies = 4 << 10

// replies is the queue of answers. Whole answers are dropped, the oldest
// first, so that what is left is well-formed.
type replies struct {
	queue []string
	size  int
}

func (q *replies) add(s string) {
	q.queue = append(q.queue, s)
	q.size += len(s)
	for q.size > maxReplies {
		q.size -= len(q.queue[0])
		q.queue = q.queue[1:]
	}
}

func (q *replies) take() []byte {
	out := make([]byte, 0, q.size)
	for _, s := range q.queue {
		out = append(out, s...)
	}
	*q = replies{}
	return out
}

// deviceAttributes is DA1: a VT220 with colour.
func (s *Screen) deviceAttributes(p *params) {
	if p.raw(0) == 0 {
		s.replies.add("\x1b[?62;22c")
	}
}

// secondaryAttributes is DA2: as xterm answers it, which is what programs for
// TERM=xterm-256color look for.
func (s *Screen) secondaryAttributes(p *params) {
	if p.raw(0) == 0 {
		s.replies.add("\x1b[>41;354;0c")
	}
}

// version is XTVERSION.
func (s *Screen) version(p *params) {
	if p.raw(0) == 0 {
		s.replies.add("\x1bP>|escort\x1b\\")
	}
}

// deviceStatus is DSR: status and cursor position.
func (s *Screen) deviceStatus(p *params) {
	switch p.raw(0) {
	case 5:
		s.replies.add("\x1b[0n")
	case 6:
		s.position("")
	}
}

// privateStatus is DSR with the private marker: cursor position.
func (s *Screen) privateStatus(p *params) {
	if p.raw(0) == 6 {
		s.position("?")
	}
}

func (s *Screen) position(mark string) {
	y := s.c.y
	if s.c.origin {
		y -= s.top
	}
	s.replies.add(fmt.Sprintf("\x1b[%s%d;%dR", mark, max(y, 0)+1, s.c.x+1))
}

// reportMode is DECRQM: 0 unknown, 1 set, 2 reset.
func (s *Screen) reportMode(mark string, table map[int]mode, v int) {
	state := 0
	if m, ok := table[v]; ok {
		if state = 2; m.get(s) {
			state = 1
		}
	}
	s.replies.add(fmt.Sprintf("\x1b[%s%d;%d$y", mark, v, state))
}

// windowOps answers the one window operation that is harmless: the size in
// characters.
func (s *Screen) windowOps(p *params) {
	if p.raw(0) == 18 {
		s.replies.add(fmt.Sprintf("\x1b[8;%d;%dt", s.rows, s.cols))
	}
}
