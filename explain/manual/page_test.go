package manual

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

const frob = `frob(1)

NAME
    frob, frobnicate - turn "things" round

SYNOPSIS
    frob [-a] [-Q] FILE
    -Q
        in the synopsis only

DESCRIPTION
    -z is nice. It is not explained here.
    -a, --all
        Take all of them, e.g. those in .x files. Slow.
    --[no-]check
        look first
    -A
        do not leave out what begins with .
    -w
        one meaning

OPTIONS
    -o FILE, --output=FILE
        write to FILE;
    -c[WHEN]
    --colour[=WHEN]
        in colours:
    -l|--level <n>
        how deep, which may be any number from one to a hundred although more than twelve of them were never seen by anybody
    -b
        be brief
      -t, --top    the top one
    -d, --deep: go deep
    --wide    - go wide
    -XX:+Unlock
        nothing of interest

--route, -r
    show the routes

MORE
    -w
        another meaning
    -b
        something else

EXAMPLES
    -e x
        not an option
`

func TestOptions(t *testing.T) {
	p := Read("frob", frob)
	if p == nil || p.Source != "frob(1)" {
		t.Fatalf("read %+v", p)
	}
	if got := p.Does(100); got != `"turn 'things' round"` {
		t.Errorf("does %s", got)
	}
	for word, want := range map[string]string{
		"-a": `"Take all of them, e.g. those in .x files"`, "--all": `"Take all of them, e.g. those in .x files"`,
		"--check": `"look first"`, "--no-check": `the opposite of --check, "look first"`, "-A": `"do not leave out what begins with ."`,
		"-o": `"write to FILE" +`, "--output": `"write to FILE" +`, "--output=x": `"write to FILE"`, "-ox": `-o "write to FILE"`,
		"-c": `"in colours"`, "--colour": `"in colours"`, "--colour=never": `"in colours"`,
		"--level": `"how deep, which may be any number from one to a hundred although more than twelve of them were …" +`,
		"-t":      `"the top one"`, "--top": `"the top one"`, "--deep": `"go deep"`, "--wide": `"go wide"`, "-r": `"show the routes"`, "-XX": "", "-XX:+Unlock": "",
		"-b":  `"be brief"`,
		"-ab": `-a "Take all of them, e.g. those in .x files", -b "be brief"`, "-bo": `-b "be brief", -o "write to FILE" +`,
		"-bofile": `-b "be brief", -o "write to FILE"`, "-bX": "", "-babababab": "",
		"-Q": "", "-z": "", "-w": "", "-e": "", "-": "", "--": "", "--outp": "", "-ä": "",
	} {
		got, takes := p.Option(word)
		if takes {
			got += " +"
		}
		if got != want {
			t.Errorf("%s: %s, want %s", word, got, want)
		}
	}
}

func TestTags(t *testing.T) {
	for line, want := range map[string]string{
		"-a":                                     "-a",
		"-a, --all":                              "-a --all",
		"-a,--all":                               "-a --all",
		"-a --all":                               "-a --all",
		"-a or --all":                            "-a --all",
		"-f|--file <path>":                       "-f+ --file+",
		"-o FILE":                                "-o+",
		"-o output_file":                         "-o+",
		"-o, --output=FILE":                      "-o+ --output+",
		"--color[=WHEN], --colour":               "--color --colour",
		"--[no-]opt=VALUE":                       "--opt+ --no-opt+",
		"--(no-)opt":                             "--opt --no-opt",
		"--verb[ose]":                            "--verb --verbose",
		"-n, --lines=[-]NUM":                     "-n+ --lines+",
		"--size=<n>[<s>][,<n>]":                  "--size+",
		"-1":                                     "-1",
		"-?":                                     "-?",
		"-Wno-error=x":                           "-Wno-error+",
		"-v...":                                  "-v",
		"-a [file]":                              "-a",
		"":                                       "",
		"-":                                      "",
		"--":                                     "",
		"-[hls]":                                 "",
		"- a list":                               "",
		"-a is what you want to take.":           "",
		"-v is what a person wants to have here": "",
		"frob -a":                                "",
	} {
		var got []string
		for _, tag := range tagsOf(line) {
			s := tag.name
			if tag.value {
				s += "+"
			}
			got = append(got, s)
		}
		if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%q: %s", line, diff)
		}
	}
}

func TestPagesThatAreNotQuoted(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "a file": "frob(5)\n\nNAME\n    frob - what stands in the file\n", "silent": "frob(1)\n\nFILES\n    x\n",
	} {
		if p := Read("frob", text); p != nil {
			t.Errorf("%s: %+v", name, p)
		}
	}
	if p := Read("frob", "NAME\n    frob - turn\n"); p == nil || p.Source != "frob" {
		t.Errorf("without a section: %+v", p)
	}
}

// TestBounds: a page is never more work than its size, and a quotation is short
// and can be seen.
func TestBounds(t *testing.T) {
	var b strings.Builder
	b.WriteString("frob(1)\n\nNAME\n    frob - a\x1b[2J\u202e" + strings.Repeat("ü", 300) + "\n\nOPTIONS\n")
	for i := range 3 * maxOptions {
		fmt.Fprintf(&b, "    --o%d\n        x\n", i)
	}
	b.WriteString("    -x " + strings.Repeat("-y ", 1<<20) + "\n")
	p := Read("frob", b.String())
	if len(p.options) > maxOptions {
		t.Errorf("%d options", len(p.options))
	}
	if q := p.Does(100); utf8.RuneCountInString(q) > 102 || strings.ContainsAny(q, "\x1b\u202e") {
		t.Errorf("quoted %q", q)
	}
	if q := p.Does(5); q != "" {
		t.Errorf("no room for %q", q)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(frob, "-ab")
	f.Add("NAME\n - \xff\n\nX\n -\n  -[]  x\n", "-[")
	f.Fuzz(func(t *testing.T, text, word string) {
		p := Read("frob", text)
		if p == nil {
			return
		}
		q, _ := p.Option(word)
		for _, s := range []string{q, p.Does(100)} {
			if utf8.RuneCountInString(s) > 3*(maxSaid+8) || strings.ContainsAny(s, "\n\x1b") || !utf8.ValidString(s) {
				t.Errorf("quoted %q", s)
			}
		}
	})
}
