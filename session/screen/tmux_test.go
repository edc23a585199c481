package screen

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// tmuxServer is a tmux of the test's own, the oracle of these tests.
type tmuxServer struct {
	t      *testing.T
	socket string
	dir    string
	n      int
	all    string // text of the last screen with its scrollback
}

func newTmux(t *testing.T) *tmuxServer {
	t.Helper()
	for _, name := range []string{"tmux", "stty", "cat"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("missing: %s, whose screen this test compares with", name)
		}
	}
	m := &tmuxServer{t: t, dir: t.TempDir()}
	m.socket = filepath.Join(m.dir, "tmux.sock")
	conf := "set -g status off\nset -g history-limit 5000\nset -g default-terminal xterm-256color\n" +
		"set -g allow-rename off\nset -s escape-time 0\nset -g exit-empty off\n"
	if err := os.WriteFile(m.path("conf"), []byte(conf), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { exec.Command("tmux", "-S", m.socket, "kill-server").Run() })
	return m
}

func (m *tmuxServer) path(name string) string { return filepath.Join(m.dir, name) }

func (m *tmuxServer) run(args ...string) string {
	m.t.Helper()
	cmd := exec.Command("tmux", append([]string{"-S", m.socket, "-f", m.path("conf")}, args...)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "TMUX=")
	out, err := cmd.CombinedOutput()
	if err != nil {
		m.t.Fatalf("tmux %q: %v: %s", args, err, out)
	}
	return string(out)
}

// screenOf is what tmux shows after input: the cells' text and rendition, and
// where the cursor is.
func (m *tmuxServer) screenOf(cols, rows int, input []byte) (shot string, x, y int) {
	m.t.Helper()
	m.n++
	name, end := fmt.Sprintf("s%d", m.n), fmt.Sprintf("END-%d", m.n)
	file := m.path(name)
	if err := os.WriteFile(file, append(input[:len(input):len(input)], "\x1b\\\x1b]2;"+end+"\x1b\\"...), 0o600); err != nil {
		m.t.Fatal(err)
	}
	m.run("new-session", "-d", "-s", name, "-x", fmt.Sprint(cols), "-y", fmt.Sprint(rows),
		"stty raw -echo; cat "+file+"; exec cat >/dev/null")
	defer m.run("kill-session", "-t", name)
	deadline := time.Now().Add(20 * time.Second)
	for strings.TrimSpace(m.run("display", "-p", "-t", name, "#{pane_title}")) != end {
		if time.Now().After(deadline) {
			m.t.Fatalf("tmux did not come to the end of %s", file)
		}
	}
	pos := m.run("display", "-p", "-t", name, "#{cursor_x} #{cursor_y}")
	if _, err := fmt.Sscan(pos, &x, &y); err != nil {
		m.t.Fatal(err)
	}
	m.all = m.run("capture-pane", "-p", "-S", "-", "-t", name)
	return m.run("capture-pane", "-p", "-e", "-N", "-t", name), x, y
}

// TestScrollbackAgainstTmux compares the text that scrolled off, too.
func TestScrollbackAgainstTmux(t *testing.T) {
	m := newTmux(t)
	for _, in := range []string{
		numbered(300),
		numbered(25) + "\x1b[2;6r" + strings.Repeat("\x1b[6Hin\r\n", 9) + "\x1b[r\x1b[9H" + numbered(20),
		strings.Repeat("0123456789", 90) + "\x1b[3S\x1b[Tx\r\n" + numbered(12),
		numbered(15) + "\x1b[?1049h" + numbered(30) + "\x1b[?1049l" + numbered(15),
		"漢字 e\u0301 \x1b[31mred\x1b[m   \r\n" + numbered(40),
	} {
		m.screenOf(40, 10, []byte(in))
		s := New(40, 10, 1000)
		s.Write([]byte(in))
		var sn Snapshot
		var got []string
		for s.Snapshot(&sn, 1000); sn.Offset > 0; s.Snapshot(&sn, sn.Offset-1) {
			got = append(got, sn.Lines()[0])
		}
		got = append(got, sn.Lines()...)
		want := strings.Split(strings.TrimSuffix(m.all, "\n"), "\n")
		for i := range want {
			want[i] = strings.TrimRight(want[i], " ")
		}
		if diff := cmp.Diff(trimRows(want), trimRows(got)); diff != "" {
			t.Errorf("%.40q (-tmux +got):\n%s", in, diff)
		}
	}
}

