package effect

import (
	"slices"
	"time"
)

// AppendJSON adds the members of e to b as encoding/json writes them, on one
// line and without escapes for HTML, in braces that it leaves to the caller:
// `"command":"ls","headline":…`. It is what a stream of answers is written
// with, where finding the members by reflection takes longer than finding the
// answer.
func (e *Explanation) AppendJSON(b []byte) []byte {
	b = appendText(b, `"command":`, e.Command)
	if e.Cut {
		b = append(b, `,"cut":true`...)
	}
	b = appendText(b, `,"headline":`, e.Headline)
	b = appendText(b, `,"risk":`, string(e.Risk))
	b = appendText(b, `,"undo":`, string(e.Undo))
	b = appendText(b, `,"undo_text":`, e.UndoText)
	b = e.Dimensions.append(append(b, `,"dimensions":`...))
	b = appendList(append(b, `,"effects":`...), e.Effects, appendEffect)
	b = appendList(append(b, `,"findings":`...), e.Findings, appendFinding)
	b = appendList(append(b, `,"parts":`...), e.Parts, appendPart)
	b = e.Plan.append(append(b, `,"plan":`...))
	b = appendList(append(b, `,"scripts":`...), e.Scripts, appendScript)
	b = appendList(append(b, `,"unknowns":`...), e.Unknowns, appendUnknown)
	b = appendList(append(b, `,"ask":`...), e.Ask, appendString)
	if e.Ticket != "" {
		b = appendText(b, `,"ticket":`, e.Ticket)
	}
	return appendText(b, `,"version":`, e.Version)
}

func (d *Dimensions) append(b []byte) []byte {
	b = appendText(b, `{"damage":`, string(d.Damage))
	b = appendText(b, `,"disclosure":`, string(d.Disclosure))
	b = appendText(b, `,"control":`, string(d.Control))
	b = appendText(b, `,"hiding":`, string(d.Hiding))
	b = appendText(b, `,"unknown":`, string(d.Unknown))
	return append(b, '}')
}

func appendEffect(b []byte, e *Effect) []byte {
	b = appendText(b, `{"verb":`, e.Verb)
	b = appendText(b, `,"object":`, e.Object)
	b = appendText(b, `,"role":`, string(e.Role))
	b = appendText(b, `,"scope":`, string(e.Scope))
	b = appendText(b, `,"as":`, e.As)
	b = appendText(b, `,"dimension":`, string(e.Dimension))
	b = appendFlag(b, `,"recursive":`, e.Recursive)
	b = appendText(b, `,"risk":`, string(e.Risk))
	return append(appendSpan(b, e.Span), '}')
}

func appendFinding(b []byte, f *Finding) []byte {
	b = appendText(b, `{"id":`, f.ID)
	b = appendText(b, `,"text":`, f.Text)
	b = appendText(b, `,"dimension":`, string(f.Dimension))
	b = appendText(b, `,"technique":`, f.Technique)
	b = appendText(b, `,"risk":`, string(f.Risk))
	return append(appendSpan(b, f.Span), '}')
}

func appendPart(b []byte, p *Part) []byte {
	b = appendPair(append(b, `{"span":`...), p.Span)
	b = appendText(b, `,"text":`, p.Text)
	b = appendText(b, `,"meaning":`, p.Meaning)
	b = appendText(b, `,"source":`, string(p.Source))
	if p.Kind != "" {
		b = appendText(b, `,"kind":`, string(p.Kind))
	}
	if p.Program != "" {
		b = appendText(b, `,"program":`, p.Program)
	}
	return append(b, '}')
}

func (p *Plan) append(b []byte) []byte {
	b = appendList(append(b, `{"starts":`...), p.Starts, appendStart)
	b = append(b, `,"files":`...)
	if p.Files == nil {
		b = append(b, "null"...)
	} else {
		b = appendFiles(b, p.Files)
	}
	return append(appendFlag(b, `,"complete":`, p.Complete), '}')
}

func appendFiles(b []byte, files map[string]string) []byte {
	b = append(b, '{')
	if len(files) > 0 {
		names := make([]string, 0, len(files))
		for n := range files {
			names = append(names, n)
		}
		slices.Sort(names)
		for i, n := range names {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendQuoted(append(appendQuoted(b, n), ':'), files[n])
		}
	}
	return append(b, '}')
}

func appendStart(b []byte, s *Start) []byte {
	b = appendList(append(b, `{"argv":`...), s.Argv, appendWord)
	b = appendFlag(b, `,"rest":`, s.Rest)
	b = appendText(b, `,"path":`, s.Path)
	b = appendText(b, `,"sha256":`, s.SHA256)
	b = appendList(append(b, `,"env":`...), s.Env, appendString)
	b = appendNumber(b, `,"parent":`, s.Parent)
	return append(appendNumber(b, `,"max":`, s.Max), '}')
}

func appendScript(b []byte, s *Script) []byte {
	b = appendText(b, `{"path":`, s.Path)
	b = appendText(b, `,"language":`, s.Language)
	b = appendText(b, `,"sha256":`, s.SHA256)
	b = appendText(b, `,"owner":`, s.Owner)
	b = appendText(b, `,"package":`, s.Package)
	b = appendText(b, `,"unread":`, s.Unread)
	b = appendNumber(b, `,"lines":`, s.Lines)
	b = appendNumber(b, `,"read":`, s.Read)
	b = append(s.ModTime.AppendFormat(append(b, `,"mod_time":"`...), time.RFC3339Nano), '"')
	if s.Unmodified == nil {
		b = append(b, `,"unmodified":null`...)
	} else {
		b = appendFlag(b, `,"unmodified":`, *s.Unmodified)
	}
	b = appendList(append(b, `,"worst":`...), s.Worst, appendScriptLine)
	if s.Versioned != "" {
		b = appendText(b, `,"versioned":`, s.Versioned)
	}
	if s.Text != "" {
		b = appendText(b, `,"text":`, s.Text)
	}
	return append(b, '}')
}

func appendScriptLine(b []byte, l *ScriptLine) []byte {
	b = appendNumber(b, `{"line":`, l.Line)
	b = appendText(b, `,"text":`, l.Text)
	b = appendText(b, `,"meaning":`, l.Meaning)
	b = appendText(b, `,"risk":`, string(l.Risk))
	return append(b, '}')
}

func appendUnknown(b []byte, u *Unknown) []byte {
	b = appendText(b, `{"text":`, u.Text)
	b = appendText(b, `,"why":`, u.Why)
	b = appendText(b, `,"risk":`, string(u.Risk))
	return append(appendSpan(b, u.Span), '}')
}
