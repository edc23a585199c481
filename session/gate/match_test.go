package gate

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"escort/explain/effect"
)

func ptrs(argv ...string) []*string {
	var out []*string
	for _, a := range argv {
		if a == "?" {
			out = append(out, nil)
		} else {
			out = append(out, &a)
		}
	}
	return out
}

var (
	lsFile  = fileID{Dev: 1, Ino: 10, Size: 5, Mtime: 7, Ctime: 7}
	shFile  = fileID{Dev: 1, Ino: 11, Size: 5, Mtime: 7, Ctime: 7}
	newFile = fileID{Dev: 1, Ino: 10, Size: 6, Mtime: 8, Ctime: 8}
)

func TestMatch(t *testing.T) {
	p := effect.Plan{Starts: []effect.Start{
		0: {Argv: ptrs("ls", "?"), Path: "/bin/ls", Parent: -1},
		1: {Argv: ptrs("ls", "-l"), Path: "/bin/ls", Parent: -1, Max: 1},
		2: {Argv: ptrs("sh", "x.sh"), Rest: true, Path: "/bin/sh", Parent: -1},
		3: {Argv: ptrs("ls"), Path: "/bin/ls", Parent: 2, Env: []string{"LD_PRELOAD=/a.so"}},
		4: {Argv: ptrs("?", "x"), Parent: 2},
		5: {Argv: ptrs("./built"), Parent: -1},
	}}
	for _, c := range []struct {
		name   string
		parent int
		used   []int
		w      want
		step   int
		why    string
		near   bool
	}{
		{"any word", -1, nil, want{name: "/bin/ls", file: lsFile, argv: []string{"ls", "-a"}}, 0, "", false},
		{"most specific", -1, nil, want{name: "/bin/ls", file: lsFile, argv: []string{"ls", "-l"}}, 1, "", false},
		{"counted off, next best", -1, []int{0, 1, 0, 0, 0, 0}, want{name: "/bin/ls", file: lsFile, argv: []string{"ls", "-l"}}, 0, "", false},
		{"other spelling of the same file", -1, nil, want{name: "/usr/bin/ls", file: lsFile, argv: []string{"/usr/bin/ls", "-a"}}, 0, "", false},
		{"word missing", -1, nil, want{name: "/bin/ls", file: lsFile, argv: []string{"ls"}}, -1, "", false},
		{"too many words", -1, []int{0, 1, 0, 0, 0, 0}, want{name: "/bin/ls", file: lsFile, argv: []string{"ls", "a", "b"}}, -1, "its words are not those that were shown", true},
		{"rest", -1, nil, want{name: "/bin/sh", file: shFile, argv: []string{"sh", "x.sh", "a", "b"}}, 2, "", false},
		{"wrong parent", 0, nil, want{name: "/bin/ls", file: lsFile, argv: []string{"ls", "-a"}}, -1, "", false},
		{"environment of the plan", 2, nil, want{name: "/bin/ls", file: lsFile, argv: []string{"ls"}, env: []string{"LD_PRELOAD=/a.so"}}, 3, "", false},
		{"other environment", 2, nil, want{name: "/bin/ls", file: lsFile, argv: []string{"ls"}, env: []string{"LD_PRELOAD=/b.so"}}, -1, "its environment is not as expected: LD_PRELOAD", true},
		{"listed twice", 2, nil, want{name: "/bin/ls", file: lsFile, argv: []string{"ls"}, env: []string{"LD_PRELOAD=/a.so", "LD_PRELOAD=/b.so"}}, -1, "its environment is not as expected: LD_PRELOAD", true},
		{"changed program", 2, nil, want{name: "/bin/ls", file: newFile, argv: []string{"ls"}}, -1, "the program was changed since it was shown", true},
		{"replaced program", 2, nil, want{name: "/bin/ls", path: "/bin/ls", file: shFile, argv: []string{"ls"}}, -1, "the program was replaced since it was shown", true},
		{"other program of that name", 2, nil, want{name: "/tmp/ls", path: "/tmp/ls", file: shFile, argv: []string{"ls"}}, -1, "it is another program than was shown", true},
		{"unknown program is no grant", 2, nil, want{name: "/bin/rm", file: shFile, argv: []string{"rm", "x"}}, -1, "", false},
		{"not there at the look", -1, nil, want{name: "./built", file: shFile, argv: []string{"./built"}}, 5, "", false},
		{"no words at all", -1, nil, want{name: "/bin/ls", file: lsFile}, -1, "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, err := newGrant("L", p, envSet{}, map[string]fileID{"/bin/ls": lsFile, "/bin/sh": shFile})
			if err != nil {
				t.Fatal(err)
			}
			copy(g.used, c.used)
			v := g.match(c.parent, &c.w)
			if v.step != c.step || v.why != c.why && c.near || (v.planned != nil) != c.near {
				t.Errorf("got step %d, why %q, planned %v", v.step, v.why, v.planned != nil)
			}
		})
	}
}

