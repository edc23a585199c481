package session

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"escort/explain"
	"escort/explain/effect"
	"escort/session/child"
	"escort/session/event"
	"escort/session/gate"
	"escort/session/hook"
	"escort/session/policy"
	"escort/session/record"
	"escort/session/unotify"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// Session is one supervised shell. It implements [event.Source].
type Session struct {
	conf    Config
	notes   []string
	rec     *record.Recorder
	allowed *record.Allowed
	hub     *hub
	board   *board
	policy  *policy.Policy
	process *child.Process
	gate    *gate.Gate
	keys    hook.Keys
	secret  *secret
	conn    *hook.Conn
	master  *os.File
	slave   *os.File // kept open: to throw away typed input, and to outlast the children
	input   chan []byte
	explain func(context.Context, effect.Request) effect.Explanation
	rcFile  string // or folder with it
	dialect string // of the shell; see [effect.Request]

	ctx    context.Context
	cancel context.CancelFunc
	work   sync.WaitGroup
	read   chan struct{} // closed when no output comes any more
	done   chan struct{}
	ending sync.Once
	reason atomic.Pointer[string] // why the session was ended, if not by its shell

	alarms    alarms
	view      lineView
	prompts   promptLine
	ahead     []byte                        // typed while a line was held; see promptHeld
	early     atomic.Bool                   // something was typed since the last line was allowed
	question  atomic.Pointer[hook.Question] // of the line that is held
	frozen    atomic.Bool
	altScreen atomic.Bool
	refused   atomic.Bool // what the session was to run was denied

	mu     sync.Mutex
	atEnd  func(ctx context.Context, status int) // see AtEnd
	denial denial                                // the last one of a start
	line   string                                // hold of the line in the foreground; "" at the prompt
	typed  map[string]string                     // text of a line by its hold, for holds that come of it
}

var _ event.Source = (*Session)(nil)

// Start starts a session. Errors that mean "this host cannot enforce it" are a
// [Cannot].
func Start(ctx context.Context, c Config) (s *Session, err error) {
	if c.Script != nil {
		c.Command = Interpreter(c.Script)
	}
	shell, err := program(c)
	if err != nil {
		return nil, err
	}
	if err := child.Harden(); err != nil {
		return nil, &Cannot{Err: err, Hint: "see escort doctor"}
	}
	s = &Session{
		conf: c, policy: policyOf(c).At(homeOf(c.Env)), notes: Notes(c), keys: hook.NewKeys(), explain: explain.Explain,
		input: make(chan []byte, 1024), read: make(chan struct{}), done: make(chan struct{}), typed: map[string]string{},
	}
	if c.explain != nil {
		s.explain = c.explain
	}
	s.secret = newSecret(s.keys)
	stamp, err := record.LoadStamp(c.StateRoot)
	if err != nil {
		s.notes = append(s.notes, err.Error())
	}
	if s.allowed, err = record.OpenAllowed(c.StateRoot); err != nil {
		s.notes = append(s.notes, "what was allowed before is not known: "+err.Error())
	}
	s.rec, err = record.Create(c.StateRoot, record.Meta{
		Host: c.Host, User: c.User, Ticket: c.Ticket, Reason: c.Reason, Shell: shell, Escort: c.Who,
		Cols: c.Cols, Rows: c.Rows, Version: c.Version, Notes: s.notes, Policy: sources(s.policy), Runbook: c.Runbook, Stamp: stamp,
	}, record.CastLimit(s.policy.Cast))
	if err != nil {
		return nil, err
	}
	s.ctx, s.cancel = context.WithCancel(context.WithoutCancel(ctx))
	s.hub = newHub(s.rec, s.recordLost, c.now)
	s.board = newBoard(s.hub, c.Who, s.frozen.Load, s.policy)
	s.board.session, s.board.alone = s.rec.ID(), !c.Attended
	if err = s.putScript(); err == nil {
		err = s.launch(ctx, shell)
	}
	if err != nil {
		s.cancel()
		return nil, errors.Join(err, s.rec.Close())
	}
	return s, nil
}

