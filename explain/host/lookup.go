package host

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"

	"escort/explain/effect"
)

// Lookup resolves a name; the kinds are those of package effect.
func (w *World) Lookup(ctx context.Context, kind, name string) (string, error) {
	switch kind {
	case effect.LookupVariable:
		return w.variable(name)
	case effect.LookupAlias:
		return callback(w.o.Alias, name)
	case effect.LookupFunction:
		return callback(w.o.Function, name)
	case effect.LookupAllowed:
		return callback(w.o.Allowed, name)
	case effect.LookupProgram:
		return do(ctx, w, func(ctx context.Context) (string, error) { return w.program(ctx, name) })
	case effect.LookupManual:
		return do(ctx, w, func(ctx context.Context) (string, error) { return w.m.manual(ctx, name) })
	}
	return "", unknown("no names of kind %q", kind)
}

func (w *World) variable(name string) (string, error) {
	if w.o.Env != nil {
		if v, ok := w.o.Env(name); ok {
			return v, nil
		}
		if w.o.EnvComplete {
			return "", missing(name)
		}
	}
	return "", unknown("variable %q", name)
}

func callback(f func(string) (string, bool), name string) (string, error) {
	if f != nil {
		if v, ok := f(name); ok {
			return v, nil
		}
	}
	return "", missing(name)
}

// program finds name as execvp(3) and the shells do: a name with a slash is a
// path, any other is searched for on PATH.
func (w *World) program(ctx context.Context, name string) (string, error) {
	switch {
	case name == "":
		return "", missing(name)
	case strings.IndexByte(name, 0) >= 0 || len(name) >= maxPath:
		return "", unknown("program name of %d bytes", len(name))
	case strings.Contains(name, "/"):
		return w.executable(name)
	}
	dirs, err := w.variable("PATH")
	if err != nil {
		return "", err
	}
	for dir := range strings.SplitSeq(dirs, ":") {
		if err := ctx.Err(); err != nil {
			return "", unknown("search for %q: %v", name, err)
		}
		// Shells, but not execvp, take ~ for the home folder here. Nobody can
		// say which of them will search.
		if strings.HasPrefix(dir, "~") {
			return "", unknown("program %q: PATH has the folder %q", name, dir)
		}
		if dir == "" {
			dir = "." // an empty entry is the working directory
		}
		found, err := w.executable(dir + "/" + name)
		if !errors.Is(err, fs.ErrNotExist) {
			return found, err
		}
	}
	return "", missing(name)
}

// executable returns the absolute form of name, its last link not followed,
// if there is an executable file. It is missing where a search would go on.
func (w *World) executable(name string) (string, error) {
	abs, err := w.absolute(name)
	if err != nil {
		return "", err
	}
	p, err := w.m.follow(abs, true)
	switch {
	case errors.Is(err, syscall.ELOOP), errors.Is(err, fs.ErrPermission) && w.own():
		return "", missing(name)
	case err != nil:
		return "", err
	case !p.info.Mode().IsRegular() || p.info.Mode().Perm()&0o111 == 0:
		return "", missing(name)
	}
	if strings.Contains("/"+abs+"/", "/../") {
		// Taking dots out of the text is right only where no link comes
		// before them, so the folder is the one that was really reached.
		cut := strings.LastIndexByte(abs, '/')
		dir, err := w.m.follow(abs[:cut+1]+".", true)
		if err != nil {
			return "", err
		}
		return path.Join(dir.path, abs[cut+1:]), nil
	}
	return path.Clean(abs), nil
}

// own reports whether the session's account is this process's, so that what
// is closed to one is closed to the other.
func (w *World) own() bool {
	return w.o.User != "" && w.m.accounts.of(uint32(os.Geteuid())) == w.o.User
}
