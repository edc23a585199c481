package explain

import (
	"path"
	"slices"
	"strings"

	"escort/explain/effect"
	"escort/explain/lore"
	"escort/explain/prose"
	"escort/explain/say"
	"escort/explain/shell"
)

// finder is a program that runs a command over and over for names of files.
type finder struct {
	says  string   // the message that tells what the names stand for
	marks []string // stretches of the command that it puts a name in place of
}

var (
	fdMarks       = []string{"{}", "{.}", "{/}", "{//}", "{/.}"}
	parallelMarks = append([]string{"{#}", "{%}", "{1}", "{2}", "{1.}", "{1/}", "{1/.}"}, fdMarks...)

	finders = map[string]finder{
		"find": {"command.the-files-that-are-found", []string{"{}"}}, "fd": {"command.the-files-that-are-found", fdMarks},
		"fdfind": {"command.the-files-that-are-found", fdMarks}, "xargs": {"command.the-files-that-it-is", nil},
		"parallel": {"command.the-files-that-it-is", parallelMarks},
	}
)

// marks are the stretches that the program puts a name in place of.
func marks(program string, u *lore.Use) []string {
	f := finders[program]
	if program != "xargs" {
		return f.marks
	}
	switch token := u.Fill("{TOKEN}"); {
	case token != "":
		return []string{token}
	case u.Tags["replace"]:
		return []string{"{}"}
	}
	return nil
}

// listed puts the words behind ::: in their places in a command of parallel;
// open: what stands in the places is only known when it runs.
func listed(words []lore.Word) (parts []string, open bool) {
	at := slices.IndexFunc(words, func(w lore.Word) bool { return strings.HasPrefix(w.Text, ":::") })
	if at < 0 {
		at = len(words)
	}
	command := strings.Join(loreTexts(words[:at]), " ")
	if command == "" && at < len(words) && !strings.HasPrefix(words[at].Text, "::::") { // they are the commands themselves
		var lines []string
		for _, text := range loreTexts(words[at:]) {
			if !strings.HasPrefix(text, ":::") {
				lines = append(lines, text)
			}
		}
		return []string{strings.Join(lines, "\n")}, false
	}
	if at == len(words) || strings.HasPrefix(words[at].Text, "::::") {
		if !hasMark(command, parallelMarks) {
			return []string{command, `"$@"`}, true
		}
		return []string{strings.NewReplacer("{}", `"$1"`, "{.}", `"${1%.*}"`).Replace(command)}, true
	}
	var whole, bare []string
	for _, w := range words[at:] {
		if !strings.HasPrefix(w.Text, ":::") {
			whole, bare = append(whole, inShell(w, w.Text)), append(bare, inShell(w, strings.TrimSuffix(w.Text, path.Ext(w.Text))))
		}
	}
	if !hasMark(command, parallelMarks) {
		return append([]string{command}, whole...), false
	}
	if len(whole) > maxRounds {
		whole, bare = []string{strings.Join(whole, " ")}, []string{strings.Join(bare, " ")}
	}
	for i := range whole {
		whole[i] = strings.NewReplacer("{}", whole[i], "{.}", bare[i]).Replace(command)
	}
	return []string{strings.Join(whole, "\n")}, false
}

// maxRounds is how many runs of a command are read one by one.
const maxRounds = 8

// inShell is a word as a shell takes it for itself, a pattern as a pattern.
func inShell(w lore.Word, text string) string {
	if w.Globbed || strings.Trim(text, "-_./,:+@%=0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

func loreTexts(words []lore.Word) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = w.Text
	}
	return out
}

// placed reports whether the command says where names go; otherwise they are
// put behind it.
func placed(words []lore.Word, program string, u *lore.Use) bool {
	list := marks(program, u)
	return slices.ContainsFunc(words, func(w lore.Word) bool { return hasMark(w.Text, list) })
}

func hasMark(text string, list []string) bool {
	return slices.ContainsFunc(list, func(m string) bool { return strings.Contains(text, m) })
}

// holes makes the marks stretches that are not known.
func holes(words []lore.Word, program string, u *lore.Use) []lore.Word {
	list := marks(program, u)
	if len(list) == 0 {
		return words
	}
	out, below := slices.Clone(words), searched(program, u)
	for i, w := range out {
		for _, m := range list {
			if strings.Contains(w.Text, m) {
				out[i].Text, out[i].Known = strings.ReplaceAll(out[i].Text, m, shell.Unknown), false
			}
		}
		if w.Text == "{}" && below != "" {
			out[i].Text, out[i].Globbed = below, true
		}
	}
	return out
}

