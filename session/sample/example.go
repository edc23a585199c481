package sample

import (
	_ "embed"
	"reflect"
)

// Example is a whole sample file of 25 lines, with comments: the documentation
// of the format.
//
//go:embed testdata/example.yaml
var Example string

// Name is a name that may stand in a sample's file, and what it says.
type Name struct{ Name, Says string }

// says explains the names of a file.
var says = map[string]string{
	"title": "what the lesson is called", "about": "one sentence about what it shows; the list of lessons does not tell it to those who are to learn",
	"technique": "a number of MITRE ATT&CK, such as T1059.004; leave it out where nothing bad happens",
	"engineer":  "user@firm; the user is the account", "host": "name of the machine", "ticket": "number and \"title\" of the work order",
	"now": "when it begins: 2026-11-24 14:20", "home": "home of the account, and the folder in which it works (/home/USER)",
	"programs": "what is installed: a list of names", "aliases": "of the engineer's shell: name: text", "files": "what lies on the machine",
	"steps": "the lines, in their order", "debrief": "what to take away, said at the end",

	"files.path": "whole path", "files.text": "its content", "files.owner": "account (the engineer's below home, else root)",
	"files.package": "that brought it", "files.changed": "true: changed since its package was installed", "files.age": "since its last change: 20m, 3h or 400d (30d)",
	"files.mode": "permission bits (0644)", "files.was": "its text when it was last allowed to run, a week ago",

	"steps.line": "what is typed", "steps.says": "a caption before it", "steps.pause": "before it is typed: 3s", "steps.output": "what it prints if it is allowed",
	"steps.takes": "until the output is there: 2s", "steps.status": "its exit status (0)", "steps.right": "allow, deny, ask (first), or cannot-tell (pass it on)",
	"steps.then": "with ask and cannot-tell: allow or deny, which it comes to", "steps.because": "why that is right; needed for all but allow",
	"steps.answer": "what the engineer says when asked", "steps.denied": "what the engineer says to a denial", "steps.hint": "for who takes long",
}

// Format lists every name of a sample's file in the order in which they stand
// there; those of files and steps begin with "files." and "steps.".
func Format() []Name {
	var out []Name
	for _, part := range []struct {
		prefix string
		of     any
	}{{"", Sample{}}, {"files.", File{}}, {"steps.", Step{}}} {
		for _, n := range known(reflect.TypeOf(part.of)) {
			out = append(out, Name{part.prefix + n, says[part.prefix+n]})
		}
	}
	return out
}
