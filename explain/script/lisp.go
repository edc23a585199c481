package script

import "strings"

// lisps are languages of brackets: what is called stands inside them.
var lisps = set("lisp elisp scheme clojure")

// unbracketed writes code of such a language the way others do: (f a "b") as
// f(a,"b"). Lines stay where they are. Signs inside names become letters and
// dots that join them, so that one table of names serves all of them:
// sb-ext:run-program is sb_ext.run_program, system* is systemS.
func unbracketed(src string) string {
	u := &unbracketer{src: src}
	for u.at < len(u.src) {
		u.next()
	}
	return u.out.String()
}

type unbracketer struct {
	src  string
	at   int
	out  strings.Builder
	full []bool // of each open bracket: something stands in it already
}

func (u *unbracketer) next() {
	c := u.src[u.at]
	switch {
	case c == ';':
		n := strings.IndexByte(u.src[u.at:], '\n')
		if n < 0 {
			n = len(u.src) - u.at
		}
		u.at += n
	case c == '"':
		u.item()
		u.literal()
	case c == '(' || c == '[' || c == '{':
		u.open()
	case c == ')' || c == ']' || c == '}':
		u.at++
		if n := len(u.full); n > 0 {
			u.full = u.full[:n-1]
			u.out.WriteByte(')')
		}
	case c == '\n':
		u.out.WriteByte(c)
		u.at++
	case c <= ' ' || strings.IndexByte("'`,#@^~", c) >= 0:
		u.at++
	default:
		u.item()
		u.out.WriteString(u.symbol())
	}
}

// item divides what follows from what stands before it in the same brackets.
func (u *unbracketer) item() {
	n := len(u.full)
	switch {
	case n == 0:
		u.out.WriteByte(';')
	case u.full[n-1]:
		u.out.WriteByte(',')
	default:
		u.full[n-1] = true
	}
}

// open begins a call, whose name goes before the bracket.
func (u *unbracketer) open() {
	u.item()
	u.at++
	for u.at < len(u.src) && u.src[u.at] == ' ' {
		u.at++
	}
	if u.at < len(u.src) && u.src[u.at-1] == '(' && strings.IndexByte("\"()[]{};'`,#@\n", u.src[u.at]) < 0 {
		u.out.WriteString(u.symbol())
	}
	u.out.WriteByte('(')
	u.full = append(u.full, false)
}

// literal copies a text in quotes.
func (u *unbracketer) literal() {
	end := u.at + 1
	for end < len(u.src) && u.src[end] != '"' {
		if u.src[end] == '\\' {
			end++
		}
		end++
	}
	end = min(end+1, len(u.src))
	u.out.WriteString(u.src[u.at:end])
	u.at = end
}

var symbolSigns = strings.NewReplacer("-", "_", "*", "S", "/", ".", ":", ".", "!", "", "?", "", "=", "", "<", "", ">", "", "%", "", "+", "", "&", "", "|", "")

// symbol reads a name or number.
func (u *unbracketer) symbol() string {
	end := u.at
	for end < len(u.src) && u.src[end] > ' ' && strings.IndexByte("()[]{}\"';,`", u.src[end]) < 0 {
		end++
	}
	s := u.src[u.at:end]
	u.at = max(end, u.at+1)
	return strings.Trim(strings.ReplaceAll(symbolSigns.Replace(s), "..", "."), ".")
}
