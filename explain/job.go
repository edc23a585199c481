package explain

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"escort/explain/effect"
	"escort/explain/lore"
	"escort/explain/manual"
	"escort/explain/quote"
	"escort/explain/say"
	"escort/explain/script/recipe"
	"escort/explain/shell"
)

// job is one explanation being made.
type job struct {
	ctx    context.Context
	world  World
	budget *shell.Budget
	where  lore.Where
	text   string // what spans point into
	ticket string // what the work order says
	zsh    bool   // it is read by zsh
	out    Explanation
	steps  []*step
	all    []act // of all steps, the worst first, once that is asked for
	reads  int   // bytes of files read so far
	texts  int   // bytes of them that stand in the answer
	empty  bool  // there is nothing to do

	packed  map[string]bool    // files into which the text puts a whole part of the machine
	written map[string]string  // what commands of the text put into files
	effects map[Effect]bool    // those in out, without their spans
	spans   map[Span]bool      // of the parts in out
	doubted map[[2]string]bool // text and why of the unknowns in out

	pages   map[string]*manual.Page // by name; nil: there is none that can be quoted
	manuals int                     // bytes of them
}

// frame is where a command stands: what it comes from and runs as.
type frame struct {
	parent    int          // index of the start that it comes from, -1 the shell
	depth     int          // of unwrapping
	as        string       // account; empty: the session's own
	place     string       // "on the machine db2"; empty: here
	elsewhere bool         // what runs there is not what this machine has
	inside    bool         // of a container, whose variables hold its passwords
	fix       *effect.Span // where everything in it stands in the top text; nil: its own spans count
	loop      bool
	lines     *scriptText  // the script whose lines these are; nil: none
	into      *step        // the step that runs it; nil: the top
	input     *string      // text on standard input of what runs, where known
	asked     recipe.Asked // what the command wants of the file that it runs
	folder    string       // of the file that is read; empty: the working directory
}

// scriptText tells the line of a place in a script.
type scriptText struct {
	text  string
	index int // in out.Scripts
	worst []ScriptLine

	begins []int       // where lines begin; nil: not looked for yet
	noted  map[int]int // line to index in worst
}

func newJob(ctx context.Context, req Request) *job {
	j := &job{ctx: ctx, world: req.World, budget: shell.NewBudget(shell.MaxNodes), effects: map[Effect]bool{}, spans: map[Span]bool{}}
	if j.world == nil {
		j.world = Nowhere
	}
	cwd, user, _ := j.world.Facts()
	j.where = lore.Where{Cwd: cwd, User: user, Root: user == "root"}
	if home, err := j.world.Lookup(ctx, effect.LookupVariable, "HOME"); err == nil {
		j.where.Home = home
	}
	if j.where.Home == "" && user != "" {
		j.where.Home = "/home/" + user
		if user == "root" {
			j.where.Home = "/root"
		}
	}
	j.ticket = req.Ticket
	j.out.Plan.Complete = true
	j.out.Plan.Files = map[string]string{}
	j.out.Version = Version()
	return j
}

func (f frame) root() bool { return f.as == "root" }

// at turns a span of the text that is read into one of the top text.
func (f frame) at(s effect.Span) *effect.Span {
	if f.fix != nil {
		fixed := *f.fix
		return &fixed
	}
	return &s
}

func (j *job) incomplete() { j.out.Plan.Complete = false }

func (j *job) unknown(f frame, text, why string, r Risk, span *effect.Span) {
	j.unknownThing(f, Unknown{Text: text, Why: why, Risk: r, Span: span})
}

// unknownNamed notes a thing of a kind that the rules ask for.
func (j *job) unknownNamed(f frame, kind, name, why string, r Risk, span *effect.Span) {
	name = show(name)
	j.unknownThing(f, Unknown{Text: say.Text("unknown."+kind, "name", name), Why: why, Risk: r, Span: span, Kind: kind, Name: name})
}

func (j *job) unknownThing(f frame, u Unknown) {
	if f.root() && u.Risk == effect.High {
		u.Risk = effect.Critical
	}
	key := [2]string{u.Text, u.Why}
	if j.doubted[key] {
		return
	}
	if j.doubted == nil {
		j.doubted = map[[2]string]bool{}
	}
	j.doubted[key] = true
	j.out.Unknowns = append(j.out.Unknowns, u)
	if f.into != nil {
		f.into.unknown = effect.Worst(f.into.unknown, u.Risk)
	}
}

func (j *job) finding(s *step, fs ...Finding) {
	for _, f := range fs {
		dup := false
		for i := range s.findings {
			if s.findings[i].ID != f.ID {
				continue
			}
			dup = true
			if f.Risk.Rank() > s.findings[i].Risk.Rank() { // of one kind the worst is told
				s.findings[i] = f
			}
		}
		if !dup {
			s.findings = append(s.findings, f)
		}
	}
}

func (j *job) explainLine(req Request) {
	text, bad := quote.Valid(req.Text)
	j.text = text
	j.out.Command, j.zsh = text, req.Dialect == effect.DialectZsh
	if len(text) > maxLine {
		j.out.Command, j.out.Cut = clip(text, showText), true
	}
	p := shell.Parse(j.ctx, text, shell.Options{World: j.world, Budget: j.budget, Variant: shell.Variant(req.Dialect)})
	top := &step{}
	if bad || strings.ContainsRune(text, 0) {
		j.finding(top, Finding{
			ID: "disguised-text", Text: say.Text("finding.disguised-text"),
			Dimension: effect.Hiding, Risk: effect.Caution, Technique: "T1027",
		})
	}
	if len(text) > maxLine {
		j.unknown(frame{}, say.Text("command.the-whole-line"), say.Text("command.it-is-too-long-to"), effect.Caution, nil)
	}
	j.steps = append(j.steps, top)
	j.empty = p.Empty
	j.program(p, frame{parent: -1})
	j.foreign(top, text)
}

// explainArgv explains one program start; its words are exactly those given.
func (j *job) explainArgv(req Request) {
	var b strings.Builder
	words := make([]lore.Word, len(req.Argv))
	for i, a := range req.Argv {
		if i > 0 {
			b.WriteByte(' ')
		}
		from := b.Len()
		fixed, _ := quote.Valid(a)
		b.WriteString(quote.Argv([]string{fixed}))
		words[i] = lore.Word{Text: strings.ReplaceAll(fixed, shell.Unknown, "\uFFFD"), Known: true, Span: effect.Span{from, b.Len()}}
	}
	j.text = b.String()
	j.out.Command, j.out.Cut = j.text, false
	if len(j.text) > maxLine {
		j.out.Command, j.out.Cut = clip(j.text, showText), true
	}
	if len(words) == 0 {
		j.unknown(frame{}, say.Text("unknown.the-program"), say.Text("command.it-was-started-without-a"), effect.High, nil)
		j.incomplete()
		return
	}
	j.command(&command{words: words, env: req.Env, path: req.Path, max: 1, exact: true, input: req.Input, typed: req.Input != nil}, frame{parent: -1})
}

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}