// searched is a pattern of the files that find comes upon by one name, where it
// only looks in this folder or below it; empty: that cannot be told.
func searched(program string, u *lore.Use) string {
	if program != "find" || len(u.Slots["PATTERN"]) != 1 {
		return ""
	}
	name := u.Slots["PATTERN"][0]
	if !name.Known || strings.Contains(name.Text, "/") || strings.Trim(name.Text, "*.?") == "" {
		return ""
	}
	roots := u.Slots["FOLDER"]
	if len(roots) == 0 {
		return "./" + name.Text
	}
	if len(roots) > 1 || !roots[0].Known || roots[0].Globbed || !staysBelow(roots[0].Text) {
		return ""
	}
	return strings.TrimSuffix(roots[0].Text, "/") + "/" + name.Text
}

// staysBelow reports a name that leads to no folder outside this one.
func staysBelow(name string) bool {
	return name != "" && !strings.HasPrefix(name, "/") && !strings.HasPrefix(name, "~") && !strings.Contains(name, "..")
}

// finderSays names the files that a finder hands on, with where they are looked
// for, by itself or by what it reads from; empty: it is no finder.
func finderSays(s *step, from []*step) string {
	key := finders[s.program].says
	if key == "" {
		return ""
	}
	for _, o := range append([]*step{s}, from...) {
		var places []string
		for _, a := range o.acts {
			if a.Verb == "find" && a.named != "" {
				places = append(places, a.named)
			}
		}
		switch {
		case len(places) > 0 && o.called != "":
			return say.Text("command.files-called", "places", say.List("objects", places...), "names", o.called)
		case len(places) > 0:
			return say.Text("command.files-found", "places", say.List("objects", places...))
		}
	}
	if listed := listedBy(from, 0); listed != "" {
		return say.Text("command.files-listed", "places", listed)
	}
	return say.Text(key)
}

// called are the names of the files that find looks for, where it leaves none out.
func called(u *lore.Use) string {
	names := u.Slots["PATTERN"]
	if len(names) == 0 || len(names) > 3 || u.Given["!"] || u.Given["-not"] || u.Given["-prune"] && u.Given["-o"] {
		return ""
	}
	var out []string
	for _, w := range names {
		out = append(out, prose.Clean(w.Text))
	}
	return say.List("objects", out...)
}

// listedBy names what the lister at the beginning of a pipe lists.
func listedBy(from []*step, depth int) string {
	for _, o := range from {
		for _, a := range o.acts {
			if (a.Verb == "list" || a.Verb == "search") && a.Role == effect.RolePath && a.named != "" {
				return a.named
			}
		}
		if listed := listedBy(o.from, depth+1); listed != "" || depth > 8 {
			return listed
		}
	}
	return ""
}

// given names what is not known, or the files that below stands for, by what a
// finder hands on; false: there is no place for it.
func given(s *step, says, below string) (done bool) {
	if says == "" {
		return false
	}
	named := lore.Name(below, lore.Classify(below, lore.Where{}))
	for i := range s.acts {
		a := &s.acts[i]
		if a.named != "" && (a.Object == "…" || below != "" && a.Object == below) {
			a.named, done = says, true
		}
		said := a.say
		a.say = strings.ReplaceAll(a.say, prose.Clean(shell.Unknown), says)
		if below != "" {
			a.say = strings.ReplaceAll(a.say, named, says)
		}
		done = done || a.say != said
	}
	for _, i := range s.inner {
		done = given(i, says, below) || done
	}
	return done
}

// found leaves the search out of the headline whose result is said with what is
// done to it.
func (s *step) found(from []*step) {
	if s.called == "" && !slices.ContainsFunc(from, func(o *step) bool { return o.called != "" }) { // the search says more
		return
	}
	for i := range s.acts {
		s.acts[i].side = s.acts[i].side || s.acts[i].Verb == "find"
	}
	if s.program == "xargs" && len(from) == 1 && (from[0].program == "find" || filters[from[0].program]) {
		from[0].told()
	}
}
