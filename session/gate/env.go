package gate

import (
	"path"
	"slices"
	"strings"
)

// envRule names variables that decide what a program runs or loads.
type envRule struct {
	name  string // a trailing * stands for any rest
	learn bool   // once allowed for a start, expected for the rest of the session
	plain func(value string, uid int) bool
}

// envRules are the variables that matter. Those that make a program load code
// are never learned: each use is asked. A value that is plain needs no asking
// because programs such as sudo and git set it by themselves.
var envRules = []envRule{
	{name: "PATH", learn: true, plain: plainPath},
	{name: "HOME", learn: true, plain: plainHome},
	{name: "XDG_CONFIG_HOME", learn: true},
	{name: "XDG_CONFIG_DIRS", learn: true},
	{name: "XDG_DATA_HOME", learn: true},

	{name: "LD_PRELOAD"},
	{name: "LD_LIBRARY_PATH"},
	{name: "LD_AUDIT"},
	{name: "LD_DEBUG_OUTPUT"},
	{name: "LD_PROFILE*"},
	{name: "GCONV_PATH"},
	{name: "LOCPATH"},
	{name: "NLSPATH"},
	{name: "GLIBC_TUNABLES"},
	{name: "HOSTALIASES"},
	{name: "RES_OPTIONS"},
	{name: "OPENSSL_CONF"},
	{name: "OPENSSL_ENGINES"},
	{name: "OPENSSL_MODULES"},
	{name: "SASL_PATH"},
	{name: "SASL_CONF_PATH"},
	{name: "KRB5_CONFIG"},
	{name: "GSS_MECH_CONFIG"},
	{name: "LIBMYSQL_PLUGIN*"},
	{name: "MAGICK_*"},
	{name: "PERL_*"},
	{name: "PERLDB_OPTS"},
	{name: "GCC_EXEC_PREFIX"},
	{name: "COMPILER_PATH", plain: plainParts},
	{name: "MAGIC"},
	{name: "CURL_HOME"},
	{name: "WGETRC"},
	{name: "SYSTEM_WGETRC"},
	{name: "GNUPGHOME", learn: true, plain: plainKeys},
	{name: "DBUS_SYSTEM_BUS_ADDRESS"},
	{name: "DBUS_SESSION_BUS_ADDRESS", learn: true},

	{name: "BASH_ENV"},
	{name: "ENV"},
	{name: "SHELLOPTS"},
	{name: "BASHOPTS"},
	{name: "PS4"},
	{name: "CDPATH"},
	{name: "EXECIGNORE"},
	{name: "GLOBIGNORE"},
	{name: "BASH_LOADABLES_PATH"},
	{name: "BASH_COMPAT"},
	{name: "MODULE_PATH"},
	{name: "BASH_FUNC_*"},
	{name: "PROMPT_COMMAND"},
	{name: "BASH_XTRACEFD"},
	{name: "ZDOTDIR"},
	{name: "FPATH"},
	{name: "IFS", plain: plainIFS},
	{name: "INPUTRC"},

	{name: "PYTHONSTARTUP"},
	{name: "PYTHONPATH"},
	{name: "PYTHONHOME"},
	{name: "PYTHONPYCACHEPREFIX"},
	{name: "PYTHONPLATLIBDIR"},
	{name: "PYTHONEXECUTABLE"},
	{name: "PYTHONINSPECT"},
	{name: "PYTHONUSERBASE"},
	{name: "PYTHONBREAKPOINT"},
	{name: "PYTHONWARNINGS"},
	{name: "PERL5OPT"},
	{name: "PERL5LIB"},
	{name: "PERLLIB"},
	{name: "PERL5DB"},
	{name: "RUBYOPT"},
	{name: "RUBYLIB"},
	{name: "GEM_HOME"},
	{name: "GEM_PATH"},
	{name: "NODE_OPTIONS"},
	{name: "NODE_PATH"},
	{name: "JAVA_TOOL_OPTIONS"},
	{name: "_JAVA_OPTIONS"},
	{name: "JDK_JAVA_OPTIONS"},
	{name: "CLASSPATH"},
	{name: "PHPRC"},
	{name: "PHP_INI_SCAN_DIR"},
	{name: "LUA_INIT*"},
	{name: "LUA_PATH*"},
	{name: "LUA_CPATH*"},
	{name: "R_PROFILE*"},
	{name: "GUILE_LOAD_PATH"},
	{name: "GUILE_LOAD_COMPILED_PATH"},
	{name: "GUILE_SYSTEM_*"},
	{name: "GUILE_EXTENSIONS_PATH"},
	{name: "TCLLIBPATH"},
	{name: "TCL_LIBRARY"},
	{name: "TK_LIBRARY"},
	{name: "CAML_LD_LIBRARY_PATH"},
	{name: "OCAMLRUNPARAM"},
	{name: "EMACSLOADPATH"},
	{name: "ERL_*"},
	{name: "MAVEN_OPTS"},
	{name: "GRADLE_OPTS"},
	{name: "BUNDLE_GEMFILE"},
	{name: "NODE_REPL_EXTERNAL_MODULE"},
	{name: "AWKPATH"},
	{name: "AWKLIBPATH"},
	{name: "GAWK_*"},

	{name: "GIT_SSH*"},
	{name: "GIT_EDITOR", learn: true},
	{name: "GIT_SEQUENCE_EDITOR", learn: true},
	{name: "GIT_PAGER", learn: true},
	{name: "GIT_EXTERNAL_DIFF"},
	{name: "GIT_PROXY_COMMAND"},
	{name: "GIT_ASKPASS"},
	{name: "GIT_CONFIG*"},
	{name: "GIT_EXEC_PATH", plain: plainPath},
	{name: "GIT_TEMPLATE_DIR"},
	{name: "SSH_ASKPASS"},
	{name: "SUDO_ASKPASS"},
	{name: "SUDO_EDITOR", learn: true},
	{name: "RSYNC_RSH"},
	{name: "CVS_RSH"},
	{name: "SVN_SSH"},
	{name: "TAR_OPTIONS"},
	{name: "MAKEFLAGS", plain: plainMakeflags},
	{name: "GNUMAKEFLAGS"},
	{name: "MAKEFILES"},

	{name: "PAGER", learn: true},
	{name: "MANPAGER", learn: true},
	{name: "SYSTEMD_PAGER", learn: true},
	{name: "PSQL_PAGER", learn: true},
	{name: "EDITOR", learn: true},
	{name: "VISUAL", learn: true},
	{name: "FCEDIT", learn: true},
	{name: "SYSTEMD_EDITOR", learn: true},
	{name: "PSQL_EDITOR", learn: true},
	{name: "BROWSER", learn: true},
	{name: "SHELL", learn: true, plain: plainShell},
	{name: "LESSOPEN", learn: true},
	{name: "LESSCLOSE", learn: true},
	{name: "LESSEDIT", learn: true},
	{name: "LESSKEY*"},
	{name: "VIMINIT"},
	{name: "EXINIT"},
	{name: "VIMRUNTIME"},
	{name: "VIM"},
	{name: "GVIMINIT"},
	{name: "NVIM_*"},
	{name: "NMAPDIR"},
	{name: "GROFF_BIN_PATH", plain: plainPath},
	{name: "GROFF_PATH__", plain: plainPath},
	{name: "GROFF_COMMAND_PREFIX"},
	{name: "GROFF_FONT_PATH"},
	{name: "GROFF_TMAC_PATH"},
	{name: "MANROFFOPT"},
	{name: "PSQLRC"},
	{name: "TERMINFO"},
	{name: "TERMINFO_DIRS"},
	{name: "TERMCAP", plain: plainTermcap},
	{name: "GDK_PIXBUF_MODULE_FILE"},
	{name: "GTK_PATH"},
	{name: "GTK_MODULES"},
	{name: "GTK_EXE_PREFIX"},
	{name: "GTK_IM_MODULE_FILE"},
	{name: "GIO_EXTRA_MODULES"},
	{name: "GIO_MODULE_DIR"},
	{name: "GST_PLUGIN_*"},
	{name: "LIBGL_DRIVERS_PATH"},
	{name: "VK_*"},
	{name: "QT_QPA_PLATFORM_PLUGIN_PATH"},
	{name: "QT_PLUGIN_PATH"},
	{name: "DOCKER_HOST"},
	{name: "KUBECONFIG", learn: true},
}

