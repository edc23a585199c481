package command

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSampleCommandLine(t *testing.T) {
	example, err := os.ReadFile("../../session/sample/testdata/example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := file("good.yaml", string(example))
	bad := file("bad.yaml", strings.Replace(string(example), "right: deny ", "right: never", 1))
	soft := file("soft.yaml", strings.Replace(string(example), "right: deny ", "right: allow", 1))
	_ = os.Mkdir(filepath.Join(dir, "ours"), 0o700)
	file("ours/a.yaml", string(example))
	for name, tc := range map[string]struct {
		args []string
		says
	}{
		"list":        {[]string{"sample", "list"}, says{Done, `(?s)First day .*quiet_disk .*Disguises.*curl_pipe`, ""}},
		"folder":      {[]string{"sample", "list", filepath.Join(dir, "ours")}, says{Done, `^  a +Old logs go`, ""}},
		"no folder":   {[]string{"sample", "list", filepath.Join(dir, "none")}, says{Failed, "", `error: .*none: there is no file`}},
		"check":       {[]string{"sample", "check", good}, says{Done, `(?s)good.yaml: 4 steps, all is well\n  allow +SAFE .*  deny +HIGH +sudo rm -rf /srv/shop\n`, ""}},
		"bad":         {[]string{"sample", "check", bad}, says{Failed, `bad.yaml:16: right is allow, deny, ask or cannot-tell\n`, `1 problem to mend\n`}},
		"both":        {[]string{"sample", "check", good, bad}, says{Failed, `(?s)all is well.*bad.yaml:16: `, `1 problem to mend\n`}},
		"against key": {[]string{"sample", "check", soft}, says{Done, `all is well`, ""}},
		"no file":     {[]string{"sample", "check"}, says{Usage, "", `needs the name of a file`}},
		"missing":     {[]string{"sample", "check", filepath.Join(dir, "none.yaml")}, says{Failed, "", `none.yaml cannot be read: .*\nescort: hint: `}},
		"example":     {[]string{"sample", "example"}, says{Done, `(?s)^title: a full log folder .*debrief: `, ""}},
		"example of":  {[]string{"sample", "example", "x"}, says{Usage, "", `takes no argument`}},
		"names":       {[]string{"sample", "example", "--help"}, says{Done, `(?s)steps.right +allow, deny, ask`, ""}},
		"unknown":     {[]string{"sample", "bake"}, says{Usage, "", `unknown command bake`}},
		"demo of it":  {[]string{"demo", good, "--svg", "-"}, says{Done, `^<svg`, ""}},
		"bad demo":    {[]string{"demo", bad, "--svg", "-"}, says{Failed, "", `bad.yaml:16: right is `}},
	} {
		t.Run(name, func(t *testing.T) { tc.check(t, program(t, tc.args...)) })
	}
}
