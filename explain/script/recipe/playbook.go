package recipe

import (
	"strings"

	"escort/explain/effect"
	"escort/explain/quote"
	"escort/explain/regex"
	"escort/explain/say"
)

// taskWords are keys of a task that are not its module.
var taskWords = map[string]bool{
	"name": true, "when": true, "become": true, "become_user": true, "become_method": true, "register": true, "tags": true, "with_items": true,
	"loop": true, "loop_control": true, "notify": true, "vars": true, "ignore_errors": true, "changed_when": true, "failed_when": true,
	"until": true, "retries": true, "delay": true, "delegate_to": true, "run_once": true, "args": true, "environment": true, "no_log": true,
	"check_mode": true, "diff": true, "async": true, "poll": true, "listen": true, "block": true, "rescue": true, "always": true,
	"any_errors_fatal": true, "throttle": true, "connection": true, "remote_user": true, "local_action": true, "action": true,
}

// quiet are modules that change nothing.
var quietModules = map[string]bool{
	"debug": true, "assert": true, "fail": true, "set_fact": true, "stat": true, "setup": true, "ping": true, "wait_for": true, "meta": true,
	"pause": true, "gather_facts": true, "service_facts": true, "package_facts": true, "include_vars": true, "add_host": true, "group_by": true,
	"slurp": true, "find": true, "getent": true, "wait_for_connection": true, "command_facts": true,
}

// module is what a module of a task does: {x} is the value of its argument x.
type module struct {
	verb string
	key  string // argument that names the object
	role effect.Role
	say  string
	dim  effect.Dimension
	risk effect.Risk
}

var modules = map[string]module{
	"copy": {"write", "dest", effect.RolePath, "files.writes-the-file", effect.Damage, effect.Caution}, "template": {"write", "dest", effect.RolePath, "files.writes-the-file", effect.Damage, effect.Caution},
	"lineinfile": {"change", "path", effect.RolePath, "files.changes-a-line-of", effect.Damage, effect.Caution}, "blockinfile": {"change", "path", effect.RolePath, "files.changes-lines-of", effect.Damage, effect.Caution},
	"replace": {"change", "path", effect.RolePath, "files.changes-text-in", effect.Damage, effect.Caution}, "file": {"change", "path", effect.RolePath, "files.makes-or-changes", effect.Damage, effect.Caution},
	"service": {"change", "name", effect.RoleService, "files.starts-stops-or-restarts-the", effect.Damage, effect.Caution}, "systemd": {"change", "name", effect.RoleService, "files.starts-stops-or-restarts-the", effect.Damage, effect.Caution},
	"systemd_service": {"change", "name", effect.RoleService, "files.starts-stops-or-restarts-the", effect.Damage, effect.Caution},
	"package":         {"install", "name", effect.RolePackage, "files.installs-or-removes", effect.Damage, effect.Caution}, "apt": {"install", "name", effect.RolePackage, "files.installs-or-removes", effect.Damage, effect.Caution},
	"yum": {"install", "name", effect.RolePackage, "files.installs-or-removes", effect.Damage, effect.Caution}, "dnf": {"install", "name", effect.RolePackage, "files.installs-or-removes", effect.Damage, effect.Caution},
	"apk": {"install", "name", effect.RolePackage, "files.installs-or-removes", effect.Damage, effect.Caution}, "pip": {"install", "name", effect.RolePackage, "files.installs-or-removes", effect.Damage, effect.Caution},
	"npm":  {"install", "name", effect.RolePackage, "files.installs-or-removes", effect.Damage, effect.Caution},
	"user": {"change", "name", effect.RoleUser, "files.makes-or-changes-the-account", effect.Control, effect.High}, "group": {"change", "name", effect.RoleGroup, "files.makes-or-changes-the-group", effect.Control, effect.High},
	"authorized_key": {"plant", "user", effect.RoleUser, "files.changes-which-keys-may-log", effect.Control, effect.High},
	"cron":           {"schedule", "name", effect.RoleCommand, "files.schedules-the-job", effect.Control, effect.High},
	"get_url":        {"download", "url", effect.RoleURL, "files.fetches", effect.Control, effect.Caution}, "uri": {"connect", "url", effect.RoleURL, "files.asks", effect.Disclosure, effect.Caution},
	"git": {"download", "repo", effect.RoleRepository, "files.fetches-the-repository", effect.Control, effect.Caution}, "unarchive": {"extract", "src", effect.RolePath, "files.unpacks", effect.Damage, effect.Caution},
	"fetch": {"download", "src", effect.RolePath, "files.fetches-the-file-from-the", effect.Disclosure, effect.Caution}, "synchronize": {"copy", "dest", effect.RolePath, "files.copies-files-to", effect.Damage, effect.Caution},
	"mount": {"mount", "path", effect.RolePath, "files.attaches-a-disk-at", effect.Damage, effect.Caution}, "sysctl": {"change", "name", effect.RoleSetting, "files.changes-the-kernel-setting", effect.Damage, effect.Caution},
	"iptables": {"change", "chain", effect.RoleSetting, "files.changes-the-firewall", effect.Damage, effect.High}, "ufw": {"change", "rule", effect.RoleSetting, "files.changes-the-firewall", effect.Damage, effect.High},
	"firewalld": {"change", "service", effect.RoleSetting, "files.changes-the-firewall", effect.Damage, effect.High}, "reboot": {"reboot", "", effect.RoleSystem, "files.restarts-the-machines", effect.Damage, effect.High},
	"filesystem": {"format", "dev", effect.RoleDevice, "files.formats", effect.Damage, effect.Critical}, "parted": {"format", "device", effect.RoleDevice, "files.divides-the-disk-anew", effect.Damage, effect.Critical},
	"hostname": {"change", "name", effect.RoleHost, "files.changes-the-name-of-the", effect.Damage, effect.Caution}, "selinux": {"change", "state", effect.RoleSetting, "files.changes-a-protection-of-the", effect.Hiding, effect.High},
	"docker_container": {"start", "image", effect.RoleImage, "files.starts-or-stops-a-container", effect.Control, effect.Caution},
	"mysql_db":         {"change", "name", effect.RoleDatabase, "files.makes-or-deletes-the-database", effect.Damage, effect.High}, "postgresql_db": {"change", "name", effect.RoleDatabase, "files.makes-or-deletes-the-database", effect.Damage, effect.High},
}

