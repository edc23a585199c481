// Package runbook is a list of lines that were read and agreed on before: plain
// text, one command a line, lines that begin with # are headings, blank lines
// are skipped. A held line is set beside it: exactly as planned and which step,
// or else how it differs from the nearest step that was not taken yet.
//
// The rules:
//
//   - Only the very same text is as planned, as it was typed and as the shell
//     takes it.
//   - Being planned lowers no risk and spares no key.
//   - A file in which something cannot be seen as it is (control characters,
//     direction marks, bytes that are no text) is refused whole.
//
// What comes out is untrusted text: whoever draws it makes it visible.
//
// # Limits
//
// One line a command: what goes on after a backslash or a line feed has no
// place in it. A step counts as taken once it was allowed, however it ended.
package runbook

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"escort/explain/quote"
)

// The most that a runbook may have.
const (
	MaxBytes = 1 << 20
	maxSteps = 1000
)

// Hint says what a runbook looks like.
const Hint = "a runbook is plain text: one command a line, # before headings"

// Step is one planned command.
type Step struct {
	Line    string
	Heading string // that it stands below; empty: none
	Taken   bool   // it was allowed
}

// Book is a runbook and which of its steps were taken.
type Book struct {
	SHA256 string // of the text, lower-case hex
	steps  []Step
}

// Parse reads a runbook. An error says in which line something is wrong.
func Parse(text []byte) (*Book, error) {
	if len(text) > MaxBytes {
		return nil, fmt.Errorf("it has more than %d bytes", MaxBytes)
	}
	sum := sha256.Sum256(text)
	b := &Book{SHA256: hex.EncodeToString(sum[:])}
	heading := ""
	n := 0
	for raw := range bytes.Lines(bytes.TrimPrefix(text, []byte("\ufeff"))) {
		n++
		line := strings.TrimSpace(string(raw))
		if err := readable(line); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if h, ok := strings.CutPrefix(line, "#"); ok {
			heading = strings.TrimSpace(strings.TrimLeft(h, "#"))
		} else if line != "" {
			b.steps = append(b.steps, Step{Line: line, Heading: heading})
		}
	}
	switch {
	case len(b.steps) == 0:
		return nil, errors.New("there is no command in it")
	case len(b.steps) > maxSteps:
		return nil, fmt.Errorf("it has %d commands, and %d are the most", len(b.steps), maxSteps)
	}
	return b, nil
}

// readable refuses what a person who read the runbook could not have seen.
func readable(line string) error {
	if seen := quote.Line(line).String(); seen != line {
		return fmt.Errorf("it holds what cannot be seen as it is: %s", seen)
	}
	if strings.HasSuffix(line, `\`) {
		return errors.New("it ends in a backslash; a command has one line")
	}
	return nil
}

// Steps are the planned commands in their order. Callers do not change them.
func (b *Book) Steps() []Step { return b.steps }

// Next is the place of the first step that was not taken yet, from 0; -1 if all
// were.
func (b *Book) Next() int {
	for i, s := range b.steps {
		if !s.Taken {
			return i
		}
	}
	return -1
}

// find is the place of a line: of the first step of that text that was not
// taken, else of the first of that text; -1 if there is none.
func (b *Book) find(line string) int {
	at := -1
	for i, s := range b.steps {
		switch {
		case s.Line != line:
		case !s.Taken:
			return i
		case at < 0:
			at = i
		}
	}
	return at
}
