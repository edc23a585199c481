package sign

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// served puts an agent behind a socket and returns its path.
func served(t *testing.T, a agent.Agent) string {
	t.Helper()
	at := filepath.Join(t.TempDir(), "agent")
	l, err := net.Listen("unix", at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() { _ = agent.ServeAgent(a, conn); _ = conn.Close() }()
		}
	}()
	return at
}

// holding is an agent with some keys.
func holding(t *testing.T, keys ...any) agent.Agent {
	t.Helper()
	a := agent.NewKeyring()
	for _, k := range keys {
		if err := a.Add(agent.AddedKey{PrivateKey: k}); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

func TestFromAgent(t *testing.T) {
	one, two := edKey(t), rsaKey(t)
	public := fromFile(t, two).Key()
	both := served(t, holding(t, one, two))
	file := filepath.Join(t.TempDir(), "id.pub")
	if err := os.WriteFile(file, ssh.MarshalAuthorizedKey(public), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		socket, which string
		want, hint    string // parts of the error; empty: it signs
	}{
		"no socket":       {"", "", "there is no SSH agent", "ssh-agent"},
		"nobody listens":  {filepath.Join(t.TempDir(), "x"), "", "the SSH agent is gone", "start it again"},
		"empty":           {served(t, holding(t)), "", "offers no key: it is locked, or empty", "ssh-add"},
		"the only one":    {served(t, holding(t, one)), "", "", ""},
		"several":         {both, "", "has 2 keys, and none was chosen", ssh.FingerprintSHA256(public)},
		"by fingerprint":  {both, ssh.FingerprintSHA256(public), "", ""},
		"a key not there": {both, "SHA256:abc", "has no key SHA256:abc", "ssh-add"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := FromAgent(t.Context(), tc.socket, tc.which)
			if tc.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				if _, err := Verify(signed(t, s, message), space, message); err != nil {
					t.Error(err)
				}
				return
			}
			var e *Error
			if !errors.As(err, &e) || !strings.Contains(e.Error(), tc.want) || !strings.Contains(e.Hint(), tc.hint) {
				t.Errorf("got %v, want %q with the hint %q", err, tc.want, tc.hint)
			}
		})
	}
	s, err := FromFile(t.Context(), file, both, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := stock(t, line("eva", "", public), "eva", signed(t, s, message), message); err != nil {
		t.Errorf("by a public key: %v", err)
	}
}

// realAgent starts ssh-agent with a key in it.
func realAgent(t *testing.T) (socket string, c *exec.Cmd, add func(args ...string)) {
	t.Helper()
	for _, name := range []string{"ssh-agent", "ssh-add"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skip(name + " is missing")
		}
	}
	socket = filepath.Join(t.TempDir(), "agent")
	c = exec.Command("ssh-agent", "-D", "-a", socket)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
	if _, err := out.Read(make([]byte, 64)); err != nil { // it says where it is once it is there
		t.Fatal(err)
	}
	ask := filepath.Join(t.TempDir(), "ask")
	if err := os.WriteFile(ask, []byte("#!/bin/sh\necho sesame\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	add = func(args ...string) {
		t.Helper()
		c := exec.Command("ssh-add", args...)
		c.Env = append(os.Environ(), "SSH_AUTH_SOCK="+socket, "SSH_ASKPASS="+ask, "SSH_ASKPASS_REQUIRE=force")
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("ssh-add %v: %v\n%s", args, err, out)
		}
	}
	return socket, c, add
}

// What becomes of an agent in the middle of a session is said in words, and
// there is no signature.
func TestStockAgentLockedEmptiedAndKilled(t *testing.T) {
	socket, c, add := realAgent(t)
	add(keyFile(t, edKey(t), ""))
	s, err := FromAgent(t.Context(), socket, "")
	if err != nil {
		t.Fatal(err)
	}
	fails := func(what, want string) {
		t.Helper()
		sig, err := s.Sign(t.Context(), space, message)
		if sig != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %q, %v", what, sig, err)
		}
	}
	if err := stock(t, line("eva", "", s.Key()), "eva", signed(t, s, message), message); err != nil {
		t.Error(err)
	}
	add("-x")
	fails("locked", "is locked, or empty")
	add("-X")
	signed(t, s, message)
	add("-D")
	fails("emptied", "is locked, or empty")
	add(keyFile(t, edKey(t), ""))
	fails("with another key", "does not have the key any more")
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.Wait()
	fails("killed", "the SSH agent is gone")
}

