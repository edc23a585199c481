package lore

import (
	"slices"
	"strings"

	"escort/explain/say"
)

// collectRuns gathers what stands in slots whose content is run.
func (u *Use) collectRuns() {
	seen := map[string]bool{}
	for i := len(u.chain) - 1; i >= 0; i-- {
		e := u.chain[i]
		for _, name := range sortedKeys(e.Slots) {
			s := e.Slots[name]
			words := u.Slots[name]
			if seen[name] || len(words) == 0 || !u.holds(s.When, Where{}) {
				continue
			}
			seen[name] = true
			switch s.Kind {
			case "command":
				u.Runs = append(u.Runs, Run{Slot: s, Name: name, Words: words})
			case "shell":
				u.Runs = append(u.Runs, Run{Slot: s, Name: name, Words: words, Args: u.Slots["ARGS"]})
			case "code", "script":
				for _, w := range words {
					u.Runs = append(u.Runs, Run{Slot: s, Name: name, Words: []Word{w}, Args: u.Slots["ARGS"]})
				}
			}
		}
	}
	for i := range u.Runs {
		u.Runs[i].Slot.As = u.fillIn(u.Runs[i].Slot.As)
	}
}

// Off reports that an option makes the command only describe itself or what
// it would do.
func (u *Use) Off() bool { return u.Tags["help"] || u.Tags["dry-run"] }

// Still reports that an option has something run though the command is only
// tried out.
func (u *Use) Still() bool { return u.Tags["still"] && !u.Tags["help"] }

// Means is what the option says that sets a tag; empty: none does.
func (u *Use) Means(tag string) string {
	for _, o := range u.options {
		if slices.Contains(o.Sets, tag) {
			return o.Means
		}
	}
	return ""
}

// Searches reports that a word is a pattern to look for, which is no order.
func (u *Use) Searches() bool {
	for name, words := range u.Slots {
		if len(words) > 0 && u.slot(name).Kind == "pattern" {
			return true
		}
	}
	return false
}

// meanings are the messages that say what a word of a kind is, in the list of
// parts.
var meanings = map[string]string{
	"path": "parts.a-file-or-folder", "folder": "parts.a-folder", "device": "parts.a-disk-or-device", "log": "parts.a-log",
	"remote-path": "parts.a-file-or-folder-perhaps", "key": "parts.a-key", "secret": "parts.a-secret",
	"host": "parts.a-machine", "url": "parts.an-address-on-the-network", "port": "parts.a-port", "user": "parts.an-account",
	"group": "parts.a-group-of-accounts", "process": "parts.a-process", "signal": "parts.the-signal", "service": "parts.a-service",
	"package": "parts.a-package", "setting": "parts.a-setting", "database": "parts.a-database", "table": "parts.a-table",
	"sql": "parts.a-database-command", "container": "parts.a-container", "image": "parts.a-container-image",
	"resource": "parts.a-thing-in-the-cluster", "repository": "parts.a-repository", "branch": "parts.a-branch",
	"module": "parts.a-part-of-the-kernel", "session": "parts.a-session", "pattern": "parts.a-search-pattern",
	"mode": "parts.permissions", "number": "parts.a-number", "script": "files.the-script-that-is-run",
	"args": "files.a-word-handed-on-to", "shell": "files.commands-for-a-shell", "code": "parts.program-code", "command": "parts.a-command",
	"system": "parts.the-machine", "place": "parts.what-it-works-in",
}

func (r *reader) meaning(name string, w Word) string {
	s := r.slot(name)
	if s.Call != "" {
		return s.Call
	}
	if IsPath(s.Kind) {
		if p := Classify(w.Text, Where{}); p.Name != "" {
			return p.Name
		}
	}
	if m := meanings[s.Kind]; m != "" {
		return say.Text(m)
	}
	return say.Lore(strings.ToLower(strings.ReplaceAll(name, "_", " ")), "slot", name)
}

// Loose reports that the entry takes options and words that it does not know
// without a doubt.
func (u *Use) Loose() bool {
	for _, e := range u.chain {
		if e.NoStrict && !e.Builtin {
			return true
		}
	}
	return false
}

// Unread lists the words of which the entry does not say what the program does
// with them: words and options that it has no place for, values that have no
// kind and, where it takes all words without a doubt, what it calls text.
func (u *Use) Unread() []Word {
	if u.Entry.Builtin {
		return nil
	}
	out := append(append([]Word(nil), u.Strange...), u.Extra...)
	loose := u.Loose()
	for _, name := range sortedKeys(u.Slots) {
		if kind := u.kindOf(name); kind == "" && name != "ASSIGN" || kind == "text" && loose {
			out = append(out, u.Slots[name]...)
		}
	}
	for _, p := range u.Parts {
		if len(p.Silent) > 0 {
			out = append(out, p.Word)
		}
	}
	return out
}

// Files lists the words that name files, or may do so.
func (u *Use) Files() []Word {
	var out []Word
	for _, name := range sortedKeys(u.Slots) {
		switch kind := u.kindOf(name); {
		case kind == "script":
		case IsPath(kind), !u.Entry.Builtin && may[kind]:
			out = append(out, u.Slots[name]...)
		}
	}
	return out
}

// may are kinds whose words can be the name of a file all the same.
var may = map[string]bool{"": true, "host": true, "text": true, "package": true, "process": true, "resource": true, "number": true}

// kindOf is the kind of a slot; empty: nobody has said.
func (u *Use) kindOf(name string) string {
	for i := len(u.chain) - 1; i >= 0; i-- {
		if s, ok := u.chain[i].Slots[name]; ok {
			return s.Kind
		}
	}
	return ""
}
