package host

import (
	"crypto/md5"
	"fmt"
	"os"
	"testing"
	"time"
)

// database makes a root with a small dpkg database.
func database(t testing.TB) string {
	sum := fmt.Sprintf("%x", md5.Sum([]byte("original")))
	return tree(t, map[string]string{
		"bin": "-> usr/bin", "usr/bin/ls": "original", "usr/bin/cat": "patched", "usr/bin/mine": "x", "usr/bin/moved": "original",
		"etc/set.conf": "x", "usr/bin/dbg": "original", "tmp/ls": "original",
		infoFolder + "/coreutils.list":       "/.\n/bin\n/bin/ls\n/bin/cat\n/etc\n/etc/set.conf\n/usr/bin/moved\n/tmp/ls\n",
		infoFolder + "/coreutils.md5sums":    sum + "  bin/ls\n" + sum + "  bin/cat\n",
		infoFolder + "/libdbg:amd64.list":    "/.\n/usr\n/usr/bin\n/usr/bin/dbg\n",
		infoFolder + "/libdbg:amd64.md5sums": "not a sum  usr/bin/dbg\n",
		"var/lib/dpkg/diversions":            "/usr/bin/moved\n/usr/bin/moved.real\nother\n",
	})
}

func TestPackages(t *testing.T) {
	w := New(Options{Root: database(t), Patience: 10 * time.Second})
	yes, no := true, false
	for _, c := range []struct {
		path, pkg string
		same      *bool
	}{
		{"/usr/bin/ls", "coreutils", &yes},
		{"/bin/ls", "coreutils", &yes},
		{"/usr/bin/cat", "coreutils", &no},
		{"/usr/bin/mine", "", nil},
		{"/usr/bin/moved", "", nil},
		{"/etc/set.conf", "coreutils", nil},
		{"/usr/bin/dbg", "libdbg", nil},
		{"/tmp/ls", "", nil},
		{"/etc", "", nil},
	} {
		i, err := w.Stat(t.Context(), c.path)
		if err != nil || i.Package != c.pkg || (i.Unmodified == nil) != (c.same == nil) || c.same != nil && *i.Unmodified != *c.same {
			t.Errorf("%s: package %q, unmodified %v, %v; want %q, %v", c.path, i.Package, i.Unmodified, err, c.pkg, c.same)
		}
	}
}

// TestPackagesChange: what is replaced on disk is not answered from memory.
func TestPackagesChange(t *testing.T) {
	root := database(t)
	w := New(Options{Root: root, Patience: 10 * time.Second})
	stat := func(path string) (string, string) {
		i, err := w.Stat(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		if i.Unmodified == nil {
			return i.Package, "?"
		}
		return i.Package, fmt.Sprint(*i.Unmodified)
	}
	if _, same := stat("/usr/bin/ls"); same != "true" {
		t.Fatal("the original is not recognised")
	}
	was, err := os.Stat(root + "/usr/bin/ls")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(root+"/usr/bin/ls", []byte("tampered"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(root+"/usr/bin/ls", was.ModTime(), was.ModTime()); err != nil {
		t.Fatal(err)
	}
	if _, same := stat("/usr/bin/ls"); same != "false" {
		t.Error("a changed file of the same size and time counts as the original")
	}
	if err := os.WriteFile(root+infoFolder+"/new.list", []byte("/usr/bin/mine\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if pkg, _ := stat("/usr/bin/mine"); pkg != "new" {
		t.Errorf("after an installation: package %q, want new", pkg)
	}
}

func TestNoPackages(t *testing.T) {
	w := New(Options{Root: database(t), NoPackages: true})
	if i, err := w.Stat(t.Context(), "/usr/bin/ls"); err != nil || i.Package != "" || w.m.packages.built != nil {
		t.Errorf("package %q, %v, index built: %v", i.Package, err, w.m.packages.built != nil)
	}
}

// BenchmarkIndex builds the index of 1,000 packages with 200,000 paths.
func BenchmarkIndex(b *testing.B) {
	files := map[string]string{}
	for p := range 1000 {
		list := "/.\n/usr\n/usr/share\n"
		for f := range 200 {
			list += fmt.Sprintf("/usr/share/package-%d/some/folder/file-%d.txt\n", p, f)
		}
		files[fmt.Sprintf("%s/package-%d.list", infoFolder, p)] = list
	}
	m := New(Options{Root: tree(b, files)}).m
	p, err := m.follow(infoFolder, true)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		x, err := m.index(b.Context(), p)
		if err != nil || len(x.packages) != 1000 || len(x.find("/usr/share/package-7/some/folder/file-9.txt")) != 1 {
			b.Fatal(err)
		}
	}
}
