package prose

import "unicode/utf8"

// FromManual is the meaning of a word as the manual page has it: quoted has its
// quotation marks.
func FromManual(page, quoted string) string { return "from the manual, " + page + ": " + quoted }

// ManualSays adds to what is said of a program what its manual says, or what
// that says of its subcommand.
func ManualSays(what, subcommand, quoted string) string {
	if subcommand != "" {
		return what + ". Its manual says of " + subcommand + ": " + quoted
	}
	return what + ". Its manual says: " + quoted
}

// Room is how many characters a headline has left behind what.
func Room(what, as, where string) int {
	if where != "" {
		where = ", " + where
	}
	return MaxHeadline - 2 - utf8.RuneCountInString(what+asTail(as)+where)
}
