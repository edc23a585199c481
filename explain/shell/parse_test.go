package shell

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// show renders a program: one line a command, words joined by spaces, with
// what is known about it behind.
func show(p *Program) []string {
	var out []string
	for _, c := range p.Commands {
		var b []string
		for _, a := range c.Assigns {
			b = append(b, a.Name+"="+a.Value.Value)
		}
		for _, w := range c.Words {
			b = append(b, strings.ReplaceAll(w.Value, Unknown, "…"))
		}
		for _, r := range c.Redirs {
			b = append(b, r.Op+strings.ReplaceAll(r.Target.Value, Unknown, "…"))
		}
		if c.Compound != "" {
			b = append(b, "@"+c.Compound)
		}
		for _, f := range []struct {
			on   bool
			name string
		}{
			{c.Loop, "loop"},
			{c.Maybe, "maybe"},
			{c.InSubst, "subst"},
			{c.Background, "bg"},
			{c.Recursive, "again"},
			{c.Def != "", "def"},
		} {
			if f.on {
				b = append(b, "#"+f.name)
			}
		}
		for _, v := range c.Via {
			b = append(b, "^"+v.Kind)
		}
		out = append(out, strings.Join(b, " "))
	}
	for _, p := range p.Problems {
		out = append(out, "! "+p.Kind)
	}
	return out
}

func read(text string) *Program { return Parse(context.Background(), text, Options{}) }

