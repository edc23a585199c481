package shell

import (
	"io"
	"runtime"
	"strings"
	"sync"

	"escort/explain/effect"

	"mvdan.cc/sh/v3/syntax"
)

// source is one text that is parsed: the top text, or one that it leads to.
type source struct {
	text  string
	top   bool
	fixed effect.Span // where it is called, unless top

	// An alias is put in place of its name: text from tail on is that of
	// under, from tailIn on.
	under        *source
	tail, tailIn int
}

// span maps a stretch of s to the top text.
func (s *source) span(from, to uint) effect.Span {
	a, b := min(int(from), len(s.text)), min(int(to), len(s.text))
	b = max(a, b)
	switch {
	case s.top:
		return effect.Span{a, b}
	case s.under != nil && a >= s.tail:
		return s.under.span(uint(a-s.tail+s.tailIn), uint(b-s.tail+s.tailIn))
	}
	return s.fixed
}

func (s *source) node(n syntax.Node) effect.Span { return s.span(n.Pos().Offset(), n.End().Offset()) }

// raw is the text of a stretch as written.
func (s *source) raw(from, to uint) string {
	a, b := min(int(from), len(s.text)), min(int(to), len(s.text))
	return s.text[a:max(a, b)]
}

// maxFrames bounds how deep the recursive parser may go; its stack cannot be
// recovered once it overflows.
const maxFrames = 4_000

type tooDeep struct{}

func (tooDeep) Error() string { return "nested too deeply to be read" }

// feeder hands text to the parser in pieces, and looks at each how deep the
// parser stands: no piece is long enough to overflow the stack by itself.
type feeder struct {
	text string
	pcs  []uintptr
	deep bool
}

func (f *feeder) Read(p []byte) (int, error) {
	if f.deep {
		return 0, tooDeep{}
	}
	if f.text == "" {
		return 0, io.EOF
	}
	if f.pcs != nil && runtime.Callers(0, f.pcs) == len(f.pcs) {
		f.deep = true
		return 0, tooDeep{}
	}
	n := copy(p, f.text)
	f.text = f.text[n:]
	return n, nil
}

var parsers = map[Variant]*sync.Pool{
	Bash:  parserPool(syntax.LangBash),
	Posix: parserPool(syntax.LangPOSIX),
	Zsh:   parserPool(syntax.LangZsh),
}

func parserPool(lang syntax.LangVariant) *sync.Pool {
	return &sync.Pool{New: func() any { return syntax.NewParser(syntax.Variant(lang)) }}
}

// parse reads statements up to the first error.
func parse(text string, variant Variant) (stmts []*syntax.Stmt, err error) {
	pool := parsers[variant]
	p := pool.Get().(*syntax.Parser)
	feed := &feeder{text: understood(returns(text))}
	if len(text) > 1024 {
		feed.pcs = make([]uintptr, maxFrames)
	}
	// The loop is never left early: the parser may yield once more behind its
	// first error, which a loop that has ended answers with a panic.
	for stmt, e := range p.StmtsSeq(feed) {
		switch {
		case err != nil:
		case e != nil:
			err = e
		case stmt != nil:
			stmts = append(stmts, stmt)
		}
	}
	if feed.deep {
		return stmts, tooDeep{}
	}
	pool.Put(p)
	return stmts, err
}

// returns puts another byte in place of carriage returns: the parser takes them
// for white space, the shell for letters. So "\", return, line feed joins two
// lines for the one and ends a command for the other. Where every line ends in
// return and line feed, only those stay that mean the same to both.
func returns(text string) string {
	if !strings.Contains(text, "\r") {
		return text
	}
	const letter = "\x7f"
	if ends := strings.Count(text, "\r\n"); ends == 0 || ends != strings.Count(text, "\n") {
		return strings.ReplaceAll(text, "\r", letter)
	}
	const kept = "\x00\x00" // there is no NUL in a text that is read
	text = strings.ReplaceAll(text, "\r\n", kept)
	text = strings.ReplaceAll(text, "\\"+kept, "\\"+letter+"\n")
	text = strings.ReplaceAll(text, "\r", letter)
	return strings.ReplaceAll(text, kept, "\r\n")
}

// Complete reports whether a shell (empty: bash) at a prompt would take text as it is, rather
// than ask for more: no quote, here-document, bracket or compound command is
// open and it does not end in a backslash, | or &&. Text with a syntax error
// is complete.
func Complete(text string, variant Variant) bool {
	if trailingBackslash(text) {
		return false
	}
	// The line feed makes a here-document without a body show itself.
	if parsers[variant] == nil {
		variant = Bash
	}
	_, err := parse(text+"\n", variant)
	return !incomplete(err, text)
}

func incomplete(err error, text string) bool {
	if err == nil {
		return false
	}
	if syntax.IsIncomplete(err) {
		return true
	}
	trimmed := strings.TrimRight(text, " \t\r\n")
	return strings.HasSuffix(trimmed, "&&") || strings.HasSuffix(trimmed, "|")
}

func trailingBackslash(text string) bool {
	n := len(text) - len(strings.TrimRight(text, `\`))
	if n%2 == 0 {
		return false
	}
	// Inside a comment a backslash joins nothing; an open quote is
	// incomplete anyway.
	return !endsInComment(text)
}

// endsInComment reports whether the last line of text ends in a comment.
func endsInComment(text string) bool {
	last := text[strings.LastIndexByte(text, '\n')+1:]
	p := syntax.NewParser(syntax.KeepComments(true))
	f, err := p.Parse(&feeder{text: last}, "")
	if err != nil {
		return false
	}
	found := false
	syntax.Walk(f, func(n syntax.Node) bool {
		if c, ok := n.(*syntax.Comment); ok && int(c.End().Offset()) >= len(last) {
			found = true
		}
		return true
	})
	return found
}
