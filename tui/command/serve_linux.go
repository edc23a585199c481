package command

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/user"
	"strconv"
	"strings"
	"sync"
	"time"

	"escort/explain/quote"
	"escort/session"
	"escort/session/child"
	"escort/session/door"
	"escort/session/event"
	"escort/session/record"
	"escort/tui/engineer"
)

// doorScrollback is how many lines of a session each escort's console keeps: a
// door has many.
const doorScrollback = 2000

// seeOffFor is how long visitors may take to hear the end.
const seeOffFor = 5 * time.Second

// desk is the front door at work.
type desk struct {
	Door
	hall door.Hall
	run  string // folder of the socket

	mu sync.Mutex // lines of the log
}

// liveServe keeps the front door open.
func liveServe(ctx context.Context, d Door) (err error) {
	k := &desk{Door: d, run: sharedRun}
	if os.Geteuid() != 0 {
		if k.run, err = record.RunRoot(os.Getenv); err != nil {
			return err
		}
	}
	if _, err := door.ReadPeople(d.People); err != nil {
		return &Error{Code: Failed, Err: err, Hint: `write one person a line: role="engineer",name="ravi",account="ravi" ssh-ed25519 AAAA…`}
	}
	if err := os.MkdirAll(d.StateRoot, 0o700); err != nil {
		return err
	}
	local, err := door.Listen(door.Place{Folder: k.run, Name: doorSocket, Shared: os.Geteuid() == 0})
	if err != nil {
		return &Error{Code: Failed, Err: err, Hint: "another escort serve may be running"}
	}
	l, err := net.Listen("tcp", d.Listen)
	if err != nil {
		return errors.Join(&Error{Code: Failed, Err: err, Hint: "--listen takes another port"}, local.Close())
	}
	k.hall.Begin = k.beginLocally
	k.say("listening on %s", l.Addr())
	open, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	f := door.Front{HostKey: d.HostKey, People: k.people, Engineer: k.engineer, Escort: k.escort}
	failed := make(chan error, 2)
	go func() { failed <- f.Serve(open, l) }()
	go func() { failed <- local.Serve(open, &k.hall, k.byAccount) }()
	left := 2
	select {
	case err = <-failed:
		left--
	case <-ctx.Done():
	}
	k.endAll() // while everybody can still be told
	f.SeeOff(seeOffFor)
	cancel()
	for range left {
		err = errors.Join(err, <-failed)
	}
	return err
}

// endAll ends every session, and waits for it.
func (k *desk) endAll() {
	var all sync.WaitGroup
	for _, r := range k.hall.Rooms() {
		all.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), endFor)
			defer cancel()
			_ = r.End(ctx, "the front door was closed")
		})
	}
	all.Wait()
}

func (k *desk) people() (*door.People, error) { return door.ReadPeople(k.People) }

// byAccount is who an account is at the local socket.
func (k *desk) byAccount(uid int) (door.Person, error) {
	u, err := user.LookupId(strconv.Itoa(uid))
	if err != nil {
		return door.Person{}, err
	}
	p, err := k.people()
	if err != nil {
		return door.Person{}, errors.New("the people of this door cannot be read")
	}
	m, err := p.ByAccount(u.Username)
	return m.Person(), err
}

// say writes a line of the door's log.
func (k *desk) say(format string, args ...any) {
	k.mu.Lock()
	defer k.mu.Unlock()
	_, _ = io.WriteString(k.Out, "escort: "+quote.Line(fmt.Sprintf(format, args...)).String()+"\n")
}

// tell writes a line to a visitor.
func tell(v *door.Visit, text string) {
	out, end := v.Err, "\n"
	if v.TTY {
		out, end = v.Out, "\r\n"
	}
	_, _ = io.WriteString(out, "escort: "+quote.Line(text).String()+end)
}

// fail tells a visitor what went wrong and answers the exit status.
func fail(v *door.Visit, err error) int {
	e := asError(err)
	if e.Err == nil {
		return e.Code
	}
	tell(v, "error: "+e.Err.Error())
	if e.Hint != "" {
		tell(v, "hint: "+e.Hint)
	}
	return e.Code
}

