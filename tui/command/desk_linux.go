package command

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"

	"escort/explain/quote"
	"escort/keymap"
	"escort/session/door"
	"escort/session/event"
	"escort/session/sign"
	"escort/tui"
	"escort/tui/engineer"
)

// escortHelp is what an escort may ask for in place of a console.
const escortHelp = "attach [SESSION] [--plain] [--json], or list"

// escort serves a visit of an escort's: the console on a session.
func (k *desk) escort(ctx context.Context, m door.Member, v *door.Visit) int {
	words, want := strings.Fields(v.Command), ""
	plain, asJSON := false, false
	for i, w := range words {
		switch {
		case w == "--plain":
			plain = true
		case w == "--json":
			asJSON = true
		case i == 0 && w == "attach":
		case i == 0 && w == "list" && len(words) == 1:
			return k.list(v)
		case strings.HasPrefix(w, "-") || want != "" || i == 0:
			return fail(v, usage("an escort's commands are "+escortHelp, "not understood: %s", quote.Word(w)))
		default:
			want = w
		}
	}
	if asJSON {
		ours, theirs := net.Pipe()
		go k.hall.Serve(ctx, theirs, m.Person())
		if err := passJSON(ours, want, v.In, v.Out); err != nil {
			return fail(v, err)
		}
		return Done
	}
	if !v.TTY {
		return fail(v, usage("ask for a terminal (ssh -t), or for --json", "the console needs a terminal"))
	}
	r, err := k.room(ctx, want, m.Person(), v)
	if err != nil {
		return fail(v, err)
	}
	return k.console(ctx, r, m, v, plain)
}

func (k *desk) list(v *door.Visit) int {
	t := &tree{Streams: Streams{Out: v.Out}}
	if err := t.listSessions(meetingsOf(k.hall.Rooms())); err != nil {
		return fail(v, err)
	}
	return Done
}

func meetingsOf(rooms []*door.Room) []Meeting {
	var out []Meeting
	for _, r := range rooms {
		out = append(out, Meeting{About: r.About()})
	}
	return out
}

// errWent is what somebody gets who does not wait for a session.
var errWent = &Error{Code: Failed}

// room is the session that an escort wants: by its name, or the only one that is
// not their own. Where there is none, it is waited for.
func (k *desk) room(ctx context.Context, want string, p door.Person, v *door.Visit) (*door.Room, error) {
	if want != "" {
		return k.hall.Find(want)
	}
	for waits := false; ; {
		changed := k.hall.Changed()
		var rooms []*door.Room
		for _, r := range k.hall.Rooms() {
			if !r.Engineer().Same(p) {
				rooms = append(rooms, r)
			}
		}
		switch len(rooms) {
		case 0:
		case 1:
			return rooms[0], nil
		default:
			return k.pick(rooms, v)
		}
		if !waits {
			waits = true
			tell(v, "no session waits for you; this waits for the next one (close the connection to leave)")
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, errWent
		}
	}
}

// pick asks which of several is meant.
func (k *desk) pick(rooms []*door.Room, v *door.Visit) (*door.Room, error) {
	for i, r := range rooms {
		a := r.About()
		tell(v, fmt.Sprintf("%d  %s  %s  %s  %d waiting  %s", i+1, a.ID, a.Engineer, titled(a.Ticket, a.Reason), a.Waiting, strings.Join(a.Escorts, ", ")))
	}
	text, err := engineer.Ask(v.In, v.Out, "escort: which one (number)? ")
	if err != nil {
		return nil, errWent
	}
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 1 || n > len(rooms) {
		return nil, usage("name one: attach "+rooms[0].About().ID, "that is none of them")
	}
	return rooms[n-1], nil
}

// signing is a seat whose decisions are signed by the agent that its escort
// forwards, with the key that the escort came by; without an agent, the seat.
func signing(ctx context.Context, seat *door.Seat, session string, m door.Member, v *door.Visit) (event.Source, error) {
	if !v.Agent {
		return seat, nil
	}
	key, err := sign.FromForwarded(ctx, v.DialAgent, m.Key)
	if err != nil {
		return nil, err
	}
	return sign.Source(seat, session, m.Name, key), nil
}

// console shows a session to an escort at the other end of the line.
func (k *desk) console(ctx context.Context, r *door.Room, m door.Member, v *door.Visit, plain bool) int {
	seat, err := r.Enter(m.Person(), door.Escort)
	if errors.Is(err, door.ErrOwn) {
		return fail(v, &Error{Code: Failed, Err: err, Hint: "another person decides"})
	}
	if err != nil {
		return fail(v, err)
	}
	about := r.About()
	src, err := signing(ctx, seat, about.ID, m, v)
	if err != nil {
		seat.Leave("")
		return fail(v, err)
	}
	opt := tui.Options{
		Host: about.Host, User: about.Engineer, Ticket: titled(about.Ticket, about.Reason), Who: m.Name, Notes: about.Notes,
		Input: v.In, Output: v.Out, Env: append([]string{"TERM=" + v.Term}, v.Env...), Keys: keymap.Default(),
		Size: [2]int{v.Cols, v.Rows}, Sizes: v.Sizes, Watch: true, Plain: plain || v.Term == "dumb", Scrollback: doorScrollback,
		NoMouse: !k.Policy.Mouse, NoCopy: !k.Policy.Copy, NoFold: !k.Policy.Fold, Alert: "none",
	}
	if about.Output == event.OutputReleased {
		opt.Release = seat
	}
	var sum []string
	opt.Over = func(lines []string) { sum = lines }
	err = tui.Run(ctx, src, opt)
	why := ""
	if ctx.Err() != nil {
		why = "the line dropped"
	}
	seat.Leave(why)
	for _, l := range sum {
		tell(v, l)
	}
	if err != nil && ctx.Err() == nil {
		return fail(v, err)
	}
	return Done
}