func TestParse(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []string
	}{
		{"ls -l /etc", []string{"ls -l /etc"}},
		{"# nothing", nil},
		{"x=rm; y=' -rf'; $x$y /", []string{"x=rm", "y= -rf", "rm -rf /"}},
		{"r''m -r\"f\" '/a b'", []string{"rm -rf /a b"}},
		{"$'\\x72\\x6d' x", []string{"rm x"}},
		{"echo {a,b}{1..2}", []string{"echo a1 a2 b1 b2"}},
		{"cat ~/.ssh/id_rsa", []string{"cat ~/.ssh/id_rsa"}},
		{"rm${IFS}-rf${IFS}/", []string{"rm -rf /"}},
		{"x=abcdef; echo ${x:1:2} ${x#ab} ${x/c/Z} ${x^^} ${#x} $((1+2))", []string{"x=abcdef", "echo bc cdef abZdef ABCDEF 6 3"}},
		{"$(echo rm) -rf /", []string{"echo rm #subst", "rm -rf /"}},
		{"$(echo cm0K | base64 -d) /", []string{"echo cm0K #subst", "base64 -d #subst", "rm /"}},
		{"for f in a b; do rm $f; done", []string{"rm a", "rm b"}},
		{"for f in *; do rm $f; done", []string{"rm … #loop #maybe"}},
		{"while read l; do rm $l; done", []string{"read l #loop", "rm … #loop #maybe"}},
		{"if a; then x=1; else x=2; fi; b $x", []string{"a", "x=1 #maybe", "x=2 #maybe", "b …"}},
		{"f() { rm $1; }; f /x", []string{"rm /x ^function"}},
		{"f() { rm $1; }", []string{"rm … #maybe #def"}},
		{":(){ :|:& };:", []string{": #bg #again ^function", ": #bg #again ^function"}},
		{"eval 'rm -rf /'", []string{"eval rm -rf /", "rm -rf / ^eval"}},
		{"eval \"$x\"", []string{"eval …", "! unpredictable"}},
		{"trap 'rm x' EXIT", []string{"trap rm x EXIT", "rm x #maybe ^trap"}},
		{"alias l='ls -l '\nl x", []string{"alias l=ls -l ", "ls -l x ^alias"}},
		{"alias l='rm'; l x", []string{"alias l=rm", "l x"}},
		{"((a[$(id)]))", []string{"id #subst", "@(("}},
		{"x='a[$(id)]'; echo $((x))", []string{"id #maybe #subst", "x=a[$(id)]", "id #subst", "echo …"}},
		{"[[ -v 'a[$(id)]' ]]", []string{"id #subst", "@[["}},
		{"x=y; y='a[$(id)]'; [[ x -gt 1 ]]", []string{"x=y", "id #maybe #subst", "y=a[$(id)]", "id #subst", "@[["}},
		{"shopt -s xpg_echo", []string{"shopt -s xpg_echo", "! unpredictable"}},
		{"shopt -u expand_aliases", []string{"shopt -u expand_aliases", "! unpredictable"}},
		{"set +o emacs", []string{"set +o emacs", "! unpredictable"}},
		{"set -eH", []string{"set -eH", "! unpredictable"}},
		{"set -o vi; shopt -s extglob; set -e", []string{"set -o vi", "shopt -s extglob", "set -e"}},
		{"cp a f; . ./f", []string{"cp a f", ". ./f", "! unpredictable", "! unread"}},
		{"cat f; . ./f", []string{"cat f", ". ./f", "! unread"}},
		{">y for i in a", []string{">y #maybe", "! syntax"}},
		{"x=$(id) if :", []string{"id #subst", "x=\uFFFC if :"}},
		{"rm x <<E\nbody", []string{"rm x <<E #maybe", "! syntax"}},
		{"let 'a[$(id)]=1'", []string{"id #subst", "@let"}},
		{"declare 'a[$(id)]=1'", []string{"id #subst", "declare a[$(id)]=1"}},
		{"compgen -W '$(id)' x", []string{"compgen -W $(id) x", "id #subst"}},
		{"mapfile -C 'id #' -c 1 a", []string{"mapfile -C id # -c 1 a", "id #maybe ^trap"}},
		{"complete", []string{"complete"}},
		{"echo a \\\r\nrm x", []string{"echo a \x7f", "rm x"}},
		{"echo a\r#; rm x", []string{"echo a\x7f#", "rm x"}},
		{"alias if='id;if'\nif a; then b; fi", []string{"alias if=id;if", "id #maybe ^alias", "if} #maybe ^alias", "a", "b #maybe", "! unpredictable", "! syntax"}},
		{"alias [='id;['\n[ a ]", []string{"alias [=id;[", "id ^alias", "[ a ] ^alias"}},
		{"function export { id; }; export A=b", []string{"id ^function"}},
		{"{ a; b; } > f 2>&1", []string{">f >&1 @{", "a", "b"}},
		{"> f", []string{">f"}},
		{"cat <<EOF\n$(id)\nEOF", []string{"id #subst", "cat <<EOF"}},
		{"cat <<'EOF'\n$(id)\nEOF", []string{"cat <<EOF"}},
		{"diff <(a) <(b)", []string{"a #subst #bg", "b #subst #bg", "diff … …"}},
		{"export A=b; echo $A", []string{"A=b export A=b", "echo b"}},
		{"echo ${x:-$(id)}", []string{"id #subst", "echo …"}},
		{"case $(id) in a) rm x;; esac", []string{"id #subst", "rm x #maybe"}},
		{"echo \"unclosed", []string{"echo unclosed #maybe", "! syntax"}},
		{"rm -rf / ; fi", []string{"rm -rf /", "! syntax"}},
		{"a && b || c", []string{"a", "b #maybe", "c #maybe"}},
		{"[[ -f $(id) ]]", []string{"id #subst", "@[["}},
		{"${HOME:0:1}bin${HOME:0:1}ls", []string{"/bin/ls"}},
	} {
		if d := cmp.Diff(c.want, show(read(c.in))); d != "" {
			t.Errorf("%s: %s", c.in, d)
		}
	}
}

func TestFrom(t *testing.T) {
	p := read("curl -s x | sudo bash")
	if len(p.Commands) != 2 || p.Commands[1].From != 0 {
		t.Errorf("the pipe is lost: %v", show(p))
	}
	p = read("echo cm0gLXJmIC8K | base64 -d | sh")
	last := p.Commands[len(p.Commands)-1]
	if last.Input == nil || *last.Input != "rm -rf /\n" {
		t.Errorf("the decoded input is not known: %v", last.Input)
	}
	p = read("cd /var && rm -rf *")
	if p.Commands[1].Dir != "/var" {
		t.Errorf("the working directory is %q", p.Commands[1].Dir)
	}
}

