package explain

import (
	"slices"
	"strings"

	"escort/explain/effect"
	"escort/explain/regex"
	"escort/explain/shell"
)

// webQuestion is the beginning of what asks a web service for something.
var webQuestion = regex.New(`(^|[ '"])(GET|HEAD) /`)

// webReaders only show what comes back.
var webReaders = wordSet("cat head tail grep sed tr")

// webTalk lowers what the shell's own connections are rated where all that they
// are used for is to ask a web service and to show its answer.
func (j *job) webTalk(p *shell.Program, made []*step) {
	w := wiring{p: p, open: map[string]bool{}}
	w.look()
	if !w.any || w.all || w.open[shell.Unknown] || !asksWeb(&w, made) {
		return
	}
	for _, s := range made {
		if s == nil {
			continue
		}
		s.findings = slices.DeleteFunc(s.findings, func(f Finding) bool { return f.ID == "network-by-shell" })
		for i, a := range s.acts {
			if a.place.Class == "network" {
				s.acts[i].Risk = effect.Caution
			}
		}
	}
}

// asksWeb reports that a question to a web service goes out, and nothing else,
// and that no shell is near what comes back.
func asksWeb(w *wiring, made []*step) bool {
	asked := false
	for i, c := range w.p.Commands {
		s := made[i]
		if s != nil && (s.prompts() || s.unforeseen() || s.code != "") {
			return false
		}
		for _, r := range c.Redirs {
			known := w.open[strings.TrimSuffix(r.Target.Value, "-")]
			switch {
			case overNetwork(r.Target.Value):
				if !ownRedirs(c) || r.Op != "<>" || r.FD <= 2 || !r.Target.Known {
					return false
				}
			case !known:
			case r.Op == ">&" && question(c):
				asked = true
			case r.Op == ">&" || len(c.Words) == 0 || c.Compound != "" || !webReaders[c.Words[0].Value]:
				return false
			}
		}
	}
	return asked
}

// question reports a command that prints a question to a web service, all of
// which stands in the text.
func question(c *shell.Command) bool {
	if len(c.Words) < 2 || c.Words[0].Value != "printf" && c.Words[0].Value != "echo" {
		return false
	}
	said := 0
	for _, w := range c.Words {
		if !w.Known {
			return false
		}
		said += len(w.Value)
	}
	return said <= shortInput && slices.ContainsFunc(c.Words[1:], func(w shell.Word) bool { return webQuestion.MatchString(w.Value) })
}
