package recipe

import (
	"encoding/json"
	"strings"

	"escort/explain/effect"
	"escort/explain/quote"
	"escort/explain/say"
)

// readDockerfile reads what building an image runs. What the image runs when
// it is started (CMD, ENTRYPOINT) is said too: it runs later.
func readDockerfile(text string, _ Asked) []Step {
	var out []Step
	all := lines(text)
	for n := 0; n < len(all); n++ {
		l, first := all[n], n
		for strings.HasSuffix(strings.TrimRight(l, " \t"), "\\") && n+1 < len(all) {
			n++
			next := all[n]
			if strings.HasPrefix(strings.TrimSpace(next), "#") {
				continue
			}
			l = strings.TrimSuffix(strings.TrimRight(l, " \t"), "\\") + " " + next
		}
		word, rest, _ := strings.Cut(strings.TrimSpace(l), " ")
		rest = strings.TrimSpace(rest)
		switch strings.ToUpper(word) {
		case "RUN":
			cmd, mark := heredoc(all, &n, withoutFlags(rest))
			if mark {
				first++
			}
			out = append(out, Step{Line: first + 1, Shell: execForm(cmd), Place: Container})
			if strings.Contains(rest, "--security=insecure") {
				out = append(out, privilegedStep(first+1, say.Text("files.runs-a-step-of-the")))
			}
		case "CMD", "ENTRYPOINT":
			out = append(out, Step{Line: first + 1, Shell: execForm(rest), Place: Container})
		case "ADD":
			for _, w := range strings.Fields(rest) {
				if strings.Contains(w, "://") {
					out = append(out, Step{
						Line: first + 1, Verb: "download", Object: w, Role: effect.RoleURL, Scope: effect.ScopeNetwork, Dimension: effect.Control,
						Risk: effect.Caution, Say: say.Text("files.fetches-into-the-image", "w", short(w)), Place: Container,
					})
				}
			}
		case "ONBUILD":
			out = append(out, Step{Line: first + 1, Unread: say.Text("files.what-builds-on-this-image")})
		}
	}
	return out
}

// withoutFlags leaves out the marks such as --mount=… before a command.
func withoutFlags(s string) string {
	for strings.HasPrefix(s, "--") {
		_, rest, ok := strings.Cut(s, " ")
		if !ok {
			return ""
		}
		s = strings.TrimSpace(rest)
	}
	return s
}

// heredoc takes the lines of RUN <<EOF.
func heredoc(all []string, n *int, s string) (string, bool) {
	i := strings.Index(s, "<<")
	if i < 0 {
		return s, false
	}
	end := strings.Trim(strings.TrimPrefix(firstWord(s[i+2:]), "-"), `"'`)
	if i > 0 || end == "" {
		return s, false
	}
	var body []string
	for *n++; *n < len(all) && strings.TrimSpace(all[*n]) != end; *n++ {
		body = append(body, all[*n])
	}
	return strings.Join(body, "\n"), true
}

// execForm turns ["a", "b"] into shell text.
func execForm(s string) string {
	var words []string
	if strings.HasPrefix(s, "[") && json.Unmarshal([]byte(s), &words) == nil {
		return quote.Single(words)
	}
	return s
}

func privilegedStep(line int, does string) Step {
	return Step{
		Line: line, Verb: "grant", Object: say.Text("files.full-rights-over-the-machine"), Role: effect.RoleSystem, Scope: effect.ScopeSystem,
		Dimension: effect.Control, Risk: effect.High, Say: does, ID: "container-unconfined", Technique: "T1611",
	}
}

func mountStep(line int, source string, writable bool) (Step, bool) {
	source = strings.TrimSpace(source)
	if strings.HasSuffix(source, "docker.sock") || strings.HasSuffix(source, "containerd.sock") {
		return privilegedStep(line, say.Text("files.gives-a-container-control-over")), true
	}
	root := strings.TrimRight(source, "/")
	for _, p := range []string{"", "/etc", "/root", "/boot", "/var", "/usr", "/home", "/proc", "/sys", "/dev", "/var/lib", "/var/run", "/run", "/lib"} {
		if source != "" && strings.HasPrefix(source, "/") && root == p {
			s := privilegedStep(line, say.Text("files.gives-a-container-the-folder", "source", source))
			if !writable {
				s.Risk = effect.High
				s.Dimension = effect.Disclosure
			}
			return s, true
		}
	}
	return Step{}, false
}

// readCompose reads the services of a compose file.
func readCompose(text string, a Asked) []Step {
	docs, ok := yamls(text)
	if !ok || len(docs) == 0 {
		return []Step{{Line: 1, Unread: say.Text("files.the-file-of-containers-which")}}
	}
	var out []Step
	for _, p := range docs[0].get("services").pairs {
		if wanted(a.Names, p.key) {
			out = append(out, composeService(p)...)
		}
	}
	for _, i := range docs[0].get("include").all() {
		out = append(out, Step{Line: docs[0].get("include").line, File: i, Language: "compose"})
	}
	return out
}

// hostRights are the settings of a container that reach its machine, with the
// messages that say so.
var hostRights = []struct{ key, value, say string }{
	{"privileged", "true", "files.starts-a-container-with-full-rights"},
	{"pid", "host", "files.starts-a-container-that-sees"},
	{"userns_mode", "host", "files.starts-a-container-whose-administrator"},
	{"ipc", "host", "files.starts-a-container-that-shares-memory"},
}

func composeService(p pair) []Step {
	s := p.value
	var out []Step
	if i := s.get("image"); i.text != "" {
		out = append(out, Step{
			Line: i.line, Verb: "start", Object: i.text, Role: effect.RoleImage, Dimension: effect.Control, Risk: effect.Caution,
			Say: say.Text("files.starts-the-image", "text", short(i.text)),
		})
	}
	for _, r := range hostRights {
		if v := s.get(r.key); v.text == r.value {
			out = append(out, privilegedStep(v.line, say.Text(r.say)))
		}
	}
	if v := s.get("network_mode"); v.text == "host" {
		out = append(out, Step{
			Line: v.line, Verb: "expose", Object: say.Text("files.the-machine-s-network"), Role: effect.RoleHost, Dimension: effect.Control, Risk: effect.Caution,
			Say: say.Text("files.starts-a-container-that-uses"),
		})
	}
	for _, c := range s.get("cap_add").items {
		if w := strings.TrimPrefix(strings.ToUpper(c.text), "CAP_"); w == "SYS_ADMIN" || w == "ALL" || w == "SYS_PTRACE" || w == "SYS_MODULE" || w == "DAC_READ_SEARCH" {
			out = append(out, privilegedStep(c.line, say.Text("files.gives-a-container-rights-over", "w", w)))
		}
	}
	for _, v := range s.get("volumes").items {
		source, mode := v.get("source").text, ""
		if v.text != "" {
			f := strings.Split(v.text, ":")
			source, mode = f[0], f[len(f)-1]
		}
		if m, bad := mountStep(v.line, source, mode != "ro" && !v.get("read_only").yes()); bad {
			out = append(out, m)
		}
	}
	for _, key := range []string{"entrypoint", "command"} {
		c := s.get(key)
		if c.text != "" {
			out = append(out, Step{Line: c.line, Shell: c.text, Place: Container})
		} else if len(c.items) > 0 {
			out = append(out, Step{Line: c.items[0].line, Shell: quote.Single(c.all()), Place: Container})
		}
	}
	if b := s.get("build"); b.is() {
		out = append(out, Step{Line: b.line, Unread: say.Text("files.how-the-image-of-is", "key", p.key)})
	}
	return out
}
