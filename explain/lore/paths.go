package lore

import (
	_ "embed"
	"path"
	"strings"
	"sync"

	"escort/explain/effect"
	"escort/explain/say"
)

// pathTable says what folders and files are for; its first lines explain it.
//
//go:embed data/paths.table
var pathTable string

// Place is what a path is for and how bad it is to touch it.
type Place struct {
	Class  string // "database", "log", "key", …; see data/paths.table
	Name   string // everyday words: "the MySQL database files"; empty: none
	Scope  effect.Scope
	List   effect.Risk
	Read   effect.Risk
	Write  effect.Risk
	Delete effect.Risk
	Exact  bool // the path is the row's own, not something below it
}

type placeRow struct {
	pattern string
	begins  string // what stands before its first star
	glob    bool
	depth   int
	anyTop  bool
	top     string // the first name of the pattern: what does not lie below it is passed over
	Place
}

// topOf is the first name of a path: "/var", "~".
func topOf(p string) string {
	if i := strings.IndexByte(p[min(1, len(p)):], '/'); i >= 0 {
		return p[:i+1]
	}
	return p
}

// tables are the rows by path and those by name.
var tables = sync.OnceValues(func() (rows []placeRow, names []nameRow) {
	for line := range strings.Lines(pathTable) {
		f := strings.Split(strings.TrimSpace(line), " | ")
		if strings.HasPrefix(line, "#") || len(f) != 8 {
			continue
		}
		place := Place{
			Class: f[1], Name: f[2], Scope: effect.Scope(f[3]),
			List: effect.Letters[f[4]], Read: effect.Letters[f[5]], Write: effect.Letters[f[6]], Delete: effect.Letters[f[7]],
		}
		if name, ok := strings.CutPrefix(f[0], anywhere); ok {
			names = append(names, nameRow{pattern: name, names: strings.Count(name, "/") + 1, ends: name[strings.LastIndexAny(name, "*?]")+1:], Place: place})
			continue
		}
		rows = append(rows, placeRow{
			pattern: f[0], begins: f[0][:max(strings.IndexAny(f[0], "*?[\\"), 0)], glob: strings.ContainsAny(f[0], "*?"), depth: strings.Count(f[0], "/"), top: topOf(f[0]), anyTop: strings.ContainsAny(topOf(f[0]), "*?"),
			Place: place,
		})
	}
	return rows, names
})

func placeRows() []placeRow {
	rows, _ := tables()
	return rows
}

func nameRows() []nameRow {
	_, names := tables()
	return names
}

// Classify says what a path is for. A relative path is taken from w.Cwd; where
// that is not known it is the engineer's own.
func Classify(p string, w Where) Place {
	p = ofWindows(p)
	if i := strings.Index(p, unknown); i >= 0 {
		return endsKnown(p, classifyPrefix(p[:i], w), w)
	}
	full := absolute(p, w)
	place, found := byRow(full)
	if !found || general[place.Class] {
		if named, ok := byName(full); ok {
			if found {
				named.Scope = place.Scope
				named.Delete = effect.Worst(named.Delete, place.Delete)
				named.Write = effect.Worst(named.Write, place.Write)
			}
			return named
		}
	}
	if found {
		return place
	}
	if strings.HasPrefix(full, "/") {
		return Place{
			Class: "other", Scope: effect.ScopeSystem,
			List: effect.Safe, Read: effect.Low, Write: effect.Caution, Delete: effect.Caution,
		}
	}
	return own()
}

// endsKnown is the place of a path of which a part in the middle is not known,
// where its end says more than its beginning: /proc/…/environ.
func endsKnown(p string, place Place, w Where) Place {
	end := p[strings.LastIndex(p, unknown)+len(unknown):]
	if !strings.HasPrefix(end, "/") || len(end) < 2 || place.Class == "temp" {
		return place
	}
	if whole := Classify(strings.ReplaceAll(p, unknown, "0"), w); whole.Exact && whole.Read.AtLeast(effect.High) {
		return whole
	}
	return place
}