// absent are modules whose state: absent takes something away.
var absent = map[string]struct {
	verb, say string
	risk      effect.Risk
}{
	"file": {"delete", "files.deletes-everything-in-it", effect.High}, "user": {"delete", "files.deletes-the-account", effect.High},
	"package": {"remove", "files.removes-the-package", effect.Caution}, "apt": {"remove", "files.removes-the-package", effect.Caution},
	"yum": {"remove", "files.removes-the-package", effect.Caution}, "dnf": {"remove", "files.removes-the-package", effect.Caution},
	"mysql_db": {"erase", "files.deletes-the-database", effect.Critical}, "postgresql_db": {"erase", "files.deletes-the-database", effect.Critical},
}

// readPlaybook reads the plays of a playbook, or a list of tasks.
func readPlaybook(text string, _ Asked) []Step {
	docs, ok := yamls(text)
	if !ok || len(docs) == 0 {
		return []Step{{Line: 1, Unread: say.Text("files.the-playbook-which-is-not")}}
	}
	var out []Step
	for _, d := range docs {
		for _, play := range d.items {
			out = append(out, readPlay(play)...)
		}
	}
	return out
}

func readPlay(play *tree) []Step {
	for _, key := range []string{"import_playbook", "ansible.builtin.import_playbook"} {
		if f := play.get(key); f.text != "" {
			return []Step{{Line: f.line, File: f.text, Language: "ansible"}}
		}
	}
	hosts := play.get("hosts")
	if !hosts.is() {
		return readTask(play, "", "")
	}
	place := Remote
	if hosts.text == "localhost" || play.get("connection").text == "local" {
		place = Here
	}
	var out []Step
	for _, r := range play.get("roles").items {
		name := r.text
		if name == "" {
			name = r.get("role", "name").text
		}
		out = append(out, Step{Line: r.line, Unread: say.Text("files.the-role", "name", name)})
	}
	as := become(play, "")
	for _, key := range []string{"pre_tasks", "tasks", "post_tasks", "handlers"} {
		for _, t := range play.get(key).items {
			out = append(out, readTask(t, as, place)...)
		}
	}
	return out
}