func TestDisguises(t *testing.T) {
	for in, want := range map[string]string{
		"r''m x": HowQuotes, "$'\\x72m' x": HowEscapes, "/bin/c?t x": HowGlob, "a=r; b=m; $a$b x": HowPieces,
		"$(echo rm) x": HowSubst, "$(echo cm0K | base64 -d) x": HowBase64, "rm${IFS}x": HowPieces,
		"echo a\u202eb": HowInvisible, "r\u0430m x": HowLookAlike, "cat x\x00": HowBytes,
		"\\ls": "", "rm 'a b'": "", "ls *.log": "", "for f in *.log; do a; done": "", "git commit -m 'it is'": "",
		"X=ls; $X -l": "", "grep -E 'a|b' f": "", "echo $'a\\nb'": "", "find . -name \\*.c": "", "cat Файл.txt": "",
	} {
		var got []string
		for _, d := range read(in).Disguises {
			got = append(got, d.How)
		}
		if len(got) == 0 && want == "" {
			continue
		}
		if len(got) == 0 || got[0] != want {
			t.Errorf("%q: disguises %q, want %q", in, got, want)
		}
	}
}

func TestComplete(t *testing.T) {
	for in, want := range map[string]bool{
		"ls": true, "ls |": false, "a &&": false, "echo 'x": false, "cat <<E": false, "if a": false, "a \\": false,
		"a # c \\": true, "for": true, ")": true, "": true, "cat <<E\nx\nE": true, "{ a": false, "$(a": false,
	} {
		if got := Complete(in, Bash); got != want {
			t.Errorf("Complete(%q) = %v", in, got)
		}
	}
}

// TestHuge: text made to exhaust the reader is refused, in time.
func TestHuge(t *testing.T) {
	start := time.Now()
	for _, in := range []string{
		strings.Repeat("$(", 10_000), strings.Repeat("(", 500_000), strings.Repeat("{ ", 300_000),
		strings.Repeat("a;", 200_000), strings.Repeat("a&&", 200_000) + "a", strings.Repeat("a|", 200_000) + "a",
		"echo " + strings.Repeat("x", 1<<20), "echo " + strings.Repeat("{a,b}", 40), "echo $((" + strings.Repeat("1+", 200_000) + "1))",
		"x=aaaaaaaa;" + strings.Repeat("x=$x$x;", 60), strings.Repeat("\"$(", 5_000), "echo {1..999999999}", strings.Repeat("if ", 100_000),
	} {
		p := read(in)
		if p == nil || p.Empty {
			t.Errorf("%.20q…: read as nothing", in)
		}
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("took %v", took)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"ls", "a|b", "$(echo x)", "f(){ f; };f", "cat <<E\nx\nE", "x=1;echo ${x@P}", "alias a=b\na", "eval 'a", "echo {a,b}", "0<<<0<<<0<''<0<0<<0<0&\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p := read(s)
		check := func(span [2]int) {
			if span[0] < 0 || span[1] < span[0] || span[1] > len(p.Text) {
				t.Fatalf("%q: span %v outside %d bytes", s, span, len(p.Text))
			}
		}
		for i, c := range p.Commands {
			check(c.Span)
			if c.From >= len(p.Commands) || c.From == i {
				t.Fatalf("%q: From %d of command %d", s, c.From, i)
			}
			for _, w := range c.Words {
				check(w.Span)
			}
		}
		for _, q := range p.Problems {
			check(q.Span)
			if q.Kind == ProblemInternal {
				t.Fatalf("%q: %s", s, q.Text)
			}
		}
		for _, d := range p.Disguises {
			check(d.Span)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		read("sudo systemctl restart nginx && tail -n 20 /var/log/nginx/error.log")
	}
}
