package recipe

import (
	"encoding/json"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

const maxYAML = 256 << 10 // bytes of YAML that are read

// tree is a value of a YAML or JSON file, with its line.
type tree struct {
	line  int
	text  string
	pairs []pair
	items []*tree
}

type pair struct {
	key   string
	line  int
	value *tree
}

// get is the value of a key; an empty tree where there is none.
func (t *tree) get(keys ...string) *tree {
	for _, p := range t.pairs {
		for _, k := range keys {
			if p.key == k {
				return p.value
			}
		}
	}
	return &tree{}
}

func (t *tree) is() bool { return t.line > 0 }

func (t *tree) yes() bool {
	switch strings.ToLower(t.text) {
	case "true", "yes", "on":
		return true
	}
	return false
}

// all are the values as texts: of a list its items, of a scalar itself.
func (t *tree) all() []string {
	if t.text != "" {
		return []string{t.text}
	}
	var out []string
	for _, i := range t.items {
		out = append(out, i.text)
	}
	return out
}

// walk visits every mapping below.
func (t *tree) walk(visit func(*tree)) {
	if len(t.pairs) > 0 {
		visit(t)
	}
	for _, p := range t.pairs {
		p.value.walk(visit)
	}
	for _, i := range t.items {
		i.walk(visit)
	}
}

// yamls reads all documents of a YAML file; false where it cannot be read.
func yamls(text string) ([]*tree, bool) {
	if len(text) > maxYAML {
		return nil, false
	}
	f, err := parser.ParseBytes([]byte(text), 0)
	if err != nil {
		return nil, false
	}
	c := &climber{anchors: map[string]*tree{}, left: 100_000}
	var out []*tree
	for _, d := range f.Docs {
		if d.Body != nil {
			out = append(out, c.climb(d.Body, 0))
		}
	}
	return out, c.left > 0
}

// climber turns the parser's nodes into trees, within a count.
type climber struct {
	anchors map[string]*tree
	left    int
}

func (c *climber) climb(n ast.Node, depth int) *tree {
	t := &tree{}
	if c.left--; n == nil || c.left < 0 || depth > 60 {
		return t
	}
	if tok := n.GetToken(); tok != nil {
		t.line = tok.Position.Line
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		for _, v := range n.Values {
			c.pair(t, v, depth)
		}
	case *ast.MappingValueNode:
		c.pair(t, n, depth)
	case *ast.SequenceNode:
		for _, v := range n.Values {
			t.items = append(t.items, c.climb(v, depth+1))
		}
	case *ast.AnchorNode:
		t = c.climb(n.Value, depth+1)
		c.anchors[n.Name.String()] = t
	case *ast.AliasNode:
		if a := c.anchors[n.Value.String()]; a != nil {
			return a
		}
	case *ast.TagNode:
		return c.climb(n.Value, depth+1)
	case *ast.LiteralNode:
		t.text = n.Value.Value
		t.line++ // the text begins below its mark
	case *ast.StringNode:
		t.text = n.Value
	case *ast.NullNode:
	default:
		t.text = n.String()
	}
	return t
}

func (c *climber) pair(t *tree, v *ast.MappingValueNode, depth int) {
	key := c.climb(v.Key, depth+1)
	value := c.climb(v.Value, depth+1)
	if key.text == "<<" || v.Key.String() == "<<" { // what another mapping has
		t.pairs = append(t.pairs, value.pairs...)
		return
	}
	if t.line == 0 || key.line < t.line {
		t.line = key.line
	}
	t.pairs = append(t.pairs, pair{key.text, key.line, value})
}

// jsonTree reads a JSON file; false where it cannot be read.
func jsonTree(text string) (*tree, bool) {
	d := &jsonReader{Decoder: json.NewDecoder(strings.NewReader(text)), text: text, line: 1}
	d.UseNumber()
	t, err := jsonValue(d, 0)
	return t, err == nil
}

// jsonReader is a decoder that knows its line.
type jsonReader struct {
	*json.Decoder
	text     string
	at, line int // the byte up to which lines were counted, and its line
}

func (d *jsonReader) lineNow() int {
	to := int(d.InputOffset())
	d.line += strings.Count(d.text[d.at:to], "\n")
	d.at = to
	return d.line
}

func jsonValue(d *jsonReader, depth int) (*tree, error) {
	tok, err := d.Token()
	if err != nil {
		return nil, err
	}
	t := &tree{line: d.lineNow()}
	mark, ok := tok.(json.Delim)
	if !ok {
		b, err := json.Marshal(tok)
		t.text = string(b)
		if s, isText := tok.(string); isText {
			t.text = s
		}
		return t, err
	}
	if depth > 60 {
		return nil, errDeep
	}
	for d.More() {
		p := pair{}
		if mark == '{' {
			k, err := d.Token()
			if err != nil {
				return nil, err
			}
			p.key, _ = k.(string)
			p.line = d.lineNow()
		}
		if p.value, err = jsonValue(d, depth+1); err != nil {
			return nil, err
		}
		if mark == '{' {
			t.pairs = append(t.pairs, p)
		} else {
			t.items = append(t.items, p.value)
		}
	}
	_, err = d.Token()
	return t, err
}

var errDeep = &json.SyntaxError{}
