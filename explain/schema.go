package explain

import (
	"encoding/json"
	"slices"

	"escort/explain/effect"
	"escort/explain/ticket"
)

type object = map[string]any

// Schema is the JSON Schema (2020-12) of an explanation with its closed lists.
func Schema() []byte {
	defs := object{
		"risk": enum(effect.Risks),
		"span": object{
			"type": "array", "items": object{"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2,
			"description": "half-open range of bytes of command, UTF-8",
		},
		"dimension":  enum(effect.AllDimensions),
		"dimensions": dimensions(),
		"effect": closed(object{
			"verb": enum(effect.Verbs), "object": text(), "role": enum(effect.Roles), "scope": enum(effect.Scopes), "as": text(),
			"dimension": ref("dimension"), "recursive": boolean(), "risk": ref("risk"), "span": ref("span"),
		}, "span"),
		"finding": closed(object{
			"id": object{"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}, "text": text(), "dimension": ref("dimension"),
			"technique": object{"type": "string", "pattern": `^(T[0-9]{4}(\.[0-9]{3})?)?$`}, "risk": ref("risk"), "span": ref("span"),
		}, "span"),
		"part": closed(object{
			"span": ref("span"), "text": text(), "meaning": text(),
			"source": enum([]effect.PartSource{
				effect.FromLore, effect.FromManual, effect.FromHost, effect.FromShell, effect.FromNowhere,
			}),
			"kind": enum([]effect.PartKind{effect.PartProgram, effect.PartOption, effect.PartOperand}), "program": text(),
		}, "kind", "program"),
		"start": closed(object{
			"argv": list(object{"type": []string{"string", "null"}}), "rest": boolean(), "path": text(), "sha256": text(),
			"env": list(text()), "parent": object{"type": "integer", "minimum": -1}, "max": count(),
		}),
		"plan": closed(object{
			"starts": list(ref("start")), "files": object{"type": "object", "additionalProperties": text()}, "complete": boolean(),
		}),
		"script_line": closed(object{"line": count(), "text": text(), "meaning": text(), "risk": ref("risk")}),
		"script": closed(object{
			"path": text(), "language": text(), "sha256": text(), "owner": text(), "package": text(), "unread": text(),
			"lines": count(), "read": count(), "mod_time": object{"type": "string", "format": "date-time"},
			"unmodified": object{"type": []string{"boolean", "null"}}, "worst": list(ref("script_line")), "text": text(), "versioned": enum([]string{effect.Kept, effect.Altered, effect.NotKept}),
		}, "text", "versioned"),
		"unknown": closed(object{"text": text(), "why": text(), "risk": ref("risk"), "span": ref("span")}, "span"),
	}
	top := closed(object{
		"command": text(), "cut": boolean(), "headline": text(), "risk": ref("risk"),
		"undo":      enum([]effect.Undo{effect.UndoYes, effect.UndoPartly, effect.UndoNo, effect.UndoUnknown}),
		"undo_text": text(), "dimensions": ref("dimensions"), "effects": list(ref("effect")), "findings": list(ref("finding")),
		"parts": list(ref("part")), "plan": ref("plan"), "scripts": list(ref("script")), "unknowns": list(ref("unknown")),
		"ask": list(text()), "version": text(), "ticket": enum([]ticket.Verdict{ticket.Fits, ticket.Unclear, ticket.Beyond}),
	}, "cut", "ticket")
	top["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	top["title"] = "Explanation of a command"
	top["$defs"] = defs
	b, err := json.MarshalIndent(top, "", "  ")
	if err != nil { // only strings, numbers and maps: cannot fail
		panic(err)
	}
	return append(b, '\n')
}

func text() object           { return object{"type": "string"} }
func boolean() object        { return object{"type": "boolean"} }
func count() object          { return object{"type": "integer", "minimum": 0} }
func ref(name string) object { return object{"$ref": "#/$defs/" + name} }
func list(items object) object {
	return object{"type": "array", "items": items}
}

func enum[T ~string](words []T) object { return object{"type": "string", "enum": words} }

// closed is an object with these members and no others; all are required but
// those named as optional.
func closed(properties object, optional ...string) object {
	var required []string
	for name := range properties {
		if !slices.Contains(optional, name) {
			required = append(required, name)
		}
	}
	slices.Sort(required)
	return object{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}

func dimensions() object {
	p := object{}
	for _, d := range effect.AllDimensions {
		p[string(d)] = ref("risk")
	}
	return closed(p)
}
