// Package explain turns a command into words that a person who is no
// specialist can judge: what it does, to what, how bad that can be, whether it
// can be undone, what to ask, and which programs it will start.
//
// It is a pure function of the request: it runs nothing, uses no network, and
// asks the host only through [World]. The pipeline is: the text is read by
// explain/shell; each command's words are read by explain/lore; what they run
// in turn (sudo, xargs, bash -c, scripts) is unwrapped and read the same way;
// explain/judge adds reasons for concern; explain/prose says it.
//
// # Limits
//
// Code in other languages than shell is read by patterns only. Programs that
// read commands from their own configuration are not followed. What is not
// understood is said to be so and rated as a risk, never as safe.
package explain

import (
	"context"
	"time"

	"escort/explain/effect"
	"escort/explain/lore"
	"escort/explain/quote"
	"escort/explain/say"
)

// The vocabulary, so that callers need one import only.
type (
	Request     = effect.Request
	Explanation = effect.Explanation
	World       = effect.World
	Info        = effect.Info
	Risk        = effect.Risk
	Effect      = effect.Effect
	Finding     = effect.Finding
	Part        = effect.Part
	Plan        = effect.Plan
	Start       = effect.Start
	Script      = effect.Script
	ScriptLine  = effect.ScriptLine
	Unknown     = effect.Unknown
	Span        = effect.Span
)

const (
	maxTime   = 2 * time.Second
	maxLine   = 64 << 10 // bytes of a line that fit a card
	maxScript = 1 << 20  // bytes of a script that are read
	maxDepth  = 8
	showText  = 4096 // bytes of a script's text in the answer
)

// rulesVersion changes when rules or wording change without the lore.
const rulesVersion = "1"

// Version identifies the lore and the rules that an explanation was made with.
func Version() string { return rulesVersion + "-" + lore.Version() }

// Explain explains a line, a script or one program start. It never panics and
// never fails: what goes wrong is an explanation that says it cannot tell.
func Explain(ctx context.Context, req Request) (e Explanation) {
	defer func() {
		if recover() != nil {
			e = cannotTell(req)
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	j := newJob(ctx, req)
	switch {
	case req.Argv != nil:
		j.explainArgv(req)
	case req.Kind == effect.KindScript:
		j.explainScript(req)
	default:
		j.explainLine(req)
	}
	return j.finish()
}

// cannotTell is the answer where the reading itself failed.
func cannotTell(req Request) Explanation {
	text, _ := quote.Valid(req.Text)
	if req.Argv != nil {
		text, _ = quote.Valid(quote.Argv(req.Argv))
	}
	e := Explanation{
		Command: clip(text, showText), Cut: len(text) > showText,
		Headline: say.Text("command.i-cannot-tell-what-this"), Risk: effect.High, Undo: effect.UndoUnknown,
		UndoText: say.Text("files.that-depends-on-what-it"), Dimensions: effect.NotUnderstood(effect.High),
		Unknowns: []Unknown{{Text: say.Text("command.the-whole-command"), Why: say.Text("command.reading-it-failed"), Risk: effect.High}},
		Version:  Version(),
	}
	return *e.Normalize()
}

// clip cuts a text to at most n bytes, between characters.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}
