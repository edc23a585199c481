package host

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/pattern"
)

const (
	maxSeen    = 200_000 // names looked at for one pattern
	maxFolders = 4096    // folders open to one part of a pattern
	nameBatch  = 1024    // names read from a folder between two looks at ctx
)

// Glob expands a pattern as a shell with its default settings does: names
// with a leading dot only where the pattern has that dot, "." and ".." never,
// in byte order. No match is no paths and no error. A pattern that shells
// read in different ways by their settings ("**", extended and zsh's own
// operators) is [effect.ErrUnknown]. Where there are more than limit paths,
// those returned are the first ones of what was seen.
//
// Limits: nocaseglob, dotglob, nullglob, GLOBIGNORE and the collation of the
// session's language are not known here.
func (w *World) Glob(ctx context.Context, pat string, limit int) (paths []string, more bool, err error) {
	type found struct {
		paths []string
		more  bool
	}
	f, err := do(ctx, w, func(ctx context.Context) (found, error) {
		g, err := w.newGlob(ctx, pat, limit)
		if err != nil {
			return found{}, err
		}
		if err := g.run(); err != nil {
			return found{}, err
		}
		return found{g.at, g.more}, nil
	})
	return f.paths, f.more, err
}

// glob is one expansion on its way from part to part of the pattern.
type glob struct {
	w     *World
	ctx   context.Context
	parts []string
	limit int
	at    []string // what the parts so far expand to, as the shell would write it
	more  bool
	seen  int
}

func (w *World) newGlob(ctx context.Context, pat string, limit int) (*glob, error) {
	if strings.Contains(pat, "**") || special(pat) {
		return nil, unknown("pattern %q depends on the shell's settings", pat)
	}
	if _, err := w.absolute(pat); err != nil {
		return nil, err
	}
	g := &glob{w: w, ctx: ctx, limit: max(limit, 0), at: []string{""}}
	if strings.HasPrefix(pat, "/") {
		g.at[0], pat = "/", strings.TrimLeft(pat, "/")
	}
	for part := range strings.SplitSeq(pat, "/") {
		if part != "" {
			g.parts = append(g.parts, part)
		}
	}
	if strings.HasSuffix(pat, "/") {
		g.parts = append(g.parts, "") // folders only
	}
	return g, nil
}

// special reports an unquoted character that only some shells or settings
// give a meaning in patterns.
func special(pat string) bool {
	for i := 0; i < len(pat); i++ {
		switch pat[i] {
		case '\\':
			i++
		case '(', ')', '|', '<', '>':
			return true
		}
	}
	return false
}

func (g *glob) run() error {
	for i, part := range g.parts {
		last := i == len(g.parts)-1
		bound := maxFolders
		if last {
			bound = g.limit
		}
		expand := g.literal
		if pattern.HasMeta(part, 0) {
			expand = g.match
		}
		if err := g.expand(part, bound, last, expand); err != nil {
			return err
		}
	}
	return nil
}

// expand replaces every path of g.at by those that part leads to.
func (g *glob) expand(part string, bound int, last bool, each func(base, part string, last bool, add func(string) bool) error) error {
	var next []string
	add := func(p string) bool {
		next = append(next, p)
		return len(next) <= bound
	}
	for _, base := range g.at {
		if err := g.ctx.Err(); err != nil {
			return unknown("pattern: %v", err)
		}
		if err := each(base, part, last, add); err != nil {
			return err
		}
		if len(next) > bound {
			break
		}
	}
	slices.Sort(next)
	if len(next) > bound {
		next, g.more = next[:bound], true
	}
	g.at = next
	return nil
}

// literal adds base/part where that exists.
func (g *glob) literal(base, part string, last bool, add func(string) bool) error {
	name := unquote(part)
	abs, err := g.w.absolute(base + name + "/")
	if err != nil {
		return err
	}
	if last && name != "" { // any file will do, a dangling link too
		abs = strings.TrimSuffix(abs, "/")
	}
	_, err = g.w.m.follow(abs, !last || name == "")
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return g.closed(err)
	case last:
		add(base + name)
	default:
		add(base + name + "/")
	}
	return nil
}

// closed passes over what is closed to the session's account as to us.
func (g *glob) closed(err error) error {
	if errors.Is(err, fs.ErrPermission) && g.w.own() {
		return nil
	}
	return err
}

// match adds the names in base that part matches.
func (g *glob) match(base, part string, last bool, add func(string) bool) error {
	src, err := pattern.Regexp(part, pattern.Filenames|pattern.EntireString|pattern.NoGlobStar)
	if err != nil {
		return unknown("pattern %q: %v", part, err)
	}
	re, err := regexp.Compile(src)
	if err != nil {
		return unknown("pattern %q: %v", part, err)
	}
	dot := strings.HasPrefix(strings.TrimPrefix(part, `\`), ".")
	return g.names(base, func(e fs.DirEntry) (bool, error) {
		name := e.Name()
		if strings.HasPrefix(name, ".") && !dot || !re.MatchString(name) {
			return true, nil
		}
		if last {
			return add(base + name), nil
		}
		ok, err := g.folder(base+name, e)
		if !ok || err != nil {
			return true, err
		}
		return add(base + name + "/"), nil
	})
}

// folder reports whether name, an entry e of a folder, can be gone into.
func (g *glob) folder(name string, e fs.DirEntry) (bool, error) {
	if e.Type()&fs.ModeSymlink == 0 {
		return e.IsDir(), nil
	}
	p, err := g.w.locate(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, g.closed(err)
	}
	return p.info.IsDir(), nil
}

// names calls f with what is in the folder base until f has enough.
func (g *glob) names(base string, f func(fs.DirEntry) (bool, error)) error {
	if base == "" {
		base = "."
	}
	p, err := g.w.locate(base)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !p.info.IsDir() {
		return nil
	}
	if err != nil {
		return g.closed(err)
	}
	d, err := os.Open(g.w.m.outside(p.path))
	if err != nil {
		return g.closed(g.w.m.failure(p.path, err))
	}
	defer d.Close()
	for {
		batch, err := d.ReadDir(nameBatch)
		for _, e := range batch {
			if on, err := f(e); !on || err != nil {
				return err
			}
		}
		g.seen += len(batch)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return unknown("%q: %v", base, err)
		case g.ctx.Err() != nil:
			return unknown("pattern: %v", g.ctx.Err())
		case g.seen > maxSeen:
			g.more = true
			return nil
		}
	}
}

// unquote takes the backslashes out of a part without pattern characters.
func unquote(part string) string {
	var b strings.Builder
	for i := 0; i < len(part); i++ {
		if part[i] == '\\' && i+1 < len(part) {
			i++
		}
		b.WriteByte(part[i])
	}
	return b.String()
}
