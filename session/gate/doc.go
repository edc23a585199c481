// Package gate holds every program start of a session until it is known to be
// in a plan that somebody allowed.
//
// The kernel stops each execve and execveat of the session's processes and
// tells the gate (package unotify). The gate reads what would be started from
// the process's memory, resolves the program in that process's own view of the
// file system and matches both against the open grants. What matches is let
// through and counted off; anything else is a question to the [Asker]. What is
// let through is verified: a tracer stops the process after the exec and before
// its first instruction, compares program, words and environment with what was
// judged, and kills it when they differ. So a second thread that rewrites the
// words after the look gains nothing.
//
// Calls that change something outside of their process are handed over too: a
// table says which (package unotify). What they name is copied once, resolved
// with the process's own rights, rated, compared with what the card of its line
// showed, and, when it may be, done in the process's place, so that what was
// judged is what happens. What the policy holds and was not shown is a question;
// what it never allows is refused at once. What was bound, made or started in
// the session is its own business; a socket, a terminal, memory or a process of
// somebody else is not, also where it was opened for reading alone.
//
// A grant belongs to processes, not to time: every process carries the grant and
// the step of the plan under which it was started, and its children inherit it.
// When the shell is back at its prompt, everything still alive is marked with
// its line and the shell itself has no grant at all.
//
// Every doubt is a refusal: what cannot be read, resolved, recorded or traced
// does not run.
//
// # Limits
//
// Opens for reading are not seen, nor where messages go once a socket for single
// ones was allowed, nor what is done with POSIX queues. Whoever asks for the
// process behind a connection is told the gate's. A process in a user namespace
// of its own can change nothing. Mounts, modules and the like run as they are
// once allowed, by processes that share their memory with nobody. The interpreter
// of a script opens it by name after the verification: a file swapped then is
// not seen. Programs under a debugger inside the session run unverified, and it
// is said. A binfmt_misc of another user namespace makes a start "differ".
package gate