// engineer serves a visit of an engineer's: a new session, or the one whose line
// was lost.
func (k *desk) engineer(ctx context.Context, m door.Member, v *door.Visit) int {
	if m.NoShell || proposes(v.Command) {
		return k.propose(ctx, m, v)
	}
	if !v.TTY && v.Command == "" {
		return fail(v, usage("ask for a terminal: ssh -t", "a session needs a terminal"))
	}
	p := m.Person()
	r, live := k.lost(p), (*session.Session)(nil)
	var err error
	if r != nil && v.Command == "" {
		tell(v, "your session "+r.About().ID+" goes on here")
	} else if r, live, err = k.begin(ctx, m, v); err != nil {
		if errors.Is(err, engineer.ErrGaveUp) {
			return Failed
		}
		k.say("no session for %s: %v", m.Name, err)
		return fail(v, err)
	}
	seat, err := r.Enter(p, door.Engineer)
	if err != nil {
		return fail(v, err)
	}
	opt := engineer.Options{In: v.In, Out: v.Out, Cols: v.Cols, Rows: v.Rows, Sizes: v.Sizes, Refused: v.Refused, Output: k.Policy.Output, Plain: !v.TTY}
	if !v.TTY {
		opt.Cols, opt.Rows, opt.Notes = 80, 24, v.Err
	}
	end, err := engineer.Run(ctx, seat, opt)
	switch {
	case errors.Is(err, engineer.ErrGaveUp):
		_ = r.End(context.WithoutCancel(ctx), "the engineer gave up before an escort came")
	case errors.Is(err, engineer.ErrLost):
		tell(v, "this session goes on at your other terminal")
	case err != nil:
		seat.Leave("the line dropped")
		k.say("session %s: the line to %s dropped", r.About().ID, m.Name)
	}
	if err != nil {
		return Failed
	}
	return k.over(v, r, live, end)
}

// over tells an engineer how a session ended and answers the exit status.
func (k *desk) over(v *door.Visit, r *door.Room, live *session.Session, end engineer.End) int {
	text := "the session is over"
	if end.Reason != "" {
		text += ": " + end.Reason
	}
	if v.TTY {
		tell(v, text)
	}
	if live != nil {
		if _, err := live.Wait(); errors.Is(err, session.ErrDenied) {
			tell(v, session.ErrDenied.Error())
			return Denied
		}
	}
	if !end.Came {
		return Failed
	}
	if v.Command == "" {
		return Done
	}
	return end.Status
}

// lost is the session of an engineer whose terminal went away.
func (k *desk) lost(p door.Person) *door.Room {
	for _, r := range k.hall.Rooms() {
		if r.Engineer().Same(p) && !r.About().Present {
			return r
		}
	}
	return nil
}

// begin starts a session for an engineer and opens its room.
func (k *desk) begin(ctx context.Context, m door.Member, v *door.Visit) (*door.Room, *session.Session, error) {
	c, err := k.work(m, v)
	if err != nil {
		return nil, nil, err
	}
	return k.open(ctx, m.Person(), c)
}

// beginLocally is begin for somebody who comes by the local socket.
func (k *desk) beginLocally(ctx context.Context, p door.Person, w door.Work) (*door.Room, error) {
	if w.Script != nil {
		if err := checkProposal(w.Script, "the proposal"); err != nil || w.Command != nil {
			return nil, errors.Join(err, errors.New("nothing is begun"))
		}
	} else if p.NoShell {
		return nil, door.ErrNoShell
	}
	u, err := user.LookupId(strconv.Itoa(p.UID))
	if err != nil {
		return nil, err
	}
	c := k.config()
	c.Who, c.Attended, c.Guard = "", true, guarded(k.run)
	c.Cols, c.Rows, c.Ticket, c.Reason, c.Command = w.Cols, w.Rows, w.Ticket, w.Reason, w.Command
	c.Script = w.Script
	if err := k.lodge(&c, u.Username); err != nil {
		return nil, err
	}
	if w.Dir != "" {
		c.Dir = w.Dir
	}
	for _, e := range w.Env {
		if name, _, _ := strings.Cut(e, "="); door.Takes(name) {
			c.Env = append(c.Env, e)
		}
	}
	r, _, err := k.open(ctx, p, c)
	return r, err
}