// launch opens the pty, starts the shell and everything that looks after it.
func (s *Session) launch(ctx context.Context, shell string) (err error) {
	if s.master, s.slave, err = pty.Open(); err != nil {
		return fmt.Errorf("no terminal for the session: %w", err)
	}
	if err := s.blockRightly(); err != nil {
		return errors.Join(err, s.closeTTY())
	}
	if err := s.setSize(s.conf.Cols, s.conf.Rows); err != nil {
		return errors.Join(err, s.closeTTY())
	}
	cfg := child.Config{Argv: []string{filepath.Base(shell)}, Path: shell, Dir: s.conf.Dir, TTY: s.slave, AllowNoScopes: s.conf.AllowNoScopes}
	cfg.Env, cfg.Account = shellEnv(s.conf.Env), s.conf.Account
	if a := cfg.Account; a != nil { // as login(1) does
		if err := errors.Join(s.slave.Chown(a.UID, a.GID), s.slave.Chmod(0o620)); err != nil {
			return errors.Join(err, s.closeTTY())
		}
	}
	var up *os.File
	if filepath.Base(shell) == dialectZsh {
		s.dialect = dialectZsh
	}
	if s.conf.Command != nil {
		cfg.Argv = s.conf.Command
	} else if hooked(shell) {
		if up, cfg.Hook, err = hook.Pair(); err != nil {
			return errors.Join(err, s.closeTTY())
		}
		defer cfg.Hook.Close()
		if err := s.startFile(&cfg); err != nil {
			return errors.Join(err, up.Close(), s.closeTTY())
		}
	}
	var listener *unotify.Listener
	if s.process, listener, err = child.Start(ctx, cfg); err != nil {
		if up != nil {
			err = errors.Join(err, up.Close())
		}
		return errors.Join(&Cannot{Err: err, Hint: "escort doctor says what this host lacks"}, s.closeTTY())
	}
	first := ""
	if s.conf.Command != nil {
		first = event.CauseTyped
	}
	s.gate = gate.New(gate.Config{
		First: first, Listener: listener, Shell: s.process.ShellPID(), Keeper: s.process.KeeperPID(), Baseline: cfg.Env, Asker: s,
		User: s.conf.User, Home: homeOf(cfg.Env), Guard: append(append(s.policy.Guard(), s.conf.StateRoot), s.conf.Guard...), Policy: s.policy,
	})
	if up != nil {
		s.conn = hook.NewConn(up, s, s.dialect == dialectZsh)
	}
	_ = s.hub.publish(event.Event{
		Kind: event.Opened, Cols: s.conf.Cols, Rows: s.conf.Rows, PID: s.process.ShellPID(), Who: s.conf.User,
	})
	s.run()
	return nil
}

// run starts the goroutines of the session; finish waits for them.
func (s *Session) run() {
	s.work.Go(func() {
		if err := s.gate.Run(s.ctx); err != nil {
			s.stop("the gate failed: " + err.Error())
		}
	})
	if s.conn != nil {
		s.work.Go(func() {
			err := s.conn.Serve(s.ctx, s.process.ShellPID())
			select {
			case <-s.process.Done():
			case <-s.ctx.Done():
			case <-time.After(time.Second): // the shell's end closes the hook a moment before it is known
				why := "the shell has closed it, no line is accepted any more"
				if err != nil {
					why = err.Error()
				}
				s.lineLost(why, true)
			}
		})
		s.work.Go(s.watchLine)
	}
	s.work.Go(s.watchRecord)
	s.work.Go(s.readOutput)
	s.work.Go(s.writeInput)
	go func() {
		select {
		case <-s.process.Done():
		case <-s.ctx.Done():
		}
		s.finish()
	}()
}

// finish ends the whole tree, then everything else, in the order in which
// nothing is lost.
func (s *Session) finish() {
	s.ending.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		survivors, err := s.process.Kill(ctx)
		<-s.process.Done()
		_ = s.master.SetReadDeadline(time.Now().Add(200 * time.Millisecond)) // what is in the pty still comes
		s.wait()
		s.cancel()
		if s.conn != nil {
			_ = s.conn.Close()
		}
		s.work.Wait()
		status := s.process.Status()
		_ = s.hub.publish(event.Event{Kind: event.Closed, Status: &status, Reason: s.closing(survivors, errors.Join(err, s.process.Err()))})
		_ = s.rec.Close()
		_ = s.closeTTY()
		_ = os.RemoveAll(s.rcFile)
		s.hub.close()
		close(s.done)
	})
}

