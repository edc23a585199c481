package screen

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// shown feeds input to a new screen and gives the rows without the blank ones
// at the end.
func shown(cols, rows int, input string) []string {
	s := New(cols, rows, 100)
	s.Write([]byte(input))
	return trimRows(s.Text())
}

func trimRows(rows []string) []string {
	for len(rows) > 0 && rows[len(rows)-1] == "" {
		rows = rows[:len(rows)-1]
	}
	return rows
}

func lines(s ...string) []string { return s }

// sequences are inputs for a screen of 10 columns and 4 rows.
var sequences = []struct {
	name, in string
	want     []string
}{
	{"text", "hello", lines("hello")},
	{"newline", "a\r\nb", lines("a", "b")},
	{"bare line feed", "a\nb", lines("a", " b")},
	{"newline mode", "\x1b[20ha\nb", lines("a", "b")},
	{"wrap", "0123456789ab", lines("0123456789", "ab")},
	{"wrap is put off", "0123456789\r\nx", lines("0123456789", "x")},
	{"put off wrap, then back", "0123456789\bX", lines("01234567X9")},
	{"no autowrap", "\x1b[?7l0123456789abc", lines("012345678c")},
	{"wide without autowrap", "\x1b[?7l0123456789漢", lines("01234567漢")},
	{"scroll", "1\r\n2\r\n3\r\n4\r\n5", lines("2", "3", "4", "5")},
	{"backspace", "abc\b\bX", lines("aXc")},
	{"tab", "a\tb", lines("a       b")},
	{"tab to the end", "a\t\t\tb", lines("a        b")},
	{"own tab stop", "\x1b[4G\x1bH\ra\tb", lines("a  b")},
	{"no tab stops", "\x1b[3ga\tb", lines("a        b")},
	{"back tab", "12345678\x1b[Zx", lines("x2345678")},
	{"forward tabs", "\x1b[1Ix", lines("        x")},
	{"address", "\x1b[2;3Hx", lines("", "  x")},
	{"address f", "\x1b[2;3fx", lines("", "  x")},
	{"address beyond", "\x1b[99;99Hx", lines("", "", "", "         x")},
	{"up down left right", "\x1b[3;3H\x1b[A1\x1b[2B2\x1b[3D3\x1b[C4", lines("", "  1", "", " 3 4")},
	{"next and previous line", "abc\x1b[2Ex\x1b[Fy", lines("abc", "y", "x")},
	{"column and row", "\x1b[5Gx\x1b[3dy", lines("    x", "", "     y")},
	{"relative column and row", "\x1b[2ax\x1b[ey", lines("  x", "   y")},
	{"erase to end of line", "abcdef\x1b[3G\x1b[K", lines("ab")},
	{"erase beyond the last column", "0123456789\x1b[Kab", lines("0123456789", "ab")},
	{"erase to start of line", "abcdef\x1b[3G\x1b[1K", lines("   def")},
	{"erase line", "abcdef\x1b[3G\x1b[2Kx", lines("  x")},
	{"erase below", "a\r\nbc\r\nd\x1b[2;2H\x1b[J", lines("a", "b")},
	{"erase above", "a\r\nbc\r\nd\x1b[2;1H\x1b[1J", lines("", " c", "d")},
	{"erase all", "a\r\nb\x1b[2Jc", lines("", " c")},
	{"erase characters", "abcdef\x1b[2G\x1b[3X", lines("a   ef")},
	{"insert characters", "abc\x1b[2G\x1b[2@", lines("a  bc")},
	{"insert pushes out", "0123456789\x1b[1G\x1b[3@", lines("   0123456")},
	{"delete characters", "abcdef\x1b[2G\x1b[2P", lines("adef")},
	{"insert mode", "abc\x1b[2G\x1b[4hXY\x1b[4lZ", lines("aXYZc")},
	{"insert lines", "a\r\nb\r\nc\x1b[2H\x1b[L", lines("a", "", "b", "c")},
	{"delete lines", "a\r\nb\r\nc\x1b[2H\x1b[M", lines("a", "c")},
	{"delete more lines than there are", "a\r\nb\r\nc\x1b[2H\x1b[99M", lines("a")},
	{"region scrolls", "\x1b[2;3ra\r\nb\r\nc\r\nd", lines("a", "c", "d")},
	{"region reverse index", "\x1b[2;3r\x1b[2Hb\r\nc\x1b[2H\x1bMx", lines("", "x", "b")},
	{"region stops the cursor", "\x1b[2;3r\x1b[2;1H\x1b[9Bx\x1b[9Ay", lines("", " y", "x")},
	{"origin mode", "\x1b[2;3r\x1b[?6h\x1b[1;1Hx\x1b[9;1Hy", lines("", "x", "y")},
	{"region out of order", "\x1b[3;2rx", lines("x")},
	{"lines outside the region", "a\r\nb\x1b[3;4r\x1b[1H\x1b[L", lines("a", "b")},
	{"scroll up", "a\r\nb\r\nc\x1b[S", lines("b", "c")},
	{"scroll down", "a\r\nb\x1b[2T", lines("", "", "a", "b")},
	{"index", "a\x1bDb", lines("a", " b")},
	{"next line", "a\x1bEb", lines("a", "b")},
	{"repeat", "ab\x1b[3b", lines("abbbb")},
	{"repeat stops at the end", "a\x1b[888888889bz", lines("aaaaaaaaaa", "z")},
	{"repeat nothing", "\x1b[5bx", lines("x")},
	{"save and restore", "ab\x1b7\x1b[3;3Hx\x1b8c", lines("abc", "", "  x")},
	{"save and restore, SCO", "ab\x1b[s\x1b[3;3Hx\x1b[uc", lines("abc", "", "  x")},
	{"align", "\x1b#8", lines("EEEEEEEEEE", "EEEEEEEEEE", "EEEEEEEEEE", "EEEEEEEEEE")},
	{"line drawing", "\x1b(0lqk_~\x1b(Bq", lines("┌─┐ ·q")},
	{"line drawing, G1", "\x1b)0q\x0eq\x0fq", lines("q─q")},
	{"full reset", "\x1b[2;3r\x1b(0abc\x1bcq", lines("q")},
	{"soft reset", "\x1b[4h\x1b[2;3r\x1b[!pab\rc", lines("cb")},
	{"alternate screen", "a\x1b[?1049hbcd\x1b[?1049le", lines("ae")},
	{"alternate screen 47", "a\x1b[?47hb\x1b[?47lc", lines("a c")},
	{"alternate screen 1047", "a\x1b[?1047hb\x1b[?1047l\x1b[?1047hc", lines("  c")},
	{"saved cursor 1048", "ab\x1b[?1048h\x1b[3Hx\x1b[?1048lc", lines("abc", "", "x")},
	{"title", "\x1b]0;t\x07a\x1b]2;t\x1b\\b", lines("ab")},
	{"link", "\x1b]8;;http://x/\x1b\\text\x1b]8;;\x1b\\", lines("text")},
	{"clipboard", "a\x1b]52;c;ZXZpbA==\x07b", lines("ab")},
	{"device control", "a\x1bPq#0;2;0;0;0#0~~\x1b\\b", lines("ab")},
	{"other strings", "a\x1b_x\x1b\\b\x1b^y\x1b\\c\x1bXz\x1b\\d", lines("abcd")},
	{"bell ends no device control", "a\x1bPx\x07y\x1b\\b", lines("ab")},
	{"cancelled string", "a\x1b]0;x\x18b", lines("ab")},
	{"cancelled sequence", "a\x1b[3\x18b", lines("ab")},
	{"control amid a sequence", "ab\x1b[\b2Cc", lines("ab c")},
	{"sequence within a sequence", "a\x1b[3\x1b[2Cb", lines("a  b")},
	{"unknown sequences", "a\x1b[5z\x1b[>4;2m\x1b[?1u\x1b[<u\x1b[=1;1u\x1b[1;2'zb\x1b%Gc", lines("abc")},
	{"malformed sequences", "a\x1b[1?2Cb\x1b[ 1qc\x1b[:;:Cd", lines("abcd")},
	{"text amid a sequence", "a\x1b[3éb", lines("aéb")},
	{"too many parameters", "a\x1b[" + strings.Repeat("1;", 99) + "Cb", lines("ab")},
	{"huge parameter", "\x1b[99999999999999999999Cx", lines("         x")},
	{"UTF-8", "zażółć", lines("zażółć")},
	{"invalid UTF-8", "a\xffb\xe2\x82c", lines("a\ufffdb\ufffd\ufffdc")},
	{"C1 as UTF-8", "a\u009b31mb", lines("a\ufffd31mb")},
	{"C1 as bytes", "a\x9b31mb", lines("a\ufffd31mb")},
	{"wide", "漢字x", lines("漢字x")},
	{"wide at the end", "012345678漢", lines("012345678", "漢")},
	{"left half overwritten", "漢字\x1b[1Gx", lines("x 字")},
	{"right half overwritten", "漢字\x1b[2Gx", lines(" x字")},
	{"wide cut by deletion", "漢字x\x1b[2G\x1b[P", lines(" 字x")},
	{"wide cut by insertion", "漢字\x1b[2G\x1b[@x", lines(" x 字")},
	{"wide cut by erasing", "漢字x\x1b[2G\x1b[X", lines("  字x")},
	{"wide cut at the edge", "01234567漢\x1b[1G\x1b[@", lines(" 01234567")},
	{"combining", "e\u0301x", lines("e\u0301x")},
	{"combining at the edge", "0123456789\u0301", lines("0123456789\u0301")},
	{"combining with nothing", "\u0301x", lines("x")},
	{"combining wide", "漢\u0301x", lines("漢\u0301x")},
	{"NUL and DEL", "a\x00\x7fb", lines("ab")},
}

