package say

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestMessagesAreFilledOnce(t *testing.T) {
	Use(New("xx", map[string]string{
		"a": "sends {file} to {host}", "l.2": "{1} & {2}", "l.more.few": "{1} + {count}~", "l.more.other": "{1} + {count}", "number.3": "three",
		"plural.one": "1 of 10 not 11 of 100", "plural.few": "2-4 of 10 not 12-14 of 100", "f.one": "{count} plik", "f.few": "{count} pliki", "f.other": "{count} plików",
		"w": "x |y|", "digits.group": "’", "lore/ls/-l": "zeigt",
	}))
	defer Use(nil)
	for _, c := range [][2]string{
		{Text("a", "file", "{host}", "host", "db2"), "sends {host} to db2"},
		{Text("a", "file", "x"), "sends x to {host}"},
		{List("l", "p", "q"), "p & q"},
		{List("l", "p"), "p"},
		{List("l", "p", "q", "r", "s", "t"), "p + three~"},
		{Count("f", 1), "1 plik"},
		{Count("f", 3), "three pliki"},
		{Count("f", 11), "11 plików"},
		{Count("f", 21), "21 plik"},
		{Count("f", 13), "13 plików"},
		{Digits(1234567), "1’234’567"},
		{Digits(12), "12"},
		{strings.Join(Words("w"), ","), "x ,y"},
		{Text("finding.not-found"), english().texts["finding.not-found"]},
		{Lore("deletes files", "rm"), "deletes files"},
		{Lore("lists files", "ls", "-l"), "zeigt"},
	} {
		if c[0] != c[1] {
			t.Errorf("got %q, want %q", c[0], c[1])
		}
	}
}

func TestEveryLanguageIsInOrder(t *testing.T) {
	for _, language := range Languages() {
		seen := map[string]string{}
		names, _ := filepath.Glob("words/" + language + "/*.txt")
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(string(text)) {
				if line = strings.TrimSuffix(line, "\n"); line != "" && !strings.HasPrefix(line, "# ") && !strings.Contains(line, " = ") || strings.HasSuffix(line, " ") {
					t.Errorf("%s: %q", name, line)
				}
			}
			Parse(string(text), func(id, text string) {
				if seen[id] != "" || text == "" {
					t.Errorf("%s: %s stands in %s too, or says nothing", name, id, seen[id])
				}
				seen[id] = name
				if e, ok := english().texts[id]; ok && slotsOf(e) != slotsOf(text) {
					t.Errorf("%s: %s has other slots than in English: %q", name, id, text)
				}
			})
		}
	}
}

var slot = regexp.MustCompile(`\{\w+\}`)

func slotsOf(text string) string {
	all := map[string]bool{}
	for _, s := range slot.FindAllString(text, -1) {
		all[s] = true
	}
	return strings.Join(slices.Sorted(maps.Keys(all)), "")
}

// made are beginnings of ids of which the code makes the rest.
var made = []string{"do.", "noun.", "nouns.", "undo.", "ask.", "number.", "plural.", "redirect.", "unknown.", "finding.", "language.", "headline.", "also.", "planted.", "gives."}

var idLike = regexp.MustCompile(`^[a-z]+\.[a-z0-9][a-z0-9./-]*$`)

// TestEveryMessageIsThereAndUsed reads the code of explain: each id that it
// names has a message that has the slots which are filled, and each message is
// named somewhere.
func TestEveryMessageIsThereAndUsed(t *testing.T) {
	named := map[string]bool{}
	err := filepath.WalkDir("..", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				s, _ := strconv.Unquote(l.Value)
				named[s] = true
			}
			if call, ok := n.(*ast.CallExpr); ok {
				checkCall(t, name, call)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for id := range english().texts {
		base := id
		for _, form := range append(forms, "other", "more", "2", "3") {
			base = strings.TrimSuffix(base, "."+form)
		}
		ok := named[id] || named[base] || named[strings.TrimSuffix(base, ".more")]
		for _, m := range made {
			ok = ok || strings.HasPrefix(id, m)
		}
		if !ok {
			t.Errorf("%s is never said", id)
		}
	}
}

func checkCall(t *testing.T, name string, call *ast.CallExpr) {
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || f.Sel.Name != "Text" || len(call.Args) == 0 {
		return
	}
	pkg, ok := f.X.(*ast.Ident)
	l, isText := call.Args[0].(*ast.BasicLit)
	if !ok || pkg.Name != "say" || !isText {
		return
	}
	id, _ := strconv.Unquote(l.Value)
	text, ok := english().texts[id]
	if !ok || !idLike.MatchString(id+"x") {
		t.Errorf("%s: there is no message %q", name, id)
		return
	}
	for i := 1; i < len(call.Args); i += 2 {
		if l, ok := call.Args[i].(*ast.BasicLit); ok {
			s, _ := strconv.Unquote(l.Value)
			text = strings.ReplaceAll(text, "{"+s+"}", "")
		}
	}
	if left := slot.FindString(text); left != "" {
		t.Errorf("%s: %s leaves %s open", name, id, left)
	}
}
