package explain

import (
	"path"
	"strings"

	"escort/explain/quote"
	"escort/explain/regex"
	"escort/explain/say"
	"escort/explain/script/recipe"
)

// plantedLanguage is the language in which text in a place is read when it is
// run; empty: it is not run, or in none that is read here.
func plantedLanguage(file, class string) string {
	language, base := "", path.Base(file)
	if class == "schedule" || class == "service-settings" {
		language = recipe.Language(file, nil)
	}
	switch {
	case class == "schedule" && language != "", class == "service-settings" && language == "unit":
		return language
	case class == "schedule" && plantedScripts.MatchString(file), strings.Contains(file, "/.git/hooks/"), strings.HasPrefix(file, ".git/hooks/"):
		return "sh"
	case desktopFile.MatchString(file):
		return "desktop"
	case strings.HasPrefix(file, "/etc/udev/rules.d/"):
		return "udev"
	case strings.HasPrefix(file, "/proc/sys/"):
		return "proc"
	case file == "/etc/sysctl.conf" || strings.HasPrefix(file, "/etc/sysctl.d/"):
		return "sysctl"
	case strings.HasPrefix(file, "/etc/apt/apt.conf"):
		return "apt"
	case class == "shell-settings" || class == "service-settings":
		if shellFiles.MatchString(base) || plantedScripts.MatchString(file) {
			return "sh"
		}
	}
	return ""
}

// asShell are files that name commands in a form of their own, and what these are
// to a shell. Settings of the kernel are set by a command of that kind.
var asShell = map[string]func(file, text string) string{
	"desktop": func(_, text string) string { return named(desktopExec, text, "") },
	"udev":    func(_, text string) string { return named(deviceRuns, text, "") },
	"sysctl":  func(_, text string) string { return named(kernelLine, text, "sysctl -w ") },
	"proc": func(file, text string) string {
		return "sysctl -w " + quote.Argv([]string{strings.ReplaceAll(strings.TrimPrefix(file, "/proc/sys/"), "/", ".") + "=" + strings.TrimSpace(text)})
	},
	"apt": func(_, text string) string {
		var out []string
		for _, c := range aptCommands(text) {
			if _, ok := aptHooks[c.name]; ok {
				out = append(out, c.text)
			}
		}
		return strings.Join(out, "\n")
	},
}

// named are the parts of a text that a pattern finds, a line each, behind lead; with
// a lead they are words and no commands.
func named(p *regex.Pattern, text, lead string) string {
	var out []string
	for _, m := range p.FindAllStringSubmatch(text, maxHandedPaths) {
		if lead != "" {
			m[1] = quote.Argv([]string{strings.Join(strings.Fields(m[1]), "")})
		}
		out = append(out, lead+m[1])
	}
	return strings.Join(out, "\n")
}

var (
	deviceRuns = regex.New(`RUN(?:\{program\})?\s*\+?=\s*"([^"]+)"`)
	kernelLine = regex.New(`(?m)^\s*([\w./]+\s*=.*)$`)
)

var (
	desktopFile    = regex.New(`/autostart/[^/]+\.desktop$`)
	desktopExec    = regex.New(`(?m)^Exec=(.+)$`)
	shellFiles     = regex.New(`^\.?(bash|zsh|k|mksh|a)(rc|env|_profile|_login|_logout|_aliases|\.bashrc|login|logout|profile)$|^\.?profile$|^rc(\.local)?$|^\.x(profile|session|sessionrc|initrc)$|\.sh$`)
	plantedScripts = regex.New(`^/etc/(cron\.(hourly|daily|weekly|monthly)|profile\.d|update-motd\.d|init\.d|rc\.d|dhcp/dhclient-\w+-hooks\.d|NetworkManager/dispatcher\.d|acpi/\w+)/`)
)