func TestSequences(t *testing.T) {
	for _, tt := range sequences {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, shown(10, 4, tt.in)); diff != "" {
				t.Errorf("%q (-want +got):\n%s", tt.in, diff)
			}
			s := New(10, 4, 100)
			for i := range len(tt.in) {
				s.Write([]byte(tt.in[i : i+1]))
			}
			if diff := cmp.Diff(tt.want, trimRows(s.Text())); diff != "" {
				t.Errorf("byte by byte %q (-want +got):\n%s", tt.in, diff)
			}
		})
	}
}

func TestRendition(t *testing.T) {
	tests := []struct {
		in     string
		fg, bg Color
		attr   Attr
	}{
		{"", 0, 0, 0},
		{"\x1b[31;42m", Indexed(1), Indexed(2), 0},
		{"\x1b[91;102m", Indexed(9), Indexed(10), 0},
		{"\x1b[38;5;200;48;5;17m", Indexed(200), Indexed(17), 0},
		{"\x1b[38;2;1;2;3;48;2;4;5;6m", RGB(1, 2, 3), RGB(4, 5, 6), 0},
		{"\x1b[38:5:200;48:2:4:5:6m", Indexed(200), RGB(4, 5, 6), 0},
		{"\x1b[38:2::1:2:3m", RGB(1, 2, 3), 0, 0},
		{"\x1b[38:2:9:1:2:3:0m", RGB(1, 2, 3), 0, 0},
		{"\x1b[38;5m", 0, 0, 0},
		{"\x1b[38;2;1;2m", 0, 0, 0},
		{"\x1b[38;5;999;1m", 0, 0, Bold},
		{"\x1b[38;9;1m", 0, 0, Bold},
		{"\x1b[58;5;3;1m", 0, 0, Bold},
		{"\x1b[58:2::1:2:3;3m", 0, 0, Italic},
		{"\x1b[1;2;3;4;7;9m", 0, 0, (Bold | Faint | Italic | Reverse | Strike).WithUnderline(SingleUnderline)},
		{"\x1b[5;8;53m", 0, 0, Blink | Conceal | Overline},
		{"\x1b[4:3m", 0, 0, Attr(0).WithUnderline(CurlyUnderline)},
		{"\x1b[4:9m", 0, 0, Attr(0).WithUnderline(SingleUnderline)},
		{"\x1b[4;4:0m", 0, 0, 0},
		{"\x1b[21m", 0, 0, Attr(0).WithUnderline(DoubleUnderline)},
		{"\x1b[1;2;3;4;7;8;9;5;53m\x1b[22;23;24;25;27;28;29;55m", 0, 0, 0},
		{"\x1b[31;42;1m\x1b[39;49m", 0, 0, Bold},
		{"\x1b[31;42;1m\x1b[m", 0, 0, 0},
		{"\x1b[31;42;1m\x1b[;3m", 0, 0, Italic},
		{"\x1b[1;777;3m", 0, 0, Bold | Italic},
		{"\x1b[1:2;3m", 0, 0, Italic},
	}
	for _, tt := range tests {
		s := New(10, 2, 0)
		s.Write([]byte(tt.in + "x"))
		var sn Snapshot
		s.Snapshot(&sn, 0)
		c := sn.Cells[0]
		if c.Fg() != tt.fg || c.Bg() != tt.bg || c.Attr() != tt.attr || c.Rune() != 'x' {
			t.Errorf("%q: got fg %x bg %x attr %x, want %x %x %x", tt.in, c.Fg(), c.Bg(), c.Attr(), tt.fg, tt.bg, tt.attr)
		}
	}
}

