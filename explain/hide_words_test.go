package explain

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// wordly changes the words of a simple command one by one.
func wordly(change func(w string, r *rand.Rand) string) func(string, int) string {
	return func(c string, n int) string {
		r := rnd(n)
		return words(c, func(w string) string { return change(w, r) })
	}
}

// between puts something behind letters of a word, always in one place at
// least.
func between(w string, r *rand.Rand, some ...string) string {
	var b strings.Builder
	sure := r.IntN(max(len(w)-1, 1))
	for i := range len(w) {
		b.WriteByte(w[i])
		if i+1 < len(w) && (i == sure || r.IntN(3) == 0) {
			b.WriteString(some[r.IntN(len(some))])
		}
	}
	return b.String()
}

// asPieces writes each letter of a word in one of several ways.
func asPieces(ways ...string) func(string, *rand.Rand) string {
	return func(w string, r *rand.Rand) string {
		var b strings.Builder
		for i := range len(w) {
			b.WriteString(fill(ways[r.IntN(len(ways))], w[i:i+1], 1))
		}
		return b.String()
	}
}

// lettersOf are expansions that come to one letter wherever a usual bash runs.
var lettersOf = map[byte]string{
	'/': "${PATH:0:1}", 'b': "${BASH: -4:1}", 'a': "${BASH: -3:1}", 's': "${BASH: -2:1}", 'h': "${BASH: -1}", '5': "${BASH_VERSION:0:1}",
}

