// Package door is where people come to a session: who they are, what they may
// do, and what becomes of the session when they go.
//
// A [Room] is one session with its people. Each of them sits on a [Seat], which
// is an [event.Source] that does what the role allows: the engineer types,
// escorts decide. Names are the door's own: what a decision or a message says of
// who sent it is replaced by who sits there. A [Hall] is the rooms of one
// program, and answers for them on a socket, in lines of JSON.
//
// The rules:
//
//   - Nobody sits on both sides of one session, unless it was begun so
//     (Rules.Solo) and says so for as long as it lasts.
//   - Without an escort nothing that the engineer types is passed on, everything
//     new is held, and after a while every process is stopped.
//   - Without the engineer the session stays for a while, then ends.
//   - Where the policy has it so (Rules.Output), what the session writes is not
//     the engineer's to see before an escort has released it, or at all. What
//     decides is the seat: no question gets more out of it.
//   - Who a peer is, is what the kernel or the key says, never what it claims. A
//     peer from inside a supervised session is refused.
//
// # Limits
//
// Where output is held back, a program that was allowed can still signal: by its
// exit status, by when it ends, and by whether it does something that is held.
//
// Peers of a socket are told by their account: whoever has the account of an
// escort is that escort. A session that an engineer's own account keeps can be
// ended, and its record changed, by that account; the chain shows it.
package door

import (
	"errors"
	"slices"
	"time"

	"escort/session/policy"
)

// Role is the side of a session that somebody is on.
type Role string

// The roles.
const (
	Engineer Role = "engineer"
	Escort   Role = "escort"
)

// Person is somebody who came, as the door knows it. Empty fields are not known.
type Person struct {
	Name string // shown, recorded, and in decisions
	UID  int    // of the account on this machine; negative: there is none
	Key  string // fingerprint of the SSH key, "SHA256:…"

	Roles   []Role // what the person may be; nil: either
	NoShell bool   // as an engineer, only proposes
}

// May reports whether a person may be on a side at all.
func (p Person) May(be Role) bool { return p.Roles == nil || slices.Contains(p.Roles, be) }

// Same reports whether two are, as far as is known, one person.
func (p Person) Same(o Person) bool {
	return p.Name == o.Name || p.UID >= 0 && p.UID == o.UID || p.Key != "" && p.Key == o.Key
}

// Rules are what holds in a room.
type Rules struct {
	Solo     bool          // engineer and escort may be one person
	Wait     time.Duration // for the first escort; 0: for ever
	Grace    time.Duration // without an escort, until everything is stopped
	Return   time.Duration // without the engineer, until the session ends
	Presence time.Duration // without a key of an escort's, until a decision needs proof; 0: never
	Mute     bool          // it is a proposal: nobody types
	Output   string        // what the engineer gets of the output: one of event.Outputs; empty: all
}

// RulesOf are the rules of a policy.
func RulesOf(p *policy.Policy, solo bool) Rules {
	return Rules{Solo: solo, Wait: p.Wait, Grace: p.Grace, Return: p.Return, Presence: p.Presence, Output: p.Output}
}

// SoloNote stands in the header of a session where nobody else decides.
const SoloNote = "SOLO: engineer and escort are one account"

// Why somebody is not let in, or something is not done.
var (
	ErrOwn      = errors.New("this is your own session: nobody decides about their own commands")
	ErrNotYours = errors.New("this session is another engineer's")
	ErrRole     = errors.New("only an escort may do that")
	ErrNotThat  = errors.New("you are not among those who may do this here")
	ErrNobody   = errors.New("no escort is here: nothing that you type is passed on")
	ErrMute     = errors.New("a proposal reads nothing: propose another one")
	ErrNoShell  = errors.New("you have no shell here: what you propose runs when an escort allows it")
	ErrGone     = errors.New("you have left this session")
	ErrFlows    = errors.New("nothing is held back here: the engineer sees what the session writes, or nothing of it")
	ErrNoRoom   = errors.New("there is no such session here")
)

// About is what is told of a session before one comes in.
type About struct {
	ID       string    `json:"id"`
	Host     string    `json:"host"`
	Engineer string    `json:"engineer"`
	Ticket   string    `json:"ticket"`
	Reason   string    `json:"reason"`
	Begun    time.Time `json:"begun"` // UTC
	Notes    []string  `json:"notes"` // what is weaker than it should be
	Solo     bool      `json:"solo"`
	Output   string    `json:"output"`  // what the engineer gets of the output: one of event.Outputs
	Present  bool      `json:"present"` // the engineer's terminal is connected
	Escorts  []string  `json:"escorts"`
	Waiting  int       `json:"waiting"` // holds that nobody has decided
	Frozen   bool      `json:"frozen"`
}

// clone is a copy that shares nothing.
func (a About) clone() About {
	a.Notes, a.Escorts = slices.Clone(a.Notes), slices.Clone(a.Escorts)
	if a.Notes == nil {
		a.Notes = []string{}
	}
	if a.Escorts == nil {
		a.Escorts = []string{}
	}
	return a
}
