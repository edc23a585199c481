package hook

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync"
	"syscall"

	"escort/explain/effect"
	"escort/explain/regex"

	"golang.org/x/sys/unix"
)

// Handler is the session behind the hook.
type Handler interface {
	// Hello says that the shell has read its start-up file.
	Hello(version string)
	// Prompt says that the shell is about to show its prompt, and how the line
	// before ended. gap says which question about a line did not come; it is
	// empty while all do. The prompt waits for the return.
	Prompt(status int, gap string)
	// Look decides about a line. ctx ends when the engineer took the line back.
	Look(ctx context.Context, l Line, q *Question) Verdict
}

// Conn is the supervisor's end of the hook.
type Conn struct {
	file    *os.File
	handler Handler
	began   chan struct{} // capacity 1: a line was allowed

	mu    sync.Mutex
	taken bool    // a line was allowed, and the shell has not been back at its prompt
	pass  *string // the line that was allowed, until it left the line editor
	beat  heartbeat
	asked chan reply // where the answer to the one open Ask goes
	id    string     // of that Ask
}

type reply struct {
	id, value string
	err       error
}

// Pair makes the two ends of a hook; the second is for the shell.
func Pair() (supervisor, shell *os.File, err error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("hook: socketpair: %w", err)
	}
	if err := unix.SetsockoptInt(fds[0], unix.SOL_SOCKET, unix.SO_PASSCRED, 1); err != nil {
		_ = unix.Close(fds[0])
		_ = unix.Close(fds[1])
		return nil, nil, fmt.Errorf("hook: SO_PASSCRED: %w", err)
	}
	_ = unix.SetNonblock(fds[0], true) // so that Close wakes a reader
	return os.NewFile(uintptr(fds[0]), "hook"), os.NewFile(uintptr(fds[1]), "hook-shell"), nil
}

// NewConn serves the supervisor's end of a [Pair].
// twice says that the shell asks about each line again when it leaves.
func NewConn(f *os.File, h Handler, twice bool) *Conn {
	return &Conn{file: f, handler: h, began: make(chan struct{}, 1), beat: heartbeat{twice: twice}}
}

// Close ends Serve.
func (c *Conn) Close() error { return c.file.Close() }

// Serve reads messages until the shell's end is closed or c is. Only those of
// process shell count. It returns nil at the end of the stream.
func (c *Conn) Serve(ctx context.Context, shell int) error {
	ctx, cancel := context.WithCancel(ctx)
	var looks sync.WaitGroup
	defer looks.Wait()
	defer cancel()
	raw, err := c.file.SyscallConn()
	if err != nil {
		return fmt.Errorf("hook: %w", err)
	}
	var dec decoder
	var withdraw context.CancelFunc = func() {}
	buf := make([]byte, 64<<10)
	for {
		n, pid, err := receive(raw, buf)
		if err != nil || n == 0 {
			withdraw()
			if n == 0 || errors.Is(err, os.ErrClosed) || errors.Is(err, io.EOF) {
				return nil
			}
			return fmt.Errorf("hook: receive: %w", err)
		}
		if pid != shell {
			continue
		}
		messages, err := dec.feed(buf[:n])
		for _, m := range messages {
			if m[0] == "look" || m[0] == "leave" || m[0] == "prompt" {
				withdraw() // whatever was asked before is not waited for any more
				looks.Wait()
			}
			withdraw = c.dispatch(ctx, m, &looks, withdraw)
		}
		if err != nil {
			withdraw()
			looks.Wait()
		}
	}
}

// receive reads from the socket and says which process wrote it.
func receive(raw syscall.RawConn, buf []byte) (n, pid int, err error) {
	oob := make([]byte, unix.CmsgSpace(unix.SizeofUcred)+unix.CmsgSpace(4*16))
	var oobn int
	var opErr error
	err = raw.Read(func(fd uintptr) bool {
		for {
			n, oobn, _, _, opErr = unix.Recvmsg(int(fd), buf, oob, unix.MSG_CMSG_CLOEXEC)
			if opErr != unix.EINTR {
				return opErr != unix.EAGAIN
			}
		}
	})
	if err != nil {
		return 0, 0, err
	}
	if opErr != nil {
		return 0, 0, opErr
	}
	messages, err := unix.ParseSocketControlMessage(oob[:oobn])
	if err != nil {
		return n, 0, nil
	}
	for _, m := range messages {
		if cred, err := unix.ParseUnixCredentials(&m); err == nil {
			pid = int(cred.Pid)
		}
		if fds, err := unix.ParseUnixRights(&m); err == nil {
			for _, fd := range fds {
				_ = unix.Close(fd) // nobody was asked for a descriptor
			}
		}
	}
	return n, pid, nil
}

