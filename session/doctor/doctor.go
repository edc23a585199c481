// Package doctor says what this host can enforce, line by line, and why not.
// What decides is not a version number but a trial: a trivial program is
// started as a session's shell would be, held, read, seized and let go.
// It prints nothing; the command that asks does.
//
// **Limits.** The trial shows that holding works now, for this user. It does
// not show that a policy loaded later (an LSM, a changed sysctl) leaves it so.
package doctor

import "context"

// Check is one line of the report.
type Check struct {
	Name   string // what was looked at
	Detail string // what was seen
	Hint   string // what to do about it, or what it means; may be empty
	OK     bool
	Needed bool // without it no session can be held here
}

// Able tells whether a session can be held: every needed check is fine, and
// there is one.
func Able(checks []Check) bool {
	needed := false
	for _, c := range checks {
		if c.Needed && !c.OK {
			return false
		}
		needed = needed || c.Needed
	}
	return needed
}

// Report looks at this host. state is the folder that the sessions' records go
// to. The program must call child.Main first thing, since the trial re-executes
// it. ctx bounds the trial.
func Report(ctx context.Context, state string) []Check { return report(ctx, state) }
