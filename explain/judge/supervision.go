package judge

import (
	"strings"

	"escort/explain/effect"
	"escort/explain/regex"
)

// supervisionRules are about attacks on what shows the lines to the escort: the
// hook in the shell, the descriptor that it speaks over, and the programs and
// files behind it.
var supervisionRules = supervised(
	Rule{
		Says:  "supervision-attacked/touches-the-files-of-this-supervision",
		Class: "escort", Access: "read write delete",
		Match:    []string{"rm -rf ~/.local/state/escort", "echo x > ~/.config/escort/policy.yaml", "cat ~/.local/state/escort/sessions/x/ledger.jsonl"},
		NotMatch: []string{"ls ~/.config/escort", "cat ~/.config/other"},
	},
	Rule{
		Says:     "supervision-attacked/tries-to-end-or-to-look",
		Programs: "kill pkill killall strace gdb ltrace perf skill xkill", Typed: `(?i)\bescort\b`,
		Match:    []string{"pkill escort", "killall -9 escort", "pkill -f escort-keeper", "kill $(pidof escort)"},
		NotMatch: []string{"pkill nginx", "ls escort", "kill 4711"},
	},
	Rule{
		Says:     "supervision-attacked/sends-a-signal-to-the-program",
		Programs: "kill strace gdb", Typed: `\$\{?PPID\b`,
		Match:    []string{"kill -9 $PPID", "kill -STOP ${PPID}", "sudo kill $PPID"},
		NotMatch: []string{"echo $PPID", "kill 4711", "ps -p $PPID"},
	},
	Rule{
		Says: "supervision-attacked/changes-a-variable-that-the-supervision",
		Env:  `^(PROMPT_COMMAND|__escort\w*)=`,
		Match: []string{
			"PROMPT_COMMAND=", "PROMPT_COMMAND=ls", "PROMPT_COMMAND+=x", "PROMPT_COMMAND=(a b)", "PROMPT_COMMAND[0]=x", "__escort_x=1",
			"export PROMPT_COMMAND=x",
		},
		NotMatch: []string{"PROMPT=1", "echo $PROMPT_COMMAND", "echo PROMPT_COMMAND=", "MY_PROMPT_COMMAND=1"},
	},
	Rule{
		Says:     "supervision-attacked/changes-a-part-of-the-shell",
		Programs: "unset export declare typeset local readonly read printf mapfile readarray let getopts alias unalias define",
		Words: `^(unset|export|declare|typeset|local|readonly|read|mapfile|readarray|let|getopts|alias|unalias|define)\b.*` +
			`(\s|\b)(PROMPT_COMMAND\b|__escort)|^printf\s+-v\s*(PROMPT_COMMAND\b|__escort)`,
		Match: []string{
			"unset PROMPT_COMMAND", "unset -v PROMPT_COMMAND", "unset -f __escort_look", "declare PROMPT_COMMAND=x", "readonly PROMPT_COMMAND",
			"read PROMPT_COMMAND", "printf -v PROMPT_COMMAND x", "mapfile PROMPT_COMMAND", "__escort_look() { :; }",
			"alias __escort_look=true", "local __escort_nonce",
		},
		NotMatch: []string{"unset FOO", "printf PROMPT_COMMAND", "declare -p FOO", "echo __escort", "grep __escort file"},
	},
	Rule{
		Says: "supervision-attacked/calls-a-part-of-the-supervision", Words: `^__escort`,
		Match:    []string{"__escort_send x", "__escort_prompt"},
		NotMatch: []string{"echo __escort_send", "grep -r __escort ."},
	},
	Rule{
		Says:     "supervision-attacked/makes-functions-of-the-shell-unchangeable",
		Words:    `^(readonly\s(-\w+\s+)*-\w*f|(declare|typeset|local)\s(-\w+\s+)*-(\w*r\w*f|\w*f\w*r|r\s+-f|f\s+-r))`,
		Match:    []string{"readonly -f unset", "declare -rf x", "typeset -fr x", "declare -f -r x"},
		NotMatch: []string{"readonly x=1", "declare -f", "declare -r x=1", "export -f x"},
	},
	Rule{
		Says:  "supervision-attacked/touches-the-line-over-which-the",
		Plumb: `^0*63\D|[<>]&0*63-?$|/(dev|proc/[^/]+)/fd/0*63$`,
		Match: []string{
			"exec 63>&-", "echo x >&63", "cat <&63", "echo x 63>/dev/null", "exec 5>&63", "exec 63<&-", "exec 64>&63-", "read -r x <&63",
			"echo x > /dev/fd/63", "cat < /proc/self/fd/63",
		},
		NotMatch: []string{"echo x >&2", "exec 3>&-", "echo 63 > x", "echo x > 63", "echo x 6>&1 630>y"},
	},
	Rule{
		Says:     "supervision-attacked/touches-the-line-over-which-the",
		Programs: "read mapfile readarray cat tee cp dd head tail", Words: `\s-u\s*0*63\b|/(dev|proc/[^/ ]+)/fd/0*63\b`,
		Match:    []string{"read -u 63 x", "mapfile -u63 x", "cat /dev/fd/63", "tee /proc/self/fd/63"},
		NotMatch: []string{"read -u 3 x", "cat /dev/fd/3", "head -n 63 x"},
	},
	Rule{
		Says:     "supervision-attacked/changes-what-the-keys-do-that",
		Programs: "bind bindkey zle",
		Words: `(?i)^bind\s.*(accept-|operate-and-get-next|edit-and-execute|re-read-init|\\(c|control)-?[mjo]\b|(c|control)-[mjo]\b|\\[nr]|` +
			`\\0?1[25]|\\x0?[ad]|\bret(urn)?\b|\bnewline\b|\blfd\b|[\r\n]|\x{FFFC})|^bind\s(.*\s)?-\w*[xfXF]|` +
			`^(bindkey|zle)\s.*(accept|\^[mjo]|-N|-D|-A|-d)`,
		Match: []string{
			`bind '"\C-m": accept-line'`, `bind '"\C-x": accept-line'`, `bind -x '"\C-m": ls'`, `bind -x '"\C-t": ls'`, "bind -f x",
			`bind -r '\C-m'`, `bind -r "\C-j"`, "bind -u accept-line", "bind 'RETURN: self-insert'", `bind '"\C-x\C-x": "ls\n"'`,
			`bind 'Control-m: self-insert'`, `bind '"\C-o": operate-and-get-next'`, `bind "$x"`, "bind -m vi -r '\\C-m'",
		},
		NotMatch: []string{
			"bind -p", "bind -P", "bind -l", "bind -s", "bind -v", "bind 'set completion-ignore-case on'", `bind '"\e[A": history-search-backward'`,
			"set -o vi", "set -o emacs", "bind -q yank",
		},
	},
	Rule{
		Says:     "supervision-attacked/sets-what-runs-before-each-command",
		Programs: "trap", Words: `^trap\b.*\b(DEBUG|debug)\b`,
		Match:    []string{"trap - DEBUG", "trap '' DEBUG", "trap 'true' DEBUG", "trap 'touch y' DEBUG EXIT"},
		NotMatch: []string{"trap 'echo bye' EXIT", "trap -p", "echo DEBUG"},
	},
	Rule{
		Says:     "supervision-attacked/replaces-or-removes-commands-of-the",
		Programs: "enable disable", Words: `^enable\s(.*\s)?-\w*[fd]|^enable\s+(-\w+\s+)*-\w*n\w*\s+\S|^disable\s+\S`,
		Match:    []string{"enable -n printf", "enable -f x.so y", "enable -n builtin", "enable -d x", "enable -f ./x.so -n read"},
		NotMatch: []string{"enable", "enable -p", "enable -a", "enable printf", "enable -n"},
	},
)

