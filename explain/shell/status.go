package shell

import (
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// status is how a command ends, where that follows from the text.
type status int8

const (
	maybeSo status = iota
	succeeds
	fails
)

func statusOf(ok bool) status {
	if ok {
		return succeeds
	}
	return fails
}

func (s status) not() status {
	switch s {
	case succeeds:
		return fails
	case fails:
		return succeeds
	}
	return maybeSo
}

// numberTests compare numbers.
var numberTests = map[string]func(a, b int) bool{
	"-eq": func(a, b int) bool { return a == b }, "-ne": func(a, b int) bool { return a != b },
	"-lt": func(a, b int) bool { return a < b }, "-le": func(a, b int) bool { return a <= b },
	"-gt": func(a, b int) bool { return a > b }, "-ge": func(a, b int) bool { return a >= b },
}

// compared is the answer of a test with two sides.
func compared(op, a, b string) status {
	if strings.Contains(a+b, Unknown) {
		return maybeSo
	}
	switch op {
	case "=", "==":
		return statusOf(a == b)
	case "!=":
		return statusOf(a != b)
	}
	fits := numberTests[op]
	if fits == nil {
		return maybeSo
	}
	x, err1 := strconv.Atoi(strings.TrimSpace(a))
	y, err2 := strconv.Atoi(strings.TrimSpace(b))
	if err1 != nil || err2 != nil {
		return maybeSo
	}
	return statusOf(fits(x, y))
}

// alone is the answer of a test with one side.
func alone(op, a string) status {
	if strings.Contains(a, Unknown) {
		return maybeSo
	}
	switch op {
	case "-n":
		return statusOf(a != "")
	case "-z":
		return statusOf(a == "")
	}
	return maybeSo
}

// testArgs is the answer of test and [.
func testArgs(words []Word) status {
	args := words[1:]
	if words[0].Value == "[" {
		if len(args) == 0 || args[len(args)-1].Value != "]" {
			return maybeSo
		}
		args = args[:len(args)-1]
	}
	if !plain(args) {
		return maybeSo
	}
	if len(args) > 1 && args[0].Value == "!" {
		return testArgs(append([]Word{{Value: "test"}}, args[1:]...)).not()
	}
	switch len(args) {
	case 0:
		return fails
	case 1:
		return statusOf(args[0].Value != "")
	case 2:
		return alone(args[0].Value, args[1].Value)
	case 3:
		return compared(args[1].Value, args[0].Value, args[2].Value)
	}
	return maybeSo
}

// testExpr is the answer of [[ … ]].
func (r *reader) testExpr(x syntax.TestExpr, st state) status {
	switch x := x.(type) {
	case *syntax.ParenTest:
		return r.testExpr(x.X, st)
	case *syntax.UnaryTest:
		if x.Op == syntax.TsNot {
			return r.testExpr(x.X, st).not()
		}
		if w, ok := x.X.(*syntax.Word); ok {
			return alone(x.Op.String(), r.testWord(w, st))
		}
	case *syntax.BinaryTest:
		switch x.Op {
		case syntax.AndTest, syntax.OrTest:
			a, b := r.testExpr(x.X, st), r.testExpr(x.Y, st)
			decides := statusOf(x.Op == syntax.OrTest)
			if a == decides || b == decides {
				return decides
			}
			if a == maybeSo || b == maybeSo {
				return maybeSo
			}
			return decides.not()
		}
		a, ok1 := x.X.(*syntax.Word)
		b, ok2 := x.Y.(*syntax.Word)
		if !ok1 || !ok2 {
			return maybeSo
		}
		right := r.testWord(b, st)
		if numberTests[x.Op.String()] == nil && strings.ContainsAny(right, `*?[\(`) {
			return maybeSo
		}
		return compared(x.Op.String(), r.testWord(a, st), right)
	case *syntax.Word:
		return alone("-n", r.testWord(x, st))
	}
	return maybeSo
}

// testWord is the value of a word in [[ … ]]; [Unknown] where it is not known.
func (r *reader) testWord(w *syntax.Word, st state) string {
	feeding, n := r.feeding, len(r.prog.Commands)
	v := r.word(w, st)
	r.feeding, r.prog.Commands = feeding, r.prog.Commands[:n] // they have been read before
	if !v.Known {
		return Unknown
	}
	return v.Value
}

// answered is the status of the test in s.
func (r *reader) answered(c syntax.Command, st state, number value) status {
	if t, ok := c.(*syntax.TestClause); ok {
		return r.testExpr(t.X, st)
	}
	if n, err := strconv.Atoi(number.str); err == nil && known(number) {
		return statusOf(n != 0)
	}
	return maybeSo
}