func TestMalformedPlans(t *testing.T) {
	for name, s := range map[string]effect.Start{
		"its own parent":  {Parent: 0},
		"parent far off":  {Parent: 5},
		"parent below -1": {Parent: -2},
		"negative count":  {Parent: -1, Max: -1},
	} {
		if _, err := newGrant("L", effect.Plan{Starts: []effect.Start{s}}, nil, nil); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestEnvironment(t *testing.T) {
	base := newEnvSet([]string{"PATH=/opt/x:/bin", "HOME=/home/a"})
	for _, c := range []struct {
		env     string
		learned string
		same    bool
	}{
		{"PATH=/opt/x:/bin", "", true},
		{"PATH=/usr/bin:/bin", "", true},
		{"PATH=/tmp:/bin", "", false},
		{"PATH=/usr/bin:", "", false},
		{"PATH=/tmp:/bin", "PATH=/tmp:/bin", true},
		{"PATH=/usr/lib/git-core:/opt/x:/bin", "", true},
		{"PATH=/tmp:/opt/x:/bin", "", false},
		{"PATH=/usr/bin:/opt/x:/bin:/tmp", "", false},
		{"PATH=:/opt/x:/bin", "", false},
		{"GIT_EXEC_PATH=/usr/lib/git-core", "", true},
		{"GIT_EXEC_PATH=/tmp", "", false},
		{"IFS=\n\b", "", true},
		{"IFS=/", "", false},
		{"TERMCAP=SC|screen:am:", "", true},
		{"TERMCAP=/tmp/x", "", false},
		{"LD_PRELOAD=x", "", false},
		{"BASH_FUNC_ls%%=() { id; }", "", false},
		{"GIT_CONFIG_COUNT=1", "", false},
		{"MAKEFLAGS=-j2 --jobserver-auth=3,4", "", true},
		{"MAKEFLAGS=w", "", true},
		{"MAKEFLAGS=SHELL=/tmp/x", "", false},
		{"LD_PRELOAD", "", false},
	} {
		got := base.differs(matters([]string{c.env, "HARMLESS=1"}), 0, map[string]bool{c.learned: true})
		var want []string
		if !c.same {
			want = []string{c.env}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", c.env, d)
		}
	}
}

func TestShebang(t *testing.T) {
	long := "#!/" + string(make([]byte, 0)) + "x"
	for len(long) < headSize {
		long += "y"
	}
	for _, c := range []struct {
		head, interp, arg string
		ok                bool
	}{
		{"#!/bin/sh\necho", "/bin/sh", "", true},
		{"#! /bin/sh -e  \n", "/bin/sh", "-e", true},
		{"#!/usr/bin/env python3 -u\n", "/usr/bin/env", "python3 -u", true},
		{"#!\t/bin/sh", "/bin/sh", "", true},
		{"#!   \n", "", "", false},
		{"#!", "", "", false},
		{"\x7fELF", "", "", false},
		{"", "", "", false},
		{"#!/bin/sh\x00-x\n", "/bin/sh", "", true},
		{long, "", "", false},
	} {
		interp, arg, ok := shebang([]byte(c.head))
		if interp != c.interp && c.ok || arg != c.arg && c.ok || ok != c.ok {
			t.Errorf("%q: got %q %q %v", c.head, interp, arg, ok)
		}
	}
	if d := cmp.Diff([]string{"/bin/sh", "-e", "./x", "a"}, throughScript("/bin/sh", "-e", "./x", []string{"called", "a"})); d != "" {
		t.Error(d)
	}
}
