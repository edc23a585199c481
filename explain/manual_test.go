package explain

import (
	"compress/gzip"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"escort/explain/effect"
	"escort/explain/host"
)

// library is a world with manual pages; it notes which ones were asked for.
type library struct {
	paper
	pages map[string]string
	asked *[]string
}

func (l library) Lookup(ctx context.Context, kind, name string) (string, error) {
	if kind != effect.LookupManual {
		return l.paper.Lookup(ctx, kind, name)
	}
	*l.asked = append(*l.asked, name)
	if text, ok := l.pages[name]; ok {
		return text, nil
	}
	return "", fs.ErrNotExist
}

func books() library {
	return library{
		paper: paper{
			names: map[string]string{"evilfrob": "/home/ravi/bin/evilfrob"},
			files: map[string]string{"/usr/bin/frobscript": "#!/bin/sh\nls\n", "/usr/bin/frob": "\x7fELF\x00"},
		},
		asked: new([]string),
		pages: map[string]string{
			"frob":       "frob(1)\n\nNAME\n    frob - turn things round\n\nOPTIONS\n    -a, --all\n        Take all. Slow.\n    -o FILE\n        write to FILE\n    -b\n        be brief\n",
			"frob-prune": "frob-prune(8)\n\nNAME\n    frob-prune - throw old things away\n\nOPTIONS\n    --dry\n        only say what would go\n",
			"ls":         "ls(1)\n\nNAME\n    ls - list\n\nDESCRIPTION\n    --zap\n        list quickly\n    -y\n        with years\n",
			"git":        "git(1)\n\nNAME\n    git - the tracker\n\nOPTIONS\n    --zap\n        of all of git\n",
			"git-commit": "git-commit(1)\n\nNAME\n    git-commit - record\n\nOPTIONS\n    --zap\n        of the commit\n",
			"git-zot":    "git-zot(1)\n\nNAME\n    git-zot - zot it\n",
			"nslookup":   "nslookup(1)\n\nNAME\n    nslookup - ask\n\nOPTIONS\n    -zap\n        quickly\n",
			"fstabs":     "fstabs(5)\n\nNAME\n    fstabs - what is mounted\n",
			"cd":         "cd(1)\n\nNAME\n    cd - change\n\nOPTIONS\n    -z\n        of another cd\n",
			"evilfrob":   "evilfrob(1)\n\nNAME\n    evilfrob - do nothing bad\n",
			"frobscript": "frobscript(1)\n\nNAME\n    frobscript - list\n",
		},
	}
}

// shown is the headline and every part, as one text.
func shown(e Explanation) string {
	var b strings.Builder
	b.WriteString(e.Headline + "\n")
	for _, p := range e.Parts {
		b.WriteString(p.Text + " | " + p.Meaning + " | " + string(p.Source) + "\n")
	}
	return b.String()
}

func TestManualIsQuoted(t *testing.T) {
	const unsaid = "not known: it depends on the program"
	for cmd, want := range map[string]string{
		"frob": "Starts the program frob. Its manual says: \"turn things round\".\n" +
			"frob | from the manual, frob(1): \"turn things round\" | manual\n",
		"sudo frob -a x": "Starts the program frob, as administrator. Its manual says: \"turn things round\".\n" +
			"sudo | does the rest as administrator | lore\n" +
			"frob | from the manual, frob(1): \"turn things round\" | manual\n" +
			"-a | from the manual, frob(1): \"Take all\" | manual\nx | " + unsaid + " | unknown\n",
		"frob -ab -o -b --all=3 -Q -- -b": "Starts the program frob. Its manual says: \"turn things round\".\n" +
			"frob | from the manual, frob(1): \"turn things round\" | manual\n" +
			"-ab | from the manual, frob(1): -a \"Take all\", -b \"be brief\" | manual\n" +
			"-o | from the manual, frob(1): \"write to FILE\" | manual\n-b | " + unsaid + " | unknown\n" +
			"--all=3 | from the manual, frob(1): \"Take all\" | manual\n-Q | " + unsaid + " | unknown\n" +
			"-- | " + unsaid + " | unknown\n-b | " + unsaid + " | unknown\n",
		"frob prune --dry": "Starts the program frob. Its manual says of prune: \"throw old things away\".\n" +
			"frob | from the manual, frob(1): \"turn things round\" | manual\n" +
			"prune | from the manual, frob-prune(8): \"throw old things away\" | manual\n" +
			"--dry | from the manual, frob-prune(8): \"only say what would go\" | manual\n",
		"/usr/bin/frob": "Starts the program /usr/bin/frob. Its manual says: \"turn things round\".\n" +
			"/usr/bin/frob | from the manual, frob(1): \"turn things round\" | manual\n",
		// the manual of a format of files, of another machine, of somewhere else
		"fstabs":     "Starts the program fstabs. I do not know what it does.\nfstabs | a program that I do not know | unknown\n",
		"evilfrob":   "Starts the program evilfrob. I do not know what it does.\nevilfrob | a program that I do not know | unknown\n",
		"./frob":     "Starts the program ./frob. I do not know what it does.\n./frob | a program that I do not know | unknown\n",
		"frobscript": "Lists a folder.\nfrobscript | the script that is run | host\n",
	} {
		e := line(t, cmd, books())
		got := shown(e)
		if cmd == "frobscript" {
			_, got, _ = strings.Cut(got, "\n")
			_, want, _ = strings.Cut(want, "\n")
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", cmd, diff)
		}
		sound(t, e)
	}
}

