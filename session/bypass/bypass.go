// Package bypass is the self-test of the gate: ways in which somebody got past
// gates of this kind, tried on the real kernel of this host against a real
// session. Each must end held or refused, and then nothing of it may have
// happened. The ways are data (cases.yaml), the same for "escort selftest" and
// for go test.
//
// A case runs in a session of its own, in a folder of its own, with a person
// who allows what the case says and denies all else. Afterwards three marks are
// looked for that only a bypass could have left.
//
// # Limits
//
// A case whose program is missing here, or that needs root, is not run and
// counted apart. Faults of the kernel, programs that already ran outside of the
// session, and what an allowed interpreter computes without any effect are not
// tried.
package bypass

import (
	_ "embed"
	"fmt"
	"time"

	"github.com/goccy/go-yaml"
)

//go:embed cases.yaml
var cases []byte

// prelude is what the Python code of every case begins with.
//
//go:embed prelude.py
var prelude string

// Case is one way to get past. What its members mean stands at the top of
// cases.yaml.
type Case struct {
	ID      string            `yaml:"id"`
	Item    string            `yaml:"item"`
	Why     string            `yaml:"why"`
	Needs   []string          `yaml:"needs"`
	Root    bool              `yaml:"root"`
	AMD64   bool              `yaml:"amd64"`
	Refused bool              `yaml:"refused"`
	Back    bool              `yaml:"back"`
	Race    bool              `yaml:"race"`
	Files   map[string]string `yaml:"files"`
	Swap    map[string]string `yaml:"swap"`
	Lines   []string          `yaml:"lines"`
	Python  string            `yaml:"python"`
	Shell   string            `yaml:"shell"`
	Allow   int               `yaml:"allow"`
	Permit  []string          `yaml:"permit"`
	Keys    string            `yaml:"keys"`
	Slow    bool              `yaml:"slow"` // typed byte by byte
}

// Result is what became of a case.
type Result struct {
	Case
	Stopped bool          // false: it got through, or it could not be told
	NotRun  string        // why it was not tried; empty: it was
	How     string        // how it was stopped, or what got through
	Took    time.Duration // of the whole case
}

// Cases lists all cases. The error tells of a defect in the data.
func Cases() ([]Case, error) {
	var out []Case
	if err := yaml.UnmarshalWithOptions(cases, &out, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("the cases of the self-test: %w", err)
	}
	seen := map[string]bool{}
	for i := range out {
		c := &out[i]
		switch {
		case c.ID == "" || c.Item == "" || c.Why == "" || seen[c.ID]:
			return nil, fmt.Errorf("the cases of the self-test: number %d, %q, is not complete or there twice", i+1, c.ID)
		case c.Python != "":
			if len(c.Lines) == 0 {
				c.Lines = []string{`/usr/bin/python3 -c "exec(open('a.py').read())"`}
			}
			c.Allow = max(1, c.Allow)
			c.Needs = append(c.Needs, "/usr/bin/python3")
		case c.Shell != "":
			c.Lines, c.Allow = []string{`eval "$(cat a.sh)"`}, 1
		case len(c.Lines) == 0:
			return nil, fmt.Errorf("the cases of the self-test: %q tries nothing", c.ID)
		}
		seen[c.ID] = true
	}
	return out, nil
}

// Sum counts results.
type Sum struct{ Stopped, Through, NotRun int }

// Count counts results.
func Count(rs []Result) (s Sum) {
	for _, r := range rs {
		switch {
		case r.NotRun != "":
			s.NotRun++
		case r.Stopped:
			s.Stopped++
		default:
			s.Through++
		}
	}
	return s
}
