package explain

import (
	"slices"
	"strings"

	"escort/explain/effect"
	"escort/explain/regex"
	"escort/explain/say"
	"escort/explain/shell"
)

// netShare is a folder at which the same text attaches a share of another machine.
type netShare struct{ folder, host string }

// toShares says of what is written below such a folder that it goes to the
// other machine: neither of the two commands does.
func (j *job) toShares() {
	var shares []netShare
	eachStep(j.steps, func(s *step) {
		for i := range s.acts {
			a := &s.acts[i]
			if a.Verb == "mount" {
				if host := shareNamed.FindString(a.say); host != "" && strings.HasPrefix(a.Object, "/") {
					shares = append(shares, netShare{strings.TrimRight(a.Object, "/"), strings.TrimSpace(host)})
				}
				continue
			}
			for _, sh := range shares {
				if fillsShare[a.Verb] && (a.Object == sh.folder || strings.HasPrefix(a.Object, sh.folder+"/")) {
					j.toShare(s, a, sh)
				}
			}
		}
	})
}

// shareNamed finds the share of another machine that is attached.
var shareNamed = regex.New(` (//[\w.-]+/[^\s,]*|[\w.@-]*[\w-]:/?[\w./~-]*)`)

// fillsShare are the verbs of what puts something into a folder.
var fillsShare = wordSet("write create copy move overwrite add download extract replace")

func (j *job) toShare(s *step, a *act, sh netShare) {
	a.Verb, a.Object, a.Role, a.Scope, a.Dimension = "send", sh.host, effect.RoleHost, effect.ScopeNetwork, effect.Disclosure
	a.say, a.named, a.side = say.Text("command.copies-to-share", "host", sh.host), "", false
	a.undo, a.undoText = effect.UndoNo, ""
	switch {
	case readsSecret([]*step{s}, 0):
		j.finding(s, Finding{
			ID: secretSent, Text: say.Text("finding.secret-sent/2"),
			Dimension: effect.Disclosure, Risk: effect.Critical, Technique: "T1048", Span: a.Span,
		})
	case readsWhole(s, 0) || dumps(s.from, 0):
		j.finding(s, Finding{
			ID: bulkSent, Text: say.Text("finding.bulk-sent"),
			Dimension: effect.Disclosure, Risk: effect.High, Technique: "T1048", Span: a.Span,
		})
	}
}

// inTwoSteps notes a file that secrets were put into by one command and that
// another one sends to another machine.
func (j *job) inTwoSteps() {
	holds := map[string]Risk{}
	eachStep(j.steps, func(s *step) {
		if len(holds) > 0 {
			j.sendsHeld(s, holds)
		}
		worst := effect.Safe
		if readsSecret([]*step{{acts: s.acts, findings: s.findings}}, 0) || readsSecret(s.from, 0) {
			worst = effect.Critical
		}
		for _, a := range s.acts {
			if a.access == "read" && a.place.Class == "accounts" {
				worst = effect.Worst(worst, effect.High)
			}
			if a.access == "read" {
				worst = effect.Worst(worst, holds[a.Object])
			}
		}
		for _, a := range s.acts {
			if worst != effect.Safe && fillsShare[a.Verb] && strings.Contains(a.Object, "/") {
				holds[a.Object] = worst
			}
		}
	})
}

func (j *job) sendsHeld(s *step, holds map[string]Risk) {
	for _, a := range s.acts {
		if !sends(a) {
			continue
		}
		risk := holds[a.Object]
		for _, m := range pathsInside.FindAllStringSubmatch(a.say, maxHandedPaths) {
			risk = effect.Worst(risk, holds[m[1]])
		}
		for _, in := range s.acts {
			if in.access == "read" {
				risk = effect.Worst(risk, holds[in.Object])
			}
		}
		if risk.AtLeast(effect.High) {
			j.finding(s, Finding{
				ID: secretSent, Text: say.Text("finding.secret-sent/2"),
				Dimension: effect.Disclosure, Risk: risk, Technique: "T1048", Span: a.Span,
			})
			return
		}
	}
}

// eachStep visits all steps in the order in which they run.
func eachStep(steps []*step, visit func(*step)) {
	for _, s := range steps {
		visit(s)
		eachStep(s.inner, visit)
	}
}

// inTurn notes what a loop tries one after another: the ports of machines, and
// passwords.
func (j *job) inTurn(s *step, cmd *command, f frame) {
	if cmd.max != 0 && !f.loop || len(cmd.words) == 0 {
		return
	}
	for i := range s.acts {
		a := &s.acts[i]
		if host := portsTried(s, cmd, *a); host != "" {
			a.say, a.Risk, a.Dimension = say.Text("command.tries-ports", "host", host), effect.High, effect.Disclosure
			a.Verb = "scan"
		}
	}
	if !j.guesses(s, cmd) {
		return
	}
	j.finding(s, Finding{
		ID: "password-guessing", Text: say.Text("finding.password-guessing"),
		Dimension: effect.Control, Risk: effect.High, Technique: "T1110", Span: f.at(cmd.words[0].Span),
	})
}

// portsTried is the machine of which a connection tries a port that is only
// known when the loop runs; empty: it does not.
func portsTried(s *step, cmd *command, a act) string {
	if rest, ok := strings.CutPrefix(strings.TrimPrefix(a.Object, "/dev/udp/"), "/dev/tcp/"); ok || rest != a.Object {
		host, port, _ := strings.Cut(rest, "/")
		if strings.Contains(port, "…") || strings.Contains(port, shell.Unknown) {
			return host
		}
		return ""
	}
	end := cmd.words[len(cmd.words)-1]
	last := end.Text
	if lines[s.program] && !(end.Multi && cmd.exact) && (a.Verb == "test" || a.Verb == "connect") && a.Role == effect.RoleHost && a.Object != last && strings.Contains(last, shell.Unknown) {
		return a.Object
	}
	return ""
}

// guesses reports a login with a password that differs each time.
func (j *job) guesses(s *step, cmd *command) bool {
	words := strings.Join(texts(cmd.words), " ")
	if m := passwordTried.FindStringSubmatch(words); m != nil && strings.Contains(passwordTakers[s.program], m[1][:2]) {
		return true
	}
	fed := slices.ContainsFunc(cmd.from, func(o *step) bool {
		return slices.ContainsFunc(o.acts, func(a act) bool { return a.Verb == "print" }) && o.printed == ""
	})
	return fed && (s.program == "su" || s.program == "sudo" && sudoReads.MatchString(words) || s.program == "cryptsetup" || s.program == "kinit")
}

var (
	passwordTried = regex.New(` (-p|-u|-U|-P|--p\w+|--user|--k\w+)[ =]?[^ ]*(?:…|` + shell.Unknown + `)`)
	sudoReads     = regex.New(` (-\w*S\w*|--stdin)( |$)`)
)

// passwordTakers are programs to which an option hands a password, by the
// beginnings of its names.
var passwordTakers = map[string]string{
	"sshpass": "-p", "curl": "-u --", "wget": "--", "mysql": "-p --", "mariadb": "-p --", "smbclient": "-U", "rpcclient": "-U", "unzip": "-P",
	"7z": "-p", "gpg": "--", "xfreerdp": "--", "ldapsearch": "-w", "crackmapexec": "-p", "netexec": "-p", "nxc": "-p", "redis-cli": "--", "mosquitto_pub": "-P",
}
