package door

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"charm.land/ssh"
	"charm.land/wish/v2"
	gossh "golang.org/x/crypto/ssh"
)

// Front is the front door: an SSH server to which engineers and escorts come with
// any client. It gives nothing away by itself: no shell, no files, no forwarding.
type Front struct {
	HostKey string                  // file of the host key, made where it is missing
	People  func() (*People, error) // read anew for each who comes
	Beat    time.Duration           // how often a line is tried; it is lost when no answer came by the next time; 0: 15 s

	visits sync.WaitGroup

	// Engineer and Escort serve one visit of a member and answer its exit status.
	Engineer, Escort func(ctx context.Context, m Member, v *Visit) (status int)
}

// Visit is one terminal, or one command, of somebody who has come by SSH.
type Visit struct {
	In       io.Reader
	Out, Err io.Writer
	TTY      bool
	Term     string
	Cols     int
	Rows     int
	Sizes    <-chan [2]int // new sizes of the terminal, the latest alone
	Command  string        // what was asked for in place of a shell; empty: nothing
	Env      []string      // NAME=VALUE that were sent and are taken
	Agent    bool          // the client forwards its agent
	Refused  <-chan string // what else the client wants and does not get, in words

	conn *gossh.ServerConn
}

// Times of a connection.
const (
	handshakeFor   = 20 * time.Second
	keepAliveEvery = 15 * time.Second // if nothing else is said
)

// Words for what goes past every hold.
const (
	noForwarding = "forwarding is refused here: what goes through it could not be held"
	noFiles      = "files are not moved by sftp or scp here: nothing of it could be held; write in the shell what is to be copied"
)