// envExact and envPrefix find a rule by name.
var envExact, envPrefix = func() (map[string]*envRule, []*envRule) {
	exact := map[string]*envRule{}
	var prefix []*envRule
	for i := range envRules {
		r := &envRules[i]
		if strings.HasSuffix(r.name, "*") {
			prefix = append(prefix, r)
		} else {
			exact[r.name] = r
		}
	}
	return exact, prefix
}()

func ruleFor(name string) *envRule {
	if r := envExact[name]; r != nil {
		return r
	}
	for _, r := range envPrefix {
		if strings.HasPrefix(name, r.name[:len(r.name)-1]) {
			return r
		}
	}
	return nil
}

// matters returns, in order, those entries of env that name a variable with a
// rule. An entry without = is how some programs hide one; it is kept.
func matters(env []string) []string {
	var out []string
	for _, e := range env {
		name, _, _ := strings.Cut(e, "=")
		if ruleFor(name) != nil {
			out = append(out, e)
		}
	}
	return out
}

// envSet is the environment that starts are expected to have, as NAME -> VALUE.
type envSet map[string]string

func newEnvSet(env []string) envSet { return envSet{}.with(env) }

// with returns a copy of s in which the entries of env stand.
func (s envSet) with(env []string) envSet {
	c := make(envSet, len(s)+len(env))
	for k, v := range s {
		c[k] = v
	}
	for _, e := range env {
		if name, value, ok := strings.Cut(e, "="); ok {
			c[name] = value
		}
	}
	return c
}