// ofWindows writes a path of Windows as the table does: C:\Users\bob is
// /Users/bob, any other one begins with its drive in small letters.
func ofWindows(p string) string {
	if len(p) < 2 || p[1] != ':' || (p[0]|0x20) < 'a' || (p[0]|0x20) > 'z' || len(p) > 2 && p[2] != '\\' && p[2] != '/' {
		return p
	}
	p = "/" + strings.ToLower(strings.ReplaceAll(p, `\`, "/"))
	if rest, ok := strings.CutPrefix(p, "/c:/users"); ok && (rest == "" || rest[0] == '/') {
		return "/Users" + rest
	}
	return p
}

// general are places in which a file's own name may say more.
var general = map[string]bool{
	"home": true, "home-of-other": true, "homes": true, "root-home": true, "web": true, "data": true, "mount": true,
	"config": true, "temp": true, "backup": true, "ssh-keys": true,
}

// single are places that are one file.
var single = map[string]bool{
	"password": true, "accounts": true, "sudoers": true, "login-list": true, "history": true, "audit-log": true,
	"names": true, "facts": true, "mounts": true, "shell-settings": true, "control-socket": true, "public-key": true,
	"kernel-run": true, "preload": true, "disk": true, "device": true, "memory": true, "secret": true, "key": true,
}

// Name is the path in everyday words, with the path itself: "the MySQL
// database files in /var/lib/mysql", "the file of password hashes (/etc/shadow)".
func Name(p string, place Place) string {
	shown := strings.ReplaceAll(p, unknown, "…")
	switch {
	case strings.Trim(p, unknown) == "":
		return say.Text("noun.not-known")
	case strings.HasPrefix(p, freshName) && strings.Trim(p[len(freshName):], unknown) == "":
		return say.Text("places.fresh")
	case (p == "*" || p == "./*" || p == ".") && place.Exact && telling(place):
		return say.Text("places.here", "folder", Name(p, Place{}), "name", place.Name)
	case p == "*" || p == "./*":
		return say.Text("places.everything-in-this-folder")
	case strings.HasSuffix(p, "/*") && place.Name == "" && place.Class != "unknown":
		return say.Text("places.everything-in", "shown", strings.TrimSuffix(shown, "/*"))
	case p == ".":
		return say.Text("places.this-folder")
	case p == "..":
		return say.Text("places.the-folder-above")
	case place.Class == "root" && place.Exact:
		return say.Text("places.the-whole-system", "shown", shown)
	case place.Name == "" || place.Class == "home" && !place.Exact || place.Class == "program" && !place.Exact || place.Class == "temp" && !place.Exact:
		return shown
	case place.Exact && !single[place.Class]:
		return say.Text("places.in", "name", place.Name, "shown", shown)
	}
	return place.Name + " (" + shown + ")"
}

// freshName is how the name begins of a temporary file that was made just now.
const freshName = "/tmp/tmp."

// telling reports a place whose name says more than where somebody happens to be.
func telling(place Place) bool {
	return place.Name != "" && place.Class != "home" && place.Class != "own" && place.Class != "temp" && place.Class != "homes"
}

func own() Place {
	return Place{
		Class: "own", Scope: effect.ScopeOwn,
		List: effect.Safe, Read: effect.Safe, Write: effect.Low, Delete: effect.Caution,
	}
}

// classifyPrefix judges a path of which only the beginning is known.
func classifyPrefix(known string, w Where) Place {
	place := Place{
		Class: "unknown", Scope: effect.ScopeUnknown,
		List: effect.Safe, Read: effect.Low, Write: effect.Caution, Delete: effect.High,
	}
	dir, _ := path.Split(known)
	if dir == "" || dir == "/" {
		return place
	}
	above := Classify(dir, w)
	if above.Class == "own" || above.Class == "temp" {
		above.Exact = false
		return above
	}
	above.Exact = false
	above.Read = effect.Worst(above.Read, effect.Low)
	return above
}

// absolute gives the path a form that the table can be asked with: from the
// root, or from "~" for what lies in the home folder. Wildcards at its end
// stand for all of the folder.
func absolute(p string, w Where) string {
	if p == "*" || p == ".*" { // all that is in the folder is the folder
		p = "."
	}
	for strings.HasSuffix(p, "/*") || strings.HasSuffix(p, "/.*") {
		p = p[:strings.LastIndexByte(p, '/')+1]
		if p == "/" {
			break
		}
		p = strings.TrimSuffix(p, "/")
	}
	p = strings.TrimPrefix(p, "file://")
	p = otherRoot(p)
	if !strings.HasPrefix(p, "/") && !strings.HasPrefix(p, "~") && w.Cwd != "" {
		p = w.Cwd + "/" + p
	}
	p = path.Clean(p)
	if w.Home != "" && w.Home != "/" && (p == w.Home || strings.HasPrefix(p, w.Home+"/")) {
		p = "~" + p[len(w.Home):]
	}
	if strings.HasPrefix(p, "~root") {
		p = "/root" + p[len("~root"):]
	}
	return p
}

// otherRoot takes away other ways to write the root: the one of a process, and
// where a Mac keeps its system folders.
func otherRoot(p string) string {
	if rest, ok := strings.CutPrefix(p, "/private/"); ok {
		if top, _, _ := strings.Cut(rest, "/"); top == "etc" || top == "var" || top == "tmp" {
			return "/" + rest
		}
	}
	if rest, ok := strings.CutPrefix(p, "/proc/"); ok {
		if _, below, ok := strings.Cut(rest, "/root/"); ok && !strings.Contains(rest[:len(rest)-len(below)-len("/root/")], "/") {
			return "/" + below
		}
	}
	return p
}

// byRow finds the deepest row for the path.
// rowsUnder are the rows that a path can fit by its first name, in the order of
// the table; those below a home as well where it lies in one.
func rowsUnder(top string, home bool) []*placeRow {
	index := rowIndex()
	if rows, ok := index[rowKey{top, home}]; ok {
		return rows
	}
	return index[rowKey{"", home}]
}

type rowKey struct {
	top  string
	home bool
}

// rowIndex holds the rows by the first names that the table knows; those for
// all other names stand under the empty one.
var rowIndex = sync.OnceValue(func() map[rowKey][]*placeRow {
	rows := placeRows()
	index := map[rowKey][]*placeRow{{"", false}: nil, {"", true}: nil}
	for i := range rows {
		index[rowKey{rows[i].top, false}], index[rowKey{rows[i].top, true}] = nil, nil
	}
	for key := range index {
		for i := range rows {
			if row := &rows[i]; row.top == key.top || row.pattern == "/" || key.home && row.top == "~" || row.anyTop {
				index[key] = append(index[key], row)
			}
		}
	}
	return index
})

func byRow(p string) (Place, bool) {
	home := ""
	for _, prefix := range []string{"/home/", "/Users/"} {
		if rest, ok := strings.CutPrefix(p, prefix); ok && rest != "" {
			_, below, _ := strings.Cut(rest, "/")
			home = "~/" + below
		}
	}
	if rest, ok := strings.CutPrefix(p, "/root/"); ok {
		home = "~/" + rest
	}
	var best placeRow
	found := false
	top := topOf(p)
	for _, row := range rowsUnder(top, home != "") {
		q := p
		others := false
		if home != "" && row.pattern[0] == '~' {
			q, others = strings.TrimSuffix(home, "/"), true
		}
		ok, exact := row.covers(q)
		if !ok || found && row.depth < best.depth && !others {
			continue
		}
		if row.Class == "root" && !exact { // the root says nothing about what lies below it
			continue
		}
		if others && row.pattern == "~" {
			continue
		}
		if found && others && row.depth+2 < best.depth {
			continue
		}
		best, found = *row, true
		best.Exact = exact
		if others {
			best.depth = row.depth + 2
			best.Place = ofOthers(best.Place)
		}
	}
	best.Name = say.Lore(best.Name, "place", best.pattern)
	if found && (best.pattern == "/home" || best.pattern == "/Users") && !best.Exact {
		best.Place.Class, best.Place.Name, best.Place.Delete = "home-of-other", say.Text("places.somebody-s-own-files"), effect.High
	}
	return best.Place, found
}

// ofOthers is a place in somebody's home folder who need not be the engineer.
func ofOthers(p Place) Place {
	p.Scope = effect.ScopeOthers
	p.Read = effect.Worst(p.Read, effect.Caution)
	p.Write = effect.Worst(p.Write, effect.Caution)
	p.Delete = effect.Worst(p.Delete, effect.Caution)
	return p
}

// covers reports whether the row speaks of the path, and whether of it alone.
func (r *placeRow) covers(p string) (ok, exact bool) {
	if !r.glob {
		if p == r.pattern {
			return true, true
		}
		if r.pattern == "/" {
			return strings.HasPrefix(p, "/"), false
		}
		return strings.HasPrefix(p, r.pattern) && p[len(r.pattern)] == '/', false
	}
	if !strings.HasPrefix(p, r.begins) {
		return false, false
	}
	parts := strings.Split(p, "/")
	if len(parts) < r.depth+1 {
		return false, false
	}
	head := strings.Join(parts[:r.depth+1], "/")
	hit, err := path.Match(r.pattern, head)
	return err == nil && hit, len(parts) == r.depth+1
}

// nameRow is a file or folder that means the same wherever it lies.
type nameRow struct {
	pattern string // as many names as it has are compared, from the end of the path
	names   int
	ends    string // what stands behind its last star, which the path must end with
	Place
}

// anywhere begins the patterns of such rows.
const anywhere = "**/"

func byName(p string) (Place, bool) {
	for _, r := range namesFor(lastNames(p, 1)) {
		if !strings.HasSuffix(p, r.ends) {
			continue
		}
		if ok, err := path.Match(r.pattern, lastNames(p, r.names)); err == nil && ok {
			r.Exact, r.Name = true, say.Lore(r.Name, "place", anywhere+r.pattern)
			return r.Place, true
		}
	}
	return Place{}, false
}

// namesFor are the rows that a file of that name can fit: those whose own last
// name has a star stand under the empty name.
func namesFor(name string) []nameRow {
	if rows, ok := nameIndex()[name]; ok {
		return rows
	}
	return nameIndex()[""]
}

var nameIndex = sync.OnceValue(func() map[string][]nameRow {
	index := map[string][]nameRow{"": nil}
	for _, r := range nameRows() {
		if last := lastNames(r.pattern, 1); !strings.ContainsAny(last, "*?[") {
			index[last] = nil
		}
	}
	for name := range index {
		for _, r := range nameRows() {
			if last := lastNames(r.pattern, 1); last == name || strings.ContainsAny(last, "*?[") {
				index[name] = append(index[name], r)
			}
		}
	}
	return index
})

// lastNames is the end of a path: its last n names.
func lastNames(p string, n int) string {
	end := len(p)
	for ; n > 0 && end > 0; n-- {
		end = strings.LastIndexByte(p[:end], '/')
	}
	return p[max(end, -1)+1:]
}

// Rate is how bad an access is. Taking a whole folder away, or going through
// all of it, is worse than one file in it.
func (p Place) Rate(access string, recursive bool) effect.Risk {
	switch access {
	case "list":
		return p.List
	case "read":
		return p.Read
	case "write":
		return p.Write
	case "delete":
		if recursive && p.Exact && (p.Class == "home" || p.Class == "home-of-other") {
			return effect.Critical
		}
		if recursive && p.Class != "temp" && p.Class != "null" && p.Class != "cache" {
			return effect.Worst(p.Delete, effect.High)
		}
		if recursive && p.Class == "temp" && p.Exact {
			return effect.Worst(p.Delete, effect.Caution)
		}
		return p.Delete
	}
	return effect.Safe
}
