package recipe

import (
	"strings"

	"escort/explain/effect"
	"escort/explain/regex"
	"escort/explain/say"
)

var unitRuns = map[string]string{
	"ExecStart": "start", "ExecStartPre": "start", "ExecStartPost": "start", "ExecCondition": "start", "ExecReload": "reload",
	"ExecStop": "stop", "ExecStopPost": "stop",
}

// readUnit reads the commands of a unit of systemd. Names says what is asked:
// start, stop, restart, reload, enable; none: all.
func readUnit(text string, a Asked) []Step {
	user := "root"
	var out []Step
	all := lines(text)
	for n := 0; n < len(all); n++ {
		l, first := strings.TrimSpace(all[n]), n
		for strings.HasSuffix(l, "\\") && n+1 < len(all) {
			n++
			l = strings.TrimSuffix(l, "\\") + " " + strings.TrimSpace(all[n])
		}
		if l == "" || l[0] == '#' || l[0] == ';' {
			continue
		}
		key, value, _ := strings.Cut(l, "=")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		switch {
		case key == "User" && value != "":
			user = value
		case unitRuns[key] != "":
			if value != "" && unitAsks(a.Names, unitRuns[key]) {
				out = append(out, Step{Line: first + 1, Shell: unitCommand(value), Place: Here})
			}
		case strings.HasPrefix(key, "OnCalendar"), strings.HasPrefix(key, "OnBoot"), strings.HasPrefix(key, "OnUnit"), strings.HasPrefix(key, "OnStartup"):
			out = append(out, Step{
				Line: first + 1, Verb: "schedule", Object: value, Role: effect.RoleService, Dimension: effect.Control, Risk: effect.Caution,
				Say: say.Text("files.starts-by-itself-at", "value", short(value)),
			})
		case key == "Unit":
			out = append(out, Step{Line: first + 1, File: value, Language: "unit"})
		case key == "EnvironmentFile":
			out = append(out, Step{Line: first + 1, Unread: say.Text("files.the-variables-in", "value", value)})
		}
	}
	for i := range out {
		if out[i].Shell != "" {
			out[i].As = user
		}
	}
	return out
}

func unitAsks(names []string, what string) bool {
	for _, n := range names {
		switch {
		case n == what, n == "restart" && what != "reload", n == "enable" && what == "start":
			return true
		case n == "reload-or-restart", n == "try-restart" && what != "reload":
			return true
		}
	}
	return len(names) == 0
}

var unitMark = regex.New(`^[-@:+!|]+`)

// unitCommand makes shell text of a command line of systemd: no pipes, no
// redirections, $VAR as in the shell.
func unitCommand(s string) string {
	s = unitMark.ReplaceAllString(s, "")
	s = unitFill.ReplaceAllString(s, Hole)
	return outsideQuotes(strings.ReplaceAll(s, "%%", "%"), "|<>&()`")
}

var (
	unitFill     = regex.New(`%[a-zA-Z]`)
	cronVariable = regex.New(`^[A-Za-z_]+\s*=`)
)

var cronTime = regex.New(`^(@(reboot|yearly|annually|monthly|weekly|daily|midnight|hourly)|\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)$`)

func readCrontab(text string, _ Asked) []Step       { return cron(text, false) }
func readSystemCrontab(text string, _ Asked) []Step { return cron(text, true) }

func cron(text string, withUser bool) []Step {
	var out []Step
	for n, l := range lines(text) {
		l = strings.TrimSpace(l)
		if l == "" || l[0] == '#' || cronVariable.MatchString(l) {
			if strings.HasPrefix(l, "SHELL") && !strings.HasSuffix(l, "sh") && strings.Contains(l, "=") {
				out = append(out, Step{Line: n + 1, Unread: say.Text("files.jobs-that-another-program-than")})
			}
			continue
		}
		g := cronTime.FindStringSubmatch(l)
		if g == nil {
			out = append(out, Step{Line: n + 1, Unread: say.Text("files.a-line-that-is-no")})
			continue
		}
		s := Step{Line: n + 1, Shell: g[3], Place: Later}
		if withUser {
			s.As, s.Shell, _ = strings.Cut(g[3], " ")
			s.Shell = strings.TrimSpace(s.Shell)
		}
		// An unescaped % ends the command; what follows is its input.
		s.Shell = strings.ReplaceAll(percent.ReplaceAllString(s.Shell, "$1"), `\%`, "%")
		out = append(out, s)
	}
	return out
}

var percent = regex.New(`^((?:[^%\\]|\\.)*)%.*$`)

// hooks are the scripts of a package that run by themselves on an install.
var hooks = []string{"preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"}

// readPackage reads the scripts of a package.json: those asked for with what
// runs before and after them; "install" stands for what an install runs.
func readPackage(text string, a Asked) []Step {
	t, ok := jsonTree(text)
	if !ok {
		return []Step{{Line: 1, Unread: say.Text("files.the-project-file-which-is")}}
	}
	scripts := t.get("scripts")
	var out []Step
	add := func(name string) bool {
		s := scripts.get(name)
		if s.text != "" {
			out = append(out, Step{Line: s.line, Shell: s.text})
		}
		return s.text != ""
	}
	for _, n := range a.Names {
		if n == "install" {
			for _, h := range hooks {
				add(h)
			}
			continue
		}
		add("pre" + n)
		found := add(n)
		if !found && n == "start" {
			out = append(out, Step{Shell: "node server.js"})
		} else if n == "restart" && !found {
			add("prestop")
			add("stop")
			add("poststop")
			add("prestart")
			add("start")
		} else if !found {
			out = append(out, Step{Unread: say.Text("files.the-script-which-the-project", "n", n)})
		}
		add("post" + n)
	}
	if len(a.Names) == 0 {
		for _, p := range scripts.pairs {
			add(p.key)
		}
	}
	return out
}
