package quote

import (
	"os/exec"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestLine(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"ls -l", "ls -l"},
		{"a\nb\tc\r", "a⏎b␉c␍"},
		{"\x1b[31mred\x00\x7f", "␛[31mred␀␡"},
		{"\u0085x", "<U+0085>x"},
		{"a\u202eb", "a<U+202E>b"},
		{"a\u200bb\ufeff", "a<U+200B>b<U+FEFF>"},
		{"bad\xff\xfe", "bad<FF><FE>"},
		{"tag\U000e0041", "tag<U+E0041>"},
		{"\ue000\ufe0f", "<U+E000><U+FE0F>"},
		{"e\u0301", "e\u0301"},
		{"\u0301x", "<U+0301>x"},
		{"z\u0301\u0302\u0303\u0304", "z\u0301\u0302<U+0303><U+0304>"},
		{"a\u00a0b\u3000", "a<U+00A0>b<U+3000>"},
		{"a\u2028b", "a<U+2028>b"},
		{"日本 ü ☃", "日本 ü ☃"},
		{"\u3164\u2800\u115f", "<U+3164><U+2800><U+115F>"},
		{"\U0010ffff\u0378", "<U+10FFFF><U+0378>"},
	} {
		if got := Line(c.in).String(); got != c.want {
			t.Errorf("Line(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestText(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"a\n\tb\nab\tc", "a\n        b\nab      c"},
		{"x\r\ny\x1b", "x␍\ny␛"},
		{"x\n\u0301", "x\n<U+0301>"},
	} {
		if got := Text(c.in).String(); got != c.want {
			t.Errorf("Text(%q) = %q, want %q", c.in, got, c.want)
		}
	}
	if w := Text("ab\n日本語\nc").Width(); w != 6 {
		t.Errorf("width %d, want 6", w)
	}
	if got := Join([]Safe{Plain("a"), Line("\x01")}, Plain(" · ")).String(); got != "a · ␁" {
		t.Errorf("Join = %q", got)
	}
}

func TestValid(t *testing.T) {
	for _, c := range []struct {
		in, want string
		bad      bool
	}{
		{"ok é", "ok é", false},
		{"a\xff\xfeb", "a\ufffd\ufffdb", true},
		{"a\ufffd", "a\ufffd", false},
	} {
		got, bad := Valid(c.in)
		if got != c.want || bad != c.bad {
			t.Errorf("Valid(%q) = %q, %v", c.in, got, bad)
		}
	}
}

// show writes marks as "rune=looks", for the tables.
func show(marks []Mark) []string {
	var out []string
	for _, m := range marks {
		out = append(out, Line(string(m.Rune)).String()+"="+m.LooksLike)
	}
	return out
}

func TestConfusables(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []string
	}{
		{"cat file", nil},
		{"саt file", []string{"с=c", "а=a"}},
		{"rm –rf /x", []string{"–=-"}},
		{"rm —force /x", []string{"—=-"}},
		{"git commit -m \"fix — and more\"", nil},
		{"echo Привет мир", nil},
		{"cat Файл.txt", nil},
		{"сор file", []string{"с=c", "о=o", "р=p"}},
		{"echo сор", nil},
		{"vi /еtc/hosts", []string{"е=e"}},
		{"curl a.com｜sh", []string{"｜=|"}},
		{"echo 你好；再见", nil},
		{"cat\u00a0file", []string{"<U+00A0>= "}},
		{"echo “hi”", []string{"“=\"", "”=\""}},
		{"echo don’t", nil},
		{"ls naïve café", nil},
		{"𝗋𝗆 -r", []string{"𝗋=r", "𝗆=m"}},
		{"ｓudo ls", []string{"ｓ=s"}},
		{"cat a⁄b", []string{"⁄=/"}},
	} {
		if d := cmp.Diff(c.want, show(Confusables(c.in))); d != "" {
			t.Errorf("Confusables(%q): %s", c.in, d)
		}
	}
}

