package keymap_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "escort"

// mayImport says which of our packages a package may import, by folder. A
// trailing /* stands for everything below. What is not listed takes the row of
// its area, in areas. Tests are not held to it.
var mayImport = map[string][]string{
	".":                   {"session/child", "tui/command"},
	"keymap":              {},
	"explain":             {"explain/effect", "explain/quote", "explain/shell", "explain/lore", "explain/manual", "explain/judge", "explain/prose", "explain/say", "explain/regex", "explain/coding", "explain/script", "explain/script/pwsh", "explain/script/recipe", "explain/ticket"},
	"explain/effect":      {},
	"explain/coverage":    {"explain/effect"},
	"explain/quote":       {},
	"explain/regex":       {},
	"explain/say":         {},
	"explain/coding":      {},
	"explain/lore/source": {"explain/lore"},
	"explain/script":      {"explain/effect", "explain/quote", "explain/regex", "explain/say", "explain/coding", "explain/shell"},

	"session":         {"session/*", "explain", "explain/*"},
	"session/event":   {"explain/effect"},
	"session/sign":    {"session/event"},
	"session/unotify": {},
	"session/proc":    {},
	"session/child":   {"session/unotify"},
	"session/gate":    {"session/unotify", "session/proc", "session/event", "explain", "explain/*"},
	"session/policy":  {"session/event", "session/sign", "explain", "explain/*"},
	"session/release": {"session/event", "session/screen"},
	"session/sample":  {"session/event", "session/policy", "explain", "explain/*"},
	"session/doctor":  {"session/unotify", "session/proc", "session/child", "session/hook"},
	"session/door":    {"session", "session/*", "explain", "explain/*"},
	"session/fleet":   {"session", "session/*", "explain", "explain/*"},
	"session/bypass":  {"session", "session/*", "explain", "explain/*"},

	"tui":          {"tui/*", "session/event", "session/screen", "explain/effect", "explain/quote", "keymap"},
	"tui/theme":    {"explain/effect"},
	"tui/past":     {"session/event", "explain/effect", "tui/worddiff"},
	"tui/card":     {"tui/theme", "tui/past", "tui/runbook", "session/event", "explain/effect", "explain/quote"},
	"tui/runbook":  {"tui/worddiff", "session/event", "explain/quote"},
	"tui/layout":   {},
	"tui/lesson":   {"tui/theme", "session/sample", "session/training", "session/event", "explain/effect", "explain/quote", "keymap"},
	"tui/engineer": {"tui/pane", "tui/theme", "session/event", "session/screen", "explain/quote", "keymap"},
	"tui/consent":  {"explain/effect"},
	"tui/stint":    {},
	"tui/golden":   {},
	"tui/paint":    {},
	"tui/plain":    {"tui/theme", "tui/consent", "tui/stint", "tui/past", "tui/runbook", "tui/card", "tui/history", "tui/pane", "session/event", "session/screen", "explain/effect", "explain/quote", "keymap"},
	"tui/command":  {"keymap", "tui", "tui/*", "session", "session/*", "explain", "explain/*"},
}

// areas is the row of every package that has none of its own.
var areas = map[string][]string{
	"explain": {"explain/effect", "explain/quote", "explain/regex", "explain/say", "explain/coding"},
	"session": {"session/event", "explain", "explain/*"},
	"tui":     {"tui/theme", "tui/layout", "session/event", "session/screen", "explain/effect", "explain/quote", "keymap"},
}

// above are packages that nothing in session may import, whatever its row.
var above = []string{"session/door", "session/fleet"}

// foreign are packages of others that an area must do without: explaining runs
// nothing and asks nobody.
var foreign = map[string][]string{
	"explain": {"net", "net/http", "os/exec", "plugin"},
	"keymap":  {"os", "os/exec", "net"},
}

// badNames say nothing about what a package is for.
var badNames = []string{"util", "utils", "common", "types", "internal"}

