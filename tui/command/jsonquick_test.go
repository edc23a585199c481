package command

import (
	"encoding/json"
	"testing"
	"unicode/utf8"
)

// what is read quickly must be what encoding/json reads.
func FuzzQuickly(f *testing.F) {
	for _, line := range []string{
		`{"id":1,"cmd":"ls","kind":"line"}`, ` { "cmd" : "a\"b\\c\n\/é\t" , "id" : "x" } `, `{"id":01,"cmd":"x"}`, `{"id":1.5,"cmd":"x"}`,
		`{"cmd":"a","cmd":"b"}`, `{"cmd":"\u0041"}`, `{"cmd":"x"}}`, `{"cmd":"x",}`, `{}`, `{"cmd":"x`, `{"cmd":"\`, `{"id":-1,"cmd":"x"}`, `{"id":12x}`,
		`{"i\u0064":1}`, "{\"cmd\":\"a\tb\"}", `{"cmd":1}`, `{"":1}`,
	} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		m, ok := quickly(line)
		if !ok || !utf8.Valid(line) {
			return
		}
		var all map[string]json.RawMessage
		if err := json.Unmarshal(line, &all); err != nil {
			t.Fatalf("%q is no object: %v", line, err)
		}
		for name, got := range map[string]json.RawMessage{"id": m.id, "cmd": m.cmd, "kind": m.kind} {
			if string(all[name]) != string(got) {
				t.Errorf("%q: %s is %q, want %q", line, name, got, all[name])
			}
			quick, ok := quickText(got)
			if slow, err := text(got); ok && (err != nil || slow != quick) {
				t.Errorf("%q: %s is the text %q, want %q, %v", line, name, quick, slow, err)
			}
		}
		if len(all) > 3 {
			t.Errorf("%q has further members", line)
		}
	})
}

func TestQuickly(t *testing.T) {
	for line, want := range map[string]bool{
		`{"id":1,"cmd":"ls -l \"x\"","kind":"line"}`: true, ` {"cmd" : "ls"} ` + "\r": true, `{"id":"a","cmd":"x"}`: true,
		`{"id":null,"cmd":"x"}`: false, `{"id":1,"cmd":"\u0041"}`: false, `{"cmd":"x","more":1}`: false, `["cmd"]`: false, `{"id":01,"cmd":"x"}`: false,
		`{"cmd":"a","cmd":"b"}`: false, `{}`: false, ``: false,
	} {
		if _, ok := quickly([]byte(line)); ok != want {
			t.Errorf("%s: %v", line, ok)
		}
	}
}
