package screen

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
	"github.com/rivo/uniseg"
)

// hostile is what a supervised program may send to the escort's terminal.
var hostile = []string{
	"\u009d52;c;ZXZpbA==\u009c",                  // OSC 52 out of UTF-8 C1 controls
	"\x9d52;c;ZXZpbA==\x9c",                      // and out of bytes
	"\x1b]52;c;ZXZpbA==\x07",                     // clipboard
	"\x1b]52;c;ZXZpbA==",                         // unterminated
	"\x1b]8;;http://evil/\x1b\\ok\x1b]8;;\x1b\\", // link
	"\x1b]0;t\x1b]52;c;AAAA\x07",                 // string in a string
	"\x1b]2;\u009b31m\u202e\x07",                 // title
	"\x1b]50;?\x07", "\x1b]4;1;?\x07", "\x1b]1337;File=:AAAA\x07", "\x1b]9;note\x07", "\x1b]777;notify;a;b\x07",
	"\x1bP+q544e\x1b\\", "\x1bP$qm\x1b\\", "\x1bPq#0~~\x1b\\", "\x1bP1;2|17/1b\x1b\\",
	"\x1b_Ga=T;AAAA\x1b\\", "\x1b^pm\x1b\\", "\x1bXsos\x1b\\", "\u0090q\u009c", "\u009fGa\u009c", "\u009epm\u009c", "\u0098s\u009c",
	"\x1b[8mconcealed\x1b[m",
	"\x1b[31;41mhidden\x1b[m", "\x1b[38;2;9;9;9;48;2;9;9;9mhidden\x1b[m", "\x1b[38;5;16;40mhidden\x1b[m", "\x1b[30;8mhidden\x1b[m",
	"\x1b[5mblink\x1b[m",
	"a\u202ecba\u202c", "\u2066a\u2069", "a\u200f", "a\u061c", "\u200eb",
	"a\u200bb", "a\u200d", "\ufeffa", "a\u2060", "a\u00ad", "a\u034f", "a\u180eb",
	"a\U000E0041\U000E007F", "a\U000E0101",
	"👩\u200d👩\u200d👧\u200d👦|", "👍🏽|", "🇩🇪|", "🇩|", "❤\ufe0f|", "#\ufe0f\u20e3|", "🏴\U000E0067\U000E007F|",
	"\u115f\u3164\uffa0\u2800", "ᄀᄀᄀ", "각", "\u0600a", "कि", "a" + strings.Repeat("\u0301", 50),
	"\u2028\u2029\u0085", "\ufff9a\ufffbb", "\ufffe\uffff\U0010FFFF", "\U000F0000\uE0A0", "\x1b[1;99r\x1b[S", "a\x1b[888888889b",
	strings.Repeat("\x1b[c\x1b[6n\x1b[>q", 5000), "\x1b[999999999;999999999H漢", "\x1b[20h\x1b[4h\x1b[6h", "\x1b#3\x1b#6x", "\x1b[?3h",
	"\x1b[2;1H\x1b[99999L\x1b[99999M\x1b[99999@\x1b[99999P\x1b[99999X\x1b[99999S\x1b[99999T",
}

func TestSafeDrawing(t *testing.T) {
	if len(hostile) < 44 {
		t.Fatalf("%d vectors, want 44 and more", len(hostile))
	}
	for _, in := range hostile {
		s := New(40, 5, 100)
		s.Write([]byte("card\r\n" + in))
		var sn Snapshot
		s.Snapshot(&sn, 0)
		for i, c := range sn.Cells {
			checkSafe(t, in, i, &sn, c)
		}
		for _, r := range sn.Title {
			if unicode.In(r, unicode.Cc, unicode.Cf) {
				t.Errorf("%.40q: title %q", in, sn.Title)
			}
		}
	}
}

func checkSafe(t *testing.T, in string, i int, sn *Snapshot, c Cell) {
	t.Helper()
	text, fg, bg, attr := sn.Safe(c)
	if attr.Has(Conceal) || attr.Has(Blink) || attr&wideMask != 0 {
		t.Errorf("%.40q: cell %d has attributes %x", in, i, attr)
	}
	if fg == bg && fg != 0 && strings.TrimSpace(text) != "" {
		t.Errorf("%.40q: cell %d %q is hidden by its colours", in, i, text)
	}
	if !utf8.ValidString(text) {
		t.Errorf("%.40q: cell %d %q is not UTF-8", in, i, text)
	}
	for _, r := range text {
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Cs) ||
			unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) {
			t.Errorf("%.40q: cell %d draws %U", in, i, r)
		}
	}
	cond := &runewidth.Condition{StrictEmojiNeutral: true}
	if w := c.Width(); uniseg.StringWidth(text) != w || cond.StringWidth(text) != w {
		t.Errorf("%.40q: cell %d %q is %d wide, its cells %d", in, i, text, uniseg.StringWidth(text), w)
	}
}

