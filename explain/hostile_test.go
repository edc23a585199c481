package explain

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

const mega = 1 << 20

// hostile is input made to be slow or large to read.
var hostile = []struct {
	name, text string
	script     bool
}{
	{"script of 10 MB", strings.Repeat("rm -f /tmp/a; ls -l /etc | grep x\n", 10*mega/34), true},
	{"script of short lines", strings.Repeat("a\n", mega/2), true},
	{"python of 10 MB", "#!/usr/bin/python3\n" + strings.Repeat("import os; os.system('ls')\n", 10*mega/27), true},
	{"perl of one line", "#!/usr/bin/perl\n" + strings.Repeat("system('x');", mega/12), true},
	{"line of words", "echo " + strings.Repeat("a ", mega/2), false},
	{"line of operands", "rm " + strings.Repeat("/etc/a ", mega/7), false},
	{"line of different operands", "rm " + numbers("/etc/a%d ", mega/12), false},
	{"line of options", "ls " + strings.Repeat("-l ", mega/3), false},
	{"line of unknown options", "ls " + numbers("--q%d ", mega/9), false},
	{"line of long options", "grep " + strings.Repeat("--rec ", mega/6), false},
	{"one word", "echo " + strings.Repeat("a", mega), false},
	{"one bundle", "ls -" + strings.Repeat("l", mega), false},
	{"one single option", "find . -" + strings.Repeat("n", mega), false},
	{"commands", strings.Repeat("ls;", mega/3), false},
	{"pipes", "ls" + strings.Repeat("|cat", mega/4), false},
	{"and", "ls" + strings.Repeat("&&ls", mega/4), false},
	{"substitutions", strings.Repeat("$(", 10_000), false},
	{"substitutions closed", strings.Repeat("$(", 10_000) + "ls" + strings.Repeat(")", 10_000), false},
	{"side by side", "echo " + strings.Repeat("$(ls) ", mega/6), false},
	{"semicolons", strings.Repeat(";", mega), false},
	{"parentheses", strings.Repeat("(", mega), false},
	{"parentheses closed", strings.Repeat("(", 5000) + "ls" + strings.Repeat(")", 5000), false},
	{"braces", strings.Repeat("{ ", mega/2), false},
	{"parameters", strings.Repeat("${", mega/2), false},
	{"parameters with defaults", strings.Repeat("${x:-", mega/5), false},
	{"backquotes", strings.Repeat("`", mega), false},
	{"single quotes", strings.Repeat("'", mega), false},
	{"double quotes", strings.Repeat(`"`, mega), false},
	{"double quotes, odd", strings.Repeat(`"`, mega-1), false},
	{"backslashes", strings.Repeat(`\`, mega), false},
	{"backslashes and lines", strings.Repeat("\\\n", mega/2), false},
	{"dollars", strings.Repeat("$", mega), false},
	{"here-documents", strings.Repeat("cat <<A\n", mega/8), false},
	{"redirections", "ls " + strings.Repeat(">a ", mega/3), false},
	{"redirections of text", "echo x " + numbers(">/tmp/f%d ", 50_000), false},
	{"redirections into code", "echo 'import os' " + numbers(">/tmp/f%d.py ", 50_000), false},
	{"redirections into jobs", "echo x " + numbers(">/etc/cron.d/f%d ", 50_000), false},
	{"assignments in turn", numbers("a%d=1;", 50_000), false},
	{"arithmetic", "echo $((" + strings.Repeat("(", mega/2), false},
	{"arithmetic long", "echo $((" + strings.Repeat("1+", mega/2) + "1))", false},
	{"ifs", strings.Repeat("if ", mega/3), false},
	{"whiles", strings.Repeat("while ls; do ", mega/13), false},
	{"functions", strings.Repeat("a(){ ", mega/5), false},
	{"many functions", numbers("f%d() { ls; };", mega/18), false},
	{"assignments", numbers("a%d=1 ", mega/10), false},
	{"lines of assignments", numbers("a%d=1\n", mega/10), true},
	{"doubling", "a=aaaaaaaaaa;" + strings.Repeat("a=$a$a;", 1000) + "echo $a", false},
	{"doubling in a word", "a=aaaaaaaaaa;" + strings.Repeat("a=$a$a$a$a$a$a$a$a$a;", 1000) + "$a", false},
	{"brace list", "echo {1..100000}", false},
	{"brace product", "echo " + strings.Repeat("{a,b}", 17), false},
	{"brace wide product", "echo " + strings.Repeat("{1..9999}", 30), false},
	{"braces nested", "echo " + strings.Repeat("{a,", 5000) + strings.Repeat("}", 5000), false},
	{"brace list with zeros", "echo {0000000000000001..999999999999999999}", false},
	{"alias chain", numbersTwice("alias a%d='a%d; a%d'\n", 40) + "a0", true},
	{"function chain", numbersTwice("f%d() { f%d; f%d; }\n", 40) + "f40() { ls; }\nf0", true},
	{"function loop", "f() { g; g; }; g() { f; f; }; f", false},
	{"eval in eval", strings.Repeat("eval ", 10_000) + "ls", false},
	{"sudo in sudo", strings.Repeat("sudo ", 100_000) + "ls", false},
	{"env in env", strings.Repeat("env A=1 ", 10_000) + "ls", false},
	{"bash in bash", nestedQuotes(12), false},
	{"spaces", strings.Repeat(" ", mega), false},
	{"lines", strings.Repeat("\n", mega), false},
	{"comments", strings.Repeat("#\n", mega/2), true},
	{"base64", "echo " + strings.Repeat("QUJD", mega/4) + " | base64 -d | sh", false},
	{"base64 of base64", "$(echo " + strings.Repeat("QUJD", mega/8) + "|base64 -d)", false},
	{"many decodings", strings.Repeat("echo bHM=|base64 -d|sh;", mega/24), false},
	{"escapes", "$'" + strings.Repeat(`\x41`, mega/4) + "'", false},
	{"glob stars", "ls " + strings.Repeat("*", mega), false},
	{"glob sets", "ls " + strings.Repeat("[", mega), false},
	{"pattern removal", "a=" + strings.Repeat("a", 60_000) + "; echo ${a##" + strings.Repeat("*a", 1000) + "b}", false},
	{"replacement", "a=" + strings.Repeat("a", 60_000) + "; echo ${a//a/" + strings.Repeat("b", 1000) + "}", false},
	{"look-alikes", strings.Repeat("а", mega/2), false},
	{"invisible", strings.Repeat("\u200b", mega/3), false},
	{"bad bytes", strings.Repeat("\xff", mega), false},
	{"zero bytes", strings.Repeat("\x00", mega), false},
	{"slashes", "rm " + strings.Repeat("/", mega), false},
	{"dots", "rm /" + strings.Repeat("../", mega/3), false},
	{"deep path", "rm " + strings.Repeat("/a", mega/2), false},
	{"equals", "dd " + strings.Repeat("=", mega), false},
	{"settings of git", "git " + strings.Repeat("-c alias.x=y ", mega/13), false},
	{"ways of rsync", "rsync " + strings.Repeat("-e x ", mega/5), false},
	{"find actions", "find . " + strings.Repeat("-exec rm {} \\; ", mega/15), false},
	{"python in a word", "python3 -c '" + strings.Repeat("os.system(\"x\");", mega/15) + "'", false},
	{"python opens", "python3 -c '" + strings.Repeat("open(", mega/5) + "'", false},
	{"sql", "psql -c '" + strings.Repeat("select 1;", mega/9) + "'", false},
	{"awk", "awk '" + strings.Repeat("{", mega) + "'", false},
	{"sed", "sed '" + strings.Repeat("s/a/b/;", mega/7) + "'", false},
	{"addresses", "curl " + strings.Repeat("http://a.example/ ", mega/18), false},
	{"dev tcp", strings.Repeat("/dev/tcp/", mega/9), false},
}

func numbers(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func numbersTwice(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i, i+1, i+1)
	}
	return b.String()
}

// nestedQuotes is bash -c in bash -c; its length doubles with each depth.
func nestedQuotes(depth int) string {
	s := "ls"
	for range depth {
		s = `bash -c "` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
	}
	return s
}

// Bounds for one of them. The target is half a second; the bound in time is
// wider, as a machine that tests has other things to do.
const (
	hostileTime   = 4 * time.Second
	hostileMemory = 1 << 30 // bytes made in all, most of them given back on the way
)

// worked is the time for which the processor has worked for this process: the
// clock also counts what others on the machine do.
func worked(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano())
}

func TestHostileInput(t *testing.T) {
	for _, h := range hostile {
		t.Run(h.name, func(t *testing.T) {
			req := Request{Text: h.text, Kind: "line", World: Nowhere}
			if h.script {
				req.Kind = "script"
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := worked(t)
			e := Explain(context.Background(), req)
			took := worked(t) - start
			runtime.ReadMemStats(&after)
			made := after.TotalAlloc - before.TotalAlloc
			t.Logf("%v, %d MB, %s, %s", took.Round(time.Millisecond), made>>20, e.Risk, e.Headline)
			if took > slower*hostileTime || made > slower*hostileMemory {
				t.Errorf("took %v and %d MB", took, made>>20)
			}
			sound(t, e)
			if len(h.text) > maxLine && !e.Risk.AtLeast("caution") {
				t.Errorf("a text of %d bytes is %s", len(h.text), e.Risk)
			}
		})
	}
}
