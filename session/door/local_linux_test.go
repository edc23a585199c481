package door

import (
	"encoding/json"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"escort/session/child"
	"escort/session/event"
)

func TestMain(m *testing.M) {
	if caller() || child.Main() {
		return
	}
	os.Exit(m.Run())
}

// The variables that make a test program call a socket and print what it hears.
const (
	callVar  = "DOOR_TEST_CALL"
	depthVar = "DOOR_TEST_BELOW" // by a child of its own
)

// caller is a program that calls a socket, when this one was started as it.
func caller() bool {
	path := os.Getenv(callVar)
	if path == "" {
		return false
	}
	if os.Getenv(depthVar) != "" {
		c := exec.Command("/proc/self/exe")
		c.Env = []string{callVar + "=" + path}
		out, _ := c.CombinedOutput()
		_, _ = os.Stdout.Write(out)
		return true
	}
	words := "let in"
	c, err := net.Dial("unix", path)
	if err == nil {
		_, err = greet(newLines(c, maxEvent), Hello{As: Escort})
	}
	if err != nil {
		words = err.Error()
	}
	_, _ = os.Stdout.WriteString(words)
	return true
}

// byAccount names accounts by their numbers.
func byAccount(uid int) (Person, error) {
	return map[int]Person{os.Getuid(): {Name: "me", UID: os.Getuid()}, 65534: {Name: "nobody", UID: 65534}}[uid], nil
}

// local serves a room on a socket.
func local(t *testing.T, engineer Person, rules Rules, shared bool) (*fake, *Local) {
	t.Helper()
	f := newFake()
	dir, err := os.MkdirTemp("", "door")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	l, err := Listen(Place{Folder: filepath.Join(dir, "run"), Name: "s.sock", Shared: shared})
	if err != nil {
		t.Fatal(err)
	}
	var h Hall
	h.Open(NewRoom(f, engineer, About{Host: "db", Ticket: "INC-1"}, rules))
	served := make(chan error, 1)
	go func() { served <- l.Serve(t.Context(), &h, byAccount) }()
	t.Cleanup(func() {
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return f, l
}

func TestAcrossASocket(t *testing.T) {
	f, l := local(t, ravi, strict, false)
	c, err := net.Dial("unix", l.Path())
	if err != nil {
		t.Fatal(err)
	}
	all, err := List(t.Context(), c)
	if err != nil || len(all) != 1 || all[0].ID != f.ID() || all[0].Engineer != "ravi" || all[0].Ticket != "INC-1" || all[0].Waiting != 2 || all[0].Escorts == nil {
		t.Errorf("listed: %+v, %v", all, err)
	}
	c, err = net.Dial("unix", l.Path())
	if err != nil {
		t.Fatal(err)
	}
	r, err := Reach(t.Context(), c, Hello{As: Escort, ID: "4f2a"})
	if err != nil {
		t.Fatal(err)
	}
	if r.You() != "me" || r.About().ID != f.ID() {
		t.Errorf("in as %q to %+v", r.You(), r.About())
	}
	f.happen(held())
	f.happen(event.Event{Kind: event.Output, Data: []byte("<&>\x00\xff")})
	events, err := r.Events(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if e := <-events; e.Explanation == nil || e.Explanation.Headline != "Deletes x." || e.Word != "DELETE" {
		t.Errorf("the hold came as %+v", e)
	}
	if e := <-events; string(e.Data) != "<&>\x00\xff" {
		t.Errorf("output came as %q", e.Data)
	}
	ctx := t.Context()
	if err := r.Decide(ctx, event.Decision{Hold: "h1", Verdict: event.Allow, Who: "somebody else"}); err != nil {
		t.Error(err)
	}
	f.noted(t, "me decided h1 allow")
	if err := r.Decide(ctx, event.Decision{Hold: "h9", Verdict: event.Allow}); !errors.Is(err, event.ErrNoHold) {
		t.Errorf("a hold that there is not: %v", err)
	}
	if err := errors.Join(r.Tell(ctx, "hello"), r.Freeze(ctx, true), r.Freeze(ctx, false), r.End(ctx)); err != nil {
		t.Error(err)
	}
	f.noted(t, "ended: ended by me")
	if e := <-events; e.Kind != event.Closed {
		t.Errorf("%s came at the end", e.Kind)
	}
	if _, more := <-events; more || r.Lost() != nil {
		t.Errorf("after the end: %v, %v", more, r.Lost())
	}
}

func TestALineThatDropsIsSaid(t *testing.T) {
	f, l := local(t, ravi, strict, false)
	c, err := net.Dial("unix", l.Path())
	if err != nil {
		t.Fatal(err)
	}
	r, err := Reach(t.Context(), c, Hello{As: Escort})
	if err != nil {
		t.Fatal(err)
	}
	f.noted(t, "joined me")
	_ = r.Close()
	f.noted(t, "left me ")
	<-r.over
	if err := r.Lost(); err == nil {
		t.Error("a lost line looks like the end of the session")
	}
}

func TestWhatIsNoRequest(t *testing.T) {
	f := newFake()
	defer close(f.done)
	s := enter(t, NewRoom(f, ravi, About{}, strict), eva, Escort)
	for _, line := range []string{
		"", "null", "[]", "{}", "{", `{"re":1}`, `{"hold":"h1","verdict":"allow","end":true}`, `{"freeze":true,"thaw":true}`,
		`{"what":1}`, `{"end":true} {"end":true}`, `{"hold":5,"verdict":"allow"}`, `{"input":"%"}`,
	} {
		if a := handle(t.Context(), s, []byte(line)); a.OK || a.Error == "" {
			t.Errorf("%s was answered with %+v", line, a)
		}
	}
	a := handle(t.Context(), s, []byte(`{"re":{"n":1},"hold":"h1","verdict":"deny"}`))
	if b, _ := json.Marshal(a); string(b) != `{"ok":true,"re":{"n":1}}` {
		t.Errorf("answered %s", b)
	}
}

// call has another program call the socket and returns what it hears.
func call(t *testing.T, name, path string, uid int, below bool) string {
	t.Helper()
	c := exec.Command("/proc/self/exe")
	c.Args = []string{name}
	c.Env = []string{callVar + "=" + path}
	if below {
		c.Env = append(c.Env, depthVar+"=1")
	}
	if uid != os.Getuid() {
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}
		exe, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		c.Path = copied(t, exe)
	}
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}

// copied is a program where every account can start it.
func copied(t *testing.T, exe string) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "door")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	text, err := os.ReadFile(exe)
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(dir, "call")
	if err := errors.Join(os.Chmod(dir, 0o755), os.WriteFile(to, text, 0o755)); err != nil {
		t.Fatal(err)
	}
	return to
}

