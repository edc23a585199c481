package screen

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"testing"

	"github.com/creack/pty"
)

func logText() []byte {
	var b bytes.Buffer
	for i := range 600 {
		fmt.Fprintf(&b, "2026-11-24T01:02:%02d.%03dZ prod-db-2 billing[%d]: request %d took %dms status=200 path=/api/v1/invoices/%d\r\n",
			i%60, i%1000, i, i*7, i%97, i)
	}
	return b.Bytes()
}

func benchWrite(b *testing.B, text []byte) {
	s := New(119, 40, 10000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		s.Write(text)
	}
}

func BenchmarkWriteLog(b *testing.B) { benchWrite(b, logText()) }

func BenchmarkWriteYes(b *testing.B) { benchWrite(b, bytes.Repeat([]byte("y\r\n"), 10000)) }

func BenchmarkWriteColour(b *testing.B) {
	benchWrite(b, bytes.Repeat([]byte("\x1b[01;34msome\x1b[0m \x1b[38;5;208mcolour\x1b[0m\r\n"), 2000))
}

func BenchmarkWriteWide(b *testing.B) {
	benchWrite(b, bytes.Repeat([]byte("漢字かな交じり文 zażółć\r\n"), 2000))
}

func BenchmarkSnapshot(b *testing.B) { benchSnapshot(b, logText()) }

func BenchmarkSnapshotBoxes(b *testing.B) {
	benchSnapshot(b, bytes.Repeat([]byte("┌─┬漢字かな交じり文│█▒│zażółć\r\n"), 60))
}

func benchSnapshot(b *testing.B, text []byte) {
	s := New(119, 40, 10000)
	s.Write(text)
	var sn Snapshot
	for b.Loop() {
		s.Snapshot(&sn, 0)
		for _, c := range sn.Cells {
			sn.Safe(c)
		}
	}
}

// TestScrollbackMemory fills 10,000 lines of 119 columns to the last.
func TestScrollbackMemory(t *testing.T) {
	const limit = 25 << 20
	line := append(bytes.Repeat([]byte("x"), 119), '\r', '\n')
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	s := New(119, 40, 10000)
	for range 10100 {
		s.Write(line)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	used := int64(after.HeapAlloc) - int64(before.HeapAlloc)
	t.Logf("%.1f MB", float64(used)/(1<<20))
	if used > limit {
		t.Errorf("10,000 lines take %d bytes, want at most %d", used, limit)
	}
	runtime.KeepAlive(s)
}

// BenchmarkPty is log text from a program in a pty to the screen.
func BenchmarkPty(b *testing.B) {
	file := b.TempDir() + "/log"
	text := bytes.Repeat(logText(), 500)
	if err := os.WriteFile(file, text, 0o600); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	buf := make([]byte, 64<<10)
	for b.Loop() {
		cmd := exec.Command("sh", "-c", "stty raw; exec cat "+file)
		master, err := pty.Start(cmd)
		if err != nil {
			b.Skipf("missing: a pty: %v", err)
		}
		s, total := New(119, 40, 10000), 0
		for {
			n, err := master.Read(buf)
			s.Write(buf[:n])
			total += n
			if err != nil { // EIO: the program has ended
				break
			}
		}
		master.Close()
		if err := cmd.Wait(); err != nil || total < len(text) {
			b.Fatalf("%d of %d bytes: %v", total, len(text), err)
		}
	}
}

// BenchmarkFloods writes a read's worth of the costliest sequences to a large
// screen: the work for a byte does not depend on the number it carries.
func BenchmarkFloods(b *testing.B) {
	for _, unit := range []string{
		"\x1b#8\x1b[2J", "x\x1b[2J", "a\x1b[888888889b", "\x1b[99999S", "\x1b[99999T", "\x1b[H\x1b[99999L", "\x1b[H\x1b[99999M",
		"\x1b[99999@", "\x1b[99999P", "\x1b[41m\x1b[2J", "\x1b[1;99r\x1b[S", "\x1b[99999I\x1b[99999Z", "\x1b[?1049h\x1b[?1049l",
		"\x1bc", "\x1b[6n", "e\u0301", "\u0301", "漢", "\x1b]0;x\x07", "\x1b[1;2;3;4;5;6;7;8;9m", "y\n",
	} {
		b.Run(fmt.Sprintf("%q", unit), func(b *testing.B) {
			s := New(200, 60, 10000)
			in := bytes.Repeat([]byte(unit), 16<<10/len(unit))
			b.SetBytes(int64(len(in)))
			for b.Loop() {
				s.Write(in)
			}
		})
	}
}
