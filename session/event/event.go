// Package event is the one vocabulary of a session: what happened (Event),
// what was decided (Decision), and where both come from and go to (Source).
// The console draws events, the recorder writes them, every transport carries
// them. It is a leaf above explain/effect.
//
// A table of which fields a kind carries stands at [Event].
package event

import (
	"context"
	"errors"
	"time"

	"escort/explain/effect"
)

// The kinds of events.
const (
	Opened    = "opened"    // the session began: Cols, Rows, PID of the shell, Who (engineer)
	Output    = "output"    // bytes from the pty: Data
	Resized   = "resized"   // Cols, Rows
	Held      = "held"      // Hold, Layer, Cause, Typed, Expanded, Actual, Dir, Word, ExpiresMS, Explanation, Argv, PID
	Parked    = "parked"    // somebody said "cannot tell": Hold, Who, Reason, as signed; the hold stays
	Withdrawn = "withdrawn" // the hold went away by itself: Hold, Reason
	Agreed    = "agreed"    // one escort would allow it and a second must: Hold, Who, LookedMS, as signed; the hold stays
	Decided   = "decided"   // Hold, Verdict, Reason, Who, LookedMS; as signed: Signer, Head, Signature
	Started   = "started"   // a program runs: PID, Argv, Planned, Hold (that granted it), Reason (note)
	Effected  = "effect"    // Effect, PID, Hold
	Finished  = "finished"  // a line (Hold set) or a program (PID set) ended: Status
	Message   = "message"   // Reason is the text, Who said it
	Frozen    = "frozen"    // every process stopped: Reason, Who
	Thawed    = "thawed"    // resumed: Reason, Who
	Lost      = "lost"      // a layer does not hold any more: Layer, Reason
	Regained  = "regained"  // it holds again: Layer
	Joined    = "joined"    // somebody came: Who; Layer is engineer where it is not an escort
	Left      = "left"      // somebody went: Who, Reason; Layer as above
	Ended     = "ended"     // the shell or the command ended, and what it has written still waits to be released: Status
	Released  = "released"  // the engineer was given output that was held back: Who, Text, Lines, Masked, SHA256
	Closed    = "closed"    // the session ended: Status of the shell, Reason
)

// The layers that hold.
const (
	LayerLine   = "line"
	LayerStart  = "start"
	LayerEffect = "effect"
	LayerPrompt = "prompt" // a line for a program's own prompt, read from the screen
)

// The causes of a hold.
const (
	CauseTyped      = "typed"      // a line was entered
	CauseSurprise   = "surprise"   // outside the plan of the line it belongs to
	CauseChanged    = "changed"    // planned, but not the same as when it was shown
	CauseNobody     = "nobody"     // no line that was allowed leads to it
	CauseBackground = "background" // of a line that has ended
	CauseUnreadable = "unreadable" // what it would start could not be read
	CausePolicy     = "policy"     // it was shown, and the policy asks about it each time
)

// The verdicts. CannotTell parks a hold and is no verdict by the contract.
const (
	Allow      = "allow"
	Deny       = "deny"
	CannotTell = "cannot-tell"
)

// Policy is who decides where no person does.
const Policy = "policy"

// PassedOn is what the engineer is told when a hold is parked.
const PassedOn = "the escort cannot tell what this does and has passed it on; it stays held until somebody who can has looked"

