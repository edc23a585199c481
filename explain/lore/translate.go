package lore

import (
	"strconv"
	"strings"

	"escort/explain/say"
)

// translated is an entry in another language than English.
func (s *store) translated(c *say.Catalogue, name string, i int) (*Entry, error) {
	type key struct {
		c    *say.Catalogue
		name string
	}
	if e, ok := s.other.Load(key{c, name}); ok {
		return e.(*Entry), nil
	}
	e, err := s.decode(s.entries[i].body, func(e *Entry) { e.translate(name) })
	if err == nil {
		s.other.Store(key{c, name}, e)
	}
	return e, err
}

// translate puts every text of an entry that a person reads into the language
// that is spoken. The ids of [say.Lore] are the program, then "options/KEY" and
// the like, as the members of the entry are called in its file.
func (e *Entry) translate(id string) {
	e.Summary = say.Lore(e.Summary, id)
	e.Deeds = say.Lore(e.Deeds, id, "deeds")
	e.UndoText = say.Lore(e.UndoText, id, "undo_text")
	for i := range e.Ask {
		e.Ask[i] = say.Lore(e.Ask[i], id, "ask", strconv.Itoa(i+1))
	}
	if e.Prompt != nil {
		e.Prompt.Text = say.Lore(e.Prompt.Text, id, "prompt")
	}
	for i := range e.Gives {
		e.Gives[i].What = say.Lore(e.Gives[i].What, id, "gives", strconv.Itoa(i+1))
	}
	translateEffects(e.Effects, id)
	translateFindings(e.Findings, id)
	for key, o := range e.Options {
		at := id + "/options/" + key
		o.Means = say.Lore(o.Means, at)
		translateEffects(o.Effects, at)
		translateFindings(o.Findings, at)
		e.Options[key] = o
	}
	for name, s := range e.Slots {
		s.Call = say.Lore(s.Call, id, "slots", name)
		if s.Kind == "text" || strings.Contains(s.Default, " ") { // other words are what the program takes: a path, an account
			s.Default = say.Lore(s.Default, id, "slots", name, "default")
		}
		e.Slots[name] = s
	}
	for name, sub := range e.Subcommands {
		sub.translate(id + " " + name)
	}
}

func translateEffects(effects []Effect, id string) {
	for i := range effects {
		x, at := &effects[i], id+"/effects/"+strconv.Itoa(i+1)
		x.Say = say.Lore(x.Say, at, "say")
		x.UndoText = say.Lore(x.UndoText, at, "undo_text")
		if !isSlotName(x.What) {
			x.What = say.Lore(x.What, at, "what")
		}
	}
}

func translateFindings(findings []Finding, id string) {
	for i := range findings {
		findings[i].Text = say.Lore(findings[i].Text, id, "findings", findings[i].ID)
	}
}