// differs returns the entries of env, all of which matter, that are neither as
// expected, nor plain, nor learned. A variable that is not set is harmless.
func (s envSet) differs(env []string, uid int, learned map[string]bool) []string {
	var out []string
	for _, e := range env {
		name, value, _ := strings.Cut(e, "=")
		if want, ok := s[name]; ok && want == value {
			continue
		}
		r := ruleFor(name)
		if (name == "PATH" || name == "GROFF_PATH__") && moreOfSystem(value, s["PATH"]) {
			continue // groff keeps what PATH was under a name of its own
		}
		if r == nil || learned[e] || r.plain != nil && r.plain(value, uid) {
			continue
		}
		out = append(out, e)
	}
	return out
}

// systemDirs are the folders of programs that only the system's owner writes.
var systemDirs = []string{
	"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin", "/snap/bin",
	"/usr/lib/git-core", "/usr/libexec/git-core",
}

func plainPath(value string, _ int) bool {
	for dir := range strings.SplitSeq(value, ":") {
		if !slices.Contains(systemDirs, dir) {
			return false
		}
	}
	return true
}

// plainParts: folders of the compiler's own parts, as gcc sets them for those.
func plainParts(value string, _ int) bool {
	for dir := range strings.SplitSeq(value, ":") {
		if d := path.Clean(dir); !strings.HasPrefix(d, "/usr/lib/") && !strings.HasPrefix(d, "/usr/libexec/") && !strings.HasPrefix(d, "/lib/") {
			return false
		}
	}
	return true
}

// moreOfSystem reports whether value is the PATH that is expected with folders of
// the system put before it, as git and groff do.
func moreOfSystem(value, want string) bool {
	before, ok := strings.CutSuffix(value, ":"+want)
	return ok && want != "" && plainPath(before, 0)
}

// plainKeys: the empty folder that apt-key makes for one look at a signature.
func plainKeys(value string, _ int) bool {
	name, ok := strings.CutPrefix(value, "/tmp/apt-key-gpghome.")
	return ok && !strings.Contains(name, "/")
}

// plainIFS: white space alone, as apt-key exports it; shells of today do not
// take it from the environment at all.
func plainIFS(value string, _ int) bool { return strings.Trim(value, " \t\n\b") == "" }

// plainTermcap: the entry itself, as screen sets it, and not a file with entries.
// It can make programs print no more than they can anyway.
func plainTermcap(value string, _ int) bool { return !strings.HasPrefix(value, "/") }

// plainShell: a login shell of the system, as sudo and su set it.
func plainShell(value string, _ int) bool {
	return slices.Contains([]string{"/bin/sh", "/bin/bash", "/bin/zsh", "/usr/bin/bash", "/usr/bin/zsh", "/bin/dash", "/usr/sbin/nologin", "/sbin/nologin", "/bin/false", "/usr/bin/false"}, value)
}

// plainMakeflags: what make tells a make below it about its options and its
// pool of jobs. No variable may be set by it, and no file named.
func plainMakeflags(value string, _ int) bool {
	for word := range strings.FieldsSeq(value) {
		if strings.HasPrefix(word, "-j") || strings.HasPrefix(word, "--jobserver-auth=") || word == "--no-print-directory" {
			continue
		}
		if strings.Trim(word, "knsiwBdqrRLt-") != "" {
			return false
		}
	}
	return true
}