func TestReplies(t *testing.T) {
	tests := []struct{ in, want string }{
		{"\x1b[c", "\x1b[?62;22c"},
		{"\x1b[0c", "\x1b[?62;22c"},
		{"\x1b[>c", "\x1b[>41;354;0c"},
		{"\x1b[=c", ""},
		{"\x1b[5n", "\x1b[0n"},
		{"ab\r\nc\x1b[6n", "\x1b[2;2R"},
		{"ab\x1b[?6n", "\x1b[?1;3R"},
		{"\x1b[2;4r\x1b[?6h\x1b[2;3H\x1b[6n", "\x1b[2;3R"},
		{"\x1b[?25$p\x1b[?2004$p\x1b[?777$p", "\x1b[?25;1$y\x1b[?2004;2$y\x1b[?777;0$y"},
		{"\x1b[4$p", "\x1b[4;2$y"},
		{"\x1b[>q", "\x1bP>|escort\x1b\\"},
		{"\x1b[18t", "\x1b[8;4;10t"},
		{"\x1b[21t\x1b[14t\x1b]10;?\x07\x1bP$qm\x1b\\\x1b]52;c;?\x07", ""},
	}
	for _, tt := range tests {
		s := New(10, 4, 0)
		s.Write([]byte(tt.in))
		if got := string(s.Replies()); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.in, got, tt.want)
		}
		if got := s.Replies(); len(got) != 0 {
			t.Errorf("%q: not drained: %q", tt.in, got)
		}
	}
}

