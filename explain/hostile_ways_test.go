package explain

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"fmt"
	"strings"
)

// layers is ls behind base64, n times over.
func layers(n int) string {
	s := "ls"
	for range n {
		s = "echo " + b64(s) + "|base64 -d|sh"
	}
	return s
}

// swollen is text that unpacks to very much.
func swollen() string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write(bytes.Repeat([]byte("a"), 20*mega))
	_ = w.Close()
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

func init() {
	long := strings.Repeat("ab", 30_000)
	add := func(name, text string, script bool) {
		hostile = append(hostile, struct {
			name, text string
			script     bool
		}{name, text, script})
	}
	for name, text := range map[string]string{
		"loops in loops":             `for i in {1..200}; do for j in {1..200}; do for k in {1..200}; do x+=a; done; done; done; eval "$x"`,
		"endless loop":               `while :; do x+=a; done; eval "$x"`,
		"endless doubling":           `x=a; while :; do x=$x$x; done; eval "$x"`,
		"endless replacing":          "x=" + long + `; while :; do y=${x//a/bb}; y=${y//b/cc}; done`,
		"endless replacing of a set": "x=" + long + `; while :; do y=${x//[ab]/bb}; done`,
		"endless printf":             `until false; do printf -v x %s "$x" aaaaaaaaaaaaaaaaaaaaa; done`,
		"endless counting":           "for ((;;)); do x+=a; done",
		"long counting":              "for ((i=0;i<100000000;i++)); do x+=${s:i:1}; done",
		"reversing":                  "s=" + long + `; for ((i=${#s}-1;i>=0;i--)); do o+=${s:i:1}; done; eval "$o"`,
		"cases in a loop":            "for i in {1..2000}; do case $i in " + numbers("%d) x+=a;; ", 2000) + `esac; done; eval "$x"`,
		"read loop":                  "while read -r l; do x+=$l; done <<< '" + strings.Repeat("abc\n", mega/4) + "'",
		"read letters":               "while read -rn1 c; do x+=$c; done <<< '" + long + "'",
		"mapfile":                    "mapfile -t a <<< '" + strings.Repeat("abc\n", mega/4) + `'; eval "${a[5]}"`,
		"table":                      "declare -A m;" + numbers("m[k%d]=x;", 50_000),
		"sed growth":                 "echo " + strings.Repeat("a", 1000) + " | sed '" + strings.Repeat("s/a/aaaaaaaaaa/g;", 30) + "' | sh",
		"sed stars":                  "echo " + long + ` | sed 's/\(a*\)*b/x/g' | sh`,
		"grep stars":                 "echo " + long + " | grep -oE '(a?){50}a{50}' | sh",
		"expr stars":                 "expr " + long + ` : '\(a*\)*b\(.*\)'`,
		"long tr sets":               "echo " + long + " | tr " + strings.Repeat("abcdef", 3000) + " " + strings.Repeat("bcdefa", 3000) + " | sh",
		"swollen zlib":               `python3 -c 'import zlib,base64;print(zlib.decompress(base64.b64decode("` + swollen() + `")))'|sh`,
		"swollen gzip":               "echo " + zipped(strings.Repeat("a", 20*mega)) + "|base64 -d|gunzip|sh",
		"layers of base64":           layers(30),
		"megabytes of base64":        "echo " + b64(strings.Repeat("ls;", mega)) + "|base64 -d|sh",
		"cat chain":                  "echo " + long + strings.Repeat("|cat", 10_000),
		"rev chain":                  "echo " + long + strings.Repeat("|rev", 10_000) + "|sh",
		"tr chain":                   "echo " + long + strings.Repeat("|tr a b|tr b a", 5000) + "|sh",
		"cut chain":                  "echo " + long + strings.Repeat("|cut -c2-", 10_000) + "|sh",
		"sed chain":                  "echo " + long + strings.Repeat("|sed s/a/b/g", 10_000) + "|sh",
		"seq":                        "for i in $(seq 1 1000000); do x+=$i; done",
		"endless seq":                "seq 1 999999999999 | sh",
		"wide printf":                "printf '%999999s' x | sh",
		"function doubling":          `f() { eval "$1$1"; f "$1$1"; }; f 'ls;'`,
		"function output":            `f() { echo "$1$1"; }; ` + strings.Repeat(`x=$(f "$x");`, 3000) + `eval "$x"`,
		"files doubling":             "echo aaaaaaaaaa > /tmp/a;" + strings.Repeat("cat /tmp/a /tmp/a > /tmp/b; cp /tmp/b /tmp/a;", 3000) + "sh /tmp/a",
		"file sources itself":        "echo '. /tmp/x; . /tmp/x; . /tmp/x' > /tmp/x; . /tmp/x",
		"file appended to itself":    "echo 'rm a' > /tmp/x;" + strings.Repeat("cat /tmp/x >> /tmp/x;", 2000) + ". /tmp/x",
		"evals of each other":        `f='eval "$g$g$g$g$g$g"'; g='eval "$f$f$f$f$f$f"'; eval "$f"`,
		"exports":                    numbers("export a%d=x;", 500) + strings.Repeat("sh -c 'echo $a1';", 5000),
		"xargs in xargs":             "echo ls | " + strings.Repeat("xargs ", 10_000) + "rm",
		"IFS":                        "IFS=a; x=" + long + "; $x $x $x",
		"brace program":              "{" + strings.Repeat("a,", 300_000) + "b}",
		"replacement growth":         "x=aaaaaaaaaa;" + strings.Repeat("x=${x//a/aa};", 3000) + "eval $x",
		"lowering":                   "x=" + long + ";" + strings.Repeat("x=${x,,};", 3000) + "eval $x",
		"slices":                     "x=" + long + `; y="` + strings.Repeat("${x:5:1}", 60_000) + `"; eval "$y"`,
		"words with quotes":          strings.Repeat("r''m ", 60_000),
		"globs":                      "ls " + strings.Repeat("/*/*/*/* ", 40_000),
		"arithmetic doubling":        "a=1;" + strings.Repeat("a=a+a+a+a;", 2000) + "echo $((a))",
		"and after and":              strings.Repeat("true&&", 100_000) + "ls",
		"cases":                      strings.Repeat("case a in a) ls;; b) rm x;; esac;", 30_000),
		"padding":                    "ls;" + strings.Repeat(" ", mega) + "rm x",
		"traps":                      strings.Repeat("trap 'ls' EXIT;", 60_000),
		"descriptors":                strings.Repeat("exec 3<<<ls; sh <&3;", 40_000),
		"code in a word":             fmt.Sprintf(`python3 -c 'print(bytes.fromhex("%s"))'|sh`, strings.Repeat("61", mega/2)),
	} {
		add(name, text, false)
	}
	add("decoded again and again", strings.Repeat("echo bHM=|base64 -d|sh\n", mega/24), true)
	add("loops again and again", strings.Repeat("for i in 1 2 3; do x+=$i; done\n", mega/32), true)
	add("function output again and again", "f() { echo \"$1\"; }\n"+strings.Repeat("x=$(f a)\n", mega/10), true)
	add("here-document of expansions", "x=a; cat <<E | sh\n"+strings.Repeat("$x", mega/2)+"\nE\n", true)
}
