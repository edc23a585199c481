package sample

import (
	"encoding/json"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"

	"escort/explain/effect"
)

// Seen is a line of a real session, from which a step can be made.
type Seen struct {
	Line, Verdict, Reason string
	Dir                   string // in which it was typed
	Output                string // without sequences for a terminal
	Answer                string // what the engineer said while it was held
	Status                int
	Explanation           *effect.Explanation
}

// Draft begins with this where somebody has to write what no recording says.
const Draft = "DRAFT:"

// The most that a draft takes of what a line printed.
const (
	draftLines = 30
	draftRunes = 2000
)

// WriteDraft writes a sample as it can be made of a real session: its lines,
// what they printed, the scripts that they ran, and as key what was decided
// then. What is left to be written begins with [Draft], which [Check] finds.
func WriteDraft(w io.Writer, host, user, ticket string, began time.Time, list []Seen) error {
	home := "/home/" + user
	if len(list) > 0 && path.IsAbs(list[0].Dir) {
		home = list[0].Dir
	}
	p := &paper{w: w}
	p.put("# A draft, made of a recording. Read all of it before anybody else does: lines, outputs and files may\n"+
		"# hold secrets, and names of people and machines. What begins with %s is yours to write.\n", Draft)
	p.put("# escort sample check FILE lists what is left to do.\n")
	ticket = strings.TrimSpace(ticket)
	if ticket == "" {
		ticket = Draft + " number and title"
	}
	for _, row := range [][2]string{
		{"title", Draft + " what the lesson is called"},
		{"about", Draft + " one sentence about what it shows"},
		{"engineer", user + "@vendor"},
		{"host", host},
		{"ticket", ticket},
	} {
		p.put("%s: %s\n", row[0], scalar(row[1]))
	}
	p.put("now: %s\nhome: %s\nprograms: [%s]\n\n", began.Local().Format("2006-01-02 15:04"), scalar(path.Clean(home)), strings.Join(programsOf(list), ", "))
	p.files(list, began)
	p.put("steps:\n")
	for _, s := range list {
		p.step(s)
	}
	p.put("\ndebrief: %s\n", scalar(Draft+" what to take away"))
	return p.err
}

func (p *paper) step(s Seen) {
	p.put("  - line: %s\n", scalar(strings.NewReplacer("\r", "", "\n", "; ", "\x1b", "").Replace(s.Line)))
	p.block("output", shortened(s.Output))
	if s.Status > 0 && s.Status < 256 {
		p.put("    status: %d\n", s.Status)
	}
	p.put("    right: %s\n", s.Verdict)
	because := Draft + " why that is right"
	if s.Reason != "" {
		because = Draft + " why that is right (it was denied with: " + s.Reason + ")"
	}
	p.put("    because: %s\n", scalar(because))
	if s.Answer != "" {
		p.put("    answer: %s\n", scalar(s.Answer))
	}
}

// block writes text of several lines as it stands, where YAML can.
func (p *paper) block(name, text string) {
	odd := strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) })
	if text == "" {
		return
	}
	if odd || strings.HasPrefix(text, " ") || strings.HasPrefix(text, "\n") || !strings.HasSuffix(text, "\n") || strings.HasSuffix(text, "\n\n") {
		p.put("    %s: %s\n", name, scalar(text))
		return
	}
	p.put("    %s: |\n", name)
	for line := range strings.Lines(text) {
		if line != "\n" {
			line = "      " + line
		}
		p.put("%s", line)
	}
}

// scalar is text as a quoted scalar, which YAML takes over from JSON.
func scalar(s string) string {
	b, err := json.Marshal(strings.ToValidUTF8(s, "\uFFFD"))
	if err != nil {
		return `""` // strings always become JSON
	}
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(b))
}

func shortened(s string) string {
	s = strings.TrimLeft(strings.ReplaceAll(s, "\r", ""), "\n")
	lines := strings.SplitAfter(s, "\n")
	if len(lines) > draftLines {
		lines = append(lines[:draftLines], "…\n")
	}
	s = strings.Join(lines, "")
	if r := []rune(s); len(r) > draftRunes {
		s = string(r[:draftRunes]) + "…\n"
	}
	return s
}

// programsOf are the names of the programs that the explanations found in the
// folders for them.
func programsOf(list []Seen) (names []string) {
	for _, s := range list {
		if s.Explanation == nil {
			continue
		}
		for _, st := range s.Explanation.Plan.Starts {
			if dir, name := path.Split(st.Path); strings.HasSuffix(dir, "bin/") && !strings.HasPrefix(dir, "/home/") && plainName(name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// plainName reports whether name needs no quotes in a list.
func plainName(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_.+", r)
	}) && unicode.IsLetter(rune(name[0]))
}

// files writes the scripts that were opened.
func (p *paper) files(list []Seen, began time.Time) {
	seen := map[string]bool{}
	for _, s := range list {
		if s.Explanation == nil {
			continue
		}
		for _, sc := range s.Explanation.Scripts {
			if seen[sc.Path] || !path.IsAbs(sc.Path) || sc.Text == "" {
				continue
			}
			if len(seen) == 0 {
				p.put("files:\n")
			}
			seen[sc.Path] = true
			p.put("  - path: %s\n    mode: 0755\n", scalar(path.Clean(sc.Path)))
			if sc.Owner != "" {
				p.put("    owner: %s\n", scalar(sc.Owner))
			}
			if sc.Package != "" {
				p.put("    package: %s\n", scalar(sc.Package))
			}
			if d := began.Sub(sc.ModTime); !sc.ModTime.IsZero() && d > time.Minute {
				p.put("    age: %s\n", ageOf(d))
			}
			p.block("text", sc.Text)
		}
	}
	if len(seen) > 0 {
		p.put("\n")
	}
}

// ageOf writes an Age.
func ageOf(d time.Duration) string {
	switch {
	case d < 2*time.Hour:
		return fmt.Sprintf("%dm", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh", int(d.Hours()))
	}
	return fmt.Sprintf("%dd", min(int(d.Hours()/24), 60000))
}

// drafts are the places of a sample that are still to be written.
func (s Sample) drafts() (out []Problem) {
	check := func(line int, name, text string) {
		if strings.HasPrefix(text, Draft) {
			out = append(out, Problem{line, name + " is still to be written"})
		}
	}
	for _, f := range [][2]string{{"title", s.Title}, {"about", s.About}, {"ticket", s.Ticket}, {"debrief", s.Debrief}} {
		check(s.place("", f[0]), f[0], f[1])
	}
	for i, st := range s.Steps {
		check(s.lineOf(i, "because"), "because", st.Because)
	}
	return out
}