// obeyed are the lines of files that are obeyed and not run, by the kind of place
// or the file, and the message that says what a line lets happen.
var obeyed = []struct {
	class, message string
	line           *regex.Pattern
}{
	{"sudoers", "planted.sudoers-freely", regex.New(`(?m)^\s*([%\w.-]+)\s+\S+\s*=\s*(?:\(.*?\)\s*)?NOPASSWD`)},
	{"sudoers", "planted.sudoers-freely", regex.New(`(?m)^\s*permit\s+nopass\s+(?:\w+\s+)*?([:\w.-]+)\s*$`)},
	{"sudoers", "planted.sudoers", regex.New(`(?m)^\s*(?:permit\s+(?:\w+\s+)*)?([%\w.-]+)\s+\S+\s*=\s*\S`)},
	{"accounts", "planted.administrator", regex.New(`(?m)^([\w.-]+):[^:]*:0+:\d*:`)},
	{"accounts", "planted.account", regex.New(`(?m)^([\w.-]+):[^:]*:\d+:\d*:`)},
	{"login-rules", "planted.anybody-in", regex.New(`(?m)^\s*(?:auth|account)\s+(?:sufficient|required|\[.*\])\s+(\S*pam_permit\.so)`)},
	{"login-rules", "planted.program-at-login", regex.New(`(?m)^\s*\w+\s+\S+\s+\S*pam_exec\.so(?:\s+\w+(?:=\S+)?)*?\s+(/\S+)`)},
	{"login-rules", "planted.code-at-login", regex.New(`(?m)^\s*\w+\s+\S+\s+(\S+\.so)`)},
	{"ssh-settings", "planted.root-login", regex.New(`(?mi)^\s*(PermitRootLogin)\s+yes`)},
	{"ssh-settings", "planted.empty-passwords", regex.New(`(?mi)^\s*(PermitEmptyPasswords)\s+yes`)},
	{"ssh-settings", "planted.password-login", regex.New(`(?mi)^\s*(PasswordAuthentication)\s+yes`)},
	{"ssh-settings", "planted.code-at-login", regex.New(`(?mi)^\s*(?:AuthorizedKeysCommand|ForceCommand|AuthorizedPrincipalsCommand)\s+(/\S+)`)},
	{"ssh-client", "planted.command-at-remote-login", regex.New(`(?mi)^\s*(?:ProxyCommand|LocalCommand|KnownHostsCommand)\s+(\S+)`)},
	{"login-list", "planted.command-key", regex.New(`(?m)^\s*(?:\S+,)?command="([^"]{1,40})`)},
	{"login-list", "planted.key-of", regex.New(`(?m)^\s*(?:\S+ )?(?:ssh-(?:rsa|ed25519|dss)|ecdsa-\S+|sk-\S+)\s+\S+\s+(\S+)`)},
	{"names", "planted.name", regex.New(`(?m)^\s*[\da-fA-F.:]+\s+([\w.-]+)`)},
	{"network-settings", "planted.name-server", regex.New(`(?m)^\s*nameserver\s+([\da-fA-F.:]+)`)},
	{"preload", "planted.preload", regex.New(`(?m)^\s*(/\S+\.so\S*)`)},
	{"kernel-run", "planted.restarts-at-once", regex.New(`(?m)^\s*(b)\s*$`)},
	{"kernel-run", "planted.switches-off", regex.New(`(?m)^\s*(o)\s*$`)},
	{"kernel-run", "planted.breaks-down", regex.New(`(?m)^\s*(c)\s*$`)},
	{"protection-switch", "planted.protection-off", regex.New(`(?m)^\s*(0)\s*$`)},
	{"protection", "planted.protection-off-later", regex.New(`(?m)^\s*SELINUX=(disabled|permissive)`)},
	{"shares", "planted.share", regex.New(`(?m)^\s*(/\S*)\s+\S*no_root_squash`)},
}

// told says with the act of writing what a line lets happen; false: nothing that
// is known.
func told(a *act, text string) bool {
	for _, o := range obeyed {
		if o.class != a.place.Class {
			continue
		}
		if m := o.line.FindStringSubmatch(text); m != nil {
			a.say = say.Text(o.message, "who", m[1], "file", a.Object)
			return true
		}
	}
	return false
}
