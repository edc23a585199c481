package script

import "strings"

// expr reads an expression and puts out what it comes to.
func (f *folder) expr() value {
	mark, line := len(f.out), f.peek(0).line
	if f.spent() {
		f.copied(1)
		return value{}
	}
	f.depth++
	defer func() { f.depth-- }()
	v := f.binary(0)
	if v.kind == wording && !v.known() && strings.Trim(v.s, hole) != "" && f.quiet == 0 && (mark >= len(f.out) || f.out[mark].text != v.s) {
		f.partly(mark, v, text, line)
	}
	return v
}

// ranks say how tightly signs bind.
var ranks = map[string]int{"|": 1, "^": 2, "&": 3, "<<": 4, ">>": 4, "+": 5, "-": 5, ".": 5, "..": 5, "": 5, "~": 2, "*": 6, "/": 6, "%": 6, "x": 6}

// operator is the sign between two values that stands next, and how many
// tokens it takes; -1: none.
func (f *folder) operator() (op string, took int) {
	skip := 0
	for f.peek(skip).kind == newline && f.at+skip < len(f.in) && skip < 8 && (f.nest > 0 || f.language == "node" || f.language == "php" || f.language == "perl") {
		skip++
	}
	t, next := f.peek(skip), f.peek(skip+1)
	if skip > 0 && f.nest == 0 && !t.is(f.join) {
		return "", -1
	}
	switch {
	case t.kind == text && !t.bare && f.beside && f.peek(-1).kind == text:
		return "", skip
	case f.language == "awk" && skip == 0 && (t.kind == text && !t.bare || t.kind == name && !awkWords[t.text] && !f.peek(1).is("=") && !f.peek(1).is("(")):
		return "", 0
	case t.kind == name && t.text == "x" && f.language == "perl":
		return "x", skip + 1
	case t.kind != sign || next.is("=") && t.text != ".":
		return "", -1
	case t.is(".") && next.is("."):
		if f.join == ".." && !f.peek(skip+2).is(".") {
			return "..", skip + 2
		}
	case t.is("."):
		if f.join == "." && !next.is("=") {
			return ".", skip + 1
		}
	case t.is("<") && next.is("<"), t.is(">") && next.is(">"):
		if f.language == "python" || f.language == "node" || f.language == "php" {
			return t.text + t.text, skip + 2
		}
	case (t.is("-") && next.is(">")) || next.is(t.text):
	case t.is("|") || t.is("&"):
		if f.language == "python" || f.language == "node" || f.language == "php" {
			return t.text, skip + 1
		}
	case t.is("~"):
		if f.language == "lua" {
			return "~", skip + 1
		}
	case ranks[t.text] > 0:
		return t.text, skip + 1
	}
	return "", -1
}

var awkWords = set("getline in print printf if else while for do BEGIN END function return next exit delete")

// binary reads values that signs join, as long as these bind tighter than rank.
func (f *folder) binary(rank int) value {
	mark, line := len(f.out), f.peek(0).line
	left := f.unary()
	for f.at < len(f.in) {
		op, took := f.operator()
		if took < 0 || ranks[op] <= rank || f.spent() {
			break
		}
		f.copied(took)
		for f.peek(0).kind == newline && f.at < len(f.in) {
			f.copied(1)
		}
		right := f.binary(ranks[op])
		left = f.settle(mark, f.apply(op, left, right), line)
	}
	return left
}

// prefixes are signs before a value.
var prefixes = set(`- + ~ ! * & \ @`)

func (f *folder) unary() value {
	t := f.peek(0)
	if t.is(".") && f.peek(1).is(".") && f.peek(2).is(".") {
		f.copied(3)
	}
	if t.kind != sign || !prefixes[t.text] || f.spent() {
		return f.primary()
	}
	if f.referring() || t.is("-") && f.peek(1).is(">") && f.language == "ruby" {
		return f.primary()
	}
	mark := len(f.out)
	f.copied(1)
	f.depth++
	v := f.unary()
	f.depth--
	switch n, ok := v.number(); {
	case t.is("-") && ok && v.kind == whole:
		return f.settle(mark, num(-n), t.line)
	case t.is("+") && ok:
		return f.settle(mark, num(n), t.line)
	case t.is("~") && ok && v.kind == whole:
		return f.settle(mark, num(^n), t.line)
	case t.is("-") || t.is("+") || t.is("!") || t.is("~"):
		return value{}
	}
	return v
}

// apply works out what a sign makes of two values.
func (f *folder) apply(op string, a, b value) value {
	m, okA := a.number()
	n, okB := b.number()
	numbers := okA && okB && (a.kind == whole && b.kind == whole || f.language == "perl" || f.language == "php")
	v := value{}
	switch {
	case op == f.join || op == "":
		v = f.joined(a, b, numbers)
	case op == "%" && a.kind == wording && f.language != "php" && f.language != "perl":
		args := b.items()
		if b.kind != many {
			args = []value{b}
		}
		v = sprintf(a.s, args)
	case op == "*" && a.kind == wording && okB && b.kind == whole || op == "x" && okB:
		if n >= 0 && n*int64(len(a.text())) <= maxValue {
			v = str(strings.Repeat(a.text(), int(n)))
		}
	case op == "^" && a.kind == wording && b.kind == wording && !numbers: // of texts, letter by letter
		v = xorText(a, b)
	case numbers:
		v = calculated(op, m, n)
	}
	if op != f.join && op != "" && op != "%" && op != "+" {
		v.made = true
	}
	v.made = v.made || a.made || b.made
	return v
}

func (f *folder) joined(a, b value, numbers bool) value {
	switch {
	case a.kind == many && b.kind == many:
		return listOf(append(append([]value(nil), a.list...), b.list...))
	case numbers && f.join == "+" && a.kind == whole && b.kind == whole:
		an, _ := a.number()
		bn, _ := b.number()
		return num(an + bn)
	case a.kind == many || b.kind == many || a.kind == lambda || b.kind == lambda:
		return value{}
	case a.kind == dark && b.kind == dark:
		return value{}
	case len(a.s)+len(b.s) > maxValue:
		return value{}
	}
	v := str(a.text() + b.text())
	v.bytes = a.bytes && b.bytes
	return v
}

func xorText(a, b value) value {
	x, y := a.s, b.s
	if len(x) != len(y) || !a.known() || !b.known() {
		return value{}
	}
	out := make([]byte, len(x))
	for i := range out {
		out[i] = x[i] ^ y[i]
	}
	return str(string(out))
}

func calculated(op string, m, n int64) value {
	switch op {
	case "+":
		return num(m + n)
	case "-":
		return num(m - n)
	case "*":
		return num(m * n)
	case "^", "~":
		return num(m ^ n)
	case "&":
		return num(m & n)
	case "|":
		return num(m | n)
	case "<<":
		if n >= 0 && n < 63 {
			return num(m << uint(n))
		}
	case ">>":
		if n >= 0 && n < 63 {
			return num(m >> uint(n))
		}
	case "%":
		if n > 0 {
			return num((m%n + n) % n)
		}
	case "/":
		if n != 0 && m%n == 0 {
			return num(m / n)
		}
	}
	return value{}
}
