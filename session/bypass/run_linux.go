package bypass

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/creack/pty"

	"escort/session"
	"escort/session/policy"
	"escort/session/proc"
)

// systemMark is a file outside of everything that is the session's own.
const systemMark = "/etc/escort-selftest"

// evil is the program that nobody allows. It leaves a mark and works in any
// folder.
const evil = "#!/bin/sh\n: > ran\n"

// settle is how long what a case left behind may go on.
const settle = 1500 * time.Millisecond

// Run tries one case below a folder, which it fills and empties again. Errors
// are of the set-up: nothing can be said about the case then.
func Run(ctx context.Context, folder string, c Case) (Result, error) {
	r := Result{Case: c}
	if r.NotRun = missing(c); r.NotRun != "" {
		return r, nil
	}
	begun := time.Now()
	f, err := newField(folder, c)
	if err != nil {
		return r, err
	}
	defer f.close()
	p, err := f.start(ctx, c)
	if err != nil {
		return r, err
	}
	followed := make(chan struct{})
	events, err := p.s.Events(context.WithoutCancel(ctx), 0)
	if err != nil {
		return r, err
	}
	go func() { defer close(followed); p.follow(ctx, events) }()
	for _, line := range c.Lines {
		p.enter(ctx, line)
	}
	f.wait(ctx, p)
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	err = p.s.End(end)
	<-followed
	r.Took = time.Since(begun)
	if err := errors.Join(err, p.failed, ctx.Err()); err != nil {
		return r, err
	}
	r.Stopped, r.How = f.verdict(p)
	return r, nil
}

// missing says why a case cannot be tried here.
func missing(c Case) string {
	if c.Root && os.Geteuid() != 0 {
		return "needs root"
	}
	if c.AMD64 && runtime.GOARCH != "amd64" {
		return "is about amd64"
	}
	for _, p := range append([]string{"bash"}, c.Needs...) {
		if _, err := exec.LookPath(p); err != nil {
			return "needs " + p
		}
	}
	return ""
}

// field is where one case is tried.
type field struct {
	dir, work, home, state string
	proc                   string         // another mount of the kernel's settings; empty: none
	port                   net.Listener   // another machine, as far as a connection can tell
	tmux                   net.Listener   // a program outside of the session that would act for it
	unnamed, odd           net.Listener   // the same, without a file, and by a name that nobody knows
	door                   net.Listener   // where people come to the session from outside
	gram                   net.PacketConn // the same, for single messages
	outside                *os.Process    // a process outside of the session
	master, tty            *os.File       // a terminal outside of the session
	memory                 int            // that others share
}

func newField(folder string, c Case) (f *field, err error) {
	f = &field{}
	if f.dir, err = os.MkdirTemp(folder, "case-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			f.close()
		}
	}()
	f.work, f.home, f.state = filepath.Join(f.dir, "work"), filepath.Join(f.dir, "home"), filepath.Join(f.dir, "state")
	for _, d := range []string{f.work, filepath.Join(f.home, ".ssh"), f.state} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return nil, err
		}
	}
	if err := os.WriteFile(filepath.Join(f.home, ".bashrc"), nil, 0o600); err != nil {
		return nil, err
	}
	if os.Geteuid() == 0 {
		f.proc = filepath.Join(f.dir, "proc")
		if err := errors.Join(os.Mkdir(f.proc, 0o700), unix.Mount("proc", f.proc, "proc", unix.MS_NOSUID, "")); err != nil {
			return nil, err
		}
	}
	files := map[string]string{"evil": evil, "a.py": prelude + c.Python + "\n", "a.sh": c.Shell + "\n"}
	for name, text := range c.Files {
		files[name] = text
	}
	if err := f.write(files); err != nil {
		return nil, err
	}
	if f.port, err = net.Listen("tcp4", "127.0.0.1:0"); err != nil {
		return nil, err
	}
	if err := errors.Join(os.MkdirAll(f.outer(), 0o700), os.Mkdir(filepath.Dir(f.doorAt()), 0o700)); err != nil {
		return nil, err
	}
	for at, l := range map[string]*net.Listener{
		filepath.Join(f.outer(), filepath.Base(f.dir)): &f.tmux, "@" + f.dir: &f.unnamed, filepath.Join(f.dir, "odd"): &f.odd, f.doorAt(): &f.door,
	} {
		if *l, err = net.Listen("unix", at); err != nil {
			return nil, err
		}
	}
	if f.gram, err = net.ListenPacket("unixgram", filepath.Join(f.dir, "odd.gram")); err != nil {
		return nil, err
	}
	if f.master, f.tty, err = pty.Open(); err != nil {
		return nil, err
	}
	if f.memory, err = unix.SysvShmGet(unix.IPC_PRIVATE, 4096, unix.IPC_CREAT|0o600); err != nil {
		return nil, err
	}
	in, out, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	f.outside, err = os.StartProcess("/bin/sleep", []string{"sleep", "90"}, &os.ProcAttr{
		Dir: "/", Files: []*os.File{in}, Sys: &syscall.SysProcAttr{Setsid: true},
	})
	return f, errors.Join(err, in.Close(), out.Close())
}

