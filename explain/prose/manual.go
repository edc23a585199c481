package prose

import (
	"unicode/utf8"

	"escort/explain/say"
)

// FromManual is the meaning of a word as the manual page has it: quoted has its
// quotation marks.
func FromManual(page, quoted string) string {
	return say.Text("manual.meaning", "page", page, "quoted", quoted)
}

// ManualSays adds to what is said of a program what its manual says, or what
// that says of its subcommand.
func ManualSays(what, subcommand, quoted string) string {
	if subcommand != "" {
		return say.Text("manual.says-of", "what", what, "subcommand", subcommand, "quoted", quoted)
	}
	return say.Text("manual.says", "what", what, "quoted", quoted)
}

// Room is how many characters a headline has left behind what.
func Room(what, as, where string) int {
	return MaxHeadline - 2 - utf8.RuneCountInString(what+asTail(as)+whereTail(where))
}