func TestNobodyComesFromInside(t *testing.T) {
	_, l := local(t, ravi, strict, false)
	if got := call(t, "caller", l.Path(), os.Getuid(), false); got != "let in" {
		t.Errorf("from outside: %s", got)
	}
	for what, got := range map[string]string{
		"below a keeper": call(t, "escort-keeper", l.Path(), os.Getuid(), true),
		"the keeper":     call(t, "escort-keeper", l.Path(), os.Getuid(), false),
	} {
		if !strings.Contains(got, "inside a supervised session") {
			t.Errorf("%s: %s", what, got)
		}
	}
}

func TestAccounts(t *testing.T) {
	me := Person{Name: "me", UID: os.Getuid()}
	_, l := local(t, me, strict, true)
	if got := call(t, "caller", l.Path(), os.Getuid(), false); got != ErrOwn.Error() {
		t.Errorf("the engineer's own account: %s", got)
	}
	if os.Getuid() != 0 {
		t.Skip("the rest needs root, to be another account")
	}
	if got := call(t, "caller", l.Path(), 65534, false); got != "let in" {
		t.Errorf("another account, at a shared socket: %s", got)
	}
	_, l = local(t, me, strict, false)
	if got := call(t, "caller", l.Path(), 65534, false); !strings.Contains(got, "permission denied") {
		t.Errorf("another account, at a private socket: %s", got)
	}
}

func TestFoldersOfOthersAreRefused(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("needs root, to give a folder away")
	}
	dir := t.TempDir()
	if err := os.Chown(dir, 65534, 65534); err != nil {
		t.Fatal(err)
	}
	if l, err := Listen(Place{Folder: dir, Name: "s"}); err == nil {
		t.Errorf("%s was taken", l.Path())
	}
}

func TestASocketThatWasLeftBehind(t *testing.T) {
	p := Place{Folder: t.TempDir(), Name: "s"}
	l, err := Listen(p)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Listen(p); err == nil {
		t.Error("a socket that answers was taken over")
	}
	_ = l.l.Close()
	if l, err = Listen(p); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if all, _ := os.ReadDir(p.Folder); len(all) > 0 {
		t.Errorf("%v is left", all)
	}
}

func TestANameThatIsTooLongForASocket(t *testing.T) {
	l, err := Listen(Place{Folder: filepath.Join(t.TempDir(), strings.Repeat("long", 30)), Name: "s"})
	if err != nil {
		t.Fatal(err)
	}
	c, err := Dial(t.Context(), l.Path())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(c.Close(), l.Close()); err != nil {
		t.Error(err)
	}
}