func become(t *tree, as string) string {
	if t.get("become").yes() {
		as = "root"
	}
	if u := t.get("become_user").text; u != "" && as != "" {
		as = u
	}
	return as
}

func readTask(t *tree, as, place string) []Step {
	as = become(t, as)
	if t.get("delegate_to").text == "localhost" {
		place = Here
	}
	var out []Step
	for _, key := range []string{"block", "rescue", "always"} {
		for _, i := range t.get(key).items {
			out = append(out, readTask(i, as, place)...)
		}
	}
	for _, p := range t.pairs {
		name := p.key[strings.LastIndexByte(p.key, '.')+1:]
		if p.key == "local_action" || p.key == "action" {
			out = append(out, Step{Line: p.line, Unread: say.Text("files.a-step-in-the-old")})
		} else if !taskWords[p.key] && !strings.HasPrefix(p.key, "with_") {
			out = append(out, readModule(name, p, t)...)
		}
	}
	for i := range out {
		if out[i].As == "" {
			out[i].As = as
		}
		if out[i].Place == "" {
			out[i].Place = place
		}
	}
	return out
}

func readModule(name string, p pair, task *tree) []Step {
	line, args := p.line, p.value
	switch name {
	case "shell", "command", "raw", "script", "win_shell", "win_command":
		text := args.text
		if text == "" {
			if text = args.get("cmd", "_raw_params").text; text == "" {
				text = quote.Single(args.get("argv").all())
			}
		}
		if args.text != "" {
			line = args.line
		}
		if name == "script" {
			return []Step{{Line: line, File: firstWord(text)}}
		}
		if name == "command" {
			text = outsideQuotes(text, "|<>&;()`")
		}
		return []Step{{Line: line, Shell: template(text)}}
	case "include_tasks", "import_tasks", "include":
		file := args.text
		if file == "" {
			file = args.get("file").text
		}
		return []Step{{Line: line, File: firstWord(file), Language: "ansible"}}
	case "import_role", "include_role":
		return []Step{{Line: line, Unread: say.Text("files.the-role2", "text", args.get("name").text)}}
	}
	if quietModules[name] {
		return nil
	}
	m, ok := modules[name]
	if !ok {
		return []Step{{Line: line, Unread: say.Text("files.what-a-step-of-the", "name", name)}}
	}
	values := arguments(args)
	object := template(values[m.key])
	if object == "" {
		object = template(values["dest"] + values["pkg"] + values["name"])
	}
	s := Step{Line: line, Verb: m.verb, Object: object, Role: m.role, Dimension: m.dim, Risk: m.risk, Say: m.say, Scope: effect.ScopeSystem}
	if away, is := absent[name]; is && values["state"] == "absent" {
		s.Verb, s.Say, s.Risk = away.verb, away.say, away.risk
	}
	if object == "" {
		object = say.Text("files.something")
	}
	s.Say = say.Text(s.Say, "object", short(object))
	return []Step{s}
}

// arguments are those of a module, also in the form "a=b c=d".
func arguments(t *tree) map[string]string {
	out := map[string]string{}
	for _, p := range t.pairs {
		out[p.key] = strings.Join(p.value.all(), " ")
	}
	for _, w := range strings.Fields(t.text) {
		if k, v, ok := strings.Cut(w, "="); ok {
			out[k] = v
		}
	}
	return out
}

// template makes what a playbook fills in a Hole.
func template(s string) string { return filled.ReplaceAllString(s, Hole) }

var filled = regex.New(`(?s)\{\{.*?\}\}|\{%.*?%\}`)
