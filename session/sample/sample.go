// Package sample plays sample sessions: an engineer who exists only in a file
// types, every line is held, and the escort decides. It is what the console is
// shown with and learned with.
//
// A [Sample] is data, embedded as YAML: who works where on which ticket, the
// files that lie there, and the steps with what is typed, what it prints, and
// which verdict is right. A [Play] of it is an [event.Source] like any other,
// so that the console needs to know nothing about it. The explanations are not
// written down: they are made at the hold by the same code as in a live
// session, which is shown the sample's files as if they were a host's.
//
// Nothing is executed, nothing is read from the machine but its clock, and
// nobody is asked over a network. So it works on any system and without
// privileges.
//
// # Limits
//
// The files of a sample do not change while it plays. A step prints the same
// whatever was decided before it.
package sample

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"escort/session/event"

	"github.com/goccy/go-yaml"
)

//go:embed data/*.yaml
var data embed.FS

// Default is the sample that is played when none is named.
const Default = "fix_servers"

// names lists the samples in the order in which they are best seen.
var names = []string{Default, "quiet_disk", "curl_pipe"}

// Names lists the samples, the default one first.
func Names() []string { return slices.Clone(names) }

// ErrNoSample is what Load answers for a name that is not in Names.
var ErrNoSample = errors.New("no such sample")

// Sample is one session that never happened.
type Sample struct {
	Name     string   `yaml:"-"`
	Title    string   `yaml:"title"`
	About    string   `yaml:"about"`    // one sentence: what it shows
	Engineer string   `yaml:"engineer"` // as in user@firm
	Host     string   `yaml:"host"`
	Ticket   string   `yaml:"ticket"`
	Home     string   `yaml:"home"` // absolute; also the working directory
	Programs []string `yaml:"programs"`
	Files    []File   `yaml:"files"`
	Steps    []Step   `yaml:"steps"`
	Lesson   string   `yaml:"lesson"` // said at the end
}

// File is a file of the sample's host.
type File struct {
	Path    string `yaml:"path"` // absolute
	Text    string `yaml:"text"`
	Owner   string `yaml:"owner"`   // account
	Package string `yaml:"package"` // that brought it; empty: none
	Changed bool   `yaml:"changed"` // since its package was installed
	Age     Age    `yaml:"age"`     // since it was last changed
	Mode    Mode   `yaml:"mode"`    // permission bits; 0: 0644
}

// Step is one line that the engineer enters.
type Step struct {
	Line    string `yaml:"line"`
	Output  string `yaml:"output"` // what it prints once it is allowed
	Status  int    `yaml:"status"` // its exit status
	Verdict string `yaml:"verdict"`
	Because string `yaml:"because"` // why that verdict is right
	Answer  string `yaml:"answer"`  // what the engineer says when asked
}

// Age is a length of time, written as a number with m, h or d for days.
type Age time.Duration

// ageUnits are the letters that an Age may end in.
var ageUnits = map[byte]time.Duration{'m': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour}

// UnmarshalYAML reads an Age.
func (a *Age) UnmarshalYAML(b []byte) error {
	s := strings.TrimSpace(string(b))
	if s == "" {
		return errors.New("an age is missing")
	}
	unit, ok := ageUnits[s[len(s)-1]]
	n, err := strconv.ParseUint(s[:len(s)-1], 10, 16)
	if !ok || err != nil {
		return fmt.Errorf("%q is no age such as 20m, 3h or 400d", s)
	}
	*a = Age(time.Duration(n) * unit)
	return nil
}

// Mode is permission bits, written in octal.
type Mode fs.FileMode

// UnmarshalYAML reads a Mode.
func (m *Mode) UnmarshalYAML(b []byte) error {
	n, err := strconv.ParseUint(strings.TrimSpace(string(b)), 8, 9)
	if err != nil {
		return fmt.Errorf("%q are no permission bits such as 0755", b)
	}
	*m = Mode(n)
	return nil
}

// Load reads the sample called name.
func Load(name string) (Sample, error) {
	if !slices.Contains(names, name) {
		return Sample{}, ErrNoSample
	}
	b, err := data.ReadFile("data/" + name + ".yaml")
	if err != nil {
		return Sample{}, err
	}
	return parse(name, b)
}

// parse reads a sample and refuses one that would not play.
func parse(name string, b []byte) (Sample, error) {
	s := Sample{Name: name}
	if err := yaml.UnmarshalWithOptions(b, &s, yaml.Strict()); err != nil {
		return Sample{}, fmt.Errorf("sample %s: %w", name, err)
	}
	for what, text := range map[string]string{
		"title": s.Title, "about": s.About, "engineer": s.Engineer, "host": s.Host, "ticket": s.Ticket, "lesson": s.Lesson,
	} {
		if text == "" {
			return Sample{}, fmt.Errorf("sample %s: %s is missing", name, what)
		}
	}
	if !path.IsAbs(s.Home) || len(s.Steps) == 0 {
		return Sample{}, fmt.Errorf("sample %s: it needs an absolute home and steps", name)
	}
	for _, f := range s.Files {
		if !path.IsAbs(f.Path) || f.Path != path.Clean(f.Path) || f.Owner == "" || f.Age <= 0 {
			return Sample{}, fmt.Errorf("sample %s: the file %s needs an absolute path, an owner and an age", name, f.Path)
		}
	}
	for i, st := range s.Steps {
		if st.Line == "" || strings.ContainsAny(st.Line, "\r\n\x1b") || st.Because == "" {
			return Sample{}, fmt.Errorf("sample %s: step %d needs a line and a because", name, i+1)
		}
		if st.Verdict != event.Allow && st.Verdict != event.Deny {
			return Sample{}, fmt.Errorf("sample %s: step %d: the right verdict is allow or deny", name, i+1)
		}
	}
	return s, nil
}

// User is the account that the engineer works as.
func (s Sample) User() string {
	u, _, _ := strings.Cut(s.Engineer, "@")
	return u
}

// prompt is what the sample's shell shows before a line.
func (s Sample) prompt() string { return s.User() + "@" + s.Host + ":~$ " }