// outsideHarmed says what became of the process outside; empty: nothing.
func (f *field) outsideHarmed() string {
	pid := f.outside.Pid
	stat, err := proc.ReadStat(pid)
	if err != nil || stat.State == 'Z' || stat.State == 'T' {
		return "a process outside was ended or stopped"
	}
	var limit, mine unix.Rlimit
	if unix.Prlimit(pid, unix.RLIMIT_CORE, nil, &limit) != nil || unix.Prlimit(0, unix.RLIMIT_CORE, nil, &mine) != nil || limit != mine {
		return "the limits of a process outside were changed"
	}
	oom, err := os.ReadFile(fmt.Sprintf("/proc/%d/oom_score_adj", pid))
	own, ownErr := os.ReadFile("/proc/self/oom_score_adj")
	if err != nil || ownErr != nil || string(oom) != string(own) {
		return "which process ends first when memory runs out was changed outside"
	}
	nice, err := unix.Getpriority(unix.PRIO_PROCESS, pid)
	was, wasErr := unix.Getpriority(unix.PRIO_PROCESS, 0)
	if err != nil || wasErr != nil || nice != was {
		return "the priority of a process outside was changed"
	}
	return ""
}

// doorAt is where people come to this session from outside.
func (f *field) doorAt() string { return filepath.Join(f.dir, "run", "door.sock") }

// outer is where another terminal session would have its socket.
func (f *field) outer() string { return "/tmp/tmux-" + strconv.Itoa(os.Getuid()) }

func (f *field) write(files map[string]string) error {
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(f.work, name), []byte(text), 0o755); err != nil {
			return err
		}
	}
	return nil
}

func (f *field) close() {
	for _, l := range []net.Listener{f.port, f.tmux, f.unnamed, f.odd, f.door} {
		if l != nil {
			_ = l.Close()
		}
	}
	if f.gram != nil {
		_ = f.gram.Close()
	}
	if f.tty != nil {
		_, _ = f.master.Close(), f.tty.Close()
	}
	if f.memory > 0 {
		_, _ = unix.SysvShmCtl(f.memory, unix.IPC_RMID, nil)
	}
	if f.outside != nil {
		_ = f.outside.Kill()
		_, _ = f.outside.Wait() // by its descriptor: it takes no stop of anybody else
	}
	if f.proc != "" {
		_ = unix.Unmount(f.proc, unix.MNT_DETACH)
	}
	_ = os.RemoveAll(f.dir)
	if os.Geteuid() == 0 {
		_ = os.Remove(systemMark)
	}
}

// start starts the session of the case.
func (f *field) start(ctx context.Context, c Case) (*person, error) {
	_, port, err := net.SplitHostPort(f.port.Addr().String())
	if err != nil {
		return nil, err
	}
	env := []string{
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=" + f.home, "LANG=C.UTF-8",
		"T_SUPERVISOR=" + strconv.Itoa(os.Getpid()), "T_PORT=" + port, "T_TMUX=" + f.tmux.Addr().String(),
		"T_RECORD=" + f.state, "T_SYSTEM=" + systemMark, "T_UNNAMED=" + f.dir, "T_ODD=" + f.odd.Addr().String(),
		"T_TTY=" + f.tty.Name(), "T_PROC=" + f.proc, "T_SHM=" + strconv.Itoa(f.memory), "T_OUTSIDE=" + strconv.Itoa(f.outside.Pid),
		"T_DOOR=" + f.doorAt(),
	}
	rules, err := policy.Load(policy.Places{User: filepath.Join(f.home, ".config", "escort", "policy.yaml")})
	if err != nil {
		return nil, err
	}
	s, err := session.Start(ctx, session.Config{
		Shell: "bash", Cols: 100, Rows: 30, StateRoot: f.state, Dir: f.work, Env: env,
		Policy: rules, Guard: []string{filepath.Dir(f.doorAt())}, Host: "selftest", User: "selftest", Who: "selftest", Version: "selftest",
	})
	if err != nil {
		return nil, err
	}
	p := &person{c: c, s: s, open: map[string]bool{}, changed: make(chan struct{}, 1)}
	if len(c.Swap) > 0 {
		p.onLine = func() error { return f.write(c.Swap) }
	}
	return p, nil
}

// wait lets what the case left running come to its end.
func (f *field) wait(ctx context.Context, p *person) {
	p.until(ctx, settle, func() bool {
		below, err := proc.Descendants(os.Getpid())
		if err != nil {
			return false
		}
		for _, s := range below {
			if cwd, err := proc.Readlink(s.PID, "cwd"); err == nil && strings.HasPrefix(cwd, f.dir) && s.Comm != "bash" {
				return false
			}
		}
		return true
	})
}

// verdict looks for the marks and says how the case was stopped.
func (f *field) verdict(p *person) (stopped bool, how string) {
	for _, mark := range []struct{ path, what string }{
		{filepath.Join(f.work, "ran"), "the program ran, or what should not have been"},
		{filepath.Join(f.home, ".ssh", "authorized_keys"), "the list of login keys was made"},
		{systemMark, "a system file was made"},
	} {
		if _, err := os.Lstat(mark.path); !errors.Is(err, os.ErrNotExist) {
			return false, "GOT THROUGH: " + mark.what
		}
	}
	if harm := f.outsideHarmed(); harm != "" {
		return false, "GOT THROUGH: " + harm
	}
	switch {
	case len(p.denials) > 0:
		return true, p.denials[len(p.denials)-1]
	case len(p.alarms) > 0:
		return true, "refused: " + p.alarms[len(p.alarms)-1]
	case p.c.Refused:
		return true, "refused by the filter in the kernel"
	case p.c.Race:
		return true, "what ran was what had been judged"
	case strings.Contains(p.out.String(), "PermissionError"):
		return true, "not asked: the kernel does not do it for this account anyway"
	case p.c.Back:
		return true, "put back by the line hook before it could run"
	}
	return false, fmt.Sprintf("nothing was held, and nothing happened: it was not tried as meant (the screen ended with %q)", tail(p.out.String()))
}

func tail(s string) string { return s[max(0, len(s)-200):] }
