// Package unotify is the part of a session that touches the kernel's seccomp
// and Landlock interfaces, and nothing else: the filter that a session's tree
// runs under ([Program], [Install]), the descriptor on which the kernel then
// asks for every program start ([Listener]), and the scope-only Landlock
// domain that keeps the asked from answering themselves ([RestrictScopes]).
// It decides nothing: who receives a [Notification] must answer it.
//
// Shapes and rules follow seccomp(2), seccomp_unotify(2) and landlock(7). The
// filter can be read and run without a kernel; everything else is Linux on
// amd64 or arm64 and an error elsewhere.
//
// **Limits.** Filter and domain bind the calling thread, so both must be
// installed by the thread that goes on to exec. A path or an argument vector
// is memory that a second thread can rewrite after it was read: CONTINUE alone
// proves nothing, the caller verifies after the exec. openat2 and io_uring are
// answered ENOSYS, which every program we know takes for an older kernel. A
// session under the domain cannot reach abstract Unix sockets outside of it.
package unotify