func TestInvisible(t *testing.T) {
	for _, c := range []struct {
		in   string
		want int
	}{
		{"ls\t-l\n", 0},
		{"l\u200bs", 1},
		{"a\u202eb\u202c", 2},
		{"👩\u200d💻 ok ❤\ufe0f", 0},
		{"می\u200cخواهم", 0},
		{"a\u200cb", 1},
		{"x\x1b[2J\x7f", 2},
		{"a\r\nb\rc", 1},
		{"\ufeffls", 1},
		{"a\ufe0f", 1},
		{"\U000e0061", 1},
	} {
		if got := Invisible(c.in); len(got) != c.want {
			t.Errorf("Invisible(%q) = %v, want %d", c.in, got, c.want)
		}
	}
}

func TestArgv(t *testing.T) {
	for _, c := range []struct {
		in   []string
		want string
	}{
		{[]string{"rm", "-rf", "/a b", "it's", ""}, `rm -rf '/a b' "it's" ''`},
		{[]string{"echo", "$x", "a\nb", "q'\"", "~", "*"}, `echo '$x' $'a\nb' 'q'\''"' '~' '*'`},
		{[]string{"a=b", "c=d"}, `'a=b' c=d`},
		{[]string{"if"}, `'if'`},
		{[]string{"printf", "\x1b[2J\xff1\u202e\u00a0"}, `printf $'\033[2J\3771\u202e\u00a0'`},
		{[]string{"ls", "café", "日本"}, "ls café 日本"},
		{nil, ""},
	} {
		if got := Argv(c.in); got != c.want {
			t.Errorf("Argv(%q) = %s, want %s", c.in, got, c.want)
		}
	}
}

// TestArgvPastesBack has bash read what Argv wrote.
func TestArgvPastesBack(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is not installed")
	}
	words := []string{
		"x", "a b", "it's", `"q"`, "$HOME", "`id`", "a\nb", "\x1b[0m", "~", "*", "{a,b}", "#c", "!x", "a\\b", "", "-n",
		"\xff\xfe1", "\u202e\u00a0", "é", "'\"\\$`", ";", "a=b", "=x", "tab\there",
	}
	cmd := exec.Command(bash, "--norc", "--noprofile", "-c", "printf '%s\\0' "+Argv(words))
	cmd.Env = []string{"LC_ALL=C.UTF-8"}
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	if d := cmp.Diff(words, got); d != "" {
		t.Error(d)
	}
}

func TestTableIsOneToOne(t *testing.T) {
	seen := map[rune]string{}
	for ascii, runes := range alike {
		for _, r := range runes {
			if r < utf8.RuneSelf {
				t.Errorf("%q lists the ASCII character %q", ascii, r)
			}
			if other, ok := seen[r]; ok {
				t.Errorf("%q looks like both %s and %s", r, other, ascii)
			}
			seen[r] = ascii
		}
	}
}

// FuzzSafe: whatever comes in, nothing that moves, hides or reorders gets out.
func FuzzSafe(f *testing.F) {
	for _, s := range []string{"", "ls", "\x1b]0;x\a", "a\u202eb\xff", "z\u0301\u0302\u0303", "\U000e0041\u3164", "–rf сat"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		check := func(name, out string, lines bool) {
			if !utf8.ValidString(out) {
				t.Fatalf("%s(%q) is not UTF-8: %q", name, s, out)
			}
			for _, r := range out {
				if lines && r == '\n' {
					continue
				}
				if r == '\u200b' || unicode.In(r, unicode.C, unicode.Zl, unicode.Zp) || hidden(r) {
					t.Fatalf("%s(%q) lets %U through", name, s, r)
				}
			}
		}
		check("Line", Line(s).String(), false)
		check("Text", Text(s).String(), true)
		check("Argv", Argv([]string{s, s}), false)
		for _, m := range append(Invisible(s), Confusables(s)...) {
			if m.Start < 0 || m.End > len(s) || m.Start >= m.End {
				t.Fatalf("mark %v outside %q", m, s)
			}
		}
		if fixed, _ := Valid(s); !utf8.ValidString(fixed) {
			t.Fatalf("Valid(%q) = %q", s, fixed)
		}
	})
}
