package explain

import (
	"context"
	"path"
	"slices"
	"strings"
	"testing"
)

// admin is a file of the administrator's that nobody else may change.
var admin = Info{Mode: 0o755, Owner: "root"}

// planned are the starts of a plan: words, "?" for one that is not known, "…"
// where further ones may follow.
func planned(e Explanation) []string {
	var out []string
	for _, s := range e.Plan.Starts {
		var words []string
		for _, w := range s.Argv {
			if w == nil {
				words = append(words, "?")
			} else {
				words = append(words, *w)
			}
		}
		if s.Rest {
			words = append(words, "…")
		}
		out = append(out, strings.Join(words, " "))
	}
	return out
}

func has(t *testing.T, e Explanation, start string, want bool) {
	t.Helper()
	if got := slices.Contains(planned(e), start); got != want {
		t.Errorf("%s: %q in the plan: %v, want %v; it has %q", e.Command, start, got, want, planned(e))
	}
}

// globs is a world in which some files are found by those patterns that fit.
type globs struct {
	modes
	found []string
}

func (w globs) Glob(_ context.Context, pattern string, _ int) (out []string, more bool, err error) {
	for _, f := range w.found {
		if ok, _ := path.Match(pattern, f); ok {
			out = append(out, f)
		}
	}
	return out, false, nil
}

func TestThePartsOfAProgramArePlannedOnlyIfTheyAreTheAdministrators(t *testing.T) {
	const compile = "/usr/local/go/pkg/tool/linux_amd64/compile"
	for _, c := range []struct {
		name string
		info Info
		want bool
	}{
		{"the administrator's", admin, true},
		{"somebody's", Info{Mode: 0o755, Owner: "ravi"}, false},
		{"anybody may change it", Info{Mode: 0o777, Owner: "root"}, false},
	} {
		w := globs{modes{paper{names: map[string]string{"go": "/usr/local/go/bin/go"}}, map[string]Info{
			"/usr/local/go/bin/go": admin, compile: c.info,
		}}, []string{compile}}
		t.Run(c.name, func(t *testing.T) { has(t, line(t, "go build .", w), compile+" …", c.want) })
	}
}

func TestHelpersInTurn(t *testing.T) {
	e := line(t, "tar -czf a.tgz d", paper{})
	has(t, e, "sh -c gzip", true)
	e = line(t, "python3 -m venv v", paper{})
	has(t, e, "? -m ensurepip --upgrade --default-pip", true)
	has(t, e, "lsb_release -a", true)
	has(t, e, "venv v", false)
	for _, s := range e.Plan.Starts {
		if len(s.Argv) > 0 && s.Argv[0] == nil && s.Path != "/usr/bin/python3" {
			t.Errorf("a Python of any name is planned as %q", s.Path)
		}
	}
	has(t, line(t, "find . -exec cp -t d {} +", paper{}), "cp -t d …", true)
	has(t, line(t, "find . -exec cp {} d ;", paper{}), "cp ? d", true)
}

func TestSettingsOfAptAreRead(t *testing.T) {
	const file = "/etc/apt/apt.conf.d/50x"
	text := `// a comment "x";
APT::Update { Post-Invoke { "rm -f /var/cache/apt/*.bin || true"; }; }; # more
DPkg::Post-Invoke {"/usr/bin/needed --now";};
Dir::Cache "/y";
`
	world := func(info Info) World {
		return globs{modes{paper{files: map[string]string{file: text}}, map[string]Info{file: info}}, []string{file}}
	}
	update := line(t, "apt-get update", world(admin))
	has(t, update, "sh -c rm -f /var/cache/apt/*.bin || true", true)
	has(t, update, "sh -c /usr/bin/needed --now", false)
	has(t, line(t, "apt-get install x", world(admin)), "sh -c /usr/bin/needed --now", true)
	has(t, line(t, "apt-get install x", world(Info{Mode: 0o666, Owner: "root"})), "sh -c /usr/bin/needed --now", false)
	has(t, line(t, "apt-cache policy x", world(admin)), "sh -c /usr/bin/needed --now", false)
	if !slices.ContainsFunc(update.Findings, func(f Finding) bool { return f.ID == "settings-start" && strings.Contains(f.Text, "rm -f") }) {
		t.Error("the card does not say what the settings start")
	}
}

func TestWhatSettingsDestroyCounts(t *testing.T) {
	const file = "/etc/apt/apt.conf.d/50x"
	w := globs{modes{paper{files: map[string]string{file: `APT::Update::Pre-Invoke {"rm -rf /var/lib/mysql";};`}}, map[string]Info{file: admin}}, []string{file}}
	if e := line(t, "apt-get update", w); e.Risk != "critical" {
		t.Errorf("rated %s", e.Risk)
	}
}

func TestProgramsUnderAnotherName(t *testing.T) {
	const script = "#!/home/ravi/v/bin/python3\n# -*- coding: utf-8 -*-\nimport re\nimport sys\nfrom pip._internal.cli.main import main\n" +
		"if __name__ == '__main__':\n    sys.argv[0] = re.sub(r'(-script\\.pyw|\\.exe)?$', '', sys.argv[0])\n    sys.exit(main())\n"
	link := Info{Mode: 0o755, Owner: "root", Target: "/usr/bin/python3.11"}
	w := modes{paper{files: map[string]string{"/home/ravi/v/bin/pip": script, "/home/ravi/v/bin/evil": strings.Replace(script, "pip.", "evil.", 1)}}, map[string]Info{
		"/home/ravi/v/bin/python": link, "/home/ravi/v/pyvenv.cfg": {Mode: 0o644},
		"/home/ravi/mine": {Mode: 0o755, Owner: "ravi", Target: "/home/ravi/other"},
	}}
	for cmd, want := range map[string]string{
		"v/bin/pip install ./pkg":        "Installs the package ./pkg",
		"v/bin/python -m pip install x":  "Installs the package x",
		"v/bin/python -c 'print(1)'":     "Calculates or shows something in Python",
		"v/bin/evil install ./pkg":       "Runs the script",
		"./mine":                         "Starts the program",
		"v/bin/python -m venv /srv/data": "Makes the folder",
	} {
		e := line(t, cmd, w)
		if !strings.HasPrefix(e.Headline, want) {
			t.Errorf("%s: %q, want %q", cmd, e.Headline, want)
		}
		if !e.Risk.AtLeast("caution") {
			t.Errorf("%s is rated %s: the folder may hold code of its own", cmd, e.Risk)
		}
		sound(t, e)
	}
}