// compare feeds input to a Screen and to tmux and compares every cell.
func (m *tmuxServer) compare(t *testing.T, cols, rows int, input []byte) {
	t.Helper()
	m.t = t
	shot, x, y := m.screenOf(cols, rows, input)
	s := New(cols, rows, 1000)
	s.Write(input)
	var got, want Snapshot
	s.Snapshot(&got, 0)
	oracle := New(cols, rows+1, 0) // reads tmux's shot, line ends and all
	oracle.Write([]byte("\x1b)0")) // tmux writes line drawing with SO and SI
	oracle.Write([]byte(strings.ReplaceAll(strings.TrimSuffix(shot, "\n"), "\n", "\r\n")))
	oracle.Snapshot(&want, 0)
	wrong := 0
	for row := range rows {
		g, w := rowText(&got, row), rowText(&want, row)
		if g != w {
			wrong++
			t.Errorf("row %d\n  got  %q\n  tmux %q", row, g, w)
			continue
		}
		// tmux does not report the colour of erased cells at a row's end.
		for col := range min(cols, oracle.cur.rows[row].used) {
			g, w := seenAs(got.Row(row)[col]), seenAs(want.Row(row)[col])
			if g != w {
				wrong++
				t.Errorf("row %d column %d %q: got fg %x bg %x attr %x, tmux fg %x bg %x attr %x",
					row, col, g.text, g.fg, g.bg, g.attr, w.fg, w.bg, w.attr)
				break
			}
		}
		if wrong > 5 {
			t.Fatal("and more")
		}
	}
	if gx := got.CursorX; gx != min(x, cols-1) || got.CursorY != y {
		t.Errorf("cursor %d,%d, tmux %d,%d", gx, got.CursorY, x, y)
	}
}

func rowText(sn *Snapshot, y int) string {
	var b strings.Builder
	for _, c := range sn.Row(y) {
		b.WriteString(sn.Text(c))
	}
	return strings.TrimRight(b.String(), " ")
}

// seenAs is a cell without what cannot be seen or what tmux does not report.
func seenAs(c Cell) Cell {
	c.mark = 0
	c.text = c.Rune()
	if c.attr&wideTail != 0 {
		return Cell{attr: wideTail} // tmux gives it no rendition of its own
	}
	if c.text == ' ' && c.attr&(Reverse|underlineMask|Strike|Overline) == 0 {
		c.fg, c.attr = 0, 0
	}
	return c
}

// TestAgainstTmux compares on every input of the table of sequences that tmux
// and xterm agree on, and on longer texts.
func TestAgainstTmux(t *testing.T) {
	m := newTmux(t)
	for _, tt := range torture {
		t.Run(tt.name, func(t *testing.T) { m.compare(t, 40, 10, []byte(tt.in)) })
	}
}

