package effect

import (
	"context"
	"errors"
	"io/fs"
	"time"
)

// ErrUnknown is what a [World] answers when it cannot tell. That something is
// surely absent is [fs.ErrNotExist] instead.
var ErrUnknown = errors.New("cannot tell")

// The kinds of names that [World.Lookup] resolves.
const (
	LookupVariable = "variable" // value of a shell variable
	LookupAlias    = "alias"    // text of an alias
	LookupFunction = "function" // body of a shell function, as source text
	LookupProgram  = "program"  // absolute path found on PATH
	LookupManual   = "manual"   // text of the installed manual page; its first line is its name and section: "frob(1)"
	LookupAllowed  = "allowed"  // of a file: the SHA-256 sum that was last allowed to run, and the day, "sum 2026-11-03"
)

// Info is what a World knows about a file.
type Info struct {
	Mode       fs.FileMode // type and permission bits; setuid and setgid included
	Size       int64       // bytes
	ModTime    time.Time
	Owner      string // account name; empty: not known
	Package    string // package that owns the file; empty: none or not known
	Unmodified *bool  // against its package; nil: not known
	Target     string // where a symbolic link leads in the end; empty: no link
}

// World is the host as the explanation may see it. Implementations never run
// anything and never wait on the network. Errors: [ErrUnknown] when it cannot
// be told, [fs.ErrNotExist] when the thing is surely absent.
type World interface {
	// Facts returns the working directory ("" if not known), the account
	// ("" if not known) and the present time.
	Facts() (cwd, user string, now time.Time)
	Lookup(ctx context.Context, kind, name string) (string, error)
	// Stat follows links. Relative paths are taken from the cwd of Facts.
	Stat(ctx context.Context, path string) (Info, error)
	// Read returns at most limit bytes from the start of a regular file.
	Read(ctx context.Context, path string, limit int) ([]byte, error)
	// Glob expands a shell pattern to at most limit paths; more reports that
	// there were further ones.
	Glob(ctx context.Context, pattern string, limit int) (paths []string, more bool, err error)
}

// DialectZsh is the one dialect of a [Request] besides bash.
const DialectZsh = "zsh"

// The kinds of text in a [Request].
const (
	KindLine   = "line"   // what is typed at a prompt
	KindScript = "script" // a whole file
)

// Request asks for an explanation, either of Text or, where Argv is not nil,
// of one program start whose words are exactly those.
type Request struct {
	// Dialect is the shell that reads Text: empty for bash, or DialectZsh.
	Dialect string
	Text    string
	Kind    string // KindLine (also when empty) or KindScript
	Name    string // a script's file name; empty: not known
	Argv    []string
	Path    string   // with Argv: the resolved program; empty: look it up
	Input   *string  // with Argv: a line that is typed at the program's own prompt; nil: none
	Env     []string // with Argv: NAME=VALUE that differ from the session's and matter
	World   World    // nil: nothing is known about the host
	Ticket  string   // what the work order says; empty: no ticket
}
