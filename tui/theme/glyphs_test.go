package theme

import (
	"testing"

	"escort/explain/quote"
)

func TestGlyphs(t *testing.T) {
	for _, tc := range []struct {
		has  Glyphs
		own  bool
		text string
		want string
	}{
		{Unicode, true, "▲ CRITICAL ─ 漢", "▲ CRITICAL ─ 漢"},
		{Console, true, "▲ CRITICAL · ─│█ é", "# CRITICAL · ─│█ é"},
		{ASCII, true, "▲ CRITICAL · ─│█", "# CRITICAL : -|#"},
		{ASCII, false, "rm ─rf · ○ …/x ▲", "rm ?rf : ? ?/x ?"},
		{Console, false, "rm ─rf · ○ …", "rm ─rf · ? ?"},
		{ASCII, false, "漢字", "????"},
		{ASCII, false, "plain -rf", "plain -rf"},
	} {
		if got := tc.has.Text(tc.text, tc.own); got != tc.want {
			t.Errorf("%q in set %d, own %v: %q, want %q", tc.text, tc.has, tc.own, got, tc.want)
		}
	}
}

func TestGlyphsKeepWidth(t *testing.T) {
	for _, table := range []map[rune]rune{symbols, lines} {
		for from, to := range table {
			if runeCells(from) != 1 || to >= 0x7f {
				t.Errorf("%c of %d cells becomes %c", from, runeCells(from), to)
			}
		}
	}
	th := Theme{Bare: true, Glyphs: ASCII}
	l := append(Line{Own(Plain, "└ "), Of(Plain, quote.Line("x─y…"))}, Bar(RiskHigh, 3)...)
	if got := th.Render(l, 12); got != "+ x?y?###:  " {
		t.Errorf("%q", got)
	}
	if got := th.Render(l.Wrap(20, 2)[0], 4); got != "+ x~" {
		t.Errorf("%q", got)
	}
}
