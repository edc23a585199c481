package shot

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDocument draws rows with everything in them that is special to XML.
func TestDocument(t *testing.T) {
	doc := SVG([]string{"a < b & \"c\"", "\x1b[1;31m█─│┌\x1b[m", ""}, 12, Dark, "<&>")
	wellFormed(t, doc)
	for _, want := range []string{"&lt;&amp;&gt;", "a &lt; b &amp;", "<path", "<rect"} {
		if !bytes.Contains(doc, []byte(want)) {
			t.Errorf("the document lacks %q", want)
		}
	}
}

func wellFormed(t *testing.T, doc []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(doc))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("no XML: %v", err)
		}
	}
}

func TestRuns(t *testing.T) {
	for _, tc := range []struct {
		row  string
		cols int
		want []run
	}{
		{"plain", 9, []run{{x: 0, cells: 5, text: "plain"}}},
		{" a  b c ", 9, []run{{x: 1, cells: 1, text: "a"}, {x: 4, cells: 3, text: "b c"}}},
		{"cut off", 3, []run{{x: 0, cells: 3, text: "cut"}}},
		{"a\x1b[1;31mb\x1b[mc", 9, []run{
			{x: 0, cells: 1, text: "a"},
			{x: 1, cells: 1, text: "b", style: style{fg: Dark.named[1], bold: true}},
			{x: 2, cells: 1, text: "c"},
		}},
		{"\x1b[38;5;196;48;2;1;2;3mx", 9, []run{{x: 0, cells: 1, text: "x", style: style{fg: "#ff0000", bg: "#010203"}}}},
		{"\x1b[7m \x1b[27m ", 9, []run{{x: 0, cells: 1, text: " ", style: style{rev: true}}}},
		{"│──██", 9, []run{
			{x: 0, cells: 1, text: "│", shape: '│'},
			{x: 1, cells: 2, text: "──", shape: '─'},
			{x: 3, cells: 2, text: "██", shape: '█'},
		}},
		{"日本", 3, []run{{x: 0, cells: 2, text: "日"}}},
		{"a\xffb\x07", 9, []run{{x: 0, cells: 3, text: "a\uFFFDb"}}},
		{"\x1b]0;title", 99, []run{{x: 0, cells: 8, text: "]0;title"}}},
		{"\x1b[2Jx\x1b[1", 9, []run{{x: 0, cells: 1, text: "x"}}},
		{"\x1b[38mx\x1b[38;5mx\x1b", 9, []run{{x: 0, cells: 2, text: "xx"}}},
	} {
		if diff := cmp.Diff(tc.want, bare(runs(tc.row, tc.cols, Dark)), cmp.AllowUnexported(run{}, style{})); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tc.row, diff)
		}
	}
}

func TestTextIsEscaped(t *testing.T) {
	doc := SVG([]string{`<script>alert("1")</script>&`}, 40, Dark, `a "b" <c>`)
	wellFormed(t, doc)
	if strings.Contains(string(doc), "<script") || strings.Contains(string(doc), "<c>") {
		t.Errorf("text became markup:\n%s", doc)
	}
}

// bare is the runs without their paper, which all have.
func bare(rs []run) []run {
	for i := range rs {
		rs[i].style.on = nil
	}
	return rs
}

func TestPapers(t *testing.T) {
	row := []string{"\x1b[31mx\x1b[m"}
	if doc := string(SVG(row, 1, Light, "")); !strings.Contains(doc, Light.back) || !strings.Contains(doc, Light.named[1]) {
		t.Error(doc)
	}
}

func FuzzSVG(f *testing.F) {
	f.Add("\x1b[1;31mHIGH\x1b[m │ \x1b[38;5;9m日\x1b[7m\x00\xff")
	f.Fuzz(func(t *testing.T, row string) { wellFormed(t, SVG([]string{row}, 80, Dark, row)) })
}
