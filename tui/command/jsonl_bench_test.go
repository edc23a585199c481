package command

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"escort/explain"
	"escort/explain/effect"
)

// stream is the commands of the judged tables as lines of input.
func stream(tb testing.TB) (in []byte, lines int) {
	tb.Helper()
	tables, err := filepath.Glob("../../explain/testdata/judged/*.tsv")
	if err != nil || len(tables) == 0 {
		tb.Fatal("no judged tables", err)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for _, name := range tables {
		table, err := os.ReadFile(name)
		if err != nil {
			tb.Fatal(err)
		}
		for row := range strings.Lines(string(table)) {
			cmd, _, ok := strings.Cut(row, "\t")
			if !ok || strings.HasPrefix(cmd, "#") {
				continue
			}
			lines++
			if err := enc.Encode(map[string]any{"id": lines, "cmd": cmd, "kind": "line"}); err != nil {
				tb.Fatal(err)
			}
		}
	}
	return b.Bytes(), lines
}

// BenchmarkJSONLines is a stream of judged commands from the first byte read to
// the last one written.
func BenchmarkJSONLines(b *testing.B) {
	in, lines := stream(b)
	ask := func(ctx context.Context, r effect.Request) effect.Explanation {
		r.World = explain.Nowhere
		return explain.Explain(ctx, r)
	}
	b.ReportAllocs()
	rounds := 0
	for b.Loop() {
		if _, bad, err := jsonLines(b.Context(), bytes.NewReader(in), io.Discard, ask); err != nil || bad > 0 {
			b.Fatal(bad, err)
		}
		rounds++
	}
	b.ReportMetric(float64(rounds*lines)/b.Elapsed().Seconds(), "answers/s")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkQuestion is one line of input, taken apart.
func BenchmarkQuestion(b *testing.B) {
	q := &question{number: 1, line: []byte(`{"id":17,"cmd":"grep -rn \"some words\" /etc/nginx | head -20","kind":"line"}`)}
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := q.parse(); err != nil {
			b.Fatal(err)
		}
	}
}
