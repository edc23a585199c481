package explain

import (
	"bytes"
	"compress/gzip"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
)

// hidden are machine-made ways of writing a command so that it cannot be read.
// Each gets the command and a number that varies the result; empty: the way
// does not fit the command.
var hidden = map[string]func(cmd string, n int) string{
	"base64 pipe":    func(c string, _ int) string { return "echo " + b64(c) + " | base64 -d | bash" },
	"base64 eval":    func(c string, _ int) string { return `eval "$(base64 -d <<< ` + b64(c) + `)"` },
	"base64 bash -c": func(c string, _ int) string { return `bash -c "$(printf %s ` + b64(c) + ` | openssl base64 -d -A)"` },
	"base32 source": func(c string, _ int) string {
		return "source <(base32 -d <<< " + base32.StdEncoding.EncodeToString([]byte(c)) + ")"
	},
	"hex pipe":         func(c string, _ int) string { return "echo " + hex.EncodeToString([]byte(c)) + " | xxd -r -p | sh" },
	"gzip":             func(c string, _ int) string { return "echo " + zipped(c) + " | base64 -d | gunzip -c | bash" },
	"gzip here-string": func(c string, _ int) string { return "bash <<< \"$(base64 -d <<< " + zipped(c) + " | zcat)\"" },
	"rev":              func(c string, _ int) string { return "rev <<< " + single(reversed(c)) + " | bash" },
	"rev eval":         func(c string, _ int) string { return `eval "$(printf %s ` + single(reversed(c)) + ` | rev)"` },
	"rot13": func(c string, _ int) string {
		return "echo " + single(rot13(c)) + " | tr 'A-Za-z' 'N-ZA-Mn-za-m' | bash"
	},
	"octal printf": func(c string, _ int) string { return `eval "$(printf '` + each(c, `\%03o`) + `')"` },
	"hex echo":     func(c string, _ int) string { return `eval "$(echo -e '` + each(c, `\x%02x`) + `')"` },
	"hex dollar":   func(c string, _ int) string { return "eval $'" + each(c, `\x%02x`) + "'" },
	"hex words": func(c string, _ int) string {
		return words(c, func(w string) string { return "$'" + each(w, `\x%02x`) + "'" })
	},
	"octal words": func(c string, _ int) string {
		return words(c, func(w string) string { return "$(printf '" + each(w, `\%03o`) + "')" })
	},
	"printf words": func(c string, _ int) string {
		return words(c, func(w string) string { return `"$(printf %s ` + letters(w, " ") + `)"` })
	},
	"hollow quotes":   func(c string, _ int) string { return words(c, func(w string) string { return letters(w, `''`) }) },
	"backslashes":     func(c string, _ int) string { return words(c, func(w string) string { return `\` + letters(w, `\`) }) },
	"empty arguments": func(c string, _ int) string { return words(c, func(w string) string { return letters(w, "$@") }) },
	"empty star":      func(c string, _ int) string { return words(c, func(w string) string { return letters(w, "${*//x}") }) },
	"unset variables": func(c string, n int) string {
		return words(c, func(w string) string { return letters(w, fmt.Sprintf("${zq%d}", n)) })
	},
	"IFS":        func(c string, _ int) string { return spaced(c, "${IFS}") },
	"IFS slice":  func(c string, _ int) string { return spaced(c, "${IFS%??}") },
	"array":      array,
	"index loop": indexLoop,
	"C loop":     cLoop,
	"slices":     slices26,
	"case swap":  func(c string, _ int) string { return "x=" + single(swapCase(c)) + `; eval "${x~~}"` },
	"lower case": func(c string, _ int) string {
		if strings.ToLower(c) != c {
			return ""
		}
		return "x=" + single(strings.ToUpper(c)) + `; eval "${x,,}"`
	},
	"pieces":        pieces,
	"binary digits": digits,
	"sed junk":      func(c string, _ int) string { return "echo " + single(letters(c, "#")) + " | sed 's/#//g' | sh" },
	"tr junk":       func(c string, _ int) string { return `eval "$(tr -d '%' <<< ` + single(letters(c, "%")) + `)"` },
	"replace junk":  func(c string, _ int) string { return "z=" + single(letters(c, "@")) + `; eval "${z//@/}"` },
	"awk chars":     awkChars,
	"perl pack": func(c string, _ int) string {
		return `perl -e 'print pack("H*","` + hex.EncodeToString([]byte(c)) + `")' | sh`
	},
	"python chr": func(c string, _ int) string {
		return `python3 -c 'print(bytes.fromhex("` + hex.EncodeToString([]byte(c)) + `").decode())' | bash`
	},
	"xargs": func(c string, _ int) string { return "echo " + b64(c) + " | base64 -d | xargs -0 bash -c" },
	"twice": func(c string, _ int) string {
		return "echo " + b64("echo "+b64(c)+" | base64 -d | sh") + " | base64 -d | sh"
	},
	"case loop":   caseLoop,
	"indirection": func(c string, _ int) string { return "a=" + single(c) + `; b=a; eval "${!b}"` },
	"printf -v":   func(c string, _ int) string { return `printf -v q '%b' '` + each(c, `\x%02x`) + `'; eval "$q"` },
	"read": func(c string, _ int) string {
		return "read -r q <<< " + single(reversed(c)) + `; eval "$(rev <<< "$q")"`
	},
	"transform E": func(c string, _ int) string { return "q='" + each(c, `\x%02x`) + `'; eval "${q@E}"` },
	"function":    func(c string, _ int) string { return "k() { base64 -d; }; echo " + b64(c) + " | k | sh" },
	"zero width":  func(c string, _ int) string { return spaced(c, "\u200b ") },
	"soft hyphen": func(c string, _ int) string { return c[:1] + "\u00ad" + c[1:] },
	"look-alike": func(c string, _ int) string {
		return strings.NewReplacer("a", "а", "o", "о", "e", "е", "i", "і", "p", "р").Replace(c)
	},
	"padding": func(c string, _ int) string { return ":;" + strings.Repeat(" ", 600) + c },
	"braces": func(c string, _ int) string {
		if w := words(c, nil); strings.Contains(w, " ") && !strings.ContainsAny(w, ",=") {
			return "{" + strings.ReplaceAll(w, " ", ",") + "}"
		}
		return ""
	},
	"split lines": func(c string, _ int) string { return letters(words(c, nil), "\\\n") },
	"wildcards": func(c string, _ int) string {
		w, rest, _ := strings.Cut(words(c, nil), " ")
		if w == "" {
			return ""
		}
		return "/???/" + w[:1] + strings.Repeat("?", len(w)-1) + " " + rest
	},
	"alias":         func(c string, _ int) string { return "alias k=" + single(c) + "\nk" },
	"here-document": func(c string, _ int) string { return "base64 -d << E | sh\n" + b64(c) + "\nE" },
	"od": func(c string, _ int) string {
		return "for n in " + each(c, "%d ") + `; do printf "\\$(printf %o $n)"; done | sh`
	},
	"cut": func(c string, _ int) string { return "echo " + single("x:"+c) + " | cut -d: -f2- | rev | rev | sh" },
	"head": func(c string, _ int) string {
		return "echo " + single(reversed(c)+"XYZ") + " | head -c " + fmt.Sprint(len(c)) + " | rev | sh"
	},
}

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func zipped(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

func single(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

func reversed(s string) string {
	b := []byte(s)
	for i := range len(b) / 2 {
		b[i], b[len(b)-1-i] = b[len(b)-1-i], b[i]
	}
	return string(b)
}

func rot13(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z':
			return 'a' + (c-'a'+13)%26
		case c >= 'A' && c <= 'Z':
			return 'A' + (c-'A'+13)%26
		}
		return c
	}, s)
}

func swapCase(s string) string {
	return strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			return c ^ 0x20
		}
		return c
	}, s)
}

func each(s, format string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, format, s[i])
	}
	return b.String()
}

func letters(s, between string) string { return strings.Join(strings.Split(s, ""), between) }

// words changes each word; commands with signs of the shell do not fit.
func words(s string, change func(string) string) string {
	if strings.ContainsAny(s, "|&<>*'\"`$\\;()#~{}\n") {
		return ""
	}
	list := strings.Fields(s)
	for i, w := range list {
		if change != nil {
			list[i] = change(w)
		}
	}
	return strings.Join(list, " ")
}

// spaced puts something else in place of the spaces.
func spaced(c, by string) string {
	if c = words(c, nil); !strings.Contains(c, " ") {
		return ""
	}
	return strings.ReplaceAll(c, " ", by)
}
