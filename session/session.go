// Package session is a supervised pty with its processes: it starts the shell
// behind the gate, explains and holds what the shell and its children want to
// run, takes decisions, and keeps the record. A [Session] is an [event.Source],
// so that a console needs to know nothing else.
//
// Who may do what: the line hook and the gate only ask; the board in here is
// the one place where a hold is made, decided once, and written down before it
// is answered. What needs no person is decided by the policy (package policy),
// which is read before. What cannot be explained in time is held as "cannot
// tell". What cannot be recorded is not allowed.
//
// # Limits
//
// Live sessions need Linux. What the shell does without starting a program is
// seen at Enter alone.
package session

import (
	"context"
	"errors"
	"time"

	"escort/explain/effect"
	"escort/session/child"
	"escort/session/policy"
	"escort/session/record"
)

// Config says what to start and for whom. Cols and Rows are cells.
type Config struct {
	Shell      string // name or path of the shell
	Cols, Rows int
	StateRoot  string // folder that the record is made in
	Dir        string // working directory; empty: the present one
	Env        []string
	Host       string
	User       string // account that the shell runs as
	Who        string // the escort
	Ticket     string
	Reason     string
	Version    string

	Policy        *policy.Policy // nil: the built-in one
	Runbook       *record.Policy // names the lines that were planned; nil: none were
	UserRC        bool           // ask whether the shell may read the engineer's own start file
	AllowNoScopes bool           // relaxed: the kernel cannot keep root inside from the listener

	Attended bool           // escorts come and go by Join; else Who is engineer and escort in one
	Notes    []string       // further warnings that stand in the record and the header
	Account  *child.Account // whose the shell is; nil: this process's own
	StartDir string         // folder for what the shell reads first, which Account can reach; empty: the record's
	Guard    []string       // further folders that nothing inside may touch
	Command  []string       // one program to run in place of a shell, itself held first; nil: the shell
	Script   []byte         // a text to be run as a file by Interpreter, as Command; nil: there is none

	explain func(context.Context, effect.Request) effect.Explanation // of a test; nil: explain.Explain
	now     clock                                                    // of a test; nil: the machine's
}

// Cannot is an error that means: this host cannot enforce what was asked.
type Cannot struct {
	Err  error
	Hint string
}

func (e *Cannot) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *Cannot) Unwrap() error { return e.Err }

// ErrDenied is what Wait answers when the command of the session was denied.
var ErrDenied = errors.New("the escort has denied the command")

// ErrBusy is what Input answers when the session's program does not read.
var ErrBusy = errors.New("the program in the session does not take input")

// recordEvery is the time between two looks at the record's health. Within a
// second of its loss everything must stand still.
const recordEvery = 500 * time.Millisecond
