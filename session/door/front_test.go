package door

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

// cut is a line that can be cut: bytes go nowhere, and nobody is told.
type cut struct {
	net.Conn
	off  atomic.Bool
	gone chan struct{} // closed with the line
}

func (c *cut) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if c.off.Load() {
		<-c.gone
		return 0, net.ErrClosed
	}
	return n, err
}

func (c *cut) Write(p []byte) (int, error) {
	if c.off.Load() {
		return len(p), nil
	}
	return c.Conn.Write(p)
}

// A network that is cut says nothing. The door finds out, and ends the visit.
func TestALineThatIsCut(t *testing.T) {
	key := newKey(t)
	var visits atomic.Int32
	over := make(chan error, 1)
	f := Front{
		HostKey: filepath.Join(t.TempDir(), "host"), Beat: 100 * time.Millisecond,
		People: func() (*People, error) {
			return parsePeople("people", []byte(`role="escort",name="eva" `+written(key)))
		},
		Escort: func(ctx context.Context, m Member, v *Visit) int {
			visits.Add(1)
			select {
			case <-ctx.Done():
				over <- nil
			case <-time.After(20 * time.Second):
				over <- errors.New("the visit goes on")
			}
			return 0
		},
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { served <- f.Serve(ctx, l) }()
	raw, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	line := &cut{Conn: raw, gone: make(chan struct{})}
	defer close(line.gone)
	defer raw.Close()
	conn, chans, reqs, err := gossh.NewClientConn(line, "door", &gossh.ClientConfig{
		User: "eva", Auth: []gossh.AuthMethod{gossh.PublicKeys(key)}, HostKeyCallback: gossh.InsecureIgnoreHostKey(),
	})
	if err != nil {
		t.Fatal(err)
	}
	client := gossh.NewClient(conn, chans, reqs)
	s, err := client.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start("attach"); err != nil {
		t.Fatal(err)
	}
	line.off.Store(true)
	if err := <-over; err != nil || visits.Load() != 1 {
		t.Errorf("%v, after %d visits", err, visits.Load())
	}
	cancel()
	if err := <-served; err != nil {
		t.Error(err)
	}
	info, err := os.Stat(f.HostKey)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the host's key is %v, %v", info, err)
	}
}