// wait does what is still to be done before the session closes, until it is ended.
func (s *Session) wait() {
	select {
	case <-s.read:
	case <-s.ctx.Done():
		return
	}
	s.mu.Lock()
	f := s.atEnd
	s.mu.Unlock()
	if f != nil {
		f(s.ctx, s.process.Status())
	}
}

func (s *Session) closing(survivors []int, err error) string {
	var parts []string
	if r := s.reason.Load(); r != nil {
		parts = append(parts, *r)
	}
	if err != nil {
		parts = append(parts, err.Error())
	}
	if len(survivors) > 0 {
		parts = append(parts, fmt.Sprintf("processes that could not be ended: %v", survivors))
	}
	return strings.Join(parts, "; ")
}

// stop ends the session with a reason. It does not wait.
func (s *Session) stop(reason string) {
	s.reason.CompareAndSwap(nil, &reason)
	s.cancel()
}

// blockRightly makes the master wait in the runtime, so that a deadline ends
// a read, and the slave in the kernel: the shell shares that flag and would
// take "nothing typed yet" for an error.
func (s *Session) blockRightly() error {
	if err := unix.SetNonblock(int(s.slave.Fd()), false); err != nil {
		return err
	}
	fd, err := unix.FcntlInt(s.master.Fd(), unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return err
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		return errors.Join(err, unix.Close(fd))
	}
	old := s.master
	s.master = os.NewFile(uintptr(fd), old.Name())
	return old.Close()
}

func (s *Session) closeTTY() error { return errors.Join(s.master.Close(), s.slave.Close()) }

// recordLost is called once, when the record fails: from then on nothing is
// allowed, and everything is stopped.
func (s *Session) recordLost(err error) {
	go func() {
		why := "the record cannot be written (" + err.Error() + "): everything is stopped, nothing can be allowed"
		_ = s.hub.publish(event.Event{Kind: event.Message, Who: "escort", Reason: why})
		_ = s.freeze(s.ctx, "", why)
	}()
}

// watchRecord looks after the record while nothing is written to it, so that a
// session without one is stopped within a second. It looks with the halves of
// the day's seconds: a console wakes with the whole ones.
func (s *Session) watchRecord() {
	next := time.NewTimer(0)
	defer next.Stop()
	for {
		select {
		case <-s.ctx.Done():
			return
		case now := <-next.C:
			next.Reset(recordEvery - time.Duration(now.Nanosecond())%recordEvery)
		}
		if err := s.rec.Healthy(); err != nil {
			s.hub.fail(err)
			return
		}
	}
}

// ID is the name of the session; Dir the folder of its record.
func (s *Session) ID() string { return s.rec.ID() }

// Dir is the folder of the session's record.
func (s *Session) Dir() string { return s.rec.Dir() }

// Wait waits for the end of the session and returns the exit status of its shell
// or command; [ErrDenied] says that the command was denied.
func (s *Session) Wait() (status int, err error) {
	<-s.done
	if s.refused.Load() {
		return s.process.Status(), ErrDenied
	}
	return s.process.Status(), s.process.Err()
}

// homeOf is the engineer's own folder.
func homeOf(env []string) string {
	for _, v := range env {
		if home, ok := strings.CutPrefix(v, "HOME="); ok {
			return home
		}
	}
	return ""
}

// Notes are what a console's header must show for the whole of a session that
// is started with c: what is weaker there than it should be.
func Notes(c Config) []string {
	notes := []string{}
	if !child.Privileged() {
		notes = append(notes, "sudo gains nothing here")
	}
	if c.Command == nil && !hooked(c.Shell) {
		notes = append(notes, "line view lost: only program starts are held")
	}
	if c.AllowNoScopes {
		notes = append(notes, "RELAXED: root inside may reach the gate")
	}
	return slices.Concat(notes, c.Notes, policyOf(c).Relaxed())
}

// policyOf is the policy of a session that is started with c.
func policyOf(c Config) *policy.Policy {
	if c.Policy == nil {
		return policy.Default()
	}
	return c.Policy
}

// sources names the files of a policy for the record.
func sources(p *policy.Policy) []record.Policy {
	var out []record.Policy
	for _, s := range p.Sources {
		out = append(out, record.Policy(s))
	}
	return out
}