// TestEveryCharacterKeepsItsWidth draws each character of Unicode that takes
// cells by itself.
func TestEveryCharacterKeepsItsWidth(t *testing.T) {
	s := New(4, 1, 0)
	var sn Snapshot
	for r := rune(0xa0); r <= unicode.MaxRune; r++ {
		s.Write([]byte("\x1bc" + string(r)))
		s.Snapshot(&sn, 0)
		if text := sn.text(sn.Row(0)); uniseg.StringWidth(text) != 4 {
			t.Errorf("%U: row %q is %d wide, not 4", r, text, uniseg.StringWidth(text))
		}
	}
}

func TestSafeTextOfRowsKeepsItsWidth(t *testing.T) {
	for _, in := range hostile {
		s := New(40, 5, 100)
		s.Write([]byte("card\r\n" + in))
		var sn Snapshot
		s.Snapshot(&sn, 0)
		for y := range sn.Rows {
			if text := sn.text(sn.Row(y)); uniseg.StringWidth(text) != 40 {
				t.Errorf("%.40q: row %d %q is %d wide", in, y, text, uniseg.StringWidth(text))
			}
		}
	}
}

func TestSafeKeepsHonestText(t *testing.T) {
	tests := []struct{ in, want string }{
		{"plain ~!@#", "plain ~!@#"},
		{"zażółć Ünïcödé", "zażółć Ünïcödé"},
		{"漢字 かな 한글", "漢字 かな 한글"},
		{"e\u0301 a\u0308", "e\u0301 a\u0308"},
		{"┌─┐│█▒ ✓ → €", "┌─┐│█▒ ✓ → €"},
		{"👍 🎉", "👍 🎉"},
		{"⚠\ufe0f ok", "⚠ ok"},
		{"\ue0b0 status", "\ue0b0 status"},
		{"각", "각"},
	}
	for _, tt := range tests {
		if got := shown(40, 2, tt.in); len(got) != 1 || got[0] != tt.want {
			t.Errorf("%q: got %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestReveal(t *testing.T) {
	tests := []struct {
		name           string
		fg, bg         Color
		wantFg, wantBg Color
	}{
		{"default", 0, 0, 0, 0},
		{"ordinary", Indexed(1), Indexed(4), Indexed(1), Indexed(4)},
		{"same index", Indexed(3), Indexed(3), 0, 0},
		{"same colour, two ways", Indexed(0), RGB(0, 0, 0), 0, 0},
		{"one step apart", RGB(10, 20, 30), RGB(11, 21, 31), 0, 0},
		{"cube and RGB", Indexed(196), RGB(255, 0, 0), 0, 0},
		{"grey ramp", Indexed(244), Indexed(245), 0, 0},
		{"black on the console's own", Indexed(0), 0, 0, 0},
		{"white on the console's own", RGB(255, 255, 255), 0, 0, 0},
		{"red on the console's own", Indexed(1), 0, Indexed(1), 0},
		{"the console's own on black", 0, Indexed(16), Indexed(15), Indexed(16)},
		{"the console's own on white", 0, Indexed(15), Indexed(0), Indexed(15)},
		{"the console's own on blue", 0, Indexed(4), 0, Indexed(4)},
	}
	for _, tt := range tests {
		sn := Snapshot{}
		_, fg, bg, _ := sn.Safe(Cell{text: 'x', fg: tt.fg, bg: tt.bg})
		if fg != tt.wantFg || bg != tt.wantBg {
			t.Errorf("%s: got %x on %x, want %x on %x", tt.name, fg, bg, tt.wantFg, tt.wantBg)
		}
	}
	sn := Snapshot{}
	if _, fg, bg, _ := sn.Safe(Cell{fg: Indexed(3), bg: Indexed(3)}); fg != Indexed(3) || bg != Indexed(3) {
		t.Errorf("a blank cell lost its colour: %x on %x", fg, bg)
	}
}