func (c *Conn) dispatch(ctx context.Context, m []string, looks *sync.WaitGroup, withdraw context.CancelFunc) context.CancelFunc {
	switch {
	case m[0] == "hello" && len(m) == 2:
		c.handler.Hello(m[1])
	case m[0] == "prompt" && len(m) == 4:
		status := 0
		_, _ = fmt.Sscan(m[2], &status)
		c.handler.Prompt(status, c.back(m[3]))
		_ = c.say(m[1], "go")
	case m[0] == "leave" && len(m) == 4 && c.passes(m[2]):
		c.allow(m[1], m[2])
	case (m[0] == "look" || m[0] == "leave") && len(m) == 4:
		lookCtx, cancel := context.WithCancel(ctx)
		looks.Go(func() {
			defer cancel()
			c.look(lookCtx, m[1], Line{Text: m[2], Typed: m[3]}, m[0] == "leave")
		})
		return cancel
	case m[0] == "have" && len(m) == 3:
		c.answer(reply{id: m[1], value: m[2]})
	case m[0] == "none" && len(m) == 2:
		c.answer(reply{id: m[1], err: fs.ErrNotExist})
	case m[0] == "cannot" && len(m) == 2:
		c.answer(reply{id: m[1], err: effect.ErrUnknown})
	}
	return withdraw
}

func (c *Conn) look(ctx context.Context, nonce string, l Line, leaving bool) {
	q := &Question{conn: c, nonce: nonce}
	v := Verdict{Word: Deny, Reason: "the shell still reads an earlier line: press Ctrl-C"}
	if !c.Runs() {
		v = c.handler.Look(ctx, l, q)
	}
	if ctx.Err() != nil {
		return // the shell no longer waits; an answer would only lie around
	}
	q.wipe()
	switch v.Word {
	case Allow:
		c.take(l.Text, leaving)
		c.allow(nonce, l.Text)
	case More:
		_ = c.say(nonce, More)
	default:
		_ = c.say(nonce, "deny"+denial(v.Reason))
	}
}

func (c *Conn) allow(nonce, text string) {
	_ = c.say(nonce, Allow)
	_, _ = c.file.WriteString(text + "\x00")
}

func (c *Conn) take(text string, leaving bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.taken, c.pass = true, &text
	if leaving {
		c.pass = nil
	}
	c.beat.late = leaving
	select {
	case c.began <- struct{}{}:
	default:
	}
}

// Began delivers after a line was allowed; several may be told of at once.
func (c *Conn) Began() <-chan struct{} { return c.began }

// back is called when the shell is at its prompt; see [heartbeat].
func (c *Conn) back(ran string) (gap string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	gap = c.beat.end(ran, c.taken, c.pass != nil)
	c.taken, c.pass = false, nil
	return gap
}

// Runs reports whether a line was allowed and the shell has not been back at
// its prompt.
func (c *Conn) Runs() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.taken
}

// passes reports, once, that text is the line that was allowed.
func (c *Conn) passes(text string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pass == nil || *c.pass != text {
		return false
	}
	c.pass = nil
	return true
}

func denial(reason string) string {
	if reason == "" {
		return ""
	}
	return " · " + reason
}

func (c *Conn) say(nonce, words string) error {
	words = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, words)
	_, err := c.file.WriteString(nonce + " " + words + "\n")
	return err
}

func (c *Conn) answer(r reply) {
	c.mu.Lock()
	ch := c.asked
	if ch == nil || r.id != c.id {
		c.mu.Unlock()
		return
	}
	c.asked = nil
	c.mu.Unlock()
	ch <- r
}

// Question is one open question of the shell's: while it waits, the shell
// answers what only it knows.
type Question struct {
	conn  *Conn
	nonce string
	ask   sync.Mutex // one Ask at a time

	mu    sync.Mutex
	shown bool // the line stands in the terminal as held
	over  bool // there is a verdict
}

// Held shows in the terminal that the line is held.
func (q *Question) Held() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.shown && !q.over {
		q.shown = true
		_ = q.conn.say(q.nonce, "held")
	}
}

// Say shows a line of text above the held one, and reports whether there is a
// held one to show it at.
func (q *Question) Say(text string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.shown && q.conn.say(q.nonce, "say "+text) == nil
}

func (q *Question) wipe() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.over = true
	if q.shown {
		q.shown = false
		_ = q.conn.say(q.nonce, "wipe")
	}
}

var askable = map[string]*regex.Pattern{
	effect.LookupVariable: regex.New(`^[A-Za-z_][A-Za-z0-9_]{0,255}$`),
	// Reserved words, [ and letters of any script can be given another meaning.
	effect.LookupAlias:    regex.New(`^[A-Za-z0-9_.+:@%,!^~{}\[\x{80}-\x{10ffff}-]{1,255}$`),
	effect.LookupFunction: regex.New(`^[A-Za-z0-9_.+:@%,!^~{}\[\x{80}-\x{10ffff}-]{1,255}$`),
}

// Ask asks the shell for the value of a variable, an alias or a function. It is
// a claim of the shell's. Errors: [fs.ErrNotExist], [effect.ErrUnknown].
func (q *Question) Ask(ctx context.Context, kind, name string) (string, error) {
	re := askable[kind]
	if re == nil || !re.MatchString(name) {
		return "", effect.ErrUnknown
	}
	q.ask.Lock()
	defer q.ask.Unlock()
	ch := make(chan reply, 1)
	id := rand.Text()
	q.conn.mu.Lock()
	q.conn.asked, q.conn.id = ch, id
	q.conn.mu.Unlock()
	if err := q.conn.say(q.nonce, "ask "+id+" "+kind+" "+name); err != nil {
		return "", fmt.Errorf("%w: %w", effect.ErrUnknown, err)
	}
	select {
	case r := <-ch:
		return r.value, r.err
	case <-ctx.Done():
		return "", fmt.Errorf("%w: %w", effect.ErrUnknown, ctx.Err())
	}
}