func TestRepliesAreBounded(t *testing.T) {
	s := New(80, 24, 0)
	for i := range 10000 {
		s.Write(fmt.Appendf(nil, "\x1b[1;%dH\x1b[6n", i%80+1))
	}
	got := string(s.Replies())
	if len(got) > maxReplies || len(got) < maxReplies/2 {
		t.Fatalf("%d bytes wait", len(got))
	}
	if !strings.HasPrefix(got, "\x1b[1;") || !strings.HasSuffix(got, "\x1b[1;80R") {
		t.Errorf("answers were cut: %q … %q", got[:8], got[len(got)-8:])
	}
}

func TestModes(t *testing.T) {
	s := New(10, 4, 0)
	at := func(in string) (sn Snapshot) {
		s.Write([]byte(in))
		s.Snapshot(&sn, 0)
		return sn
	}
	tests := []struct {
		in   string
		want Modes
	}{
		{"", Modes{AutoWrap: true}},
		{"\x1b[?1;2004;1004h\x1b=", Modes{AutoWrap: true, AppCursor: true, AppKeypad: true, BracketedPaste: true, FocusEvents: true}},
		{"\x1b[?1002;1006h\x1b[?1;2004;1004;7l\x1b>", Modes{Mouse: MouseDrag, MouseSGR: true}},
		{"\x1b[?1000l\x1b[?7h", Modes{AutoWrap: true, Mouse: MouseDrag, MouseSGR: true}},
		{"\x1b[?1003h\x1b[?1003l", Modes{AutoWrap: true, MouseSGR: true}},
		{"\x1b[?1049;6;2026h", Modes{AutoWrap: true, MouseSGR: true, AltScreen: true, Origin: true, Sync: true}},
		{"\x1bc", Modes{AutoWrap: true}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, at(tt.in).Modes); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.in, diff)
		}
	}
	if sn := at("\x1b[?25l\x1b[4 q"); sn.CursorVisible || sn.CursorShape != CursorUnderline {
		t.Errorf("cursor: visible %v shape %v", sn.CursorVisible, sn.CursorShape)
	}
	if sn := at("\x1b[?25h\x1b[6 q"); !sn.CursorVisible || sn.CursorShape != CursorBar {
		t.Errorf("cursor: visible %v shape %v", sn.CursorVisible, sn.CursorShape)
	}
}

