// Package pwsh reads code of PowerShell: which commands it runs, with which
// words, one after another. It follows variables that hold literals, works out
// what is put together or decoded from literals (-f, -join, -replace, [char],
// base64, reversed text), steps into blocks, functions, loops and text that is
// run as code, and turns calls of .NET into the command that does the same.
//
// # Limits
//
// It is no interpreter: what commands put out is not known, only where it comes
// from. Both ways of a condition are read, a loop whose end is not known once.
// Classes, workflows and what a module brings along are passed over and said to
// be unread. The work on one text is counted, so that it always ends.
package pwsh

import (
	"slices"
	"strings"

	"escort/explain/say"
)

// Hole stands for text that is only known when the code runs.
const Hole = "\uFFFC"

// Code says where the code that a command runs comes from.
type Code byte

// The origins of code.
const (
	NoCode   Code = iota // it runs none
	ReadCode             // it has been read: its commands follow
	Fetched              // it comes from another machine
	NotKnown             // nothing is known of it
)

// Command is one command that is run.
type Command struct {
	Name    string // aliases resolved; Hole where it is not known
	Args    []Arg
	Line    int   // from 1
	Parent  int   // index of the command whose block or code it stands in; -1: none
	From    int   // index of the command whose output it gets; -1: none
	Input   Value // what comes in by the pipe
	Loop    bool  // it may run many times
	Program bool  // a program of the system, by its words
	Hidden  bool  // its name or its code is put together so that it cannot be read
	Code    Code
	Sends   bool // what it gets to send comes out of a file or a command
}

// Arg is one word behind a command: a parameter, or values.
type Arg struct {
	Param    string // without the dash; empty: values
	Values   []Value
	Attached bool // the values belong to the parameter: -Name:Value
}

// Program is what was read.
type Program struct {
	Commands  []Command
	Socket    bool     // a connection is made through .NET
	Shown     string   // a variable that is only shown
	Value     bool     // something is calculated
	Functions int      // how many functions it makes
	Unread    []Passed // what was passed over
}

// Passed is something that was passed over.
type Passed struct {
	Text string // a noun phrase
	Rest bool   // all that follows, which may be anything
}

// The most work on one text.
const (
	maxSteps    = 60_000
	maxDepth    = 12
	maxNest     = 80 // brackets in brackets
	maxCommands = 2_000
	maxText     = 256 << 10
	maxTurns    = 4_096 // of one loop
)

// Read reads a text.
func Read(text string) Program {
	r := &reader{vars: startVars(), funcs: map[string]function{}, alias: map[string]string{}, left: maxSteps, seen: map[string]int{}}
	p := &parser{reader: r, src: quotes.Replace(text), line: 1, parent: -1}
	v := p.body(0)
	shown := ""
	if t := strings.TrimSpace(text); strings.HasPrefix(t, "$") && !strings.ContainsAny(strings.TrimSuffix(t, "()"), " \n;(") && len(t) < 60 {
		shown = t
	}
	return Program{Commands: r.out, Socket: r.socket, Unread: r.unread, Shown: shown, Value: v.Kind != Null, Functions: len(r.funcs)}
}

// reader is what all parts of a text share.
type reader struct {
	out    []Command
	vars   map[string]Value
	funcs  map[string]function
	alias  map[string]string
	seen   map[string]int
	unread []Passed
	socket bool
	left   int
	depth  int
	last   string // the property that was named last
}

// function is a piece of code with a name.
type function struct {
	body string
	line int
}

// parser walks one text.
type parser struct {
	*reader
	src    string
	at     int
	line   int // of the text's beginning
	parent int
	loop   bool // the text may run many times
	maybe  bool // it may not run at all
	nest   int  // how many brackets it stands in

	markAt, markLine int
}

// sub is a parser for a part of the same text.
func (p *parser) sub(text string, line int) *parser {
	q := &parser{reader: p.reader, src: text, line: line, parent: p.parent, loop: p.loop, maybe: p.maybe, nest: p.nest + 1}
	if q.nest > maxNest {
		p.passAll(say.Text("windows.code-in-brackets-which-goes"))
		q.src = ""
	}
	return q
}

