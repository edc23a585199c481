package explain

import (
	"bytes"
	"compress/zlib"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strconv"
	"strings"
	"sync"
)

// A command is hidden by ways that are put together from three tables: what
// prints the text of the command or holds it (printed, held), and what runs the
// text that is printed or held (runners, pipeRunners). Signs in braces stand for
// the text in some code; spelled has them.

// rnd is a generator whose numbers are the same on every machine.
func rnd(n int) *rand.Rand { return rand.New(rand.NewPCG(uint64(n), 7)) }

// coded are the signs of the tables with what they stand for; empty: the text
// cannot be written so.
var coded = map[string]func(c string, r *rand.Rand) string{
	"q":      func(c string, _ *rand.Rand) string { return single(c) },
	"b64":    func(c string, _ *rand.Rand) string { return b64(c) },
	"b64rev": func(c string, _ *rand.Rand) string { return reversed(b64(c)) },
	"b64url": func(c string, _ *rand.Rand) string { return strings.NewReplacer("+", "-", "/", "_").Replace(b64(c)) },
	"b64b64": func(c string, _ *rand.Rand) string { return b64(b64(c)) },
	"b64sep": func(c string, _ *rand.Rand) string { return single(letters(b64(c), "#")) },
	"b64u16": func(c string, _ *rand.Rand) string { return b64(letters(c, "\x00") + "\x00") },
	"b32":    func(c string, _ *rand.Rand) string { return base32.StdEncoding.EncodeToString([]byte(c)) },
	"hex":    func(c string, _ *rand.Rand) string { return hex.EncodeToString([]byte(c)) },
	"HEX":    func(c string, _ *rand.Rand) string { return strings.ToUpper(hex.EncodeToString([]byte(c))) },
	"hexsp":  func(c string, _ *rand.Rand) string { return strings.TrimSpace(each(c, "%02x ")) },
	"hexrev": func(c string, _ *rand.Rand) string { return reversed(hex.EncodeToString([]byte(c))) },
	"bits":   func(c string, _ *rand.Rand) string { return each(c, "%08b") },
	"dec":    func(c string, _ *rand.Rand) string { return strings.TrimSpace(each(c, "%d ")) },
	"dec+7":  func(c string, _ *rand.Rand) string { return strings.TrimSpace(each(shifted(c, 7), "%d ")) },
	"commas": func(c string, _ *rand.Rand) string { return strings.TrimSuffix(each(c, "%d,"), ",") },
	"octs":   func(c string, _ *rand.Rand) string { return strings.TrimSpace(each(c, "%03o ")) },
	"oct":    func(c string, _ *rand.Rand) string { return each(c, `\%03o`) },
	"oct0":   func(c string, _ *rand.Rand) string { return each(c, `\0%03o`) },
	"x":      func(c string, _ *rand.Rand) string { return each(c, `\x%02x`) },
	"u":      func(c string, _ *rand.Rand) string { return each(c, `\u%04x`) },
	"U":      func(c string, _ *rand.Rand) string { return each(c, `\U%08x`) },
	"mixed":  mixedEscapes,
	"rev":    oneLine(func(c string, _ *rand.Rand) string { return single(reversed(c)) }),
	"line":   oneLine(func(c string, _ *rand.Rand) string { return single(c) }),
	"rot13":  func(c string, _ *rand.Rand) string { return single(rot13(c)) },
	"rot47":  func(c string, _ *rand.Rand) string { return single(rot47(c)) },
	"swap":   func(c string, _ *rand.Rand) string { return single(swapCase(c)) },
	"upper": func(c string, _ *rand.Rand) string {
		if strings.ToLower(c) != c {
			return ""
		}
		return single(strings.ToUpper(c))
	},
	"gz":     func(c string, _ *rand.Rand) string { return zipped(c) },
	"zlib":   zlibbed,
	"bz2":    func(c string, _ *rand.Rand) string { return packed("bzip2", c) },
	"xz":     func(c string, _ *rand.Rand) string { return packed("xz", c) },
	"zst":    func(c string, _ *rand.Rand) string { return packed("zstd", c) },
	"junk":   func(c string, _ *rand.Rand) string { return single(strings.ReplaceAll(letters(c, "@"), "@", "%~")) },
	"odd":    oneLine(func(c string, r *rand.Rand) string { return single(oddLetters(c, r)) }),
	"spaces": without("_\n", func(c string, _ *rand.Rand) string { return single(strings.ReplaceAll(c, " ", "_")) }),
	"apart":  without("_\n", func(c string, _ *rand.Rand) string { return single(letters(strings.ReplaceAll(c, " ", "_"), " ")) }),
	"each":   func(c string, _ *rand.Rand) string { return quotedLetters(c) },
	"ehcae":  func(c string, _ *rand.Rand) string { return quotedLetters(reversed(c)) },
	"sorted": numberedLines,
	"len":    func(c string, _ *rand.Rand) string { return strconv.Itoa(len(c)) },
	"len+3":  func(c string, _ *rand.Rand) string { return strconv.Itoa(len(c) + 3) },
	"len-1":  func(c string, _ *rand.Rand) string { return strconv.Itoa(len(c) - 1) },
	"xxq":    oneLine(func(c string, _ *rand.Rand) string { return single("xyz" + c) }),
	"xxqxx":  oneLine(func(c string, _ *rand.Rand) string { return single("xyz" + c + "zyx") }),
	"qxx":    oneLine(func(c string, _ *rand.Rand) string { return single(c + "zyx") }),
	"a:q":    without(":\n", func(c string, _ *rand.Rand) string { return single("ab:" + c + ":yz") }),
	"py":     func(c string, _ *rand.Rand) string { return each(c, `\x%02x`) },
	"pyrev":  without("'\"\\\n", func(c string, _ *rand.Rand) string { return reversed(c) }),
	"xor":    func(c string, _ *rand.Rand) string { return strings.TrimSuffix(each(xored(c), "%d,"), ",") },
	"half1":  func(c string, _ *rand.Rand) string { return single(c[:seamAt(c, 1, 2)]) },
	"half2":  func(c string, _ *rand.Rand) string { return single(c[seamAt(c, 1, 2):]) },
	"sets":   func(c string, r *rand.Rand) string { s, _ := cutUp(c, r); return s },
	"uses":   func(c string, r *rand.Rand) string { _, u := cutUp(c, r); return u },
	"third1": func(c string, _ *rand.Rand) string { return single(c[:seamAt(c, 1, 3)]) },
	"third2": func(c string, _ *rand.Rand) string { return single(c[seamAt(c, 1, 3):seamAt(c, 2, 3)]) },
	"third3": func(c string, _ *rand.Rand) string { return single(c[seamAt(c, 2, 3):]) },
	"cutb64": func(c string, _ *rand.Rand) string { s := b64(c); return s[:len(s)/2] + "\" \"" + s[len(s)/2:] },
	"f":      func(_ string, r *rand.Rand) string { return fmt.Sprintf("/tmp/hide%d", r.IntN(1000)) },
}

