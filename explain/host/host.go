// Package host is the world of one machine as an explanation may see it:
// files and their owners, programs on PATH, the packages that files come
// from, and the installed manual pages. [World] implements [effect.World].
//
// Nothing is ever run and nothing is written. Files are only opened for
// reading, and only once they are known to be regular: a FIFO, a terminal or
// a device (opening some has consequences) is never opened. Every call ends
// with its context, and after [Options].Patience where the context has no
// deadline of its own; a file system that never answers costs one goroutine,
// of which there are at most [maxHanging] in the process. When these are used
// up every answer is [effect.ErrUnknown], so that whoever can hang a file
// system gains nothing but "cannot tell".
//
// Paths are followed link by link inside Options.Root, never by the kernel
// from the root of this process. Kernel-made links such as /proc/self/exe and
// /proc/7/fd/3 lead somewhere else for everyone who follows them; they are
// answered with effect.ErrUnknown, as are the contents of /proc and /sys.
//
// Limits. Access rights are those of this process, not of the engineer: a
// privileged console sees files that the engineer cannot, and a file counts
// as executable when anyone may execute it. Account names come from
// /etc/passwd alone, since a name service may use the network. Package
// provenance is known for dpkg only; it compares with MD5 sums that dpkg keeps
// on the same machine, so it tells a changed file from an original, but whoever
// is root may change both. Manual pages packed with anything but gzip or
// bzip2 are not read. [World.Glob] says what it does not know of a shell's
// settings.
package host

import (
	"context"
	"io/fs"
	"os"
	"time"

	"escort/explain/effect"
)

// Options says which machine, and whose session on it, a [World] shows.
type Options struct {
	// Cwd is the session's working directory, inside Root. Empty: not known,
	// and so is everything that is named by a relative path.
	Cwd string
	// User is the account of the session. Empty: not known.
	User string

	// Env returns the value of a shell variable. What it does not have is not
	// known, or surely unset where EnvComplete says that Env has them all.
	// Nil: no variable is known.
	Env         func(name string) (value string, ok bool)
	EnvComplete bool
	// Alias and Function return the text of an alias and the source of a
	// function. Nil: a shell that has none.
	Alias    func(name string) (text string, ok bool)
	Function func(name string) (source string, ok bool)

	// Allowed returns what is remembered of a file that was allowed to run
	// before, as [effect.LookupAllowed] has it. Nil: nothing is remembered.
	Allowed func(path string) (text string, ok bool)

	// Now is the clock. Nil: time.Now.
	Now func() time.Time
	// Root is the folder that is the session's "/", for example
	// /proc/PID/root. Empty: the root of this process.
	Root string
	// NoPackages leaves out which package a file comes from.
	NoPackages bool
	// Patience ends a call whose context has no deadline. Zero: two seconds.
	Patience time.Duration
}

// World shows one machine. It is safe for concurrent use.
type World struct {
	o Options
	m *machine
}

var _ effect.World = (*World)(nil)

// machine is what several Worlds of one root share.
type machine struct {
	root     string      // "" for the root of this process
	rootInfo fs.FileInfo // what root was when the machine was first seen; nil: absent or the own root
	accounts accounts
	packages packages
}

// New returns the World of o.
func New(o Options) *World {
	m := &machine{root: o.Root}
	if m.root == "/" {
		m.root = ""
	}
	if m.root != "" {
		// A root that is not there makes everything unknown, see absent.
		m.rootInfo, _ = os.Stat(m.root)
	}
	m.accounts.m, m.packages.m = m, m
	return &World{o: o.withDefaults(), m: m}
}

// With returns the World of w's options as changed, for the next command of
// the same session. What was read about packages and accounts is kept, so
// Root cannot change.
func (w *World) With(change func(*Options)) *World {
	o := w.o
	change(&o)
	o.Root = w.o.Root
	return &World{o: o.withDefaults(), m: w.m}
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Patience <= 0 {
		o.Patience = 2 * time.Second
	}
	return o
}

// Facts returns the working directory, the account and the time.
func (w *World) Facts() (cwd, user string, now time.Time) {
	return w.o.Cwd, w.o.User, w.o.Now()
}

// Stat describes the file at path, at the end of its links.
func (w *World) Stat(ctx context.Context, path string) (effect.Info, error) {
	type found struct {
		place
		info effect.Info
	}
	f, err := do(ctx, w, func(context.Context) (found, error) {
		p, err := w.locate(path)
		if err != nil {
			return found{}, err
		}
		info := effect.Info{Mode: p.info.Mode(), Size: p.info.Size(), ModTime: p.info.ModTime(), Owner: w.m.accounts.name(p.info)}
		if p.linked {
			info.Target = p.path
		}
		return found{p, info}, nil
	})
	if err != nil {
		return effect.Info{}, err
	}
	if w.o.NoPackages || !f.info.Mode.IsRegular() {
		return f.info, nil
	}
	// What the file is stays true when its package cannot be told in time.
	if o, err := do(ctx, w, func(ctx context.Context) (origin, error) { return w.m.packages.origin(ctx, f.place) }); err == nil {
		f.info.Package, f.info.Unmodified = o.name, o.unmodified
	}
	return f.info, nil
}

// Read returns at most limit bytes from the start of the regular file at
// path. Anything else than a regular file is [effect.ErrUnknown], and so are
// files that the kernel makes up as they are read.
func (w *World) Read(ctx context.Context, path string, limit int) ([]byte, error) {
	return do(ctx, w, func(context.Context) ([]byte, error) {
		p, err := w.locate(path)
		if err != nil {
			return nil, err
		}
		return w.m.read(p, limit)
	})
}
