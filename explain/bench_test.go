package explain

import (
	"bufio"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"escort/explain/lore"
	"escort/explain/lore/source"
)

// corpus is every command of the judged tables and of the lore's examples.
func corpus(tb testing.TB) []string {
	tb.Helper()
	var out []string
	tables, err := filepath.Glob("testdata/judged/*.tsv")
	if err != nil || len(tables) == 0 {
		tb.Fatal("no judged tables", err)
	}
	for _, name := range tables {
		file, err := os.Open(name)
		if err != nil {
			tb.Fatal(err)
		}
		for s := bufio.NewScanner(file); s.Scan(); {
			if cmd, _, ok := strings.Cut(s.Text(), "\t"); ok && !strings.HasPrefix(cmd, "#") {
				out = append(out, cmd)
			}
		}
		file.Close()
	}
	entries, err := source.Read(os.DirFS("lore/data"))
	if err != nil {
		tb.Fatal(err)
	}
	var examples func(e *lore.Entry)
	examples = func(e *lore.Entry) {
		for _, x := range e.Examples {
			out = append(out, x.Cmd)
		}
		for _, s := range e.Subcommands {
			examples(s)
		}
	}
	for _, e := range entries {
		examples(e)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// BenchmarkCorpus explains all commands once a round; it reports the median
// and the 99th part in a hundred of the time that one takes.
func BenchmarkCorpus(b *testing.B) {
	all := corpus(b)
	took := make([]time.Duration, len(all))
	for i := range took {
		took[i] = time.Hour
	}
	for b.Loop() {
		for i, text := range all {
			start := time.Now()
			Explain(context.Background(), Request{Text: text, World: Nowhere})
			took[i] = min(took[i], time.Since(start))
		}
	}
	var sum time.Duration
	for _, d := range took {
		sum += d
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Nanoseconds()), "ns-median")
	b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds()), "ns-p99")
	b.ReportMetric(float64(sum.Nanoseconds())/float64(len(took)), "ns-mean")
	b.ReportMetric(float64(len(took)), "lines")
}
