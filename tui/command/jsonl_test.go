package command

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"escort/explain/effect"

	"github.com/google/go-cmp/cmp"
)

// echo answers with the question.
func echo(_ context.Context, r effect.Request) effect.Explanation {
	e := effect.Explanation{Command: r.Text, Headline: r.Kind}
	return *e.Normalize()
}

func TestJSONLines(t *testing.T) {
	type answer struct{ ID, Command, Headline, Error string }
	for name, tc := range map[string]struct {
		in   string
		want []answer
	}{
		"nothing":      {"", nil},
		"blank":        {"\n \t\r\n\n", nil},
		"plain":        {`{"id":1,"cmd":"ls"}`, []answer{{ID: "1", Command: "ls", Headline: "line"}}},
		"script":       {`{"id":"a","cmd":"ls\nid","kind":"script"}` + "\r\n", []answer{{ID: `"a"`, Command: "ls\nid", Headline: "script"}}},
		"any id":       {`{"id":{"a":[1,null]},"cmd":""}`, []answer{{ID: `{"a":[1,null]}`, Headline: "line"}}},
		"exact number": {`{"id":12345678901234567890.10,"cmd":"x"}`, []answer{{ID: "12345678901234567890.10", Command: "x", Headline: "line"}}},
		"no id":        {`{"cmd":"ls"}`, []answer{{ID: "null", Command: "ls", Headline: "line"}}},
		"number counts blank lines": {
			"\n\nls\n{\"id\":2,\"cmd\":\"ls\"}\n",
			[]answer{{ID: "null", Error: `line 3: not an object like {"id":1,"cmd":"ls"}`}, {ID: "2", Command: "ls", Headline: "line"}},
		},
		"no object":     {`["ls"]`, []answer{{ID: "null", Error: `line 1: not an object like {"id":1,"cmd":"ls"}`}}},
		"null":          {`null`, []answer{{ID: "null", Error: `line 1: not an object like {"id":1,"cmd":"ls"}`}}},
		"two objects":   {`{"cmd":"a"}{"cmd":"b"}`, []answer{{ID: "null", Error: `line 1: not an object like {"id":1,"cmd":"ls"}`}}},
		"no cmd":        {`{"id":7}`, []answer{{ID: "7", Error: `line 1: "cmd" is missing`}}},
		"other case":    {`{"id":7,"CMD":"ls"}`, []answer{{ID: "7", Error: `line 1: "cmd" is missing`}}},
		"cmd no string": {`{"id":7,"cmd":null}`, []answer{{ID: "7", Error: `line 1: "cmd" is not a string`}}},
		"kind unknown":  {`{"id":7,"cmd":"x","kind":"poem"}`, []answer{{ID: "7", Error: `line 1: "kind" is neither "line" nor "script"`}}},
		"kind null":     {`{"id":7,"cmd":"x","kind":null}`, []answer{{ID: "7", Error: `line 1: "kind" is not a string`}}},
		"not UTF-8":     {"{\"id\":7,\"cmd\":\"\xff\"}", []answer{{ID: "null", Error: "line 1: not UTF-8, as JSON must be"}}},
		"no html":       {`{"id":"<&>","cmd":"a <b >c & d"}`, []answer{{ID: `"<&>"`, Command: "a <b >c & d", Headline: "line"}}},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			asked, bad, err := jsonLines(t.Context(), strings.NewReader(tc.in), &out, echo)
			if err != nil {
				t.Fatal(err)
			}
			var got []answer
			refusals := 0
			for line := range strings.Lines(out.String()) {
				var a struct {
					ID                       json.RawMessage
					Command, Headline, Error string
				}
				if err := json.Unmarshal([]byte(line), &a); err != nil {
					t.Fatal(err)
				}
				if a.Error != "" {
					refusals++
				} else if strings.Contains(line, ":null,\"") && !strings.HasPrefix(line, `{"id":null,`) && !strings.Contains(tc.in, "null") {
					t.Errorf("an array is null: %s", line)
				}
				got = append(got, answer{string(a.ID), a.Command, a.Headline, a.Error})
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Error(d)
			}
			if asked != len(got) || bad != refusals {
				t.Errorf("counted %d and %d bad of %d and %d", asked, bad, len(got), refusals)
			}
		})
	}
}