// Serve lets people in by l until ctx ends.
func (f *Front) Serve(ctx context.Context, l net.Listener) error {
	srv, err := wish.NewServer(
		wish.WithHostKeyPath(f.HostKey), wish.WithPublicKeyAuth(f.knows),
		func(s *ssh.Server) error { return f.rules(ctx, s) },
	)
	if err != nil {
		return fmt.Errorf("the front door: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { _ = srv.Close() })
	defer stop()
	err = srv.Serve(l)
	if ctx.Err() != nil || errors.Is(err, ssh.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("the front door: %w", err)
}

// SeeOff waits until every visitor has heard how the visit ended, or for as long
// as most.
func (f *Front) SeeOff(most time.Duration) {
	gone := make(chan struct{})
	go func() {
		f.visits.Wait()
		close(gone)
	}()
	select {
	case <-gone:
	case <-time.After(most):
	}
}

// The keys under which a connection keeps what is known of it.
type (
	memberKey  struct{}
	refusedKey struct{}
)

// knows lets in who has a key. Of several keys that a client offers, the one that
// it proves to have is asked about last.
func (f *Front) knows(ctx ssh.Context, key ssh.PublicKey) bool {
	p, err := f.People()
	if err != nil {
		return false
	}
	m, err := p.ByKey(key)
	if err != nil {
		return false
	}
	ctx.SetValue(memberKey{}, m)
	return true
}

// rules make s a server that holds, or refuses with words.
func (f *Front) rules(ctx context.Context, s *ssh.Server) error {
	s.Version = "escort"
	s.HandshakeTimeout = handshakeFor
	ptys := &terminals{}
	s.PtyHandler = ptys.take
	s.Handler = func(sess ssh.Session) { f.visit(ctx, sess, ptys) }
	s.ChannelHandlers = map[string]ssh.ChannelHandler{
		"session": ssh.DefaultSessionHandler,
		"default": func(_ *ssh.Server, _ *gossh.ServerConn, c gossh.NewChannel, ctx ssh.Context) {
			refuse(ctx, noForwarding)
			_ = c.Reject(gossh.Prohibited, noForwarding)
		},
	}
	s.RequestHandlers = map[string]ssh.RequestHandler{
		"default": func(ctx ssh.Context, _ *ssh.Server, r *gossh.Request) (bool, []byte) {
			if strings.Contains(r.Type, "forward") {
				refuse(ctx, noForwarding)
			}
			return false, nil
		},
	}
	s.SubsystemHandlers = map[string]ssh.SubsystemHandler{
		"default": func(sess ssh.Session) { turnAway(sess, noFiles) },
	}
	return nil
}

// refuse notes words for the terminal of a connection. Where nobody reads them,
// the later ones are dropped.
func refuse(ctx ssh.Context, words string) {
	ctx.Lock()
	defer ctx.Unlock()
	select {
	case refusals(ctx) <- words:
	default:
	}
}

// refusals needs the lock of ctx.
func refusals(ctx ssh.Context) chan string {
	c, ok := ctx.Value(refusedKey{}).(chan string)
	if !ok {
		c = make(chan string, 8)
		ctx.SetValue(refusedKey{}, c)
	}
	return c
}

// turnAway ends a session with words and a status that says that it failed.
func turnAway(sess ssh.Session, words string) {
	_, _ = io.WriteString(sess.Stderr(), "escort: error: "+words+"\n")
	_ = sess.Exit(1)
}

// visit serves one session of a connection.
func (f *Front) visit(ctx context.Context, sess ssh.Session, ptys *terminals) {
	f.visits.Add(1)
	defer f.visits.Done()
	m, ok := sess.Context().Value(memberKey{}).(Member)
	if !ok {
		turnAway(sess, ErrStranger.Error())
		return
	}
	role, err := m.as(sess.User())
	if err != nil {
		turnAway(sess, err.Error())
		return
	}
	if copies(sess.RawCommand()) {
		turnAway(sess, noFiles)
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(sess.Context(), cancel)
	defer stop()
	v := &Visit{In: sess, Out: sess, Err: sess.Stderr(), Command: sess.RawCommand(), Agent: ssh.AgentRequested(sess)}
	v.conn, _ = sess.Context().Value(ssh.ContextKeyConn).(*gossh.ServerConn)
	v.terminal(ctx, sess, ptys)
	v.environment(sess)
	sess.Context().Lock()
	v.Refused = refusals(sess.Context())
	sess.Context().Unlock()
	go v.keepAlive(ctx, cmp.Or(f.Beat, keepAliveEvery))
	serve := f.Engineer
	if role == Escort {
		serve = f.Escort
	}
	_ = sess.Exit(serve(ctx, m, v))
}

// as is the role in which somebody comes: the one that they have, or the one that
// they call themselves by as the user of the connection.
func (m Member) as(user string) (Role, error) {
	if r := Role(user); r == Engineer || r == Escort {
		if !m.Has(r) {
			return "", fmt.Errorf("%s is no %s here", m.Name, r)
		}
		return r, nil
	}
	if len(m.Roles) != 1 {
		return "", errors.New("say what you come as: the user of the connection is engineer or escort")
	}
	return m.Roles[0], nil
}

// copies reports whether a command is the other end of a file transfer, whose
// bytes no terminal can carry.
func copies(command string) bool {
	words := strings.Fields(command)
	return len(words) > 1 && (words[0] == "scp" && slices.ContainsFunc(words[1:], func(w string) bool { return w == "-t" || w == "-f" }) ||
		words[0] == "rsync" && words[1] == "--server") || len(words) > 0 && strings.HasSuffix(words[0], "sftp-server")
}

// taken are the variables that a client may set: how its terminal speaks, and what
// the session is for.
var taken = []string{"LANG", "COLORTERM", "NO_COLOR", "ESCORT_TICKET", "ESCORT_REASON"}

// Takes reports whether a variable of a client's is taken over.
func Takes(name string) bool { return slices.Contains(taken, name) || strings.HasPrefix(name, "LC_") }

// environment keeps what is taken of the client's, and says what is not.
func (v *Visit) environment(sess ssh.Session) {
	var not []string
	for _, e := range sess.Environ() {
		name, _, _ := strings.Cut(e, "=")
		if Takes(name) {
			v.Env = append(v.Env, e)
		} else {
			not = append(not, name)
		}
	}
	if len(not) > 0 {
		refuse(sess.Context(), "these variables are not taken over: "+strings.Join(not, ", "))
	}
	if v.Agent {
		if m, _ := sess.Context().Value(memberKey{}).(Member); !m.Has(Escort) {
			refuse(sess.Context(), "your key agent is not forwarded: what it signs could not be held")
		}
	}
}

// keepAlive ends a connection whose other side does not answer any more.
func (v *Visit) keepAlive(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for v.conn != nil {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		late := time.AfterFunc(every, func() { _ = v.conn.Close() })
		_, _, err := v.conn.SendRequest("keepalive@openssh.com", true, nil)
		late.Stop()
		if err != nil {
			return
		}
	}
}

// terminals are the terminals that were asked for, by session. The library's own
// kind would change line ends on their way.
type terminals struct{ all sync.Map }

func (t *terminals) take(_ ssh.Context, s ssh.Session, p ssh.Pty) (func() error, error) {
	t.all.Store(s, p)
	return func() error { t.all.Delete(s); return nil }, nil
}

// terminal takes over what is known of the visitor's terminal, and follows its
// size until ctx ends.
func (v *Visit) terminal(ctx context.Context, sess ssh.Session, ptys *terminals) {
	p, ok := ptys.all.Load(sess)
	if !ok {
		return
	}
	pty := p.(ssh.Pty)
	v.TTY, v.Term, v.Cols, v.Rows = true, pty.Term, pty.Window.Width, pty.Window.Height
	sizes := make(chan [2]int, 1)
	v.Sizes = sizes
	_, windows, _ := sess.Pty()
	go func() { // ends with the session, which closes it
		for w := range windows {
			select {
			case <-sizes: // an older one that nobody has taken
			default:
			}
			select {
			case sizes <- [2]int{w.Width, w.Height}:
			case <-ctx.Done():
			}
		}
	}()
}

// DialAgent opens the agent that the visitor forwards.
func (v *Visit) DialAgent(context.Context) (io.ReadWriteCloser, error) {
	if !v.Agent || v.conn == nil {
		return nil, errors.New("your SSH client forwards no agent: connect with ssh -A")
	}
	c, reqs, err := v.conn.OpenChannel("auth-agent@openssh.com", nil)
	if err != nil {
		return nil, fmt.Errorf("your agent cannot be reached: %w", err)
	}
	go gossh.DiscardRequests(reqs)
	return c, nil
}
