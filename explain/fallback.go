package explain

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"escort/explain/effect"
	"escort/explain/judge"
	"escort/explain/script"
)

// maxForeign bounds how much text is looked through for code of a language
// that the programs in it do not tell.
const maxForeign = 8 << 10

// tied are signs of a shell that is tied to another machine, for text that
// could not be read whole: the code of an unknown language, or shell text
// inside one.
var tied = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?s)\b(ba|z|da|k|mk)?sh\s+-i\b.{0,200}/dev/(tcp|udp)/|\b(ba|z|da|k|mk)?sh\b.{0,200}/dev/(tcp|udp)/.{0,200}([0<]<?[<>]&\s*\d|<&\d|\$line)|` +
		`\b(nc|ncat|netcat)\b[^|;]{0,80}\s(-\w*[ec]|--exec|--sh-exec)[ =]\S*sh\b|` +
		`\bstream\s+tcp\S*\s+nowait\S*\s+\S+\s+\S*\b(ba|z|da|k)?sh\b|` +
		`(?i)\bsocat\b[^|;]{0,200}\b(exec|system):|TCPClient\b.{0,400}\b(iex|invoke-expression|start-process|cmd)\b`)
})

// signs are parts of every text that could hold such code.
var signs = []string{"/dev/tcp/", "/dev/udp/", "ocket", "fsockopen", "TCPC", "TCPS", "net.", "inet", "socat", "nc", "netcat"}

// foreign finds a shell tied to another machine in text of which a part is
// not understood and that is rated high already.
func (j *job) foreign(top *step, text string) {
	if len(text) > maxForeign || !hasSign(text) {
		return
	}
	worst := effect.Safe
	for _, s := range j.steps {
		worst = effect.Worst(worst, s.risk())
		if s.outlined() && worst != effect.Critical {
			worst = effect.Worst(worst, effect.High)
		}
	}
	for _, u := range j.out.Unknowns {
		worst = effect.Worst(worst, u.Risk)
	}
	if worst == effect.Critical || !worst.AtLeast(effect.Caution) {
		return
	}
	found := worst.AtLeast(effect.High) && tied().MatchString(text)
	if !found && (worst.AtLeast(effect.High) || len(j.out.Unknowns) > 0) {
		for _, h := range script.Read(script.Any, text) {
			found = found || h.ID == "reverse-shell" || h.ID == "web-shell"
		}
	}
	if found {
		j.finding(top, judge.ReverseShell())
	}
}

// outlined reports whether a program that is known in outline only has a part in
// the step.
func (s *step) outlined() bool { return s.loose || slices.ContainsFunc(s.inner, (*step).outlined) }

func hasSign(text string) bool {
	for _, s := range signs {
		if strings.Contains(text, s) {
			return true
		}
	}
	return false
}