// supervised gives rules what all attacks on the supervision have in common.
func supervised(rules ...Rule) []Rule {
	for i := range rules {
		r := &rules[i]
		r.ID, r.Risk, r.Dimension, r.Technique = Supervision, effect.Critical, effect.Hiding, "T1562.001"
	}
	return rules
}

// TakesOver reports text that sets a variable of the supervision where no
// command shows it: as the variable of a loop, as a default, in arithmetic.
// Quoted text that only looks like it is reported too; nobody types that.
func TakesOver(text string) bool {
	return strings.Contains(text, "PROMPT_COMMAND") && hiddenSets.MatchString(text) ||
		strings.Contains(text, "__escort") && hiddenSets.MatchString(text)
}

var hiddenSets = regex.New(`\b(for|select)\s+(PROMPT_COMMAND|__escort\w*)\b|\$\{(PROMPT_COMMAND|__escort\w*)(\[[^]]*\])?:?=|` +
	`(\(\(|\$\[)[^)\n]*\b(PROMPT_COMMAND|__escort\w*)(\[[^]]*\])?\s*(\+\+|--|[-+*/%&|^]?=[^=]|<<=|>>=)`)

// ReverseShell is the finding about a shell that another machine is tied to.
func ReverseShell() effect.Finding {
	for _, r := range controlRules {
		if r.ID == "reverse-shell" {
			return r.finding()
		}
	}
	return effect.Finding{}
}

// TakesOverZsh reports text that changes what a zsh does with a line before it
// runs it, or what the hook in it consists of. Mentioning one of these is enough.
func TakesOverZsh(text string) bool { return zshParts.MatchString(text) }

var zshParts = regex.New(`__escort|\b(zle-line-(finish|init)|precmd_functions|FUNCNEST|CONTEXT|BUFFER|dis_(functions|builtins|reswords))\b|` +
	`\bzle\s+(\S+\s+)*-[a-zA-Z]*[NADCKFUf]|\bbindkey\s+(\S+\s+)*-[a-zA-Z]*[sdANDmr]|\bbindkey\b.*(accept|\^[MJOmjo]|\\C-?[mjo]|\\[nr])|` +
	`\bzmodload\s+(\S+\s+)*-\w*u|\b(un)?setopt\b.*\b(no_?)?(zle|exec|shin_?stdin)\b|\bset\s+[-+]o\s*(no_?)?(zle|exec)\b|` +
	`\b(functions|widgets|builtins|reswords|keymaps)(\[[^]]*\])?\+?=|\b(unset|typeset|declare|local|private)\b.*\b(functions|aliases|widgets|builtins)\b|` +
	`\bbuiltin\s*\(\)|\bfunction\s+([\w-]+\s+)*(builtin|unfunction|precmd)\b|\bunfunction\s*\(\)|\bprecmd\s*\(\)|\bTRAP(DEBUG|ZERR)\b`)

// Taken is the finding about such text.
func Taken() effect.Finding {
	return supervised(Rule{Says: "supervision-attacked/changes-a-part-of-the-shell"})[0].finding()
}
