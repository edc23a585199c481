package pane

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"escort/session/screen"
	"escort/tui/theme"
)

func TestEncode(t *testing.T) {
	app := screen.Modes{AppCursor: true}
	for _, tc := range []struct {
		key   tea.Key
		modes screen.Modes
		want  string
	}{
		{tea.Key{Code: 'a', Text: "a"}, screen.Modes{}, "a"},
		{tea.Key{Code: 'a', Text: "A", Mod: tea.ModShift}, screen.Modes{}, "A"},
		{tea.Key{Code: 'é', Text: "é"}, screen.Modes{}, "é"},
		{tea.Key{Code: 'a', Mod: tea.ModCtrl}, screen.Modes{}, "\x01"},
		{tea.Key{Code: 'i', Mod: tea.ModCtrl}, screen.Modes{}, "\t"},
		{tea.Key{Code: 'm', Mod: tea.ModCtrl}, screen.Modes{}, "\r"},
		{tea.Key{Code: '@', Mod: tea.ModCtrl}, screen.Modes{}, "\x00"},
		{tea.Key{Code: tea.KeySpace, Mod: tea.ModCtrl}, screen.Modes{}, "\x00"},
		{tea.Key{Code: '\\', Mod: tea.ModCtrl}, screen.Modes{}, "\x1c"},
		{tea.Key{Code: ']', Mod: tea.ModCtrl}, screen.Modes{}, ""},
		{tea.Key{Code: 'x', Mod: tea.ModAlt}, screen.Modes{}, "\x1bx"},
		{tea.Key{Code: 'x', Mod: tea.ModAlt | tea.ModCtrl}, screen.Modes{}, "\x1b\x18"},
		{tea.Key{Code: tea.KeyEnter}, screen.Modes{}, "\r"},
		{tea.Key{Code: tea.KeyBackspace}, screen.Modes{}, "\x7f"},
		{tea.Key{Code: tea.KeyTab, Mod: tea.ModShift}, screen.Modes{}, "\x1b[Z"},
		{tea.Key{Code: tea.KeyUp}, screen.Modes{}, "\x1b[A"},
		{tea.Key{Code: tea.KeyUp}, app, "\x1bOA"},
		{tea.Key{Code: tea.KeyUp, Mod: tea.ModCtrl}, app, "\x1b[1;5A"},
		{tea.Key{Code: tea.KeyRight, Mod: tea.ModCtrl | tea.ModShift}, screen.Modes{}, "\x1b[1;6C"},
		{tea.Key{Code: tea.KeyHome}, screen.Modes{}, "\x1b[H"},
		{tea.Key{Code: tea.KeyPgUp}, screen.Modes{}, "\x1b[5~"},
		{tea.Key{Code: tea.KeyDelete, Mod: tea.ModShift}, screen.Modes{}, "\x1b[3;2~"},
		{tea.Key{Code: tea.KeyF1}, screen.Modes{}, "\x1bOP"},
		{tea.Key{Code: tea.KeyF1, Mod: tea.ModShift}, screen.Modes{}, "\x1b[1;2P"},
		{tea.Key{Code: tea.KeyF12}, screen.Modes{}, "\x1b[24~"},
		{tea.Key{Code: tea.KeyKp5}, screen.Modes{}, "5"},
		{tea.Key{Code: tea.KeyCapsLock}, screen.Modes{}, ""},
	} {
		if got := string(Encode(tc.key, tc.modes)); got != tc.want {
			t.Errorf("%s sends %q, want %q", tea.KeyPressMsg(tc.key).Keystroke(), got, tc.want)
		}
	}
}

func TestFold(t *testing.T) {
	s := screen.New(20, 4, 10)
	if _, err := s.Write([]byte("0123456789abcdefghij\r\nxy")); err != nil {
		t.Fatal(err)
	}
	p := New(s, true, theme.Unicode)
	rows, cur := p.View(12, 5)
	if got, want := strings.Join(rows, "|"), "0123456789ab|cdefghij    |xy          |            |            "; got != want {
		t.Errorf("folded to %q, want %q", got, want)
	}
	if cur.X != 2 || cur.Y != 2 || !cur.Shown {
		t.Errorf("cursor %+v", cur)
	}
	rows, cur = p.View(12, 1) // the cursor's row stays in sight
	if rows[0] != "xy          " || cur.Y != 0 {
		t.Errorf("one row shows %q, cursor %+v", rows[0], cur)
	}
}