// seamAt is the place next behind that part of c which cuts a word in two.
func seamAt(c string, part, of int) int {
	from := len(c) * part / of
	for i := max(from, 1); i < len(c)*(part+1)/of; i++ {
		if letterly(c[i-1]) && letterly(c[i]) {
			return i
		}
	}
	return from
}

func letterly(b byte) bool { return b >= '0' && b <= '9' || b|0x20 >= 'a' && b|0x20 <= 'z' }

func shifted(c string, by byte) string {
	b := []byte(c)
	for i := range b {
		b[i] += by
	}
	return string(b)
}

func xored(c string) string {
	b := []byte(c)
	for i := range b {
		b[i] ^= 7
	}
	return string(b)
}

// without is a code for texts that hold none of the signs.
func without(signs string, code func(string, *rand.Rand) string) func(string, *rand.Rand) string {
	return func(c string, r *rand.Rand) string {
		if strings.ContainsAny(c, signs) {
			return ""
		}
		return code(c, r)
	}
}

func oneLine(code func(string, *rand.Rand) string) func(string, *rand.Rand) string {
	return without("\n", code)
}

func mixedEscapes(c string, r *rand.Rand) string {
	var b strings.Builder
	for i := range len(c) {
		b.WriteString(each(c[i:i+1], []string{`\x%02x`, `\%03o`, `\u%04x`}[r.IntN(3)]))
	}
	return b.String()
}

func rot47(s string) string {
	return strings.Map(func(c rune) rune {
		if c < '!' || c > '~' {
			return c
		}
		return '!' + (c-'!'+47)%94
	}, s)
}

// oddLetters puts any letter behind each one.
func oddLetters(c string, r *rand.Rand) string {
	var b strings.Builder
	for i := range len(c) {
		b.WriteByte(c[i])
		b.WriteByte(byte('a' + r.IntN(26)))
	}
	return b.String()
}

func quotedLetters(c string) string {
	list := make([]string, len(c))
	for i := range len(c) {
		list[i] = single(c[i : i+1])
	}
	return strings.Join(list, " ")
}

// numberedLines are the letters, each behind its number, in another order.
func numberedLines(c string, r *rand.Rand) string {
	if strings.Contains(c, "\n") {
		return ""
	}
	list := make([]string, len(c))
	for i, at := range r.Perm(len(c)) {
		list[i] = single(fmt.Sprintf("%03d%c", at, c[at]))
	}
	return strings.Join(list, " ")
}

// cutUp are assignments of pieces in any order, and the names in theirs.
func cutUp(c string, r *rand.Rand) (string, string) {
	var sets, uses []string
	for n := 0; c != ""; n++ {
		size := min(1+n%4, len(c))
		name := fmt.Sprintf("v%c%d", 'a'+n%26, n)
		sets, uses = append(sets, name+"="+single(c[:size])), append(uses, "${"+name+"}")
		c = c[size:]
	}
	r.Shuffle(len(sets), func(i, k int) { sets[i], sets[k] = sets[k], sets[i] })
	return strings.Join(sets, ";"), strings.Join(uses, "")
}

// fill puts the codes of c in place of the signs of a table; empty: one of them
// does not fit.
func fill(template, c string, n int) string {
	var b strings.Builder
	for template != "" {
		before, rest, found := strings.Cut(template, "{{")
		b.WriteString(before)
		if !found {
			break
		}
		if strings.HasPrefix(rest, "{") {
			b.WriteByte('{')
			rest = rest[1:]
		}
		name, after, _ := strings.Cut(rest, "}}")
		code := coded[name]
		if code == nil {
			panic("no code " + name)
		}
		text := code(c, rnd(n)) // the same numbers for each sign
		if text == "" {
			return ""
		}
		b.WriteString(text)
		template = after
	}
	return b.String()
}

func zlibbed(c string, _ *rand.Rand) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write([]byte(c))
	_ = w.Close()
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

var packedTexts sync.Map // program and text, to what came out

// packed is c as a program of this machine packs it; empty where it is missing.
func packed(program, c string) string {
	key := program + " " + c
	if done, ok := packedTexts.Load(key); ok {
		return done.(string)
	}
	cmd := exec.Command(program, "-c")
	cmd.Stdin = strings.NewReader(c)
	out, err := cmd.Output()
	if err != nil {
		return ""
	}
	text := base64.StdEncoding.EncodeToString(out)
	packedTexts.Store(key, text)
	return text
}
