package command

import (
	"bytes"
	"context"
	"testing"

	"escort/session/doctor"
)

func TestDoctor(t *testing.T) {
	good := doctor.Check{Name: "kernel", Detail: "6.12", OK: true, Needed: true}
	note := doctor.Check{Name: "freezer", Hint: "not needed"}
	bad := doctor.Check{Name: "ptrace", Detail: "not permitted", Hint: "set yama to 1", Needed: true}
	for name, tc := range map[string]struct {
		checks []doctor.Check
		args   []string
		code   int
		out    string
		said   string
	}{
		"able": {
			[]doctor.Check{good, note},
			nil, Done, "  ok       kernel: 6.12\n  note     freezer\n           not needed\n", "",
		},
		"unable": {
			[]doctor.Check{good, bad},
			nil, Unable, "  ok       kernel: 6.12\n  MISSING  ptrace: not permitted\n           set yama to 1\n",
			"escort: error: this host cannot hold a session: ptrace\nescort: hint: set yama to 1\n",
		},
		"as JSON": {
			[]doctor.Check{good},
			[]string{"--json"},
			Done, `[{"name":"kernel","detail":"6.12","hint":"","ok":true,"needed":true}]` + "\n", "",
		},
		"nothing tried": {
			nil,
			[]string{"--json"},
			Unable, "[]\n",
			"escort: error: this host cannot hold a session: nothing that is needed could be tried\n",
		},
		"an argument": {
			nil,
			[]string{"x"},
			Usage, "", "escort: error: doctor takes no argument, and got x\nescort: hint: see escort doctor --help\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var out, said bytes.Buffer
			s := Streams{Out: &out, Err: &said, Getenv: func(string) string { return "/home/ravi" }}
			tools := Tools{Doctor: func(_ context.Context, state string) []doctor.Check {
				if state != "/home/ravi/escort" {
					t.Errorf("asked about %q", state)
				}
				return tc.checks
			}}
			code := Run(t.Context(), append([]string{"doctor"}, tc.args...), s, tools)
			if code != tc.code || out.String() != tc.out || said.String() != tc.said {
				t.Errorf("code %d\n%s\n%s", code, out.String(), said.String())
			}
		})
	}
}
