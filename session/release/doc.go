// Package release keeps back what a session writes, as lines of text, until an
// escort lets them go, and masks what is secret in them.
//
// A [Held] turns the bytes of a terminal into lines with an emulator of its own,
// which is so wide that programs do not break lines for it: what is spread over
// control sequences, overwritten or coloured is one text again before it is
// looked through. The rules of what is secret are data, rules.yaml, with their
// own examples.
//
// # Limits
//
// A line is given once: what a program changes in it afterwards is not given. The
// picture of a full-screen program is not given at all. A secret whose halves are
// given minutes apart, or that is written in a way of the engineer's own (in
// rot13, backwards), no rule finds: whoever allows the command judges what it
// shows, and whoever releases reads it.
package release