// Event is one thing that happened in a session. One struct serves all kinds;
// fields that a kind does not carry are zero and absent from JSON.
type Event struct {
	Seq  uint64    `json:"seq"`  // from 1 without gaps
	Time time.Time `json:"time"` // UTC
	Kind string    `json:"kind"`
	Hash string    `json:"hash,omitempty"` // of its line in the ledger; empty: it has none

	Data   []byte `json:"data,omitempty"` // raw output; base64 in JSON
	Cols   int    `json:"cols,omitempty"`
	Rows   int    `json:"rows,omitempty"`
	PID    int    `json:"pid,omitempty"`
	Status *int   `json:"status,omitempty"` // exit status; 128+N for signal N

	Hold     string `json:"hold,omitempty"`
	Layer    string `json:"layer,omitempty"`
	Cause    string `json:"cause,omitempty"`
	Typed    string `json:"typed,omitempty"`    // what the engineer entered
	Expanded string `json:"expanded,omitempty"` // what the shell makes of it, where that differs
	Actual   string `json:"actual,omitempty"`   // what wants to start, with layer start
	Dir      string `json:"dir,omitempty"`      // folder in which it would happen; empty: not known
	Word     string `json:"word,omitempty"`     // to type before an allow; from high on, or as the policy says

	ExpiresMS int64 `json:"expires_ms,omitempty"` // after which a hold is denied by itself; 0: never

	Explanation *effect.Explanation `json:"explanation,omitempty"`
	Effect      *effect.Effect      `json:"effect,omitempty"`
	Argv        []string            `json:"argv,omitempty"`
	Planned     bool                `json:"planned,omitempty"`

	Text   []string `json:"text,omitempty"`   // lines, what is secret in them masked
	Lines  int      `json:"lines,omitempty"`  // how many of them there are
	Masked int      `json:"masked,omitempty"` // in how many something is masked
	SHA256 string   `json:"sha256,omitempty"` // of Text, each line ended by LF

	Verdict  string `json:"verdict,omitempty"`
	Reason   string `json:"reason,omitempty"`
	Who      string `json:"who,omitempty"`
	LookedMS int64  `json:"looked_ms,omitempty"` // how long the card was on the screen

	Signer    string `json:"signer,omitempty"` // who of Who signed; see [Statement]
	Head      string `json:"head,omitempty"`
	Signature []byte `json:"signature,omitempty"`
}

// Judged is a hold that was decided, and the event that says how.
type Judged struct{ Held, Decided Event }

// Decision is an answer to a hold.
type Decision struct {
	Hold      string `json:"hold"`
	Verdict   string `json:"verdict"`
	Word      string `json:"word,omitempty"` // what was typed to confirm; needed where the hold has a word
	Reason    string `json:"reason,omitempty"`
	Who       string `json:"who,omitempty"`
	LookedMS  int64  `json:"looked_ms,omitempty"`
	Head      string `json:"head,omitempty"`      // hash of the last line of the ledger that was received before it
	Signature []byte `json:"signature,omitempty"` // an armoured SSH signature of its [Statement]; empty: not signed
}

// Errors that Source.Decide answers.
var (
	ErrDecided  = errors.New("already decided")
	ErrNoHold   = errors.New("no such hold")
	ErrWord     = errors.New("the word typed is not the one asked for")
	ErrFrozen   = errors.New("the session is frozen: thaw it before allowing")
	ErrClosed   = errors.New("the session has ended")
	ErrRecord   = errors.New("the record cannot be written: nothing can be allowed")
	ErrVerdict  = errors.New("the verdict must be allow, deny or cannot-tell")
	ErrSecond   = errors.New("you have allowed it; a second escort must allow it as well")
	ErrAway     = errors.New("no key was pressed here for a while: show that you are there, then decide")
	ErrUnproved = errors.New("the signature does not hold")
	ErrUnsigned = errors.New("the policy wants every allow signed, and this one is not: escort attach --sign, or ssh -A, signs it")
	ErrTyping   = errors.New("only the engineer types in this session")
)

// Present is a source that wants to know whether somebody is at the console.
type Present interface {
	// Touch tells that a key was pressed.
	Touch()
	// Prove shows who is there after a while without keys; see ErrAway.
	Prove(name string) error
}

// Source is a session as a console sees it: live, remote, recorded or a sample.
type Source interface {
	// Events delivers every event after the given sequence number, in order,
	// until ctx ends or the session is closed; then the channel is closed.
	Events(ctx context.Context, after uint64) (<-chan Event, error)
	// Decide answers a hold once; see the Err… values.
	Decide(ctx context.Context, d Decision) error
	// Tell sends a line of text to the engineer.
	Tell(ctx context.Context, text string) error
	// Freeze stops every process of the session, or resumes them.
	Freeze(ctx context.Context, on bool) error
	// Input sends bytes as typed by the engineer. It never blocks: what does
	// not fit the queue is refused with an error.
	Input(p []byte) error
	// Resize sets the size of the session's terminal.
	Resize(cols, rows int) error
	// End kills every process of the session.
	End(ctx context.Context) error
}
