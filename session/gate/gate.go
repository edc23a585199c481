package gate

import (
	"context"
	"errors"
	"syscall"

	"escort/explain/effect"
	"escort/session/unotify"
)

// Config says which session a [Gate] guards.
type Config struct {
	Listener Listener
	Shell    int      // process ID of the session's shell
	Keeper   int      // process ID of the keeper: root of the tree, adopts orphans
	Baseline []string // environment of the shell at its start, NAME=VALUE
	User     string   // the engineer's account
	Home     string   // its folder
	Guard    []string // folders of the supervision, which nothing inside may change
	First    string   // cause under which the first start is asked about; empty: it is the shell, and granted
	Policy   Policy
	Asker    Asker
}

// Policy is what is decided without a person; see package policy. Its methods
// are called concurrently and look at no file.
type Policy interface {
	// NeverStarts says why a program, by its full path, may not start; empty: it
	// may.
	NeverStarts(program string) (why string)
	// NeverChanges says why an effect is not allowed; empty: it may be. class and
	// path are of the file that it changes; empty: none.
	NeverChanges(e effect.Effect, class, path string) (why string)
	// Asks reports whether an effect is asked about even where a card showed it.
	Asks(e effect.Effect, path string) bool
	// Holds reports whether an effect that no card showed is asked about.
	Holds(e effect.Effect) bool
}

// Listener is what the gate needs of a *unotify.Listener, which see.
type Listener interface {
	Receive() (unotify.Notification, error)
	Valid(id uint64) bool
	Continue(id uint64) error
	Refuse(id uint64, errno syscall.Errno) error
	Return(id uint64, value int64) error
	Give(id uint64, fd int, closeOnExec bool) (int, error)
	Close() error
}

// Asker is the session as the gate sees it: it explains, shows, records and
// returns what was decided. Its methods are called concurrently.
type Asker interface {
	// Ask blocks until somebody decided or ctx is done, which means that the
	// start went away by itself. Any error is a deny.
	Ask(ctx context.Context, q Question) (Answer, error)
	// AskEffect is Ask for calls that would change something.
	AskEffect(ctx context.Context, q EffectQuestion) (Answer, error)
	// Effect is told of an effect, the first time that a line has it, before it
	// happens. An error refuses it.
	Effect(e effect.Effect, pid int, hold string) error
	// Helper reports whether program, which process pid wants to start, is a part
	// of the program that starts it, with words that say so. names are that one's
	// file and what it calls itself.
	Helper(ctx context.Context, pid int, names []string, program string) (note string, ok bool)
	// Record is told of every start before it is let through, planned ones
	// included. An error denies the start: nothing runs unrecorded.
	Record(r Run) error
	// Outcome is told what became of a start that was let through.
	Outcome(pid int, o Outcome)
	// Alarm is told, in words, of what should not have happened.
	Alarm(text string)
}

// Question is one start that no open plan grants.
type Question struct {
	Cause   string    // event.CauseSurprise, CauseChanged, CauseNobody, CauseBackground or CauseUnreadable
	Line    string    // the line or hold whose plan is nearest; empty: none
	PID     int       // process that asks; the whole process, not its thread
	Argv    []string  // as it would run
	Path    string    // resolved, as the process itself sees it
	Cwd     string    // working directory; empty: not known
	Env     []string  // NAME=VALUE that matter and are not as expected
	Planned []*string // for CauseChanged: the words that the plan showed
	Note    string    // what else a person should know; may be empty
}

// EffectQuestion is one call with effects that no card showed.
type EffectQuestion struct {
	Cause   string // as in [Question]
	Line    string // the line or hold that it comes under; empty: none
	PID     int
	Argv    []string // of the process, as it says
	Exe     string   // its program
	Effects []effect.Effect
}

// Answer is the decision about a [Question].
type Answer struct {
	Allow bool
	Plan  effect.Plan     // what was shown: Starts[0] is the start itself, the rest comes below it
	Shown []effect.Effect // the effects that were shown with it
	Hold  string          // ID of the hold; names the grant that an allow makes
}

// Run is one start on the point of being let through.
type Run struct {
	PID     int
	Argv    []string
	Path    string
	Hold    string // line or hold that grants it; empty: the session's own shell
	Planned bool   // matched a plan, nobody was asked
	Note    string
}

// Result says what became of a start.
type Result int

// The results.
const (
	Ran        Result = iota + 1 // runs, and is what was judged
	Unverified                   // let through, but could not be compared; Note says why
	Failed                       // the kernel refused it: Errno
	Killed                       // became something else than was judged and was killed
	Gone                         // ended before it could start
)

// Outcome is what became of a start that was let through.
type Outcome struct {
	Result Result
	Errno  syscall.Errno // with Failed
	Note   string
}

// ErrOpen is returned by [Gate.Open] for an ID that already names a grant.
var ErrOpen = errors.New("a line with this ID was opened before")
