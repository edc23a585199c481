package pane

import (
	"regexp"
	"strings"
	"testing"

	"github.com/rivo/uniseg"

	"escort/session/screen"
	"escort/tui/theme"
)

var looks = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// vectors are what a program may try with the terminal of who watches it.
var vectors = strings.Split("\x1bP$qm\x1b\\ \x1bP+q544e\x1b\\ \x1bPq#0;2;0;0;0~\x1b\\ \x1b_Gf=32,a=T;AAAA\x1b\\ \x1b]4;1;?\x07 \x1b]10;?\x07 \x1b]11;#fff\x07 \x1b]52;c;?\x07 \x1b]8;;x:\x1b\\a\x1b]8;;\x1b\\ \x1b#8 \x1b[2;3r\x1b[9S\x1b[9T \x1b[?6h\x1b[99;99H \x1b[?69h\x1b[2;5s \u009b2J \u00902q\u009c \x9d0;x\x9c 漢字漢字漢字漢字漢 👩‍💻👍🏽🇩🇪 e\u0301\u0301\u0301\u0301 \u202egnp.exe \ufeff\u200b\u2066 \x1b[8;5mx\x1b[m \x1b(0lqqk\x1b(B \x1b[200b \x1bc \x1b[?1049h\x1b[31;41m \t\t\t\t\t \x0e\x0f\x05\x07", " ")

// FuzzView draws whatever a program sends in panes of any size: each row is as
// wide as the pane, and nothing but text and looks is in it.
func FuzzView(f *testing.F) {
	for i, v := range vectors {
		f.Add([]byte(v), uint8(7*i))
	}
	f.Add([]byte(strings.Join(vectors, "")), uint8(31))
	f.Fuzz(func(t *testing.T, in []byte, size uint8) {
		scr := screen.New(int(size)%50+1, int(size)%7+1, 50)
		_, _ = scr.Write(in)
		w, h := int(size)%23+1, int(size)%9+1
		for _, glyphs := range []theme.Glyphs{theme.Unicode, theme.ASCII} {
			rows, cur := New(scr, false, glyphs).View(w, h)
			if len(rows) != h || cur.Shown && (cur.Y < 0 || cur.Y >= h) {
				t.Fatalf("%d rows of %d, cursor %+v", len(rows), h, cur)
			}
			for _, r := range rows {
				text := looks.ReplaceAllString(r, "")
				for _, c := range text {
					if c < ' ' || c >= 0x7f && c < 0xa0 || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069 || c == 0x200b || c == 0xfeff {
						t.Errorf("%U is drawn: %q", c, r)
					}
				}
				if n := uniseg.StringWidth(text); n != w {
					t.Errorf("%q is %d wide, the pane %d", r, n, w)
				}
			}
		}
	})
}
