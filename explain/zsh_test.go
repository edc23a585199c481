package explain

import (
	"testing"

	"escort/explain/effect"
)

// What zsh would do otherwise than it is read must not look harmless; what
// reads the same must not be called unknown.
func TestZshIsNotTakenForBash(t *testing.T) {
	for _, tt := range []struct {
		line string
		most bool // the risk is at most low; else at least high
	}{
		{"ls -l /tmp", true},
		{"for i in 1 2; do echo $i; done", true},
		{`grep -r "foo (bar)" /etc | head -3`, true},
		{"find . -name '*.log' -mtime +3", true},
		{`echo "user $USER on $(hostname)"`, true},
		{"f() { ls; }", true},
		{"ls *.txt", true},
		{"x=1; echo \"$x\"", true},
		{"ls *(.)", false},
		{"ls *(e:'touch y':)", false},
		{"ls *(+f)", false},
		{"echo ${(e)x}", false},
		{"echo $x[1]", false},
		{"=ls", false},
		{"echo =ls", false},
		{"cat =(ls)", false},
		{"alias -g G='| grep'", false},
		{"'alias' -s txt=vim", false},
		{"aliases[ls]='touch y'", false},
		{"functions[ls]='touch y'", false},
		{"TRAPUSR1() { touch y }", false},
		{"preexec() { touch y }", false},
		{"precmd_functions+=(x)", false},
		{"bindkey -s '^T' 'ls^M'", false},
		{"zle -A .accept-line accept-line", false},
		{"builtin zmodload zsh/files", false},
		{"'emulate' sh", false},
		{"setopt extended_glob", false},
		{"repeat 3 echo x", false},
		{"for i in 1 2; echo $i", false},
		{"{ ls } always { touch y }", false},
		{"() { touch y }", false},
		{"path=(/tmp $path)", false},
		{"echo x > *.txt", false},
		{"rm ~d/x", false},
		{"ls **/x", false},
		{"print -z ls", false},
		{"sched +1 touch y", false},
		{"autoload -Uz zmv", false},
		{`echo 'true #\n>y' | sh`, false},
		{"cat <<E\n'\nE\ncat =(ls)\n: '", false},
	} {
		e := Explain(t.Context(), Request{Text: tt.line, Dialect: effect.DialectZsh})
		if tt.most == e.Risk.AtLeast(effect.Caution) || !tt.most && !e.Risk.AtLeast(effect.High) {
			t.Errorf("%s is %s: %s %v", tt.line, e.Risk, e.Headline, e.Unknowns)
		}
	}
}

func TestZshDoesNotSplitVariables(t *testing.T) {
	e := Explain(t.Context(), Request{Text: `x='a b'; rm $x`, Dialect: effect.DialectZsh})
	starts := e.Plan.Starts
	if len(starts) != 1 || len(starts[0].Argv) != 2 || *starts[0].Argv[1] != "a b" {
		t.Errorf("plan: %v", starts)
	}
}
