package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"escort/session/event"
)

func hexSum(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}

// reseal gives a line that was changed a hash that fits it.
func reseal(line string) string {
	sealed, _ := seal([]byte(line[:len(line)-sealLen] + "}"))
	return string(sealed)
}

func TestVerifyFindsTampering(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(l []string) []string
		line   int    // of the first problem
		what   string // in it
	}{
		"edited":          {func(l []string) []string { l[3] = strings.Replace(l[3], "mia", "eve", 1); return l }, 4, "was changed"},
		"edited resealed": {func(l []string) []string { l[3] = reseal(strings.Replace(l[3], "mia", "eve", 1)); return l }, 5, "does not follow"},
		"deleted":         {func(l []string) []string { return slices.Delete(l, 2, 3) }, 3, "does not follow"},
		"first deleted":   {func(l []string) []string { return l[1:] }, 1, "does not follow"},
		"reordered":       {func(l []string) []string { l[2], l[3] = l[3], l[2]; return l }, 3, "does not follow"},
		"duplicated":      {func(l []string) []string { return slices.Insert(l, 3, l[2]) }, 4, "does not follow"},
		"seq again": {func(l []string) []string {
			l[6] = reseal(strings.Replace(l[6], `"seq":7`, `"seq":6`, 1))
			return l
		}, 7, "has the number 6 where 7"},
		"after the end": {func(l []string) []string {
			extra := strings.Replace(l[6], `"seq":7`, `"seq":8`, 1)
			stated, _, _ := unseal([]byte(l[6]))
			prev, _, _ := unseal([]byte(l[5]))
			return append(l, reseal(strings.Replace(extra, prev, stated, 1)))
		}, 8, "stands after the end"},
		"member twice": {func(l []string) []string {
			l[6] = reseal(strings.Replace(l[6], `"kind":"closed"`, `"kind":"closed","kind":"thawed"`, 1))
			return l
		}, 7, "not written as"},
		"member in other case": {func(l []string) []string {
			l[6] = reseal(strings.Replace(l[6], `"kind":"closed"`, `"kind":"closed","Kind":"thawed"`, 1))
			return l
		}, 7, "not written as"},
		"space":     {func(l []string) []string { l[2] += " "; return l }, 3, "does not end in its hash"},
		"not json":  {func(l []string) []string { l[2] = "hello"; return l }, 3, "does not end in its hash"},
		"blank":     {func(l []string) []string { return slices.Insert(l, 2, "") }, 3, "does not end in its hash"},
		"all gone":  {func([]string) []string { return nil }, 0, "empty"},
		"upper hex": {func(l []string) []string { n := len(l[6]) - 66; l[6] = l[6][:n] + strings.ToUpper(l[6][n:]); return l }, 7, "was changed"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := recorded(t, script())
			path := filepath.Join(dir, LedgerFile)
			text := strings.Join(tc.change(lines(t, path)), "\n")
			if text != "" {
				text += "\n"
			}
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			rep, err := Verify(dir)
			if err != nil {
				t.Fatal(err)
			}
			if rep.Whole() {
				t.Fatal("found nothing")
			}
			if p := rep.Problems[0]; p.Line != tc.line || !strings.Contains(p.What, tc.what) {
				t.Errorf("first problem %q, want line %d %q", p, tc.line, tc.what)
			}
		})
	}
}

// A cut tail cannot be told from a power failure: the report says that the end
// is missing, and leaves the judgement to the reader.
func TestVerifyTruncated(t *testing.T) {
	for name, tc := range map[string]struct {
		cut   func(b []byte) []byte
		whole bool
	}{
		"at a line":     {func(b []byte) []byte { return b[:bytes.LastIndexByte(b[:len(b)-1], '\n')+1] }, true},
		"within a line": {func(b []byte) []byte { return b[:len(b)-5] }, false},
		"the last LF":   {func(b []byte) []byte { return b[:len(b)-1] }, false},
	} {
		t.Run(name, func(t *testing.T) {
			dir := recorded(t, script())
			path := filepath.Join(dir, LedgerFile)
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, tc.cut(b), 0o600); err != nil {
				t.Fatal(err)
			}
			rep, err := Verify(dir)
			if err != nil || rep.Closed || rep.Whole() != tc.whole {
				t.Errorf("Verify = %+v, %v", rep, err)
			}
		})
	}
}