// torture are texts that use many sequences at a time.
var torture = []struct{ name, in string }{
	{"colours", "\x1b[31mred\x1b[1mbold\x1b[42mgreen\x1b[K\r\n\x1b[m\x1b[38;5;208mx\x1b[48;2;1;2;3my\x1b[7mz\x1b[27;4mu\x1b[4:3mc\x1b[24;9ms\x1b[m."},
	{"background erase", "\x1b[44mabc\x1b[K\r\ndef\x1b[1;2H\x1b[3X\x1b[2;2H\x1b[2@\x1b[3H\x1b[2L\x1b[5H\x1b[J\x1b[m"},
	{"region", "\x1b[2J\x1b[3;7r" + strings.Repeat("\x1b[7Hline\r\n", 9) + "\x1b[3H\x1b[2Mup\x1b[5H\x1b[Ldown\x1b[rend"},
	{"region and colour", "\x1b[41m\x1b[3;7r\x1b[7H\n\n\x1b[3H\x1bM\x1b[2S\x1b[T\x1b[m"},
	{"origin", "\x1b[3;7r\x1b[?6h\x1b[2;2Ha\x1b[99;99Hb\x1b[?6l\x1b[1;1Hc"},
	{"wide", "漢字かな交じり文を右端で折り返す例として長い行を書いてみるとこうなる\r\n\x1b[1;1Hx\x1b[2;3H\x1b[2P\x1b[3;1H漢字\x1b[3;1H\x1b[2X"},
	{"wide at the edge", "x" + strings.Repeat("漢", 25) + "\x1b[5;1H" + strings.Repeat("y", 39) + "漢z"},
	{"combining", "e\u0301a\u0308o\u0302 \u0301x 漢\u0301"},
	{"line drawing", "\x1b(0lqqqk\r\nx   x\r\nmqqqj\x1b(B abc \x1b)0\x0eqx\x0fqx"},
	{"tabs", "\ta\tb\r\n\x1b[3g\x1b[5G\x1bH\x1b[15G\x1bH\r\tc\td\te\x1b[2Zf"},
	{"insert mode", "abcdef\x1b[3G\x1b[4hXYZ\x1b[4l\x1b[10P\x1b[2Gq\x1b[3@"},
	{"save and restore", "ab\x1b[31m\x1b7\x1b[5;5H\x1b[mx\x1b8c\r\n\x1b[sde\x1b[uf"},
	{"alternate", "main\x1b[31m\x1b[?1049h\x1b[H\x1b[42malt\x1b[K\x1b[?1049l more"},
	{"left in alternate", "main\x1b[?1049h\x1b[3;3Halt\x1b[44m\x1b[J"},
	{"no wrap", "\x1b[?7l" + strings.Repeat("0123456789", 5) + "\x1b[?7h\r\nnext"},
	{"long lines", strings.Repeat("0123456789", 13) + "\r\n" + strings.Repeat("x", 40) + "\r\n" + strings.Repeat("y", 40) + "z"},
	{"repeat", "a\x1b[5b\r\n\x1b[31m-\x1b[99b\x1b[m|"},
	{"relative moves", "\x1b[5;5Ha\x1b[Ab\x1b[2Bc\x1b[3Dd\x1b[2Ce\x1b[Ef\x1b[2Fg\x1b[20Gh\x1b[7di\x1b[`j"},
	{"align", "\x1b#8\x1b[2;2H\x1b[5X\x1b[4;3H\x1b[1J\x1b[8;3H\x1b[J"},
	{"strings", "a\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\\x1b]52;c;AA==\x07b\x1bP+q544e\x1b\\c\x1b_x\x1b\\d"},
	{"scrolled off", numbered(50)},
	{"cleared", numbered(50) + "\x1b[H\x1b[2Jnew\x1b[3J"},
	{"modes that change nothing", "\x1b[?1h\x1b=\x1b[?2004h\x1b[?1000;1006h\x1b[?12l\x1b[?25l\x1b[>4;2m\x1b[22;0;0tx\x1b[23;0;0t\x1b[4 qy"},
	{"reset", "\x1b[31m\x1b[3;5r\x1b[4habc\x1b[!pd\r\n\x1b[1me\x1bcf"},
	{"controls", "ab\b\bX\x07\x00\vY\fZ\x0e\x0f\r\n\x7fend"},
	{"erase beyond the last column", strings.Repeat("x", 40) + "\x1b[K\x1b[31mwrapped\r\n" + strings.Repeat("y", 40) + "\x1b[J\x1b[Kz"},
	{"erase variants", "abcdef\r\nghijkl\r\nmnopqr\x1b[2;3H\x1b[1K\x1b[K\x1b[1;3H\x1b[2K\x1b[3;4H\x1b[1J"},
}
