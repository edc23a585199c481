// Command escort is a console in which a person who is cleared supervises an
// engineer who is not trusted: every command of the engineer's shell is held,
// explained in plain words, and runs only when a key is pressed.
//
// The same program is also what a session starts below itself to prepare and
// to watch over the shell; that is found out before anything else is done.
package main

import (
	"os"

	"escort/session/child"
	"escort/tui/command"
)

func main() {
	if child.Main() {
		return
	}
	os.Exit(command.Main(os.Args[1:]))
}
