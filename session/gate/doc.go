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
// table says which (package unotify). What they name is copied from the
// process's memory once, resolved with its own rights, rated, compared with the
// effects that the card of its line showed, and, when it may be, done by the
// gate in the process's place, so that what was judged is what happens. What the
// policy holds and was not shown is a question too; what it never allows is
// refused at once.
//
// A grant belongs to processes, not to time: every process carries the grant
// and the step of the plan under which it was started, and its children
// inherit it. When the shell is back at its prompt, everything still alive is
// marked with its line and the shell itself has no grant at all.
//
// Every doubt is a refusal: what cannot be read, resolved, recorded or traced
// does not run.
//
// # Limits
//
// Opens for reading are not seen. A process in a user namespace of its own can
// change nothing. Calls that change the machine as a whole (mounts, modules) run
// as they are once allowed, by processes that share their memory with nobody.
//
// The interpreter of a script opens the script by name after the verification;
// a file swapped in that moment is not seen. Programs under a debugger that runs
// inside the session are let through unverified when they are planned or
// allowed, and said to be so. Registrations of binfmt_misc are those of the
// gate's own user namespace; a foreign one makes the start end as "differs".
package gate
