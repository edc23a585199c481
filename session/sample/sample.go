// Package sample plays sample sessions: an engineer who exists only in a file
// types, every line is held, and the escort decides. It is what the console is
// shown with and learned with.
//
// A [Sample] is data, a YAML file, embedded or anybody's own: who works where on
// which ticket, the files that lie there, and the steps with what is typed, what
// it prints, and what is right to decide. A [Play] of it is an [event.Source]
// like any other, so that the console needs to know nothing about it. The
// explanations are not written down: they are made at the hold by the same code
// as in a live session, which is shown the sample's files as if they were a
// host's. [Check] compares what a file calls right with what they say.
//
// Samples are also lessons: [Courses] puts them in an order, and [Outcome] says
// what an escort's answers were worth.
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
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"escort/session/event"
)

// Sample is one session that never happened.
type Sample struct {
	Name      string            `yaml:"-"`
	Title     string            `yaml:"title"`
	About     string            `yaml:"about"`     // one sentence: what it shows
	Technique string            `yaml:"technique"` // of MITRE ATT&CK, as in T1059.004; empty: nothing bad happens
	Engineer  string            `yaml:"engineer"`  // as in user@firm
	Host      string            `yaml:"host"`
	Ticket    string            `yaml:"ticket"`
	Now       Moment            `yaml:"now"`      // when it begins, by the clock of the host
	Home      string            `yaml:"home"`     // absolute; also the working directory; empty: /home/user
	Programs  []string          `yaml:"programs"` // that are installed
	Aliases   map[string]string `yaml:"aliases"`  // of the engineer's shell
	Files     []File            `yaml:"files"`
	Steps     []Step            `yaml:"steps"`
	Debrief   string            `yaml:"debrief"` // said at the end

	file  string         // it was read from
	lines map[string]int // of each value, by its path: "steps[2].right"
}

// File is a file of the sample's host.
type File struct {
	Path    string `yaml:"path"` // absolute
	Text    string `yaml:"text"`
	Owner   string `yaml:"owner"`   // account; empty: the engineer's below home, else root
	Package string `yaml:"package"` // that brought it; empty: none
	Changed bool   `yaml:"changed"` // since its package was installed
	Age     Age    `yaml:"age"`     // since it was last changed; 0: 30d
	Mode    Mode   `yaml:"mode"`    // permission bits; 0: 0644
	Was     string `yaml:"was"`     // its text when it was last allowed to run, a week ago; empty: never
}

// Step is one line that the engineer enters.
type Step struct {
	Line    string  `yaml:"line"`
	Says    string  `yaml:"says"`   // a caption, before it is typed
	Pause   Seconds `yaml:"pause"`  // before it is typed; 0: as all others
	Output  string  `yaml:"output"` // what it prints once it is allowed
	Takes   Seconds `yaml:"takes"`  // until the output is there
	Status  int     `yaml:"status"` // its exit status
	Right   string  `yaml:"right"`  // allow, deny, ask or cannot-tell
	Then    string  `yaml:"then"`   // allow or deny: after the answer to ask, or what the one says who was asked; empty: deny
	Because string  `yaml:"because"`
	Answer  string  `yaml:"answer"` // what the engineer says when asked
	Denied  string  `yaml:"denied"` // what the engineer says to a denial
	Hint    string  `yaml:"hint"`   // for who takes long
}

// Ask is right where the engineer's answer decides; see [Step].
const Ask = "ask"

// Verdict is what the step comes to when everything is done right: allow or
// deny.
func (st Step) Verdict() string {
	switch {
	case st.Right == event.Allow || st.Right == event.Deny:
		return st.Right
	case st.Then == event.Allow:
		return event.Allow
	}
	return event.Deny
}

// Age is a length of time, written as a number with m, h or d for days.
type Age time.Duration

// ageUnits are the letters that an Age may end in.
var ageUnits = map[byte]time.Duration{'m': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour}

// UnmarshalYAML reads an Age.
func (a *Age) UnmarshalYAML(b []byte) error {
	s := plain(b)
	if s == "" {
		return errors.New("an age is missing")
	}
	unit, ok := ageUnits[s[len(s)-1]]
	n, err := strconv.ParseUint(s[:len(s)-1], 10, 16)
	if !ok || err != nil || n == 0 {
		return fmt.Errorf("%q is no age such as 20m, 3h or 400d", s)
	}
	*a = Age(time.Duration(n) * unit)
	return nil
}

// Seconds is a short time, written as in 3s or 1.5s.
type Seconds time.Duration

// longest is the most that anything in a sample may take.
const longest = time.Minute

// UnmarshalYAML reads Seconds.
func (d *Seconds) UnmarshalYAML(b []byte) error {
	t, err := time.ParseDuration(plain(b))
	if err != nil || t < 0 || t > longest {
		return fmt.Errorf("%q is no short time such as 3s", plain(b))
	}
	*d = Seconds(t)
	return nil
}

// Moment is a time of day, written as in 2026-11-24 14:20.
type Moment time.Time

// UnmarshalYAML reads a Moment.
func (m *Moment) UnmarshalYAML(b []byte) error {
	t, err := time.ParseInLocation("2006-01-02 15:04", plain(b), time.Local)
	if err != nil {
		return fmt.Errorf("%q is no time such as 2026-11-24 14:20", plain(b))
	}
	*m = Moment(t)
	return nil
}

// Mode is permission bits, written in octal.
type Mode fs.FileMode

// UnmarshalYAML reads a Mode.
func (m *Mode) UnmarshalYAML(b []byte) error {
	n, err := strconv.ParseUint(plain(b), 8, 9)
	if err != nil {
		return fmt.Errorf("%q are no permission bits such as 0755", plain(b))
	}
	*m = Mode(n)
	return nil
}

// plain is a scalar without the quotes around it.
func plain(b []byte) string {
	s := strings.TrimSpace(string(b))
	if n := len(s); n > 1 && (s[0] == '"' || s[0] == '\'') && s[n-1] == s[0] {
		s = s[1 : n-1]
	}
	return s
}

// User is the account that the engineer works as.
func (s Sample) User() string {
	u, _, _ := strings.Cut(s.Engineer, "@")
	return u
}

// Start is when the sample begins, by its own clock.
func (s Sample) Start() time.Time { return time.Time(s.Now) }

// prompt is what the sample's shell shows before a line.
func (s Sample) prompt() string { return s.User() + "@" + s.Host + ":~$ " }
