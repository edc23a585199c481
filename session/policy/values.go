package policy

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"escort/explain/effect"
)

// text reads a text into to. What YAML takes for a number or a truth needs
// quotes: a policy is not guessed at.
func (r *reader) text(to *string) field {
	return func(n ast.Node) error {
		switch n := n.(type) {
		case *ast.StringNode:
			*to = n.Value
		case *ast.LiteralNode:
			*to = n.Value.Value
		default:
			return r.bad(n, "a text is expected here, in quotes where YAML would take it for something else")
		}
		if strings.TrimSpace(*to) == "" {
			return r.bad(n, "the text is empty")
		}
		return nil
	}
}

func (r *reader) truth(to *bool) field {
	return func(n ast.Node) error {
		b, ok := n.(*ast.BoolNode)
		if !ok {
			return r.bad(n, "true or false is expected here")
		}
		*to = b.Value
		return nil
	}
}

// one reads one of the words.
func (r *reader) one(to *string, words []string) field {
	return func(n ast.Node) error {
		if err := r.text(to)(n); err != nil || !slices.Contains(words, *to) {
			return r.bad(n, "one of %s is expected here", strings.Join(words, ", "))
		}
		return nil
	}
}

func (r *reader) risk(to *effect.Risk) field {
	words := make([]string, len(effect.Risks))
	for i, x := range effect.Risks {
		words[i] = string(x)
	}
	return func(n ast.Node) error { return r.one((*string)(to), words)(n) }
}

func (r *reader) thresholds(n ast.Node) error {
	given := false
	wide := r.risk(&r.p.Wide)
	err := r.mapping(n, map[string]field{
		"word": r.risk(&r.p.Word), "effect": r.risk(&r.p.Effect),
		"wide_effect": func(n ast.Node) error { given = true; return wide(n) },
	})
	switch {
	case err != nil || r.p.Wide.Rank() <= r.p.Effect.Rank():
		return err
	case given:
		return r.bad(n, "wide_effect (%s) is above effect (%s) and would mean nothing", r.p.Wide, r.p.Effect)
	}
	r.p.Wide = r.p.Effect // what is far away is asked about no later than what is one's own
	return nil
}

// duration reads a length of time such as 90s or 10m; 0 needs no unit.
func (r *reader) duration(n ast.Node) (time.Duration, error) {
	switch n.(type) {
	case *ast.StringNode, *ast.IntegerNode:
		if d, err := time.ParseDuration(n.GetToken().Value); err == nil {
			return d, nil
		}
	}
	return 0, r.bad(n, "a length of time is expected here, such as 500ms, 90s or 10m")
}

const (
	leastExplain = 100 * time.Millisecond
	mostExplain  = 2 * time.Second // an explanation ends by itself then
	leastHold    = time.Second
)

func (r *reader) explainFor(n ast.Node) (err error) {
	if r.p.Explain, err = r.duration(n); err == nil && (r.p.Explain < leastExplain || r.p.Explain > mostExplain) {
		err = r.bad(n, "an explanation may take %v to %v", leastExplain, mostExplain)
	}
	return err
}

func (r *reader) holdFor(n ast.Node) (err error) {
	if r.p.Hold, err = r.duration(n); err == nil && r.p.Hold != 0 && r.p.Hold < leastHold {
		err = r.bad(n, "a hold waits for ever (0) or at least %v", leastHold)
	}
	return err
}

var units = []struct {
	name  string
	bytes int64
}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"B", 1}}

// size reads a number of bytes such as 64MiB, within bounds.
func (r *reader) size(n ast.Node, least, most int64) (int64, error) {
	if _, ok := n.(*ast.StringNode); ok {
		word := n.GetToken().Value
		for _, u := range units {
			digits, ok := strings.CutSuffix(word, u.name)
			v, err := strconv.ParseInt(digits, 10, 32)
			if !ok || err != nil {
				continue
			}
			if v *= u.bytes; v < least || v > most {
				return 0, r.bad(n, "%s is expected to be %s to %s", word, sizeWords(least), sizeWords(most))
			}
			return v, nil
		}
	}
	return 0, r.bad(n, "a size is expected here, such as 512KiB or 64MiB")
}

// sizeWords writes a size as it is read.
func sizeWords(n int64) string {
	for _, u := range units {
		if n >= u.bytes && n%u.bytes == 0 {
			return strconv.FormatInt(n/u.bytes, 10) + u.name
		}
	}
	return "0B"
}

func (r *reader) castSize(n ast.Node) (err error) {
	r.p.Cast, err = r.size(n, 64<<10, 64<<30)
	return err
}

func (r *reader) lineSize(n ast.Node) error {
	v, err := r.size(n, 80, 1<<20)
	r.p.Line = int(v)
	return err
}

// program reads the full path of a program.
func (r *reader) program(to *string) field {
	return func(n ast.Node) error {
		if err := r.text(to)(n); err != nil {
			return err
		}
		if !path.IsAbs(*to) || path.Clean(*to) != *to || *to == "/" || strings.ContainsAny(*to, "*?[\\") {
			return r.bad(n, "the full path of one program is expected here, such as /usr/bin/ld")
		}
		return nil
	}
}

// pattern reads a path that may have * and ? in it.
func (r *reader) pattern(to *string) field {
	return func(n ast.Node) error {
		if err := r.text(to)(n); err != nil {
			return err
		}
		rest, home := strings.CutPrefix(*to, "~")
		_, err := path.Match(rest, "")
		switch {
		case err != nil || strings.ContainsAny(rest, "[\\"):
			return r.bad(n, "only * and ? stand for other characters in a path")
		case !path.IsAbs(rest) || path.Clean(rest) != rest:
			return r.bad(n, "a path is expected here that begins with / or ~/, without . and .. and without / at its end")
		case rest == "/" && !home:
			return r.bad(n, "this is everything; name what is meant")
		}
		return nil
	}
}
