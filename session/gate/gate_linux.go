package gate

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"sync"
	"time"

	"escort/explain/effect"
	"escort/session/proc"
)

// maxLookups is how many looks at files may be stuck at once: enough for a busy
// build, few enough that a dead network file system does not eat the host.
const maxLookups = 16

// Gate is the hold loop of one session. Make one with [New].
type Gate struct {
	l             Listener
	asker         Asker
	policy        Policy
	shell, keeper int
	first         string        // see Config.First
	lookups       chan struct{} // one for each look at files
	servers       servers
	tracers       *pool // for what servers do not answer on the spot
	crew          *crew
	user, home    string
	guard         []string
	made          time.Time // when the session began
	ice           *freezer
	ended         context.Context // done when Run ends; set by Run
	stop          context.CancelFunc

	mu        sync.Mutex
	base      envSet          // what starts are expected to have
	learned   map[string]bool // NAME=VALUE that were allowed once
	notes     map[string]note // by ID of the line or hold
	grants    map[string]*grant
	fore      *grant            // of the line in the foreground; nil at the prompt
	tags      map[int]tag       // by process
	kept      map[procKey]*kept // decided, but the kernel wants to be asked again
	pending   map[int]bool      // threads that sleep in a notification
	held      int
	weight    int                 // bytes of words of the starts that are being judged
	tallies   map[string]*tally   // by line or hold
	terminals map[terminalID]bool // that were made in the session
	sockets   map[socketFile]bool // the same
	unnamed   map[string]bool     // sockets without a file, the same
	traced    map[procKey]bool    // had a debugger since their program was started
	begun     bool                // the shell's own program runs
	frozen    bool                //
	thawed    chan struct{}       // closed while not frozen
}

// New returns a gate for c. It does nothing before [Gate.Run].
func New(c Config) *Gate {
	g := &Gate{
		l: c.Listener, asker: c.Asker, policy: c.Policy, shell: c.Shell, keeper: c.Keeper, first: c.First,
		lookups: make(chan struct{}, maxLookups),
		tracers: newPool(),
		crew:    newCrew(),
		user:    c.User, home: c.Home, guard: c.Guard, made: time.Now(),
		tallies: map[string]*tally{}, terminals: map[terminalID]bool{},
		sockets: map[socketFile]bool{}, unnamed: map[string]bool{}, traced: map[procKey]bool{},
		ended:   context.Background(),
		ice:     newFreezer(),
		base:    newEnvSet(matters(c.Baseline)),
		learned: map[string]bool{},
		notes:   map[string]note{},
		grants:  map[string]*grant{},
		tags:    map[int]tag{},
		kept:    map[procKey]*kept{},
		pending: map[int]bool{},
		thawed:  make(chan struct{}),
	}
	g.servers.g = g
	close(g.thawed)
	return g
}

// Open makes the plan p, which was allowed with the effects shown, the one of
// the shell's foreground.
// It must be called before the line's bytes reach the shell. Where another line
// is in the foreground still, that one's living processes keep its grant.
func (g *Gate) Open(id string, p effect.Plan, shown []effect.Effect) error {
	g.mu.Lock()
	_, used := g.grants[id]
	n, noted := g.notes[id]
	g.mu.Unlock()
	if used {
		return fmt.Errorf("%s: %w", id, ErrOpen)
	}
	if !noted {
		n = g.take(p)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if _, used := g.grants[id]; used {
		return fmt.Errorf("%s: %w", id, ErrOpen)
	}
	gr, err := newGrant(id, p, g.base, n.files)
	if err != nil {
		return err
	}
	if err := g.settle(); err != nil {
		return err
	}
	if g.fore != nil {
		g.fore.live = false
	}
	gr.live, gr.shown = true, g.placed(shown, p, g.shell)
	g.fore, g.grants[id] = gr, gr
	delete(g.notes, id)
	delete(g.tags, g.shell) // whatever it was, it reads a line now
	return nil
}

// Within makes the plan p, which was allowed with the effects shown, the one of
// process pid, which reads a line at its own prompt. It takes the place of what
// pid had; what already runs below pid keeps what it has.
func (g *Gate) Within(id string, p effect.Plan, shown []effect.Effect, pid int) error {
	stat, err := proc.ReadStat(pid)
	if err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	n, noted := g.notes[id]
	delete(g.notes, id)
	if !noted {
		return fmt.Errorf("%s was not looked at", id)
	}
	if err := g.settle(); err != nil {
		return err
	}
	from, env := g.tags[pid], g.base
	if from.g != nil {
		env = from.g.env
	}
	gr, err := newGrant(id, p, env, n.files)
	if err != nil {
		return err
	}
	g.grantBelow(gr, g.placed(shown, p, pid), from)
	g.tags[pid] = tag{born: stat.Start, g: gr}
	return nil
}

// Prompt is called when the shell is back at its prompt and waits: every
// living process keeps the grant of its line, the shell itself has none. It
// returns the number of grants that still have processes.
func (g *Gate) Prompt() (open int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	err := g.settle()
	if g.fore != nil {
		g.fore.live = false
		g.fore = nil
	}
	delete(g.tags, g.shell)
	if err != nil {
		// Unmarked processes have no grant: what they start is asked.
		g.asker.Alarm("the processes of the session could not be listed: " + err.Error())
		return len(g.grants)
	}
	alive := map[*grant]bool{}
	for _, t := range g.tags {
		if t.g != nil {
			alive[t.g], alive[t.g.line] = true, true
		}
	}
	maps.DeleteFunc(g.grants, func(_ string, gr *grant) bool { return !alive[gr] })
	maps.DeleteFunc(g.tallies, func(id string, _ *tally) bool { return g.grants[id] == nil })
	return len(g.grants)
}

// Expect makes NAME=VALUE part of the environment that starts are expected to
// have, for example after an allowed line exported it.
func (g *Gate) Expect(env []string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.base = g.base.with(matters(env))
}

// Held is the number of starts that wait for a decision.
func (g *Gate) Held() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.held
}

// learn keeps what was allowed of the environment and may be kept. Needs mu.
func (g *Gate) learn(env []string) {
	for _, e := range env {
		name, _, _ := strings.Cut(e, "=")
		if r := ruleFor(name); r != nil && r.learn {
			g.learned[e] = true
		}
	}
}

// settle gives every living process that has no mark the one it inherits, and
// forgets those that are gone. Needs mu.
func (g *Gate) settle() error {
	t, err := proc.ReadTree()
	if err != nil {
		return err
	}
	look := func(pid int) (proc.Stat, bool) { s, ok := t.Stats[pid]; return s, ok }
	for _, s := range t.Below(g.keeper) {
		if s.PID == g.shell {
			continue
		}
		if old, ok := g.tags[s.PID]; !ok || old.born != s.Start {
			mark := g.origin(s.PID, look)
			mark.born = s.Start
			g.tags[s.PID] = mark
		}
	}
	gone := func(pid int, born uint64) bool { s, ok := t.Stats[pid]; return !ok || s.Start != born }
	maps.DeleteFunc(g.tags, func(pid int, m tag) bool { return gone(pid, m.born) })
	maps.DeleteFunc(g.traced, func(k procKey, _ bool) bool { return gone(k.pid, k.born) })
	maps.DeleteFunc(g.kept, func(k procKey, _ *kept) bool { return k.pid == g.shell || gone(k.pid, k.born) })
	return nil
}