// reluctant is an agent that has keys and does not sign, or does not answer.
type reluctant struct {
	agent.ExtendedAgent
	asked chan struct{} // something comes once it was asked, and it never answers; nil: it refuses at once
	ended <-chan struct{}
}

func (r reluctant) SignWithFlags(ssh.PublicKey, []byte, agent.SignatureFlags) (*ssh.Signature, error) {
	if r.asked != nil {
		r.asked <- struct{}{}
		<-r.ended
	}
	return nil, errors.New("no")
}

func TestAgentRefusesOrHangs(t *testing.T) {
	keys := holding(t, edKey(t)).(agent.ExtendedAgent)
	s, err := FromAgent(t.Context(), served(t, reluctant{ExtendedAgent: keys}), "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Sign(t.Context(), space, message); err == nil || !strings.Contains(err.Error(), "refused to sign") {
		t.Errorf("got %v", err)
	}
	asked := make(chan struct{})
	if s, err = FromAgent(t.Context(), served(t, reluctant{keys, asked, t.Context().Done()}), ""); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-asked; cancel() }()
	if _, err := s.Sign(ctx, space, message); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// token is an agent with a security key, which counts and notes whether it was
// touched.
type token struct {
	agent.ExtendedAgent
	key   ed25519.PrivateKey
	flags byte
}

const application = "ssh:"

func (k token) List() ([]*agent.Key, error) {
	blob := ssh.Marshal(struct{ Type, Key, Application string }{
		ssh.KeyAlgoSKED25519, string(k.key.Public().(ed25519.PublicKey)), application,
	})
	return []*agent.Key{{Format: ssh.KeyAlgoSKED25519, Blob: blob}}, nil
}

func (k token) SignWithFlags(_ ssh.PublicKey, data []byte, _ agent.SignatureFlags) (*ssh.Signature, error) {
	app, sum := sha256.Sum256([]byte(application)), sha256.Sum256(data)
	rest := []byte{k.flags, 0, 0, 0, 7}
	text := bytes.Join([][]byte{app[:], rest, sum[:]}, nil)
	return &ssh.Signature{Format: ssh.KeyAlgoSKED25519, Blob: ed25519.Sign(k.key, text), Rest: rest}, nil
}

func TestSecurityKey(t *testing.T) {
	keys := agent.NewKeyring().(agent.ExtendedAgent)
	s, err := FromAgent(t.Context(), served(t, token{keys, edKey(t), 1}), "")
	if err != nil {
		t.Fatal(err)
	}
	sig := signed(t, s, message)
	if err := stock(t, line("eva", "", s.Key()), "eva", sig, message); err != nil {
		t.Errorf("ssh-keygen: %v", err)
	}
	if s, err = FromAgent(t.Context(), served(t, token{keys, edKey(t), 0}), ""); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Sign(t.Context(), space, message); err == nil {
		t.Error("a signature that nobody touched the key for was taken")
	}
}

// An agent at the other end of a line is asked over a new connection each time.
func TestFromForwarded(t *testing.T) {
	socket := served(t, holding(t, edKey(t)))
	dials, broken := 0, error(nil)
	dial := func(ctx context.Context) (io.ReadWriteCloser, error) {
		dials++
		var d net.Dialer
		if broken != nil {
			return nil, broken
		}
		return d.DialContext(ctx, "unix", socket)
	}
	s, err := FromForwarded(t.Context(), dial, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := stock(t, line("eva", "", s.Key()), "eva", signed(t, s, message), message); err != nil {
		t.Error(err)
	}
	if dials != 2 || s.Agent() != "" {
		t.Errorf("%d connections, to %q", dials, s.Agent())
	}
	broken = errors.New("the line dropped")
	var e *Error
	if _, err := s.Sign(t.Context(), space, message); !errors.As(err, &e) || !errors.Is(err, broken) || !strings.Contains(e.Do, "ssh -A") {
		t.Errorf("got %v", err)
	}
}
