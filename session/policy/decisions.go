package policy

import (
	"errors"
	"path"
	"time"

	"github.com/goccy/go-yaml/ast"

	"escort/session/event"
	"escort/session/sign"
)

// How decisions are signed.
const (
	optional = "optional"
	required = "required"
)

// nobody is the name of a list of signers that there is none of.
const nobody = "none"

// decisions reads whether decisions are signed, and by whom.
func (r *reader) decisions(n ast.Node) error {
	how, list := optional, nobody
	var at ast.Node
	err := r.mapping(n, map[string]field{
		"signed":  r.one(&how, []string{optional, required}),
		"signers": func(n ast.Node) error { at = n; return r.text(&list)(n) },
	})
	switch {
	case err != nil:
		return err
	case how == required && list == nobody:
		return r.bad(n, "signed decisions need a list of those who sign: signers: FILE")
	case list != nobody && (!path.IsAbs(list) || path.Clean(list) != list):
		return r.bad(at, "the full path of a list of signers is expected here, or none")
	}
	r.p.Signed = how == required
	if list != nobody {
		r.signers = listed{list, at.GetToken().Position.Line}
	}
	return nil
}

// listed is where a policy names a list of signers.
type listed struct {
	file string
	line int
}

// withSigners reads the list of signers that a policy names, which nobody but
// the owners of policies may be able to write to. Its errors carry none of the
// system: that a list is not there must not read as if the policy were not.
func withSigners(p *Policy, from string, at listed, owners []int) error {
	if at.file == "" {
		return nil
	}
	text, err := contents(at.file, owners)
	var e *Error
	switch {
	case errors.As(err, &e):
		return &Error{File: from, Line: at.line, What: "the list of signers: " + e.What, Do: e.Do}
	case err != nil:
		return &Error{File: from, Line: at.line, What: "the list of signers " + at.file + ": " + cause(err), Do: "check the name, and who may read it"}
	}
	l, err := sign.ParseList(at.file, text)
	if err != nil {
		return err
	}
	p.Signers = []*sign.List{l}
	p.Sources = append(p.Sources, source(at.file, text))
	return nil
}

// publicKey reads the key of a test, as it stands in a file that ends in .pub.
func (r *reader) publicKey(x *Test) field {
	return func(n ast.Node) (err error) {
		if err = r.text(&x.Key)(n); err != nil {
			return err
		}
		if x.key, err = sign.ParseKey(x.Key); err != nil {
			return r.bad(n, "%v", err)
		}
		return nil
	}
}

// tryAllow is what becomes of an allow by somebody, today.
func (p *Policy) tryAllow(t Test) string {
	if t.Key == "" {
		if p.Signed {
			return Refused
		}
		return Counts
	}
	for _, l := range p.Signers {
		if l.Check(t.key, t.Allow, event.Namespace, time.Now()) != nil {
			return Refused
		}
	}
	return Counts
}
