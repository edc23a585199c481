package command

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"escort/explain/effect"

	"github.com/creack/pty"
	"github.com/google/go-cmp/cmp"
)

func noEnv(string) string { return "" }

// printed is e as it is printed where there is no terminal.
func printed(t *testing.T, e effect.Explanation) string {
	t.Helper()
	var out bytes.Buffer
	if err := printExplanation(&out, noEnv, e); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func disaster() effect.Explanation {
	return effect.Explanation{
		Command:  "sudo rm -rf /var/lib/mysql",
		Risk:     effect.Critical,
		Headline: "Deletes the MySQL database files in /var/lib/mysql, everything in the folder, as administrator.",
		Undo:     effect.UndoNo, UndoText: "Only a backup brings them back.",
		Dimensions: effect.Dimensions{Damage: effect.Critical, Control: effect.Low},
		Findings: []effect.Finding{
			{Risk: effect.Low, Text: "It works as administrator."},
			{Risk: effect.Critical, Text: "It deletes the files of a database."},
		},
		Parts: []effect.Part{
			{Text: "sudo", Meaning: "does the rest as administrator (root)", Source: effect.FromLore},
			{Text: "rm", Meaning: "deletes files and folders", Source: effect.FromLore},
			{Text: "-rf", Meaning: "with all that is in them, without asking", Source: effect.FromManual},
			{Text: "/var/lib/mysql", Meaning: "the MySQL database files", Source: effect.FromLore},
		},
		Unknowns: []effect.Unknown{{Text: "whether a backup exists", Why: "not looked at", Risk: effect.Caution}},
		Ask:      []string{"Is there a backup from today, and who checked it?"},
	}
}

func TestPage(t *testing.T) {
	const want = `  ▲ CRITICAL · do not allow alone · cannot be undone

  Deletes the MySQL database files in /var/lib/mysql, everything in the folder,
  as administrator.

  Only a backup brings them back.

  Breaks things        ████ critical
  Gives control away   █░░░ low

  sudo rm -rf /var/lib/mysql
    sudo            does the rest as administrator (root)
    rm              deletes files and folders
    -rf             with all that is in them, without asking (from the manual)
    /var/lib/mysql  the MySQL database files

  Why:
    ▲ critical It deletes the files of a database.
    ● low      It works as administrator.
  I cannot tell:
    ? whether a backup exists (not looked at)

  Ask: “Is there a backup from today, and who checked it?”
`
	if d := cmp.Diff(want, printed(t, disaster())); d != "" {
		t.Error(d)
	}
}

func TestPageSaysWhereMeaningsAreFrom(t *testing.T) {
	got := printed(t, effect.Explanation{Command: "frob x.sh", Parts: []effect.Part{
		{Text: "frob", Meaning: `from the manual, frob(1): "turn things round"`, Source: effect.FromManual},
		{Text: "x.sh", Meaning: "the script that is run", Source: effect.FromHost},
	}})
	const want = `  frob x.sh
    frob  from the manual, frob(1): "turn things round"
    x.sh  the script that is run (seen on this machine)
`
	if !strings.Contains(got, want) {
		t.Errorf("got:\n%s\nwant in it:\n%s", got, want)
	}
}

func TestPageOfScript(t *testing.T) {
	got := printed(t, effect.Explanation{
		Command: "ls\nrm -rf ~/victim\n", Risk: effect.High, Headline: "Deletes victim.",
		Scripts: []effect.Script{{
			Path: "fix_servers.sh", Lines: 3, Unread: "read 1 of 3 MB",
			Worst: []effect.ScriptLine{{Line: 2, Text: "  rm -rf ~/victim", Meaning: "deletes the folder victim", Risk: effect.High}},
		}},
	})
	const want = `  Worst lines of fix_servers.sh (3 lines):
      2  rm -rf ~/victim
         deletes the folder victim
  Not read to its end: read 1 of 3 MB
`
	if !strings.Contains(got, want) {
		t.Errorf("got:\n%s\nwant in it:\n%s", got, want)
	}
}

func TestRiskLine(t *testing.T) {
	for name, tc := range map[string]struct {
		e    effect.Explanation
		want string
	}{
		"safe": {effect.Explanation{Risk: effect.Safe, Undo: effect.UndoYes}, "○ SAFE · only looks"},
		"low":  {effect.Explanation{Risk: effect.Low, Undo: effect.UndoYes}, "● LOW · small, easy to put back · can be undone"},
		"caution": {
			effect.Explanation{Risk: effect.Caution, Undo: effect.UndoPartly, Dimensions: effect.Dimensions{Unknown: effect.Caution}},
			"◆ CAUTION · normal work, check the ticket · can be undone in part",
		},
		"unknown makes it": {
			effect.Explanation{Risk: effect.High, Undo: effect.UndoUnknown, Dimensions: effect.Dimensions{Damage: effect.Low, Unknown: effect.High}},
			"△ HIGH · I cannot tell what this does",
		},
		"unknown and known": {
			effect.Explanation{Risk: effect.High, Undo: effect.UndoUnknown, Dimensions: effect.Dimensions{Damage: effect.High, Unknown: effect.High}},
			"△ HIGH · hard to undo, ask first",
		},
		"no rating": {effect.Explanation{Risk: "harmless"}, "▲ HARMLESS · do not allow alone"},
	} {
		t.Run(name, func(t *testing.T) {
			first, _, _ := strings.Cut(printed(t, tc.e), "\n")
			if got := strings.TrimSpace(first); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// Nothing that an explanation carries may reach the terminal unseen.
func TestPageIsInert(t *testing.T) {
	const evil = "a\x1b]52;c;x\a\u009b2J\u202eb\x00\xff\r"
	e := effect.Explanation{
		Command: evil, Risk: effect.High, Headline: evil, UndoText: evil, Ask: []string{evil},
		Findings: []effect.Finding{{Text: evil, Risk: effect.Risk(evil)}},
		Parts:    []effect.Part{{Text: evil, Meaning: evil}, {Text: strings.Repeat(evil, 9), Meaning: evil}},
		Unknowns: []effect.Unknown{{Text: evil, Why: evil}},
		Scripts:  []effect.Script{{Path: evil, Unread: evil, Worst: []effect.ScriptLine{{Text: evil, Meaning: evil}}}},
	}
	e.Dimensions.Damage = effect.Risk(evil)
	ours := regexp.MustCompile(`\x1b\[[0-9;]*m`) // styles; evil has none of these
	if bad := regexp.MustCompile(`[\x00-\x09\x0b-\x1f\x7f\x{80}-\x{9f}\x{202e}]`).FindString(ours.ReplaceAllString(compose(e, 80), "")); bad != "" {
		t.Errorf("%q gets through", bad)
	}
}

func TestColourWhereItMay(t *testing.T) {
	for name, tc := range map[string]struct {
		env    map[string]string
		colour bool
	}{
		"colours":  {map[string]string{"TERM": "xterm-256color"}, true},
		"no color": {map[string]string{"TERM": "xterm-256color", "NO_COLOR": "1"}, false},
		"dumb":     {map[string]string{"TERM": "dumb"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			master, tty, err := pty.Open()
			if err != nil {
				t.Fatal(err)
			}
			defer master.Close()
			if err := printExplanation(tty, func(n string) string { return tc.env[n] }, effect.Explanation{Risk: effect.High, Headline: "x"}); err != nil {
				t.Fatal(err)
			}
			if err := tty.Close(); err != nil {
				t.Fatal(err)
			}
			b, _ := io.ReadAll(master) // ends with EIO, as terminals do whose other side is closed
			if got := regexp.MustCompile(`\x1b\[[0-9;]*31`).Match(b); got != tc.colour {
				t.Errorf("red %v, want %v: %q", got, tc.colour, b)
			}
		})
	}
}

// asked runs escort explain on something that says what it was asked.
func asked(t *testing.T, in string, args ...string) (req effect.Request, out, said string, code int) {
	t.Helper()
	var o, e bytes.Buffer
	s := Streams{In: strings.NewReader(in), Out: &o, Err: &e, Getenv: noEnv}
	tools := Tools{Explain: explainer(&req), Schema: func() []byte { return []byte("{}\n") }}
	code = Run(t.Context(), append([]string{"explain"}, args...), s, tools)
	return req, o.String(), e.String(), code
}

func TestExplainCommand(t *testing.T) {
	dir := t.TempDir()
	script := filepath.Join(dir, "fix.sh")
	if err := os.WriteFile(script, []byte("#!/bin/sh\nls\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		in             string
		args           []string
		code           int
		text, kind, of string
	}{
		"command":      {"", []string{"ls -l"}, Done, "ls -l", "line", ""},
		"empty":        {"", []string{""}, Done, "", "line", ""},
		"file":         {"", []string{"-f", script}, Done, "#!/bin/sh\nls\n", "script", script},
		"input":        {"id\n", []string{"-f", "-"}, Done, "id\n", "script", ""},
		"nothing":      {"", nil, Usage, "", "", ""},
		"two words":    {"", []string{"ls", "-l"}, Usage, "", "", ""},
		"two commands": {"", []string{"ls", "id"}, Usage, "", "", ""},
		"both":         {"", []string{"ls", "--jsonl"}, Usage, "", "", ""},
		"missing file": {"", []string{"-f", filepath.Join(dir, "none")}, Failed, "", "", ""},
		"folder":       {"", []string{"-f", dir}, Failed, "", "", ""},
		"bad line":     {"x\n", []string{"--jsonl"}, Failed, "", "", ""},
		"schema":       {"", []string{"--schema"}, Done, "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			req, out, said, code := asked(t, tc.in, append(tc.args, "--no-host")...)
			if code != tc.code || req.Text != tc.text || req.Kind != tc.kind || req.Name != tc.of {
				t.Errorf("code %d, asked %+v", code, req)
			}
			if (code == Done) != (said == "") || code != Done && !strings.Contains(said, "\nescort: hint: ") || code == Done && out == "" {
				t.Errorf("output %q, error %q", out, said)
			}
		})
	}
}

func TestExplainJSON(t *testing.T) {
	_, out, _, code := asked(t, "", "--json", "--no-host", "--ticket", "INC-1", "a <b >c")
	if code != Done || !strings.HasPrefix(out, `{"command":"a <b >c","headline":"",`) || strings.Count(out, "\n") != 1 {
		t.Errorf("code %d, %s", code, out)
	}
	req, _, _, _ := asked(t, "", "--no-host", "--ticket", "INC-1", "ls")
	if req.Ticket != "INC-1" || req.World != nil {
		t.Errorf("asked %+v", req)
	}
	if req, _, _, _ = asked(t, "", "ls"); req.World == nil {
		t.Error("the host was not offered")
	}
}