func TestJSONLinesKeepsOrder(t *testing.T) {
	const n = 500
	var in, out bytes.Buffer
	for i := range n {
		fmt.Fprintf(&in, "{\"id\":%d,\"cmd\":\"%d\"}\n", i, i)
	}
	second := make(chan struct{})
	_, _, err := jsonLines(t.Context(), &in, &out, func(ctx context.Context, r effect.Request) effect.Explanation {
		switch r.Text {
		case "0": // ends after the one that comes next
			<-second
		case "1":
			close(second)
		}
		return echo(ctx, r)
	})
	if err != nil {
		t.Fatal(err)
	}
	i := 0
	for line := range strings.Lines(out.String()) {
		if !strings.HasPrefix(line, fmt.Sprintf(`{"id":%d,`, i)) {
			t.Fatalf("line %d is %s", i, line)
		}
		i++
	}
	if i != n {
		t.Errorf("%d answers to %d lines", i, n)
	}
}

// One question at a time must get its answer before the next is sent.
func TestJSONLinesAnswersAtOnce(t *testing.T) {
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	done := make(chan error, 1)
	go func() {
		_, _, err := jsonLines(t.Context(), inR, outW, echo)
		done <- err
	}()
	out := bufio.NewReader(outR)
	for i := range 3 {
		if _, err := fmt.Fprintf(inW, "{\"id\":%d,\"cmd\":\"x\"}\n", i); err != nil {
			t.Fatal(err)
		}
		line, err := out.ReadString('\n') // hangs until the test's deadline if it is not flushed
		if err != nil || !strings.HasPrefix(line, fmt.Sprintf(`{"id":%d,`, i)) {
			t.Fatalf("%q, %v", line, err)
		}
	}
	if err := errors.Join(inW.Close(), <-done); err != nil {
		t.Fatal(err)
	}
}

func TestJSONLinesLong(t *testing.T) {
	fits := `{"id":1,"cmd":"` + strings.Repeat("x", maxInputLine-17) + `"}`
	if len(fits) != maxInputLine {
		t.Fatal(len(fits))
	}
	in := fits + "\n" + fits + " \n" + `{"id":3,"cmd":"x"}`
	var out bytes.Buffer
	asked, bad, err := jsonLines(t.Context(), strings.NewReader(in), &out, func(ctx context.Context, r effect.Request) effect.Explanation {
		return effect.Explanation{Headline: fmt.Sprint(len(r.Text))}
	})
	if err != nil || asked != 3 || bad != 1 {
		t.Fatalf("%d asked, %d bad, %v", asked, bad, err)
	}
	lines := strings.Split(out.String(), "\n")
	if !strings.Contains(lines[0], fmt.Sprint(maxInputLine-17)) ||
		lines[1] != `{"id":null,"error":"line 2: longer than 16 MB"}` || !strings.HasPrefix(lines[2], `{"id":3,`) {
		t.Errorf("%.300s", out.String())
	}
}

type brokenWriter struct{}

var errBroken = errors.New("nobody reads")

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestJSONLinesOutputFails(t *testing.T) {
	in := strings.NewReader(strings.Repeat(`{"cmd":"x"}`+"\n", 1000))
	if _, _, err := jsonLines(t.Context(), in, brokenWriter{}, echo); !errors.Is(err, errBroken) {
		t.Errorf("err = %v", err)
	}
}

func TestTextKeepsDisguises(t *testing.T) {
	for raw, want := range map[string]string{
		`"a\udcffb"`:              "a\xffb",
		`"\udce9"`:                "\xe9",
		`"\ud83d"`:                "\xff",
		`"\ud83d\ud83d\ude00"`:    "\xff😀",
		`"\ud83d\ude00\udc80"`:    "😀\x80",
		`"\\udcff\ufffd\n\u0000"`: "\\udcff\ufffd\n\x00",
		`"\udcff\\"`:              "\xff\\",
		`""`:                      "",
	} {
		got, err := text(json.RawMessage(raw))
		if err != nil || got != want {
			t.Errorf("text(%s) = %q, %v; want %q", raw, got, err, want)
		}
	}
}

func FuzzQuestion(f *testing.F) {
	f.Add([]byte(`{"id":1,"cmd":"ls\udcff"}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		q := &question{number: 1, line: line}
		if out := q.solve(t.Context(), echo); !json.Valid(out) || bytes.ContainsRune(out, '\n') {
			t.Errorf("%q gives %q", line, out)
		}
	})
}

// explainer keeps what it was last asked.
func explainer(req *effect.Request) func(context.Context, effect.Request) effect.Explanation {
	return func(ctx context.Context, r effect.Request) effect.Explanation {
		*req = r
		return *(&effect.Explanation{Command: r.Text, Risk: effect.Safe}).Normalize()
	}
}
