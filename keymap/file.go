package keymap

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Parse makes the table with the keys of a file's text, which is YAML:
//
//	card:
//	  allow: [y]
//	  deny: n
//
// name stands in errors, with the line.
func Parse(name string, text []byte) (*Map, error) {
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		line, _, _ := strings.Cut(err.Error(), "\n")
		return nil, fmt.Errorf("%s: it is no YAML: %s", name, line)
	}
	overrides, lines := map[string][]string{}, map[string]int{}
	for _, doc := range file.Docs {
		if err := readModes(doc.Body, overrides, lines); err != nil {
			return nil, fmt.Errorf("%s:%w", name, err)
		}
	}
	m, err := New(overrides)
	var bad *OverrideError
	if errors.As(err, &bad) {
		return nil, fmt.Errorf("%s:%d: %w", name, lines[bad.Name], bad)
	}
	return m, err
}

// lineOf is the line of a node, from 1.
func lineOf(n ast.Node) int { return n.GetToken().Position.Line }

func readModes(body ast.Node, overrides map[string][]string, lines map[string]int) error {
	modes, err := pairs(body)
	if err != nil {
		return err
	}
	for _, mode := range modes {
		actions, err := pairs(mode.Value)
		if err != nil {
			return err
		}
		for _, a := range actions {
			name := mode.Key.String() + "." + a.Key.String()
			if lines[name] > 0 {
				return fmt.Errorf("%d: %s is there twice", lineOf(a.Key), name)
			}
			lines[name] = lineOf(a.Key)
			if overrides[name], err = words(a.Value); err != nil {
				return err
			}
		}
	}
	return nil
}

// pairs are the members of a mapping; none of a text that says nothing.
func pairs(n ast.Node) ([]*ast.MappingValueNode, error) {
	switch n := n.(type) {
	case nil, *ast.NullNode, *ast.CommentGroupNode:
		return nil, nil
	case *ast.MappingNode:
		return n.Values, nil
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, nil
	}
	return nil, fmt.Errorf("%d: names with their keys are expected here, as in \"card:\" and below it \"allow: [y]\"", lineOf(n))
}

// words are the keys of one action, one or a list.
func words(n ast.Node) ([]string, error) {
	switch n := n.(type) {
	case *ast.SequenceNode:
		var out []string
		for _, v := range n.Values {
			w, err := words(v)
			if err != nil {
				return nil, err
			}
			out = append(out, w...)
		}
		return out, nil
	case *ast.StringNode:
		return []string{n.Value}, nil
	case ast.ScalarNode: // a key such as 1, y or ~, which YAML takes for something else
		return []string{n.GetToken().Value}, nil
	}
	return nil, fmt.Errorf("%d: a key is expected here, such as y or ctrl+a, or a list of keys", lineOf(n))
}