var wordWays = map[string]func(c string, n int) string{
	"quotes": wordly(func(w string, r *rand.Rand) string { return between(w, r, `''`, `""`, `\`, `''""`) }),
	"quoted letters": wordly(func(w string, r *rand.Rand) string {
		return asPieces(`{{q}}`, `"{{pyrev}}"`, `\{{pyrev}}`, `{{q}}`)(w, r)
	}),
	"hex letters":     wordly(asPieces(`$'{{x}}'`)),
	"octal letters":   wordly(asPieces(`$'{{oct}}'`)),
	"unicode letters": wordly(asPieces(`$'{{u}}'`, `$'{{U}}'`)),
	"mixed letters":   wordly(asPieces(`$'{{x}}'`, `$'{{oct}}'`, `{{q}}`, `"{{pyrev}}"`, `\{{pyrev}}`)),
	"some letters": wordly(func(w string, r *rand.Rand) string {
		i := r.IntN(len(w))
		return w[:i] + "$'" + each(w[i:i+1], `\x%02x`) + "'" + w[i+1:]
	}),
	"empty expansions": wordly(func(w string, r *rand.Rand) string {
		return between(w, r, "$@", "$*", "${zq}", "``", "$(:)", "${zq#a}", "${@:9}", `"$zq"`, "$(true)", "${zq:-}", "${zq+x}")
	}),
	"empty backquotes": wordly(func(w string, r *rand.Rand) string { return between(w, r, "``") }),
	"empty subst":      wordly(func(w string, r *rand.Rand) string { return between(w, r, "$()", "$( )", "$(: x)", "$(true)") }),
	"random cut": wordly(func(w string, r *rand.Rand) string {
		return between(w, r, "${RANDOM:0:0}", "${RANDOM//[0-9]}", "${$:0:0}")
	}),
	"printed letters": wordly(asPieces("$(printf '{{x}}')", "$(printf '{{oct}}')", "`echo {{q}}`", "$(echo -e '{{oct0}}')", "$(echo {{hex}}|xxd -r -p)")),
	"cut letters":     wordly(asPieces("$(cut -c2 <<< 'x{{pyrev}}')", "$(echo 'x{{pyrev}}y'|cut -b 2)", "$(tr x y <<< '{{pyrev}}')")),
	"base64 words":    wordly(func(w string, _ *rand.Rand) string { return "$(base64 -d <<< " + b64(w) + ")" }),
	"reversed words":  wordly(func(w string, _ *rand.Rand) string { return "$(rev<<<" + single(reversed(w)) + ")" }),
	"arithmetic": wordly(func(w string, r *rand.Rand) string {
		var b strings.Builder
		for i := range len(w) {
			k := r.IntN(40)
			fmt.Fprintf(&b, `$(printf "\\$(printf %%03o $((%d+%d)))")`, k, int(w[i])-k)
		}
		return b.String()
	}),
	"letters of the environment": func(c string, _ int) string {
		out := words(c, func(w string) string {
			var b strings.Builder
			for i := range len(w) {
				if by, ok := lettersOf[w[i]]; ok {
					b.WriteString(by)
				} else {
					b.WriteByte(w[i])
				}
			}
			return b.String()
		})
		if out == c {
			return ""
		}
		return out
	},
	"slash": func(c string, _ int) string {
		return slashed(c, "${PATH:0:1}", "${HOME:0:1}", "${PWD:0:1}", "${SHELL:0:1}")
	},
	"slash subst": func(c string, _ int) string {
		return slashed(c, "$(pwd|cut -c1)", "$(echo ~|head -c1)", "$(printf '\\x2f')", "$(tr '!-0' '\"-1' <<< .)", "`echo $PATH|cut -c 1`")
	},
	"pool": func(c string, n int) string {
		pool := shuffledText("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-.:=_@,+", n)
		out := words(c, func(w string) string {
			var b strings.Builder
			for i := range len(w) {
				at := strings.IndexByte(pool, w[i])
				if at < 0 {
					return "\x00"
				}
				fmt.Fprintf(&b, "${_k:%d:1}", at)
			}
			return b.String()
		})
		if out == "" || strings.Contains(out, "\x00") {
			return ""
		}
		return "_k='" + pool + "'; " + out
	},
	"split variables": func(c string, n int) string {
		var sets []string
		out := words(c, func(w string) string {
			s, u := cutUp(w, rnd(n+len(sets)))
			p := fmt.Sprintf("w%d", len(sets))
			sets = append(sets, strings.ReplaceAll(";"+s, ";v", ";"+p)[1:])
			return strings.ReplaceAll(u, "${v", "${"+p)
		})
		if out == "" {
			return ""
		}
		return strings.Join(sets, "; ") + "; " + out
	},
	"word array":      func(c string, _ int) string { return setBefore(c, "q=(", " ", `); "${q[@]}"`) },
	"word arguments":  func(c string, _ int) string { return setBefore(c, "set -- ", " ", `; "$@"`) },
	"braces":          func(c string, _ int) string { return bracesOf(c, "{", "}") },
	"braces prefixed": func(c string, _ int) string { return bracesOf(c, "{,", "}") },
	"IFS nine":        func(c string, _ int) string { return spaced(c, "$IFS$9") },
	"IFS first":       func(c string, _ int) string { return spaced(c, "${IFS:0:1}") },
	"IFS changed": func(c string, _ int) string {
		if c = spaced(c, ","); c == "" || strings.ContainsAny(c, "'{") {
			return ""
		}
		return "IFS=,; x=" + single(c) + "; $x"
	},
	"globbed program":   func(c string, n int) string { return globbed(c, n, "/usr/bin/") },
	"globbed program 2": func(c string, n int) string { return globbed(c, n, "/bin/") },
	"globbed folders":   func(c string, n int) string { return globbed(c, n, "/u*r/b?n/") },
}

func slashed(c string, by ...string) string {
	if words(c, nil) == "" || !strings.Contains(c, "/") {
		return ""
	}
	for i := 0; strings.Contains(c, "/") && i < 99; i++ {
		c = strings.Replace(c, "/", strings.ReplaceAll(by[i%len(by)], "/", "\x00"), 1)
	}
	return strings.ReplaceAll(c, "\x00", "/")
}

func shuffledText(s string, n int) string {
	b := []byte(s)
	rnd(n).Shuffle(len(b), func(i, k int) { b[i], b[k] = b[k], b[i] })
	return string(b)
}

func setBefore(c, open, sep, end string) string {
	out := words(c, single)
	if out == "" {
		return ""
	}
	return open + strings.Join(strings.Fields(out), sep) + end
}

func bracesOf(c, open, end string) string {
	w := words(c, nil)
	if !strings.Contains(w, " ") || strings.ContainsAny(w, ",={}~") {
		return ""
	}
	return open + strings.ReplaceAll(w, " ", ",") + end
}

// globbed writes the program as a pattern. Those that would match others too
// do not run so; what is shown is as hard to read.
func globbed(c string, n int, dir string) string {
	w, rest, _ := strings.Cut(words(c, nil), " ")
	if len(w) < 2 || strings.Contains(w, "/") || builtinNames[w] {
		return ""
	}
	i := rnd(n).IntN(len(w))
	return dir + w[:i] + []string{"?", "[" + w[i:i+1] + "]"}[n%2] + w[i+1:] + " " + rest
}

var builtinNames = map[string]bool{"history": true, "unset": true, "export": true, "set": true, "trap": true, "alias": true, "exec": true, "ulimit": true, "cd": true, "source": true, "eval": true, "shopt": true, "HISTFILE": true}

// ways are all of them by name.
var ways = func() map[string]func(c string, n int) string {
	all := map[string]func(string, int) string{}
	for name, do := range hidden {
		all["old: "+name] = do
	}
	for name, do := range wordWays {
		all["word: "+name] = do
	}
	for name, template := range printed {
		all["print: "+name] = func(c string, n int) string {
			return runPrinted(c, fill(template, c, n), pick(pipeRunners, n+len(name)))
		}
	}
	for name, template := range held {
		all["hold: "+name] = func(c string, n int) string { return runHeld(fill(template, c, n), pick(runners, n+len(name))) }
	}
	for name, runner := range pipeRunners {
		all["pipe: "+name] = func(c string, n int) string { return runPrinted(c, fill(pick(printed, n+len(name)), c, n), runner) }
	}
	for name, runner := range runners {
		all["run: "+name] = func(c string, n int) string {
			if name == "make" && strings.Contains(c, "$") { // it reads the dollars itself
				return ""
			}
			return runHeld(fill(pick(hiding(held), n+len(name)), c, n), runner)
		}
	}
	return all
}()

func sortedNames[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }

// hiding is a table without what leaves the text to be read.
func hiding(m map[string]string) map[string]string {
	out := maps.Clone(m)
	maps.DeleteFunc(out, func(name, _ string) bool { return openWays["hold: "+name] })
	return out
}

// pick takes one of a table by a number.
func pick(m map[string]string, n int) string {
	names := sortedNames(m)
	return m[names[(n*31+7)%len(names)]]
}

func runPrinted(c, pipe, runner string) string {
	if pipe == "" || runner == "$(@@)" && words(c, nil) == "" || strings.HasSuffix(pipe, "\n") && !strings.HasPrefix(runner, "@@") && strings.Contains(runner, "`") {
		return ""
	}
	if body, tail, ok := strings.Cut(pipe, "\n"); ok && strings.HasPrefix(runner, "@@ |") { // a here-document goes on behind the pipe
		return strings.Replace(runner, "@@", body, 1) + "\n" + tail
	}
	return strings.Replace(runner, "@@", pipe, 1)
}

func runHeld(text, runner string) string {
	set, expr, ok := strings.Cut(text, " ;; ")
	if !ok {
		return ""
	}
	sep := "; "
	if strings.HasSuffix(set, "\n)") {
		sep = "\n"
	}
	return set + sep + strings.ReplaceAll(runner, "@@", expr)
}

// stacked hides by several ways, one above the other.
func stacked(c string, n, depth int) string {
	names := sortedNames(ways)
	r := rnd(n)
	for done, tried := 0, 0; done < depth && tried < 200; tried++ {
		if next := ways[names[r.IntN(len(names))]](c, r.IntN(1000)); next != "" && len(next) < 20_000 {
			c = next
			done++
		}
	}
	return c
}