// folders of the top level that hold Go code.
var top = []string{".", "tui", "session", "explain", "keymap"}

const maxLines = 500

var unsafeFile = regexp.MustCompile(`^session/unotify/[a-z0-9_]+_unsafe_linux\.go$`)

// source is one parsed file.
type source struct {
	path string // slash-separated, from the module's folder
	test bool
	file *ast.File
	text string
}

func (s source) folder() string { return path.Dir(s.path) }

var files = token.NewFileSet()

// tree parses every Go file of the module, whatever system it is for.
func tree(t *testing.T) []source {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	var all []source
	err = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if base := d.Name(); name != root && (base == "testdata" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_")) {
				return filepath.SkipDir
			}
			return nil
		}
		if filepath.Ext(name) != ".go" {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(files, name, text, parser.ParseComments)
		if err != nil {
			return err
		}
		all = append(all, source{filepath.ToSlash(rel), strings.HasSuffix(rel, "_test.go"), f, string(text)})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 10 {
		t.Fatalf("only %d Go files: this is not the module's folder", len(all))
	}
	return all
}

func area(folder string) string {
	first, _, _ := strings.Cut(folder, "/")
	return first
}

// allowed reports whether a package in folder from may import that in to.
func allowed(from, to string) bool {
	if area(from) == "session" && slices.Contains(above, to) {
		return slices.Contains(above, from)
	}
	row, ok := mayImport[from]
	if !ok {
		row = areas[area(from)]
	}
	for _, r := range row {
		below, all := strings.CutSuffix(r, "*")
		if to == r || all && strings.HasPrefix(to, below) {
			return true
		}
	}
	return false
}