func TestTitle(t *testing.T) {
	tests := []struct{ in, want string }{
		{"\x1b]0;vim: a b\x07", "vim: a b"},
		{"\x1b]2;x\x1b\\", "x"},
		{"\x1b]1;icon\x07", ""},
		{"\x1b]2;a\nb\x07", "a␊b"},
		{"\x1b]2;a\xffb\u202ec\u200bd\u009be\x07", "a<FF>b<U+202E>c<U+200B>d<U+009B>e"},
		{"\x1b]2;\U000E0041\uE000\x07", "<U+E0041><U+E000>"},
		{"\x1b]2;" + strings.Repeat("x", 5000) + "\x07", strings.Repeat("x", maxTitle-2)},
	}
	for _, tt := range tests {
		s := New(10, 4, 0)
		s.Write([]byte(tt.in))
		var sn Snapshot
		s.Snapshot(&sn, 0)
		if sn.Title != tt.want {
			t.Errorf("%.40q: got %q, want %q", tt.in, sn.Title, tt.want)
		}
	}
}

func TestLastLine(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", ""},
		{"a\r\nroot# ", "root# "},
		{"root# abc\x1b[3D", "root# "},
		{"0123456789", "0123456789"},
		{"漢字", "漢字"},
	}
	for _, tt := range tests {
		s := New(10, 4, 0)
		s.Write([]byte(tt.in))
		if got := s.LastLine(); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestUnterminatedStringEnds(t *testing.T) {
	s := New(10, 2, 0)
	s.Write([]byte("\x1b_"))
	s.Write([]byte(strings.Repeat("x", maxString+1)))
	s.Write([]byte("seen"))
	if diff := cmp.Diff(lines("seen"), trimRows(s.Text())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestConcurrentUse(t *testing.T) {
	s := New(20, 5, 50)
	var wg sync.WaitGroup
	for _, f := range []func(i int){
		func(i int) { s.Write([]byte("\x1b[31m漢e\u0301\r\n\x1b[6n")) },
		func(i int) { s.Resize(i%30+1, i%7+1) },
		func(i int) { s.LastLine(); s.Replies() },
		func(i int) {
			var sn Snapshot
			s.Snapshot(&sn, i%9)
			sn.Lines()
		},
	} {
		wg.Go(func() {
			for i := range 300 {
				f(i)
			}
		})
	}
	wg.Wait()
	check(t, s)
}
