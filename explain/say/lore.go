package say

import "strings"

// Lore is a text of the lore in the language that is spoken. The parts of its id
// are the program and its subcommands, and then what the text is of:
//
//	lore/git push = sends commits to another copy
//	lore/git push/-f --force = replaces what is there
//	lore/git push/effects/1/say = Sends {BRANCH} to {REMOTE}
//	lore/place//etc/shadow = the file of password hashes
//
// English is written in the lore itself, so nothing is looked up for it.
func Lore(english string, id ...string) string {
	c := spoken()
	if c.Language == English || english == "" {
		return english
	}
	if text, ok := c.texts["lore/"+strings.Join(id, "/")]; ok {
		return text
	}
	if c.Lore != nil {
		return c.Lore(english)
	}
	return english
}
