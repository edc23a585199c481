package effect

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
	"time"
)

// encoded is v as encoding/json writes it.
func encoded(tb testing.TB, v any) string {
	tb.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		tb.Fatal(err)
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

func written(e *Explanation) string { return "{" + string(e.AppendJSON(nil)) + "}" }

// fill gives every member of v a value of its own, so that one that is left
// out is seen.
func fill(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString("\"\\<&>\x00\x1f\b\f\n\r\t\x7fä\u2028\u2029\xff\U0001F600 " + string(rune('a'+*n%26)))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int:
		v.SetInt(int64(*n) - 20)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 3, 3))
		for i := range 2 { // the last one stays empty
			fill(v.Index(i), n)
		}
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), n)
		}
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]string{"b\n": "1", "a": "2", "": "3"}))
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 11, 3, 1, 2, 3, 456, time.FixedZone("", 3600))))
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	}
}

func TestAppendJSON(t *testing.T) {
	var full, none, empty Explanation
	n := 0
	fill(reflect.ValueOf(&full).Elem(), &n)
	empty.Normalize()
	for name, e := range map[string]*Explanation{"full": &full, "none": &none, "empty": &empty} {
		if want, got := encoded(t, e), written(e); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, want)
		}
	}
}

func FuzzAppendJSON(f *testing.F) {
	f.Add("ls\x00\u2028", "\xff\xfe", 3)
	f.Fuzz(func(t *testing.T, a, b string, n int) {
		e := &Explanation{
			Command: a, Headline: b, Ask: []string{b, a}, Plan: Plan{Files: map[string]string{a: b, b: a}},
			Parts: []Part{{Text: a, Meaning: b, Span: Span{n, -n}}},
		}
		if want, got := encoded(t, e), written(e); got != want {
			t.Errorf("%s\nwant\n%s", got, want)
		}
	})
}

func BenchmarkAppendJSON(b *testing.B) {
	var e Explanation
	n := 0
	fill(reflect.ValueOf(&e).Elem(), &n)
	var line []byte
	b.ReportAllocs()
	for b.Loop() {
		line = e.AppendJSON(line[:0])
	}
}
