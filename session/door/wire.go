package door

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"

	"escort/session/event"
)

// Bytes over which no line is read, of a client's and of a session's.
const (
	maxRequest = 2 << 20
	maxEvent   = 64 << 20
)

// Hello is the first line on a connection: what is wanted of it. Exactly one of
// List and As is given.
type Hello struct {
	List  bool   `json:"list,omitempty"`  // tell which sessions there are
	As    Role   `json:"as,omitempty"`    // come in on this side
	ID    string `json:"id,omitempty"`    // of which session; empty: the only one
	After uint64 `json:"after,omitempty"` // the last event that is known already
	New   *Work  `json:"new,omitempty"`   // an engineer's, who wants a session of their own
}

// Work is what a new session is for.
type Work struct {
	Ticket  string   `json:"ticket,omitempty"`
	Reason  string   `json:"reason,omitempty"`
	Command []string `json:"command,omitempty"` // in place of a shell
	Script  []byte   `json:"script,omitempty"`  // a proposal, in place of both
	Dir     string   `json:"dir,omitempty"`     // folder to begin in; empty: the account's own
	Env     []string `json:"env,omitempty"`     // NAME=VALUE about the terminal and the language
	Cols    int      `json:"cols"`              // cells of the terminal
	Rows    int      `json:"rows"`
}

// Request is one line of a client's: exactly one thing to do, and what the
// answer shall carry to be told from others.
type Request struct {
	Re json.RawMessage `json:"re,omitempty"`

	event.Decision
	Message  *string `json:"message,omitempty"`
	Freeze   bool    `json:"freeze,omitempty"`
	Thaw     bool    `json:"thaw,omitempty"`
	End      bool    `json:"end,omitempty"`
	Key      bool    `json:"key,omitempty"`      // somebody pressed a key
	Abandon  bool    `json:"abandon,omitempty"`  // the engineer ends a session that nobody has come to
	Leave    bool    `json:"leave,omitempty"`    // as meant: the line does not merely end
	Here     *string `json:"here,omitempty"`     // the name typed to show that somebody is there
	Input    []byte  `json:"input,omitempty"`    // as typed by the engineer
	Withheld *int    `json:"withheld,omitempty"` // tell what output is held back, with so many of its lines
	Release  bool    `json:"release,omitempty"`  // give the engineer the next lines of it
	Lines    int     `json:"lines,omitempty"`    // so many; 0: a screenful
	Shown    string  `json:"shown,omitempty"`    // only if these, by their digest, are the next; empty: whichever
	Cols     int     `json:"cols,omitempty"`     // with Rows: the size of the engineer's terminal
	Rows     int     `json:"rows,omitempty"`

	got *event.Withheld // what was asked for
}

// Answer is what a request, or the Hello, is answered with. It carries no seq,
// which tells it from an event.
type Answer struct {
	OK       bool            `json:"ok,omitempty"`
	Error    string          `json:"error,omitempty"`
	Re       json.RawMessage `json:"re,omitempty"`
	Session  *About          `json:"session,omitempty"`
	Sessions []About         `json:"sessions,omitempty"`
	Withheld *event.Withheld `json:"withheld,omitempty"`
	You      string          `json:"you,omitempty"` // the name that one came in under
}

// errShape is the answer to a line that is no request.
var errShape = errors.New(`not understood: one of hold with verdict, message, freeze, thaw, end is expected`)

// does says what can be asked for, in the order in which it is looked for.
var does = []struct {
	asked func(*Request) bool
	do    func(context.Context, *Seat, *Request) error
}{
	{
		func(r *Request) bool { return r.Hold != "" || r.Verdict != "" },
		func(ctx context.Context, s *Seat, r *Request) error { return s.Decide(ctx, r.Decision) },
	},
	{
		func(r *Request) bool { return r.Message != nil },
		func(ctx context.Context, s *Seat, r *Request) error { return s.Tell(ctx, *r.Message) },
	},
	{
		func(r *Request) bool { return r.Freeze },
		func(ctx context.Context, s *Seat, _ *Request) error { return s.Freeze(ctx, true) },
	},
	{
		func(r *Request) bool { return r.Thaw },
		func(ctx context.Context, s *Seat, _ *Request) error { return s.Freeze(ctx, false) },
	},
	{
		func(r *Request) bool { return r.End },
		func(ctx context.Context, s *Seat, _ *Request) error { return s.End(ctx) },
	},
	{
		func(r *Request) bool { return r.Abandon },
		func(ctx context.Context, s *Seat, _ *Request) error { return s.Abandon(ctx) },
	},
	{
		func(r *Request) bool { return r.Withheld != nil },
		func(ctx context.Context, s *Seat, r *Request) error {
			w, err := s.Withheld(ctx, *r.Withheld)
			r.got = &w
			return err
		},
	},
	{
		func(r *Request) bool { return r.Release },
		func(ctx context.Context, s *Seat, r *Request) error { return s.Release(ctx, r.Lines, r.Shown) },
	},
	{
		func(r *Request) bool { return r.Leave },
		func(_ context.Context, s *Seat, _ *Request) error { s.Leave(""); return nil },
	},
	{
		func(r *Request) bool { return r.Here != nil },
		func(_ context.Context, s *Seat, r *Request) error { return s.Prove(*r.Here) },
	},
	{
		func(r *Request) bool { return r.Key },
		func(_ context.Context, s *Seat, _ *Request) error { s.Touch(); return nil },
	},
	{
		func(r *Request) bool { return len(r.Input) > 0 },
		func(_ context.Context, s *Seat, r *Request) error { return s.Input(r.Input) },
	},
	{
		func(r *Request) bool { return r.Cols != 0 || r.Rows != 0 },
		func(_ context.Context, s *Seat, r *Request) error { return s.Resize(r.Cols, r.Rows) },
	},
}

// readRequest reads one line. What it carries beyond one known thing is an
// error, so that nothing is half done.
func readRequest(line []byte) (*Request, error) {
	var r Request
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return &r, errShape
	}
	if _, err := d.Token(); err != io.EOF {
		return &r, errShape
	}
	n := 0
	for _, x := range does {
		if x.asked(&r) {
			n++
		}
	}
	if n != 1 || !r.Release && (r.Lines != 0 || r.Shown != "") {
		return &r, errShape
	}
	return &r, nil
}

// handle does what a line asks for, and says how it went.
func handle(ctx context.Context, s *Seat, line []byte) Answer {
	r, err := readRequest(line)
	if err == nil {
		for _, x := range does {
			if x.asked(r) {
				err = x.do(ctx, s, r)
				break
			}
		}
	}
	a := answer(r.Re, err)
	if err == nil {
		a.Withheld = r.got
	}
	return a
}

// answer says how something went.
func answer(re json.RawMessage, err error) Answer {
	if err != nil {
		return Answer{Error: err.Error(), Re: re}
	}
	return Answer{OK: true, Re: re}
}
