package lore

import "strings"

// collectRuns gathers what stands in slots whose content is run.
func (u *Use) collectRuns() {
	seen := map[string]bool{}
	for i := len(u.chain) - 1; i >= 0; i-- {
		e := u.chain[i]
		for _, name := range sortedKeys(e.Slots) {
			s := e.Slots[name]
			words := u.Slots[name]
			if seen[name] || len(words) == 0 {
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

// Searches reports that a word is a pattern to look for, which is no order.
func (u *Use) Searches() bool {
	for name, words := range u.Slots {
		if len(words) > 0 && u.slot(name).Kind == "pattern" {
			return true
		}
	}
	return false
}

// meanings is what a word of a kind is called in the list of parts.
var meanings = map[string]string{
	"path": "a file or folder", "folder": "a folder", "device": "a disk or device", "log": "a log",
	"remote-path": "a file or folder, perhaps on another machine", "key": "a key", "secret": "a secret",
	"host": "a machine", "url": "an address on the network", "port": "a port", "user": "an account",
	"group": "a group of accounts", "process": "a process", "signal": "the signal", "service": "a service",
	"package": "a package", "setting": "a setting", "database": "a database", "table": "a table",
	"sql": "a database command", "container": "a container", "image": "a container image",
	"resource": "a thing in the cluster or cloud", "repository": "a repository", "branch": "a branch",
	"module": "a part of the kernel", "session": "a session", "text": "text", "pattern": "a search pattern",
	"mode": "permissions", "number": "a number", "script": "the script that is run",
	"args": "a word handed on to it", "shell": "commands for a shell", "code": "program code", "command": "a command",
	"system": "the machine",
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
	if m := meanings[s.Kind]; m != "" && s.Kind != "text" {
		return m
	}
	return strings.ToLower(strings.ReplaceAll(name, "_", " "))
}
