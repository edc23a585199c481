package lore

import (
	"strings"

	"escort/explain/say"
)

// common are parameters that every command of PowerShell has; true: it takes a
// value.
var common = map[string]bool{
	"erroraction": true, "warningaction": true, "informationaction": true, "progressaction": true, "errorvariable": true, "warningvariable": true,
	"informationvariable": true, "outvariable": true, "outbuffer": true, "pipelinevariable": true, "ea": true, "wa": true, "ev": true, "ov": true,
	"verbose": false, "debug": false, "confirm": false, "whatif": false, "wi": false, "passthru": false, "vb": false, "cf": false,
	"usetransaction": false,
}

// folded reads a parameter of PowerShell: in either case, shortened as long as
// it stays clear, its value behind a colon or as the next word.
func (r *reader) folded(w Word) {
	name, value, has := strings.Cut(w.Text, ":")
	low := strings.ToLower(strings.TrimPrefix(name, "-"))
	if low != "" && low[0] != '-' {
		low = "-" + low
	}
	ref, ok := r.foldedRef(low)
	off := has && (strings.EqualFold(value, "$false") || strings.EqualFold(value, "false"))
	switch {
	case ok && ref.value == "" && off:
		r.note(w, say.Text("parts.not", "means", ref.Means), true)
	case ok:
		r.take(ref, w, strings.Fields(ref.key)[0], value, has)
	default:
		r.foldedOther(w, strings.TrimPrefix(low, "-"), has, off)
	}
}

// foldedRef finds the parameter that a word in small letters means.
func (r *reader) foldedRef(low string) (*optionRef, bool) {
	var hit *optionRef
	for spelling, ref := range r.entry.spellings {
		s := strings.ToLower(spelling)
		if s == low {
			return ref, true
		}
		if len(low) < 2 || !strings.HasPrefix(s, low) {
			continue
		}
		if hit != nil && hit.Option != ref.Option {
			hit = &optionRef{}
			continue
		}
		hit = ref
	}
	if hit == nil || hit.Option == nil {
		return nil, false
	}
	return hit, true
}

// foldedOther reads what all commands know, and what nobody does.
func (r *reader) foldedOther(w Word, low string, has, off bool) {
	for name, valued := range common {
		if name != low && (len(low) < 3 || !strings.HasPrefix(name, low)) {
			continue
		}
		r.note(w, say.Text("parts.as-with-every-command"), true)
		if valued && !has && len(r.words) > 0 {
			r.note(r.words[0], "", true)
			r.words = r.words[1:]
		}
		if (name == "whatif" || name == "wi") && !off {
			r.use.Tags["dry-run"] = true
		}
		return
	}
	r.strange(w, w.Text)
	if !has && len(r.words) > 0 && !strings.HasPrefix(r.words[0].Text, "-") && !strings.HasPrefix(r.words[0].Text, "{") {
		r.note(r.words[0], "", false) // mostly its value
		r.words = r.words[1:]
	}
}
