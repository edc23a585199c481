package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Error is why a policy cannot be taken.
type Error struct {
	File string
	Line int // from 1; 0: the file as a whole
	What string
	Do   string // what to do about it; empty: mend the line
	Err  error  // of the system; nil: none
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Error is FILE:LINE: what.
func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.What
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.What)
}

// Hint says what to do about it.
func (e *Error) Hint() string {
	if e.Do == "" {
		return "mend the line; escort policy default prints what each key means"
	}
	return e.Do
}

// reader makes a policy of the nodes of a file.
type reader struct {
	file    string
	p       *Policy
	signers listed
}

// field reads the value of one key.
type field func(n ast.Node) error

// parse makes a policy of a file's text; what that leaves out is as in base. A
// list of signers is named, and not read yet.
func parse(file string, text []byte, base *Policy) (got *Policy, signers listed, err error) {
	defer func() { // of the parser, which is not ours
		if r := recover(); r != nil {
			got, err = nil, &Error{File: file, What: fmt.Sprintf("it cannot be read: %v", r)}
		}
	}()
	doc, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, listed{}, noYAML(file, err)
	}
	p := *base
	p.Never, p.Ask, p.Helpers, p.Tests, p.places = nil, nil, nil, nil, nil
	p.Sources = []Source{source(file, text)}
	r := &reader{file: file, p: &p}
	if len(doc.Docs) != 1 || doc.Docs[0].Body == nil {
		return nil, listed{}, &Error{File: file, What: "a policy is one YAML document, and not an empty one"}
	}
	if err := r.mapping(doc.Docs[0].Body, r.top()); err != nil {
		return nil, listed{}, err
	}
	return &p, r.signers, nil
}

// source names a file and its text.
func source(file string, text []byte) Source {
	sum := sha256.Sum256(text)
	return Source{file, hex.EncodeToString(sum[:])}
}

// noYAML is the parser's error with its line.
func noYAML(file string, err error) error {
	e := &Error{File: file, What: "it is no YAML: " + firstLine(err.Error())}
	var at yaml.Error
	if errors.As(err, &at) && at.GetToken() != nil {
		e.Line, e.What = at.GetToken().Position.Line, "it is no YAML: "+firstLine(at.GetMessage())
	}
	return e
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

func (r *reader) top() map[string]field {
	return map[string]field{
		"thresholds": func(n ast.Node) error { return r.thresholds(n) },
		"never":      func(n ast.Node) error { return r.rules(n, &r.p.Never, true) },
		"ask":        func(n ast.Node) error { return r.rules(n, &r.p.Ask, false) },
		"helpers":    func(n ast.Node) error { return r.list(n, r.helper) },
		"timeouts": func(n ast.Node) error {
			return r.mapping(n, map[string]field{"explain": r.explainFor, "hold": r.holdFor})
		},
		"people":    r.people,
		"decisions": r.decisions,
		"limits": func(n ast.Node) error {
			return r.mapping(n, map[string]field{"cast": r.castSize, "line": r.lineSize})
		},
		"console": func(n ast.Node) error {
			return r.mapping(n, map[string]field{
				"mouse": r.truth(&r.p.Mouse), "bell": r.truth(&r.p.Bell), "notify": r.truth(&r.p.Notify), "copy": r.truth(&r.p.Copy),
				"folding": r.truth(&r.p.Fold),
			})
		},
		"tests": func(n ast.Node) error { return r.list(n, r.test) },
	}
}

// bad is an error at a node.
func (r *reader) bad(n ast.Node, format string, args ...any) error {
	e := &Error{File: r.file, What: fmt.Sprintf(format, args...)}
	if t := n.GetToken(); t != nil && t.Position != nil {
		e.Line = t.Position.Line
	}
	return e
}

// mapping reads each member of n with the field of its key.
func (r *reader) mapping(n ast.Node, fields map[string]field) error {
	known := strings.Join(slices.Sorted(maps.Keys(fields)), ", ")
	var values []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	default:
		return r.bad(n, "keys are expected here, of %s", known)
	}
	seen := map[string]bool{}
	for _, v := range values {
		key, ok := v.Key.(*ast.StringNode)
		switch {
		case !ok || fields[key.Value] == nil:
			return r.bad(v.Key, "there is no key %q here; there are %s", v.Key.GetToken().Value, known)
		case seen[key.Value]:
			return r.bad(v.Key, "%s is there twice", key.Value)
		}
		seen[key.Value] = true
		if err := fields[key.Value](v.Value); err != nil {
			return err
		}
	}
	return nil
}

// list reads each element of n.
func (r *reader) list(n ast.Node, each field) error {
	s, ok := n.(*ast.SequenceNode)
	if !ok {
		return r.bad(n, "a list is expected here; [] is an empty one")
	}
	for _, v := range s.Values {
		if err := each(v); err != nil {
			return err
		}
	}
	return nil
}
