package shell

import (
	"regexp"
	"strings"
	"sync"

	"escort/explain/say"
)

// kept adds the value of a variable. Zsh neither splits it nor takes it for a
// pattern.
func (f *fields) kept(v value, quoted bool) {
	if len(f.of) == 0 {
		f.of = v.of
	}
	whole := f.r.opts.Variant == Zsh && !v.array && v.str != "" && !strings.Contains(v.str, Unknown)
	f.expanded(v, quoted || whole)
}

// zshEcho reports an echo whose output depends on escapes, which zsh's own
// reads without being asked to.
func (r *reader) zshEcho(words []Word) bool {
	if r.opts.Variant != Zsh || words[0].Value != "echo" {
		return false
	}
	for _, w := range words[1:] {
		if strings.Contains(w.Value, `\`) {
			return true
		}
	}
	return false
}

// foreignForm is text that means something else to zsh than it is read as here, or
// that sets something up which does. Too much is better than too little: what
// is named wrongly is only held as not known.
type foreignForm struct {
	in   *regexp.Regexp
	what string // a message
}

// foreign is made when first needed: only lines of zsh need it.
var foreign = sync.OnceValue(func() []foreignForm {
	return []foreignForm{
		{regexp.MustCompile(`(^|[\s;&|({!])=[\w./(]`), "shell.word-stands-for-a-file"},
		{regexp.MustCompile(`[^\s$<>=;&|({!]\([^)]`), "shell.a-pattern-with-picks-files"},
		{regexp.MustCompile(`[\w\]*?]\s+\([^()]*\|[^()]*\)`), "shell.a-pattern-with-picks-files-in"},
		{regexp.MustCompile(`\*\*|<\d*-\d*>|[<>]\s*[^\s;&|<>]*[*?\[]`), "shell.this-pattern-is-wider-in"},
		{regexp.MustCompile(`\$\{[^}]*\(|\$\{[=~^]|\$[=~^]|\$\{\w+::=|\$\{?\w+:[a-zA-Z&#]|\$\w+\[`), "shell.it-changes-a-variable-s"},
		{regexp.MustCompile(`(^|[\s:=])~[\w+-]`), "shell.name-may-stand-for-any"},
		{regexp.MustCompile(`&[!|]|(^|[\s;&|({])\(\)`), "shell.it-uses-a-form-that"},
		{regexp.MustCompile(`\}\s*always\b|(^|[;&|({\n])\s*foreach\b`), "shell.it-uses-a-form-that"},
		{regexp.MustCompile(`\balias\s+(\S+\s+)*[-+]\w*[gs]|\b(dis_)?[gs]?aliases\b`), "shell.it-gives-words-a-new"},
		{regexp.MustCompile(`\b(functions|commands|builtins|reswords|options|nameddirs|history|modules|widgets|mapfile|sysparams)(\[|\+?=)`), "shell.it-changes-a-table-of"},
		{regexp.MustCompile(`\bset\s+[-+]\w|\bjobs\s+-Z|\b(typeset|declare|local|export|readonly|integer|float)\s+(\S+\s+)*[-+]\w*[TniEFfU]|\b(integer|float)\b`), "shell.it-changes-how-names-or"},
		{regexp.MustCompile(`\bTRAP[A-Z0-9]+\b|\b(precmd|preexec|chpwd|periodic|zshaddhistory|zshexit|zsh_directory_name|command_not_found_handler)(_functions)?\b|\bzle-[a-z-]+`), "shell.it-is-run-later-by"},
		{regexp.MustCompile(`\b(NULLCMD|READNULLCMD|MAIL|MAILPATH|MAILCHECK|PERIOD|TMOUT|FUNCNEST|FPATH|MODULE_PATH|CDPATH|PROMPT[234]?|PS[1-4]|R?PROMPT2?|RPS[12]|SPROMPT|STTY|ZDOTDIR|HISTCHARS|histchars|IFS|LISTMAX|KEYBOARD_HACK|POSTEDIT|WATCHFMT|REPORTTIME)\+?=`), "shell.it-changes-a-variable-that"},
		{regexp.MustCompile(`(^|[\s;&|({])(path|cdpath|fpath|mailpath|module_path|manpath|argv|prompt|signals|watch|zsh_eval_context|zle_\w+|psvar)\+?=`), "shell.it-changes-a-variable-that"},
	}
})

// changers are commands of zsh that change how it works, or do what programs do
// elsewhere without starting one.
var changers = nameSet(`zmodload autoload zcompile zle zpty ztcp zsocket zftp zselect zsystem sysopen sysread syswrite sysseek
	compctl compadd compdef compinit sched bindkey vared hash unhash enable disable ttyctl emulate setopt unsetopt zstyle zformat zparseopts
	zregexparse functions r fc repeat noglob nocorrect private nameref coproc select unfunction unalias`)

// before are words that a command of the shell may stand behind.
var before = nameSet(`builtin command exec noglob nocorrect - ! time`)

func nameSet(names string) map[string]bool {
	set := map[string]bool{}
	for _, name := range strings.Fields(names) {
		set[name] = true
	}
	return set
}

// zshCommands adds a problem for each command that only zsh has.
func (r *reader) zshCommands() {
	for _, c := range r.prog.Commands {
		for i, w := range c.Words[:min(3, len(c.Words))] {
			global := i > 0 && c.Words[0].Value == "alias" && len(w.Value) > 1 && strings.Contains("-+", w.Value[:1]) && strings.ContainsAny(w.Value, "gs")
			pushes := i > 0 && c.Words[0].Value == "print" && strings.HasPrefix(w.Value, "-") && strings.ContainsAny(w.Value, "zsSvCe")
			if global || pushes || changers[w.Value] && (i == 0 || before[c.Words[i-1].Value]) {
				r.problem(c.Span, ProblemUnpredictable, say.Text("shell.it-changes-the-shell-itself"))
			}
		}
	}
}

// zshOnly adds a problem for each stretch of src that zsh may read otherwise.
func (r *reader) zshOnly(src *source, err error) {
	whole := src.span(0, uint(len(src.text)))
	if err != nil && !incomplete(err, src.text) {
		r.problem(whole, ProblemUnpredictable, say.Text("shell.zsh-may-read-it-in"))
	}
	text := masked(src.text)
	for _, f := range foreign() {
		if at := f.in.FindStringIndex(text); at != nil {
			r.problem(src.span(uint(at[0]), uint(at[1])), ProblemUnpredictable, say.Text(f.what))
		}
	}
}

// masked puts letters in place of what stands in quotes, where nothing in the
// text makes that uncertain. In double quotes an expansion is left.
func masked(text string) string {
	if strings.Contains(text, "<<") || strings.ContainsAny(text, "#`\\") || strings.Contains(text, "$'") || strings.Contains(text, "$(") {
		return text
	}
	b := []byte(text)
	quote := byte(0)
	for i, c := range b {
		switch {
		case quote == 0 && (c == '\'' || c == '"'):
			quote = c
		case c == quote:
			quote = 0
		case quote == '"' && (c == '$' || i > 0 && text[i-1] == '$'):
			return text // what belongs to the expansion is not told apart
		case quote != 0:
			b[i] = 'x'
		}
	}
	if quote != 0 {
		return text
	}
	return string(b)
}