// open starts a session and opens its room.
func (k *desk) open(ctx context.Context, p door.Person, c session.Config) (*door.Room, *session.Session, error) {
	s, err := session.Start(ctx, c)
	if err != nil {
		return nil, nil, cannot(err, &Error{Code: Failed, Err: err})
	}
	about := k.about(c)
	about.Ticket, about.Reason = c.Ticket, c.Reason
	rules := door.RulesOf(k.Policy, false)
	if c.Script != nil {
		rules = door.RulesOf(k.Policy.Withholding(event.OutputReleased), false)
		rules.Mute = true
	}
	r := door.NewRoom(s, p, about, rules)
	k.hall.Open(r)
	k.say("session %s: %s, %s", s.ID(), p.Name, titled(c.Ticket, c.Reason))
	go func() {
		k.follow(s)
		k.say("session %s is over", s.ID())
	}()
	return r, s, nil
}

// follow tells of a session's holds, where that was asked for, until it is over.
func (k *desk) follow(s *session.Session) {
	defer func() { <-s.Done() }()
	if k.OnHold == "" {
		return
	}
	events, err := k.tells(s, s.ID()).Events(context.Background(), 0)
	if err != nil {
		k.say("session %s: its holds are not told: %v", s.ID(), err)
		return
	}
	for range events {
	}
}

// work is what the session of an engineer is started with.
func (k *desk) work(m door.Member, v *door.Visit) (session.Config, error) {
	c, err := k.place(m, v)
	if err != nil {
		return c, err
	}
	if v.Command != "" {
		c.Command = []string{c.Shell, "-c", v.Command}
		return c, nil
	}
	if c.Ticket == "" && c.Reason == "" {
		text, err := engineer.Ask(v.In, v.Out, "escort: what is this session for (ticket, reason)? ")
		if err != nil {
			return c, err
		}
		c.Ticket = strings.TrimSpace(text)
	}
	return c, nil
}

// place is where the session of an engineer is, and for what.
func (k *desk) place(m door.Member, v *door.Visit) (session.Config, error) {
	c := k.config()
	c.Who, c.Attended, c.Guard = "", true, guarded(k.run)
	c.Cols, c.Rows = max(v.Cols, 1), max(v.Rows, 1)
	if !v.TTY {
		c.Cols, c.Rows = 80, 24
	}
	if err := k.lodge(&c, m.Account); err != nil {
		return c, err
	}
	for _, e := range v.Env {
		switch name, value, _ := strings.Cut(e, "="); name {
		case "ESCORT_TICKET":
			c.Ticket = value
		case "ESCORT_REASON":
			c.Reason = value
		default:
			c.Env = append(c.Env, e)
		}
	}
	return c, nil
}

// lodge makes the session one of an account's.
func (k *desk) lodge(c *session.Config, account string) error {
	u, err := user.Lookup(account)
	if err != nil {
		return &Error{Code: Failed, Err: fmt.Errorf("this machine has no account %s", quote.Word(account)), Hint: "the file of people names it"}
	}
	uid, err1 := strconv.Atoi(u.Uid)
	gid, err2 := strconv.Atoi(u.Gid)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	if uid != os.Geteuid() {
		if os.Geteuid() != 0 {
			return &Error{Code: Unable, Err: fmt.Errorf("only root can start a shell of %s", account), Hint: "run escort serve as root, or as that account"}
		}
		a := child.Account{UID: uid, GID: gid}
		ids, err := u.GroupIds()
		if err != nil {
			return fmt.Errorf("the groups of %s: %w", account, err)
		}
		for _, id := range ids {
			n, err := strconv.Atoi(id)
			if err != nil {
				return err
			}
			a.Groups = append(a.Groups, n)
		}
		c.Account, c.StartDir = &a, k.run
	}
	c.User, c.Dir, c.Shell = account, u.HomeDir, usualShell(loginShell(account))
	if info, err := os.Stat(c.Dir); err != nil || !info.IsDir() { // as login(1) has it
		c.Dir = "/"
	}
	c.Env = []string{
		"HOME=" + u.HomeDir, "USER=" + account, "LOGNAME=" + account, "SHELL=" + c.Shell,
		"PATH=/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin",
	}
	return nil
}

// loginShell is the shell of an account, as passwd(5) has it; empty: not known.
func loginShell(account string) string {
	f, err := os.Open("/etc/passwd")
	if err != nil {
		return ""
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if fields := strings.Split(lines.Text(), ":"); len(fields) == 7 && fields[0] == account {
			return fields[6]
		}
	}
	return ""
}
