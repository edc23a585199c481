package command

import (
	"bytes"
	"encoding/json"
)

// members are those of a question as they stand in its line; nil: not there.
type members struct{ id, cmd, kind json.RawMessage }

// quickly takes apart a line that is written as most are: an object of no
// other members than id, cmd and kind, each at most once, whose values are
// strings and whole numbers. It is not ok for every other line, be it good or
// bad: that is for encoding/json to say.
func quickly(line []byte) (m members, ok bool) {
	s := scanner{rest: line}
	if !s.take('{') {
		return m, false
	}
	for {
		key := s.value()
		if !s.take(':') {
			return m, false
		}
		var to *json.RawMessage
		switch string(key) {
		case `"id"`:
			to = &m.id
		case `"cmd"`:
			to = &m.cmd
		case `"kind"`:
			to = &m.kind
		}
		if to == nil || *to != nil {
			return m, false
		}
		if *to = s.value(); *to == nil {
			return m, false
		}
		if s.take('}') {
			return m, len(bytes.TrimRight(s.rest, " \t\r\n")) == 0
		}
		if !s.take(',') {
			return m, false
		}
	}
}

// scanner walks the bytes of a line.
type scanner struct{ rest []byte }

// take takes c off the front, with the blanks before it.
func (s *scanner) take(c byte) bool {
	s.rest = bytes.TrimLeft(s.rest, " \t\r\n")
	if len(s.rest) == 0 || s.rest[0] != c {
		return false
	}
	s.rest = s.rest[1:]
	return true
}

// value takes a string or a whole number off the front; nil: there is none.
func (s *scanner) value() json.RawMessage {
	s.rest = bytes.TrimLeft(s.rest, " \t\r\n")
	n := 0
	switch {
	case len(s.rest) == 0:
		return nil
	case s.rest[0] == '"':
		n = stringEnd(s.rest)
	default:
		n = numberEnd(s.rest)
	}
	if n == 0 {
		return nil
	}
	v := s.rest[:n:n]
	s.rest = s.rest[n:]
	return v
}

// stringEnd is where the string ends that b begins with; 0: nowhere. Escapes by
// number count as nowhere.
func stringEnd(b []byte) int {
	for i := 1; i < len(b); i++ {
		switch c := b[i]; {
		case c == '"':
			return i + 1
		case c < 0x20:
			return 0
		case c == '\\':
			if i++; i == len(b) || unescaped[b[i]] == 0 {
				return 0
			}
		}
	}
	return 0
}

// numberEnd is where the whole number ends that b begins with; 0: nowhere.
func numberEnd(b []byte) int {
	i := 0
	for i < len(b) && b[i] >= '0' && b[i] <= '9' {
		i++
	}
	if i > 1 && b[0] == '0' || i < len(b) && bytes.IndexByte([]byte(" \t\r\n,}"), b[i]) < 0 {
		return 0
	}
	return i
}

// unescaped is what stands for itself, or for a control, behind a backslash.
var unescaped = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// quickText decodes a JSON string that [stringEnd] has found the end of. It is
// not ok where the string has escapes by number.
func quickText(raw json.RawMessage) (s string, ok bool) {
	if len(raw) < 2 || raw[0] != '"' {
		return "", false
	}
	in := raw[1 : len(raw)-1]
	first := bytes.IndexByte(in, '\\')
	if first < 0 {
		return string(in), true
	}
	out := make([]byte, first, len(in))
	copy(out, in)
	for i := first; i < len(in); i++ {
		c := in[i]
		if c == '\\' {
			if i++; i == len(in) || unescaped[in[i]] == 0 {
				return "", false
			}
			c = unescaped[in[i]]
		}
		out = append(out, c)
	}
	return string(out), true
}