func TestVerifyCast(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(path string) error
		want   string
	}{
		"edited": {func(p string) error {
			b, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			return os.WriteFile(p, bytes.Replace(b, []byte("gone"), []byte("kept"), 1), 0o600)
		}, "line 7: session.cast was changed"},
		"edited before the decision": {func(p string) error {
			b, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			return os.WriteFile(p, bytes.Replace(b, []byte("$ "), []byte("# "), 1), 0o600)
		}, "line 3: session.cast was changed"},
		"cut":     {func(p string) error { return os.Truncate(p, 100) }, "line 3: session.cast has 100 bytes"},
		"removed": {os.Remove, "session.cast is missing"},
		"goes on": {func(p string) error {
			f, err := os.OpenFile(p, os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			defer f.Close()
			_, err = f.WriteString("[9,\"o\",\"x\"]\n")
			return err
		}, "session.cast goes on for 12 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := recorded(t, script())
			if err := tc.change(filepath.Join(dir, CastFile)); err != nil {
				t.Fatal(err)
			}
			rep, err := Verify(dir)
			if err != nil || len(rep.Problems) != 1 || !strings.HasPrefix(rep.Problems[0].String(), tc.want) {
				t.Errorf("Verify = %+v, %v; want %s", rep, err, tc.want)
			}
		})
	}
}

func TestVerifyUnreadable(t *testing.T) {
	empty := t.TempDir()
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, LedgerFile), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{empty, folder, filepath.Join(empty, "none"), os.DevNull} {
		if rep, err := Verify(dir); err == nil {
			t.Errorf("Verify(%s) = %+v", dir, rep)
		}
	}
}

func TestVerifyLedgerAlone(t *testing.T) {
	dir := recorded(t, script())
	if err := os.Remove(filepath.Join(dir, CastFile)); err != nil {
		t.Fatal(err)
	}
	if rep, err := Verify(filepath.Join(dir, LedgerFile)); err != nil || !rep.Whole() {
		t.Errorf("Verify = %+v, %v", rep, err)
	}
}

func FuzzVerify(f *testing.F) {
	f.Add([]byte("{}\n"))
	line, _ := seal([]byte(`{"seq":1,"time":"2026-11-23T23:15:02Z","prev":"` + origin + `","kind":"opened","meta":{}}`))
	f.Add(append(line, '\n'))
	f.Fuzz(func(t *testing.T, b []byte) {
		rep, _, err := verifyLedger(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		want := bytes.Count(b, []byte("\n"))
		if len(b) > 0 && b[len(b)-1] != '\n' {
			want++
		}
		if rep.Lines != want {
			t.Errorf("%d lines, counted %d", rep.Lines, want)
		}
		if rep.Whole() && (rep.Meta == nil || rep.First.IsZero()) {
			t.Errorf("whole, but without a beginning: %+v", rep)
		}
	})
}

func BenchmarkWrite(b *testing.B) {
	for _, kind := range []string{event.Output, event.Started, event.Finished} {
		b.Run(kind, func(b *testing.B) {
			r, err := Create(b.TempDir(), meta(), CastLimit(1<<40))
			if err != nil {
				b.Fatal(err)
			}
			defer r.Close()
			e := event.Event{Kind: kind, Data: bytes.Repeat([]byte("0123456789abcde\n"), 256), Argv: []string{"/bin/true"}}
			for b.Loop() {
				if _, err := r.Write(e); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
