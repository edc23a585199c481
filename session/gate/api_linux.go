package gate

import (
	"context"

	"escort/explain/effect"
)

// Gate is the hold loop of one session. Make one with [New].
type Gate struct{ c Config }

// New returns a gate for c. It does nothing before [Gate.Run].
func New(c Config) *Gate { return &Gate{c: c} }

// Run receives and answers until the listener closes or no process of the
// session is left, and then waits for everything it started. A done ctx closes
// the listener, which makes every later start fail.
func (g *Gate) Run(ctx context.Context) error { return nil }

// Open makes the plan p, which was allowed, the one of the shell's foreground.
// It must be called before the line's bytes reach the shell. Where another line
// is in the foreground still, that one's living processes keep its grant.
func (g *Gate) Open(id string, p effect.Plan) error { return nil }

// Prompt is called when the shell is back at its prompt and waits: every
// living process keeps the grant of its line, the shell itself has none. It
// returns the number of grants that still have processes.
func (g *Gate) Prompt() (open int) { return 0 }

// Note remembers, at the look, what the programs of plan p of line or hold id
// are, so that a start can tell whether they were changed since.
func (g *Gate) Note(id string, p effect.Plan) {}

// Forget drops what [Gate.Note] remembered for id, which was denied.
func (g *Gate) Forget(id string) {}

// Changed returns the files of p that are not what they were at the look:
// contents that the explanation read, and programs noted by [Gate.Note]. What
// cannot be looked at in time counts as changed.
func (g *Gate) Changed(p effect.Plan) []string { return nil }

// Expect makes NAME=VALUE part of the environment that starts are expected to
// have, for example after an allowed line exported it.
func (g *Gate) Expect(env []string) {}

// Freeze stops every process of the session and returns when none runs.
func (g *Gate) Freeze(ctx context.Context) error { return nil }

// Thaw resumes what [Gate.Freeze] stopped.
func (g *Gate) Thaw(ctx context.Context) error { return nil }

// Held is the number of starts that wait for a decision.
func (g *Gate) Held() int { return 0 }
