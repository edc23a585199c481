package gate

import (
	"golang.org/x/sys/unix"

	"escort/session/unotify"
)

// shape says how a system call that changes something reads its arguments:
// which of them name files, what the change is called, and how it is done in
// the process's place.
type shape struct {
	verb   string // of effect.Verbs
	access string // how the table of places rates it: write or delete
	names  []naming
	do     func(d *deed) error // on a thread with the process's identity
}

// naming is one path among the arguments of a call.
type naming struct {
	dir    int // argument with the folder that it starts from; -1: the working directory
	name   int // argument with the path; -1: dir is the file itself
	entry  bool
	flags  int // argument with AT_ flags; -1: none
	follow followRule
	access string // where it differs from that of the call
}

// followRule says whether a symbolic link at the end of a path is followed.
type followRule int

const (
	always followRule = iota
	never
	unlessNoFollow // unless flags has AT_SYMLINK_NOFOLLOW
	ifFollow       // only if flags has AT_SYMLINK_FOLLOW
)

// entry is a name in a folder, which is made, taken away or moved; object is
// the file itself.
func entry(dir, name int) naming {
	return naming{dir: dir, name: name, entry: true, flags: -1, follow: never}
}

func object(dir, name int, follow followRule, flags int) naming {
	return naming{dir: dir, name: name, flags: flags, follow: follow}
}

func descriptor(arg int) naming { return naming{dir: arg, name: -1, flags: -1} }

// shapes are the calls that name files. See their manual pages for the order of
// arguments.
var shapes = map[unotify.Call]shape{
	"unlink":       {"delete", "delete", []naming{entry(-1, 0)}, func(d *deed) error { return unix.Unlinkat(d.fd(0), d.last(0), 0) }},
	"rmdir":        {"delete", "delete", []naming{entry(-1, 0)}, func(d *deed) error { return unix.Unlinkat(d.fd(0), d.last(0), unix.AT_REMOVEDIR) }},
	"unlinkat":     {"delete", "delete", []naming{entry(0, 1)}, func(d *deed) error { return unix.Unlinkat(d.fd(0), d.last(0), d.int(2)) }},
	"rename":       {"rename", "delete", []naming{entry(-1, 0), onto(-1, 1)}, func(d *deed) error { return d.rename(0) }},
	"renameat":     {"rename", "delete", []naming{entry(0, 1), onto(2, 3)}, func(d *deed) error { return d.rename(0) }},
	"renameat2":    {"rename", "delete", []naming{entry(0, 1), onto(2, 3)}, func(d *deed) error { return d.rename(uint(d.int(4))) }},
	"mkdir":        {"create", "write", []naming{entry(-1, 0)}, func(d *deed) error { return unix.Mkdirat(d.fd(0), d.last(0), d.mode(1)) }},
	"mkdirat":      {"create", "write", []naming{entry(0, 1)}, func(d *deed) error { return unix.Mkdirat(d.fd(0), d.last(0), d.mode(2)) }},
	"mknod":        {"create", "write", []naming{entry(-1, 0)}, func(d *deed) error { return unix.Mknodat(d.fd(0), d.last(0), d.mode(1), d.int(2)) }},
	"mknodat":      {"create", "write", []naming{entry(0, 1)}, func(d *deed) error { return unix.Mknodat(d.fd(0), d.last(0), d.mode(2), d.int(3)) }},
	"link":         {"link", "write", []naming{object(-1, 0, never, -1), entry(-1, 1)}, (*deed).link},
	"linkat":       {"link", "write", []naming{object(0, 1, ifFollow, 4), entry(2, 3)}, (*deed).link},
	"symlink":      {"link", "write", []naming{entry(-1, 1)}, func(d *deed) error { return unix.Symlinkat(d.text, d.fd(0), d.last(0)) }},
	"symlinkat":    {"link", "write", []naming{entry(1, 2)}, func(d *deed) error { return unix.Symlinkat(d.text, d.fd(0), d.last(0)) }},
	"chmod":        {"permit", "write", []naming{object(-1, 0, always, -1)}, func(d *deed) error { return unix.Chmod(d.reach(0), d.mode(1)) }},
	"fchmod":       {"permit", "write", []naming{descriptor(0)}, func(d *deed) error { return unix.Chmod(d.reach(0), d.mode(1)) }},
	"fchmodat":     {"permit", "write", []naming{object(0, 1, always, -1)}, func(d *deed) error { return unix.Chmod(d.reach(0), d.mode(2)) }},
	"chown":        {"permit", "write", []naming{object(-1, 0, always, -1)}, func(d *deed) error { return d.chown(1, 2) }},
	"lchown":       {"permit", "write", []naming{object(-1, 0, never, -1)}, func(d *deed) error { return d.chown(1, 2) }},
	"fchown":       {"permit", "write", []naming{descriptor(0)}, func(d *deed) error { return d.chown(1, 2) }},
	"fchownat":     {"permit", "write", []naming{object(0, 1, unlessNoFollow, 4)}, func(d *deed) error { return d.chown(2, 3) }},
	"truncate":     {"write", "write", []naming{object(-1, 0, always, -1)}, func(d *deed) error { return unix.Truncate(d.reach(0), int64(d.n.Args[1])) }},
	"utime":        {"change", "write", []naming{object(-1, 0, always, -1)}, (*deed).stamp},
	"utimes":       {"change", "write", []naming{object(-1, 0, always, -1)}, (*deed).stamp},
	"futimesat":    {"change", "write", []naming{object(0, 1, always, -1)}, (*deed).stamp},
	"utimensat":    {"change", "write", []naming{object(0, 1, unlessNoFollow, 3)}, (*deed).stamp},
	"setxattr":     {"change", "write", []naming{object(-1, 0, always, -1)}, (*deed).setxattr},
	"lsetxattr":    {"change", "write", []naming{object(-1, 0, never, -1)}, (*deed).setxattr},
	"fsetxattr":    {"change", "write", []naming{descriptor(0)}, (*deed).setxattr},
	"removexattr":  {"change", "write", []naming{object(-1, 0, always, -1)}, func(d *deed) error { return unix.Removexattr(d.reach(0), d.text) }},
	"lremovexattr": {"change", "write", []naming{object(-1, 0, never, -1)}, func(d *deed) error { return unix.Removexattr(d.reach(0), d.text) }},
	"fremovexattr": {"change", "write", []naming{descriptor(0)}, func(d *deed) error { return unix.Removexattr(d.reach(0), d.text) }},
}

// onto is the second name of a rename: what it names is replaced.
func onto(dir, name int) naming {
	n := entry(dir, name)
	n.access = "write"
	return n
}

// texts are the calls with a further string that counts, by its argument: the
// target of a link, the name of an attribute.
var texts = map[unotify.Call]int{
	"symlink": 0, "symlinkat": 0, "setxattr": 1, "lsetxattr": 1, "fsetxattr": 1,
	"removexattr": 1, "lremovexattr": 1, "fremovexattr": 1,
}
