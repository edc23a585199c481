package judge

import "escort/explain/effect"

// variableRules are about variables by which a harmless program is made to run
// something else.
var variableRules = injected(
	Rule{
		Env:      `^(LD_PRELOAD|LD_LIBRARY_PATH|LD_AUDIT|DYLD_(INSERT_LIBRARIES|LIBRARY_PATH|FRAMEWORK_PATH)|BASH_ENV|ENV|PERL5(OPT|DB)|PYTHONSTARTUP|NODE_OPTIONS|RUBYOPT|LESSOPEN|LESSCLOSE|PS4)=.`,
		EnvUsual: `^ENV=\w*$|^LESSOPEN=\|+\s*/usr/bin/less(pipe|file)(\.sh)? %s$|^NODE_OPTIONS=["']?((--max[-_](old|semi)[-_]space[-_]size=\d+|--enable-source-maps|--openssl-legacy-provider|--no-(warnings|deprecation)|--trace-(warnings|deprecation|uncaught)|--experimental-vm-modules|--dns-result-order=\w+)(\s|["']?$))+$|^RUBYOPT=["']?(-w|-W\S*|--yjit)["']?$|^PERL5OPT=-w$|^PS4=["']?([^$` + "`" + `]|\$\w+|\$\{\w+(\[\d*\])?(:?[-+#%/][^}$` + "`" + `]*)?\})*["']?$`,
		Match:    []string{"LD_PRELOAD=/tmp/x.so ls", "BASH_ENV=x bash -c true", "export LD_PRELOAD=/tmp/x.so", "sudo LD_PRELOAD=/tmp/x.so id", "env PERL5OPT=-Mx perl x.pl", "NODE_OPTIONS='--require /tmp/x.js' npm test"},
		NotMatch: []string{"LANG=C ls", "FOO=bar ls", "NODE_OPTIONS=--max-old-space-size=4096 node x.js", "ENV=production npm start", "PS4='+ ' bash -x x.sh", "PS4='+ ${BASH_SOURCE}:${LINENO}: '", "NODE_OPTIONS=--max_old_space_size=8192 npm test"},
	},
	Rule{
		Says: "code-injected/named",
		Env:  `^(\w*(PAGER|EDITOR|ASKPASS)|VISUAL|BROWSER|GIT_SSH|GIT_SSH_COMMAND|GIT_PROXY_COMMAND|\w*_EXTERNAL_DIFF|RSYNC_RSH|CVS_RSH|SVN_SSH|BORG_RSH|RUSTC(_WORKSPACE)?_WRAPPER|RUSTC|RUSTDOC|CC|CXX|CPP|LD|FC|SHELL|LESSEDIT|FCEDIT|npm_config_(script_shell|shell|git|editor)|PERLDOC_PAGER|TEXEDIT|WINEDITOR|SUDO_PROMPT_CMD|GIT_TRACE2_PERF_CMD|BORG_PASSCOMMAND|RESTIC_PASSWORD_COMMAND|FZF_DEFAULT_COMMAND|LESSECHO)=.`,
		EnvUsual: `^\w+=["']?(env )?((/usr)?(/local)?/s?bin/)?(cat|less|more|most|bat|batcat|delta|head|pspg|vi|vim|nvim|view|nano|pico|emacs|emacsclient|ed|ex|joe|mcedit|micro|helix|hx|kak|code|subl|gedit|kate|mate|true|false|echo|:|firefox|chromium\S*|google-chrome|lynx|w3m|links|xdg-open|open|none|wslview|[\w.-]*(gcc|g\+\+|clang|clang\+\+|cpp|cc|c\+\+|ld|gold|lld|mold|gfortran)(-[\d.]+)?|ccache|sccache|distcc|rustc|rustdoc|clippy-driver|vimdiff|meld|ksshaskpass|/usr/lib/ssh/\S+|/usr/libexec/openssh/\S+|rg|fd|fdfind|ag|git)(\s+-[-\w=,.+]*|\s(NONE|NORC|gcc|g\+\+|clang|clang\+\+))*["']?$|` +
			`^\w+=["']?ssh(\s-[iplF] ?[\w./~@-]+|\s-[46qvTxCn]+|\s-o ?(IdentitiesOnly|StrictHostKeyChecking|ConnectTimeout|BatchMode|UserKnownHostsFile|IdentityFile|Port|User|ServerAliveInterval)[= ]\S+)*["']?$|^FZF_DEFAULT_COMMAND=["']?(rg|fd|fdfind|ag|git|find) |\x{FFFC}|^SHELL=["']?((/usr)?(/local)?/bin/)?(ba|z|da|fi|k)?sh["']?$`,
		Match:    []string{"PAGER=/tmp/x man ls", "GIT_EDITOR=/tmp/x git commit", "export EDITOR=./x", "env PAGER='sh -c id' git log", "CC=/tmp/x make", "sudo EDITOR=/tmp/x visudo", "RSYNC_RSH='sh -c x' rsync a h:b", "GIT_SSH_COMMAND='ssh -o ProxyCommand=/tmp/x' git fetch"},
		NotMatch: []string{"PAGER=less man ls", "export EDITOR=vim", "EDITOR='vim -u NONE' git commit", "GIT_PAGER= git log", "EDITOR='code --wait' git commit", "CC=clang make", "CC='ccache gcc' make", "CC=x86_64-linux-gnu-gcc-12 make", "SHELL=/bin/bash tmux", "GIT_SSH_COMMAND='ssh -i ~/.ssh/deploy -o IdentitiesOnly=yes' git pull", "BROWSER=none npm start"},
	},
	Rule{
		ID: "found-elsewhere", Risk: effect.High, Technique: "T1574.007",
		Env:      `^(GIT_CONFIG\w*|GIT_EXEC_PATH|GIT_TEMPLATE_DIR|OPENSSL_(CONF|ENGINES|MODULES)|TEXMFCNF|TEXMFHOME|TEXINPUTS|XDG_(CONFIG|DATA)_(HOME|DIRS)|ZDOTDIR|ANSIBLE_(CONFIG|LIBRARY|\w+_PLUGINS)|MAKEFILES|PYTHON(HOME|PATH|USERBASE)|RUBYLIB|PERL5?LIB|NODE_PATH|GEM_(PATH|HOME)|GCONV_PATH|TERMINFO\w*|CLASSPATH|AWS_CONFIG_FILE|VAGRANT_CWD|INPUTRC|PATH|LUA_C?PATH|R_PROFILE\w*|CARGO_HOME|(?i:npm_config_userconfig)|PIP_CONFIG_FILE|BASH_LOADABLES_PATH|MANPATH|FPATH|GTK_PATH|QT_PLUGIN_PATH|HOME)=["']?(.*:)?(/tmp|/var/tmp|/dev/shm)(/\S|:)|^(PATH|PYTHONPATH|PERL5LIB|RUBYLIB|NODE_PATH)=["']?(.*:)?(/tmp|/var/tmp|/dev/shm)$|^PATH=["']?(\.|:|.*:\.(:|$)|.*::)`,
		EnvUsual: `^PATH=["']?\./?(node_modules|bin|venv|\.venv)`,
		Match:    []string{"PYTHONPATH=/tmp/x python3 m.py", "PATH=/tmp/x:$PATH ls", "export PATH=.:$PATH", "GIT_EXEC_PATH=/tmp/x git status", "HOME=/tmp/x bash -l", "env OPENSSL_CONF=/tmp/x.cnf openssl version"},
		NotMatch: []string{"PYTHONPATH=. pytest", "PATH=/opt/go/bin:$PATH go version", "HOME=/tmp npm ci", "PATH=$PATH:./node_modules/.bin ls", "TMPDIR=/tmp/x make"},
	},
	Rule{
		Says: "code-injected/options",
		Env: `^(TAR_OPTIONS|ZIPOPT|MANOPT|(GNU)?MAKEFLAGS|GOFLAGS|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|MAVEN_OPTS|GRADLE_OPTS|LESS|SYSTEMD_LESS|FZF_DEFAULT_OPTS|RUSTFLAGS|CARGO_\w+|(?i:npm_config_node_options)|RSYNC_\w*ARGS?|GREP_OPTIONS)=.*` +
			`(checkpoint-action|exec\b|execute\(|-TT|-P ?["']?/|toolexec|vettool|--eval|-(javaagent|agentpath):["']?(/tmp|/var/tmp|/dev/shm|\.|[^/\s]*$)|agentlib:jdwp=\S*address=(\*|0\.0\.0\.0)|OnOutOfMemoryError|OnError|\+!|--require|--import|/tmp/|linker=|runner=|\$\()|` +
			`^GIT_CONFIG_(PARAMETERS|VALUE_\d+)=["']?.*(/|!|\bsh\b)`,
		Match:    []string{"TAR_OPTIONS=--checkpoint-action=exec=x tar cf a b", "GOFLAGS=-toolexec=/tmp/x go build", "JAVA_TOOL_OPTIONS=-javaagent:/tmp/x.jar java -version", "GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.pager GIT_CONFIG_VALUE_0=/tmp/x git log"},
		NotMatch: []string{"GOFLAGS=-mod=vendor go build", "JAVA_TOOL_OPTIONS=-Xmx2g java -jar a.jar", "JAVA_TOOL_OPTIONS=-javaagent:/opt/agent.jar java -jar a.jar", "MAKEFLAGS=-j8 make", "LESS=-R less a"},
	},
	Rule{
		Says:     "code-injected/packages",
		Env:      `^((PIP|UV)_\w*INDEX\w*|(?i:npm_config_registry)|GOPROXY|BUNDLE_MIRROR\w*|HOMEBREW_\w+_DOMAIN|CARGO_REGISTRIES_\w+_INDEX)=["']?http://`,
		EnvUsual: `=["']?http://(localhost|127\.|\[::1\])`,
		Match:    []string{"PIP_INDEX_URL=http://192.0.2.1/simple pip install x", "export npm_config_registry=http://192.0.2.1/"},
		NotMatch: []string{"PIP_INDEX_URL=https://pypi.org/simple pip install x", "GOPROXY=direct go build", "npm_config_registry=http://localhost:4873 npm ci"},
	},
	Rule{
		ID:   "searches-elsewhere",
		Risk: effect.Caution, Technique: "T1574.007",
		Env:      `^PATH=`,
		Match:    []string{"PATH=/opt/x:$PATH ls", "export PATH=/x"},
		NotMatch: []string{"LANG=C ls"},
	},
)

// injected gives rules what they have in common where they do not say it.
func injected(rules ...Rule) []Rule {
	for i := range rules {
		r := &rules[i]
		r.Dimension = effect.Control
		if r.ID == "" {
			r.ID, r.Risk, r.Technique = "code-injected", effect.High, "T1574.006"
		}
	}
	return rules
}
