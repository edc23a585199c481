// Package child starts the shell of a session so that it can be held from its
// first instruction on, and ends it so that nothing of it is left.
//
// The tree is supervisor → keeper → shell. The program re-executes itself for
// the lower two; [Main] tells by the name it was started under which of them it
// is. The keeper is a watchdog: it adopts every orphan of the session, and when
// the supervisor is gone, by SIGKILL as well, it kills them all. It never has
// the terminal or the listener. The child prelude restricts itself, hands the
// listener over, waits until the supervisor has made sure that nobody else
// holds it, and becomes the shell. That exec is the first start to be held.
//
// What the two need arrives over sockets; their own environment is empty.
//
// **Limits.** A session that may signal its supervisor and its keeper (root, or
// the same user) can kill either; the other then kills the tree. If both die
// in the same instant the tree runs on, but can start nothing (ENOSYS). A task
// in uninterruptible sleep survives SIGKILL and is reported. Under hidepid=2
// an unprivileged keeper does not see non-dumpable processes.
package child
