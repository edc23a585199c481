// Package policy is what is decided about a session without a person: from
// which risk on a word must be typed, which changes are asked about though no
// line was denied, what is never allowed, what is asked about each time, which
// programs may start unasked, whose signatures decisions need, and how long and
// how much.
//
// A [Policy] is read from a YAML file by [Load]. The file is strict: a key that
// is not known or there twice, a wrong type and a value that makes no sense are
// an [Error] with the file and the line, and then no session starts. What a
// file leaves out is as in the built-in policy, which is default.yaml beside
// this file: it is read by the same code, and says what each key means.
//
// Two files can be in force at once: that of the system, /etc/escort/policy.yaml,
// and that of the account, or the one that the command line names in its place.
// Then the stricter of each counts: the lower risk, the shorter wait, the larger
// recording, the rules of both, the lists of signers of both, each of which must
// know a key, and only those relaxations that stand in both.
// Where the result is weaker than the built-in policy, [Policy.Relaxed] says so
// in words for the header. What is never allowed can be extended and not
// shrunk.
//
// A file carries its own tests. [Policy.Try] runs them with the explanations
// and the decisions of a session.
//
// # Limits
//
// A rule about a path is about changes, not about reading. A line is matched by
// the names that it has in it; what those lead to in the end is matched when a
// program makes the change. A rule about a program is about that file: a copy of
// it elsewhere is another program. A policy is read once, when a session starts.
package policy
