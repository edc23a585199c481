package command

import (
	"context"
	"errors"
	"io"
	"strings"

	"escort/session/door"
	"escort/tui/engineer"
)

// proposes reports whether somebody asks to propose in place of a shell.
func proposes(command string) bool { return strings.TrimSpace(command) == "propose" }

// howToPropose stands beside what is refused to who has no shell.
const howToPropose = "give the text on standard input: ssh HOST propose < FILE"

// propose serves a visit of an engineer's who proposes a text.
func (k *desk) propose(ctx context.Context, m door.Member, v *door.Visit) int {
	switch {
	case m.NoShell && (v.TTY && v.Command == "" || v.Command != "" && !proposes(v.Command)):
		return fail(v, &Error{Code: Failed, Err: door.ErrNoShell, Hint: howToPropose})
	case v.TTY:
		return fail(v, usage(howToPropose, "a proposal needs no terminal"))
	}
	text, err := io.ReadAll(io.LimitReader(v.In, MaxProposal+1))
	if err == nil {
		err = checkProposal(text, "standard input")
	}
	if err != nil {
		return fail(v, err)
	}
	c, err := k.place(m, v)
	if err != nil {
		return fail(v, err)
	}
	c.Script = text
	r, live, err := k.open(ctx, m.Person(), c)
	if err != nil {
		k.say("no session for %s: %v", m.Name, err)
		return fail(v, err)
	}
	seat, err := r.Enter(m.Person(), door.Engineer)
	if err != nil {
		return fail(v, err)
	}
	p := Proposal{Text: text, Notes: v.Err}
	p.say(described(text))
	a, err := p.run(ctx, seat, engineer.Options{Output: r.About().Output, Out: v.Out, Refused: v.Refused})
	if err != nil {
		seat.Leave("the line dropped")
		k.say("session %s: the line to %s dropped", r.About().ID, m.Name)
		return Failed
	}
	status, err := p.outcome(live, a)
	if err != nil {
		return fail(v, err)
	}
	return status
}

// proposeAtDoor has a proposal run by this machine's front door.
func proposeAtDoor(ctx context.Context, c Session, p Proposal, r *door.Remote) (int, error) {
	p.say(described(p.Text))
	a, err := p.run(ctx, r, engineer.Options{How: "escort attach " + r.About().ID, Output: r.About().Output, Out: c.Out})
	lost := r.Lost()
	_ = r.Close()
	switch {
	case errors.Is(err, engineer.ErrLost) && lost != nil:
		return 0, &Error{Code: Failed, Err: lost, Hint: "whether it ran, the escort can tell"}
	case err != nil:
		return 0, err
	case a.Denied:
		return 0, p.refused(a)
	}
	return p.over(a, a.Status, nil)
}
