package explain

import (
	"path"
	"strings"

	"escort/explain/effect"
	"escort/explain/lore"
	"escort/explain/manual"
	"escort/explain/prose"
	"escort/explain/say"
)

// These bound what one explanation reads of manual pages.
const (
	maxPages   = 24
	maxManuals = 8 << 20 // bytes
	pageNode   = 4 << 10 // bytes of a page that cost a node of the budget
	maxSubs    = 6       // words behind a program's name that may be part of a page's name
	maxSilent  = 3       // unknown options in one word that are quoted
)

// page is the installed manual page called name; nil: there is none that can
// be quoted.
func (j *job) page(name string) *manual.Page {
	if p, ok := j.pages[name]; ok {
		return p
	}
	if !manual.Plain(name) || len(j.pages) >= maxPages || j.manuals >= maxManuals || !j.budget.Take(1) {
		return nil
	}
	var p *manual.Page
	text, err := j.world.Lookup(j.ctx, effect.LookupManual, name)
	j.manuals += len(text)
	if err == nil && j.budget.Take(len(text)/pageNode) {
		p = manual.Read(name, text)
	}
	if j.pages == nil {
		j.pages = map[string]*manual.Page{}
	}
	j.pages[name] = p
	return p
}

// documented reports whether the manual pages of this machine are about the
// program that a command starts: it must not be one of another machine, nor lie
// where programs of that name do not belong, nor be a part of the shell.
func (j *job) documented(cmd *command, f frame) bool {
	if f.elsewhere || j.world == Nowhere {
		return false
	}
	name, file := cmd.words[0].Text, cmd.path
	if file == "" {
		p, err := j.world.Lookup(j.ctx, effect.LookupProgram, name)
		if err != nil {
			return !strings.Contains(name, "/") || systemFolder(path.Dir(path.Clean(name)))
		}
		file = p
	}
	return path.IsAbs(file) && systemFolder(path.Dir(path.Clean(file)))
}

// about follows words behind a program's name to the page about them: of "git
// remote add" that is git-remote.
type about struct {
	page *manual.Page
	name string // of the page
	subs []string
}

// further goes on to the page of a subcommand, if there is one.
func (j *job) further(a *about, word string) bool {
	if len(a.subs) == maxSubs || !subcommandName(word) {
		return false
	}
	for _, joint := range []string{"-", "_"} {
		if p := j.page(a.name + joint + word); p != nil {
			a.page, a.name, a.subs = p, a.name+joint+word, append(a.subs[:len(a.subs):len(a.subs)], word)
			return true
		}
	}
	return false
}

func subcommandName(word string) bool {
	return word != "" && len(word) <= 32 && word[0] != '-' && strings.Trim(word, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// strangerParts says what the manual says of a program without an entry and of
// its options, and what the headline can quote; the rest is not known.
func (j *job) strangerParts(s *step, cmd *command, f frame) {
	name := cmd.words[0].Text
	s.summary = say.Text("command.starts-the-program-i-do", "name", show(name))
	s.short = say.Text("command.starts-the-program-which-i", "name", show(name))
	if len(name) > 1 && (name[0] == '!' || name[0] == '^') { // the shell's own record of lines
		s.summary, s.short = say.Text("command.runs-an-earlier-line"), ""
	}
	a := about{name: path.Base(name)}
	if j.documented(cmd, f) {
		a.page = j.page(a.name)
	}
	if a.page == nil {
		j.wordParts(s.program, cmd.words, Part{Meaning: say.Text("command.strange-program"), Source: effect.FromNowhere}, say.Text("command.strange-word"), f)
		return
	}
	j.part(quoted(cmd.words[0], s.program, effect.PartProgram, a.page.Source, a.page.Does(prose.MaxHeadline)), f)
	j.manualWords(&a, s.program, cmd.words[1:], f)
	what, sub := say.Text("command.starts-the-program", "name", show(name)), strings.Join(a.subs, " ")
	if q := a.page.Does(prose.Room(prose.ManualSays(what, sub, ""), f.as, f.place)); q != "" {
		s.summary = prose.ManualSays(what, sub, q)
	}
}

// manualWords says what the manual says of the words behind a program's name.
func (j *job) manualWords(a *about, program string, words []lore.Word, f frame) {
	leading, value, ended := true, false, false
	for _, w := range words {
		said := ""
		switch {
		case value:
			value = false
		case ended || !w.Known || w.Multi:
			leading = false
		case w.Text == "--":
			ended = true
		case strings.HasPrefix(w.Text, "-") && len(w.Text) > 1:
			said, value = a.page.Option(w.Text)
		case leading && j.further(a, w.Text):
			said = a.page.Does(prose.MaxHeadline)
		default:
			leading = false
		}
		j.part(quoted(w, program, partKind(w), a.page.Source, said), f)
	}
}

// quoted is the part of a word: what the manual says of it, otherwise that it
// is not known.
func quoted(w lore.Word, program string, kind effect.PartKind, page, said string) Part {
	p := Part{Span: w.Span, Meaning: say.Text("command.strange-word"), Source: effect.FromNowhere, Kind: kind, Program: program}
	switch {
	case said != "":
		p.Meaning, p.Source = prose.FromManual(page, said), effect.FromManual
	case kind == effect.PartProgram:
		p.Meaning = say.Text("command.strange-program")
	}
	return p
}

// silence is what the manual says of a word that the entry of a program does
// not know; empty: nothing.
func (j *job) silence(p lore.Part, a *about) string {
	if a == nil || len(p.Silent) > maxSilent {
		return ""
	}
	var said []string
	source := a.page.Source
	for _, name := range p.Silent {
		q := ""
		if strings.HasPrefix(name, "-") {
			q = a.option(p, name)
		} else if b := *a; j.further(&b, name) {
			q, source = b.page.Does(prose.MaxHeadline), b.page.Source
		}
		if q == "" {
			return ""
		}
		said = append(said, q)
	}
	meaning := prose.FromManual(source, strings.Join(said, ", "))
	if p.Meaning != "" {
		meaning = say.Text("parts.one-and-more", "one", p.Meaning, "other", meaning)
	}
	return meaning
}

// option is what the page says of an option in a word. A word of which nothing
// is known may be one option with a long name after one dash.
func (a *about) option(p lore.Part, name string) string {
	if p.Meaning == "" && len(p.Silent) == 1 {
		if q, _ := a.page.Option(p.Word.Text); q != "" {
			return q
		}
	}
	q, _ := a.page.Option(name)
	if word, _, _ := strings.Cut(p.Word.Text, "="); q != "" && word != name { // one letter of several
		return name + " " + q
	}
	return q
}

// pagesOf is the page about a program with an entry, down to the subcommand that
// was given as far as it has pages; nil: there is none.
func (j *job) pagesOf(cmd *command, e *lore.Entry, u *lore.Use, f frame) *about {
	if f.fix != nil || f.lines != nil || e.Builtin && !cmd.exact && !strings.Contains(cmd.words[0].Text, "/") || !j.documented(cmd, f) {
		return nil
	}
	a := &about{name: u.Program, page: j.page(u.Program)}
	if a.page == nil {
		return nil
	}
	for word := range strings.FieldsSeq(strings.TrimPrefix(u.Path, u.Program)) {
		if !j.further(a, word) {
			break
		}
	}
	return a
}