// spend takes a step from the budget; false: it is used up.
func (p *parser) spend(n int) bool {
	if p.left < 0 {
		return false
	}
	p.left -= n
	if p.left < 0 {
		p.passAll(say.Text("windows.the-rest-of-the-code"))
		return false
	}
	return true
}

// pass notes something that is not read.
func (r *reader) pass(what string) { r.passOver(Passed{Text: what}) }

// passAll notes that all which follows is not read.
func (r *reader) passAll(what string) { r.passOver(Passed{what, true}) }

func (r *reader) passOver(what Passed) {
	if !slices.Contains(r.unread, what) && len(r.unread) < 20 {
		r.unread = append(r.unread, what)
	}
}

// lineAt is the line in which the parser stands.
func (p *parser) lineAt() int {
	if p.at < p.markAt {
		p.markAt, p.markLine = 0, 0
	}
	end := min(p.at, len(p.src))
	p.markLine += strings.Count(p.src[p.markAt:end], "\n")
	p.markAt = end
	return p.line + p.markLine
}

// emit adds a command and returns its index. One that has been seen in the
// same place is not added twice.
func (p *parser) emit(c Command) int {
	c.Line, c.Parent, c.Loop = p.lineAt(), p.parent, c.Loop || p.loop
	key := c.key()
	if i, ok := p.seen[key]; ok {
		p.out[i].Loop = true
		return i
	}
	if len(p.out) >= maxCommands {
		p.passAll(say.Text("windows.the-rest-of-the-commands"))
		return len(p.out) - 1
	}
	p.seen[key] = len(p.out)
	p.out = append(p.out, c)
	return len(p.out) - 1
}

func (c *Command) key() string {
	var b strings.Builder
	b.WriteString(c.Name)
	b.WriteByte(byte(c.Code))
	b.WriteString(string(rune('a' + c.Parent + 1)))
	b.WriteString(string(rune('a' + c.From + 1)))
	for _, a := range c.Args {
		b.WriteString("\x00-" + a.Param)
		for _, v := range a.Values {
			b.WriteString("\x00" + v.String())
		}
	}
	b.WriteString("\x00<" + c.Input.String())
	return b.String()
}

// Param returns the values of a parameter that may be given by any beginning of
// one of names, the position-th plain argument where it is not (-1: none is).
func (c *Command) Param(position int, names ...string) []Value {
	return param(c.Args, position, names...)
}

func param(args []Arg, position int, names ...string) []Value {
	for i := 0; i < len(args); i++ {
		a := args[i]
		if a.Param == "" {
			if position == 0 {
				return a.Values
			}
			position--
			continue
		}
		valued := !a.Attached && !switches[strings.ToLower(a.Param)] && i+1 < len(args) && args[i+1].Param == ""
		if named(a.Param, names) {
			if a.Attached {
				return a.Values
			}
			if i+1 < len(args) && args[i+1].Param == "" {
				return args[i+1].Values
			}
			return []Value{truth(true)}
		}
		if valued {
			i++
		}
	}
	return nil
}

func named(given string, names []string) bool {
	given = strings.ToLower(given)
	for _, n := range names {
		if given != "" && strings.HasPrefix(n, given) {
			return true
		}
	}
	return false
}

// switches are parameters that take no value.
var switches = set(`force recurse r fo passthru append noclobber nonewline raw asplaintext asjob wait nonewwindow usebasicparsing useb confirm whatif verbose
	debug all hidden listavailable file directory name online offline quiet detailed full examples unique descending desc autosize wrap hidetableheaders notypeinformation
	allowclobber skippublishercheck acceptlicense enabled nopassword removedata deletebucketcontent includemanagementtools restart useSsl simplematch casesensitive nti`)

func set(s string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(strings.ToLower(s)) {
		m[w] = true
	}
	return m
}
