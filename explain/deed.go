package explain

import (
	"context"

	"escort/explain/effect"
	"escort/explain/lore"
	"escort/explain/prose"
	"escort/explain/quote"
)

// Deed is what a running program is about to do, as the kernel was asked for
// it: nothing about it is a guess.
type Deed struct {
	Argv    []string // the words of the program, as it says
	Exe     string   // the program itself; empty: not known
	Effects []Effect // rated
	World   World    // whose view the paths are of
}

// ExplainDeed says the effects of a running program in the words of a command.
func ExplainDeed(ctx context.Context, d Deed) (e Explanation) {
	defer func() {
		if recover() != nil {
			e = cannotTell(Request{Argv: d.Argv})
		}
	}()
	j := newJob(ctx, Request{World: d.World})
	text, _ := quote.Valid(quote.Argv(d.Argv))
	j.text, j.out.Command = text, text
	if len(text) > maxLine {
		j.out.Command, j.out.Cut = clip(text, showText), true
	}
	s := &step{program: d.Exe}
	for _, x := range d.Effects {
		a := act{Effect: x, access: accessOf[x.Verb], undo: undoOf[x.Verb]}
		if x.Role == effect.RolePath {
			a.place = lore.Classify(x.Object, j.where)
			a.named = lore.Name(x.Object, a.place)
		}
		s.acts = append(s.acts, a)
	}
	s.asks = []string{prose.AskDeed()}
	j.judged(s, &command{exact: true}, frame{parent: -1})
	j.steps = append(j.steps, s)
	j.incomplete()
	return j.finish()
}

// accessOf is how the rules see what a call does to a file.
var accessOf = map[string]string{
	"write": "write", "create": "write", "link": "write", "change": "write", "permit": "write", "delete": "delete", "rename": "delete",
}

// undoOf is whether what a call does can be put back.
var undoOf = map[string]effect.Undo{
	"create": effect.UndoYes, "link": effect.UndoYes, "rename": effect.UndoYes, "permit": effect.UndoPartly, "change": effect.UndoPartly,
	"write": effect.UndoUnknown, "delete": effect.UndoNo, "connect": effect.UndoNo, "send": effect.UndoNo, "listen": effect.UndoYes,
	"signal": effect.UndoUnknown, "mount": effect.UndoYes, "load": effect.UndoPartly,
}