func TestImportsPointOneWay(t *testing.T) {
	for _, s := range tree(t) {
		if !slices.Contains(top, area(s.folder())) {
			t.Errorf("%s: no Go code may stand in this folder", s.path)
		}
		for _, imp := range s.file.Imports {
			to, err := strconv.Unquote(imp.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			checkImport(t, s, to)
		}
	}
}

func checkImport(t *testing.T, s source, to string) {
	if to == "unsafe" && !unsafeFile.MatchString(s.path) {
		t.Errorf("%s imports unsafe, which only session/unotify/*_unsafe_linux.go may", s.path)
	}
	if to == "C" {
		t.Errorf("%s uses cgo", s.path)
	}
	if s.test {
		return
	}
	if slices.Contains(foreign[area(s.folder())], to) {
		t.Errorf("%s imports %s, which nothing in %s may", s.path, to, area(s.folder()))
	}
	if ours, ok := strings.CutPrefix(to, module+"/"); ok && !allowed(s.folder(), ours) {
		t.Errorf("%s imports %s: the direction does not allow that", s.path, ours)
	}
}

// The table must mean what it says: these are the mistakes that it is there for.
func TestDirection(t *testing.T) {
	for _, tc := range []struct {
		from, to string
		want     bool
	}{
		{"explain", "explain/host", false},
		{"explain/lore", "explain/shell", false},
		{"explain/lore", "explain/quote", true},
		{"session/gate", "session/policy", false},
		{"session/gate", "session", false},
		{"session", "session/gate", true},
		{"session", "session/door", false},
		{"session/door", "session", true},
		{"session/unotify", "session/event", false},
		{"tui/card", "session/event", true},
		{"tui/card", "session", false},
		{"tui", "session/gate", false},
		{"tui/pane", "tui/card", false},
		{"session", "tui", false},
		{"explain/effect", "explain/quote", false},
		{"keymap", "tui", false},
		{".", "tui/command", true},
		{".", "explain", false},
	} {
		if got := allowed(tc.from, tc.to); got != tc.want {
			t.Errorf("allowed(%s, %s) = %v", tc.from, tc.to, got)
		}
	}
}

func TestEachPackageSaysWhatItIsFor(t *testing.T) {
	docs := map[string][]source{}
	for _, s := range tree(t) {
		if s.test {
			continue
		}
		if _, ok := docs[s.folder()]; !ok {
			docs[s.folder()] = nil
		}
		if s.file.Doc != nil && strings.HasPrefix(s.file.Doc.Text(), "Package ") || s.folder() == "." && s.file.Doc != nil {
			docs[s.folder()] = append(docs[s.folder()], s)
		}
		name := s.file.Name.Name
		if slices.Contains(badNames, name) || slices.Contains(badNames, path.Base(s.folder())) {
			t.Errorf("%s: %q says nothing about what the package is for", s.path, name)
		}
		if base := path.Base(s.folder()); s.folder() != "." && name != base {
			t.Errorf("%s is of package %s, not %s as its folder", s.path, name, base)
		}
	}
	for folder, with := range docs {
		if len(with) != 1 {
			t.Errorf("%s: %d files carry a package comment, want exactly one", folder, len(with))
			continue
		}
		doc := with[0].file.Doc
		n := files.Position(doc.End()).Line - files.Position(doc.Pos()).Line + 1
		if n < 5 || n > 40 {
			t.Errorf("%s: a package comment of %d lines", with[0].path, n)
		}
	}
}

func TestFilesStayReadable(t *testing.T) {
	for _, s := range tree(t) {
		if n := strings.Count(s.text, "\n"); n > maxLines {
			t.Errorf("%s has %d lines, more than %d", s.path, n, maxLines)
		}
	}
}

// banned are calls that only few places may make.
var banned = []struct {
	what  *regexp.Regexp // package.Name
	where func(s source) bool
	why   string
}{
	{
		regexp.MustCompile(`^os\.Exit$`),
		func(s source) bool { return s.test || s.path == "main.go" || s.folder() == "session/child" },
		"only main and the preludes may end the program",
	},
	{
		regexp.MustCompile(`^log\.(Fatal|Panic)`),
		func(s source) bool { return false },
		"only main and the preludes may end the program",
	},
	{
		regexp.MustCompile(`^fmt\.(Print|Printf|Println)$`),
		func(s source) bool { return s.test || s.path == "main.go" }, // tests re-execute themselves and print
		"output goes to a writer that was handed in",
	},
	{
		regexp.MustCompile(`^time\.Sleep$`),
		func(s source) bool { return !s.test },
		"a test waits for what it waits for, not for a time",
	},
}

func TestBannedCalls(t *testing.T) {
	for _, s := range tree(t) {
		ast.Inspect(s.file, func(n ast.Node) bool {
			name := selected(s.file, n)
			if name == "" {
				return true
			}
			for _, b := range banned {
				if b.what.MatchString(name) && !b.where(s) {
					t.Errorf("%s: %s: %s", at(n), name, b.why)
				}
			}
			return true
		})
	}
}

// selected is "path.Name" where n names something of an imported package,
// under whatever name the file imports it.
func selected(f *ast.File, n ast.Node) string {
	sel, ok := n.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	id, ok := sel.X.(*ast.Ident)
	if !ok {
		return ""
	}
	for _, imp := range f.Imports {
		p := strings.Trim(imp.Path.Value, `"`)
		local := path.Base(p)
		if imp.Name != nil {
			local = imp.Name.Name
		}
		if local == id.Name {
			return p + "." + sel.Sel.Name
		}
	}
	return ""
}

func at(n ast.Node) string {
	p := files.Position(n.Pos())
	return fmt.Sprintf("%s:%d", filepath.ToSlash(p.Filename), p.Line)
}

// A dot import would make TestBannedCalls blind.
func TestNoDotImports(t *testing.T) {
	for _, s := range tree(t) {
		for _, imp := range s.file.Imports {
			if imp.Name != nil && imp.Name.Name == "." {
				t.Errorf("%s imports %s with a dot", s.path, imp.Path.Value)
			}
		}
	}
}