// TestManualOfOptions: where an entry does not know an option, the manual of
// its program or subcommand is quoted.
func TestManualOfOptions(t *testing.T) {
	for cmd, want := range map[string]string{
		"ls --zap":             `--zap | from the manual, ls(1): "list quickly" | manual`,
		"ls --zap=3":           `--zap=3 | from the manual, ls(1): "list quickly" | manual`,
		"ls -ly":               `-ly | with size, owner and date; from the manual, ls(1): -y "with years" | manual`,
		"ls --zip":             `--zip | not known here | unknown`,
		"git commit --zap":     `--zap | from the manual, git-commit(1): "of the commit" | manual`,
		"git --zap":            `--zap | from the manual, git(1): "of all of git" | manual`,
		"git zot":              `zot | from the manual, git-zot(1): "zot it" | manual`,
		"nslookup -zap x":      `-zap | from the manual, nslookup(1): "quickly" | manual`,
		"nslookup -zip x":      `-zip | an option of nslookup | unknown`,
		"cd -z":                `-z | not known here | unknown`,
		"ls -yl":               `-yl | from the manual, ls(1): -y "with years" | manual`,
		"docker exec c frob x": `frob | a program that I do not know | unknown`,
	} {
		e, plain := line(t, cmd, books()), line(t, cmd, Nowhere)
		if got := shown(e); !strings.Contains(got, "\n"+want+"\n") {
			t.Errorf("%s: %s\nwant %s", cmd, got, want)
		}
		sound(t, e)
		if got := shown(plain); strings.Contains(got, "manual") {
			t.Errorf("%s, nowhere: %s", cmd, got)
		}
	}
}

// TestManualOfAnotherMachine: the pages of this one say nothing about it.
func TestManualOfAnotherMachine(t *testing.T) {
	for _, cmd := range []string{"ssh db2 frob -a", "ssh db2 'sh -c \"frob -a\"'", "docker exec c sh -c 'frob -a'", "kubectl exec p -- frob -a"} {
		if got := shown(line(t, cmd, books())); strings.Contains(got, "manual") || !strings.Contains(got, "frob") {
			t.Errorf("%s: %s", cmd, got)
		}
	}
}

// TestManualLowersNothing: a manual is no reason to trust.
func TestManualLowersNothing(t *testing.T) {
	empty := books()
	empty.pages = nil
	for _, cmd := range []string{"frob -a", "sudo frob", "ls --zap", "git commit --zap", "nslookup -zap x", "frob prune; frob -b"} {
		with, without := line(t, cmd, books()), line(t, cmd, empty)
		if with.Risk != without.Risk || with.Dimensions != without.Dimensions {
			t.Errorf("%s: %s and %s", cmd, with.Risk, without.Risk)
		}
		if diff := cmp.Diff(without.Unknowns, with.Unknowns); diff != "" {
			t.Errorf("%s: %s", cmd, diff)
		}
	}
}

// TestManualIsAskedOnce: within one explanation, and not without end.
func TestManualIsAskedOnce(t *testing.T) {
	w := books()
	line(t, "frob -a; frob -b; sudo frob -Q x.y; frob --all", w)
	slices.Sort(*w.asked)
	if diff := cmp.Diff([]string{"frob"}, *w.asked); diff != "" {
		t.Error(diff)
	}
	var b strings.Builder
	for i := range 200 {
		b.WriteString("prog" + itoa(i) + " -a; ")
	}
	w = books()
	line(t, b.String(), w)
	if len(*w.asked) > maxPages {
		t.Errorf("%d pages were asked for", len(*w.asked))
	}
	*w.asked = nil
	for _, cmd := range []string{"ls -l", "git commit -m x", "sudo systemctl restart nginx"} {
		line(t, cmd, w)
	}
	if len(*w.asked) > 0 {
		t.Errorf("what is known was looked up: %v", *w.asked)
	}
}

// TestManualLong: the longest page that a host hands out.
func TestManualLong(t *testing.T) {
	w := books()
	w.pages["frob"] += strings.Repeat("        more of it, and more\n", 150_000) + "    -Z\n        the end\n"
	e := line(t, "frob -a -Z", w)
	if !strings.Contains(shown(e), "turn things round") {
		t.Error(shown(e))
	}
	sound(t, e)
}

// TestManualOfThisHost goes the whole way, from a packed page to the words.
func TestManualOfThisHost(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root: only pages that root owns are quoted")
	}
	root := t.TempDir()
	for _, dir := range []string{"usr/bin", "usr/share/man/man8"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(root, "usr/bin/frob"), []byte("\x7fELF\x00"), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(filepath.Join(root, "usr/share/man/man8/frob.8.gz"), os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	z := gzip.NewWriter(f)
	if _, err := z.Write([]byte(".TH FROB 8\n.SH NAME\nfrob \\- turn \\fIthings\\fR round\n.SH OPTIONS\n.TP\n.BR \\-a \", \" \\-\\-all\nTake all of them,\neven those.\nSlow.\n")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	f.Close()
	w := host.New(host.Options{Root: root, Env: func(name string) (string, bool) { return "/usr/bin", name == "PATH" }})
	want := "Starts the program frob. Its manual says: \"turn things round\".\n" +
		"frob | from the manual, frob(8): \"turn things round\" | manual\n" +
		"--all | from the manual, frob(8): \"Take all of them, even those\" | manual\n"
	if diff := cmp.Diff(want, shown(line(t, "frob --all", w))); diff != "" {
		t.Error(diff)
	}
}
