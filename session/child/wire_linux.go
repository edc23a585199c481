package child

import (
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"

	"golang.org/x/sys/unix"
)

// order is what the child prelude is told. Gob, since an environment may hold
// any bytes.
type order struct {
	Path, Dir     string
	Argv, Env     []string
	Hook          bool // a second descriptor follows the terminal
	Account       *Account
	NoNewPrivs    bool
	AllowNoScopes bool
}

// report is what keeper and child say to the supervisor, one packet each.
type report struct {
	Kind   string // see below
	PID    int    `json:",omitempty"`
	Status int    `json:",omitempty"`
	PIDs   []int  `json:",omitempty"`
	Text   string `json:",omitempty"`
	Scoped bool   `json:",omitempty"`
}

// The kinds of reports.
const (
	kindStarted  = "started"  // keeper: PID of the child
	kindEnded    = "ended"    // keeper: Status of the shell
	kindKilled   = "killed"   // keeper: PIDs that survived
	kindListener = "listener" // child: carries the listener; Scoped
	kindClosed   = "closed"   // child: its own copy is gone
	kindFailed   = "failed"   // either: Text
)

// The words that the supervisor says.
const (
	wordKill = "kill" // to the keeper
	wordGo   = "go"   // to the child
)

const maxPacket = 1 << 16

// socketpair returns two connected ends that keep packets apart and end with
// the last holder of the other end.
func socketpair() (ours *net.UnixConn, theirs *os.File, err error) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("socketpair: %w", err)
	}
	theirs = os.NewFile(uintptr(pair[1]), "theirs")
	f := os.NewFile(uintptr(pair[0]), "ours")
	defer f.Close()
	conn, err := net.FileConn(f)
	if err != nil {
		theirs.Close()
		return nil, nil, fmt.Errorf("socketpair: %w", err)
	}
	return conn.(*net.UnixConn), theirs, nil
}

// receive reads one report and at most one descriptor; io.EOF when the other
// side is gone.
func receive(conn *net.UnixConn) (report, *os.File, error) {
	packet, oob := make([]byte, maxPacket), make([]byte, unix.CmsgSpace(4))
	n, oobn, _, _, err := conn.ReadMsgUnix(packet, oob) // close-on-exec is set by net
	if err != nil {
		return report{}, nil, err
	}
	files, err := rights(oob[:oobn])
	if err != nil {
		return report{}, nil, err
	}
	if n == 0 {
		return report{}, nil, io.EOF
	}
	var r report
	if err := json.Unmarshal(packet[:n], &r); err != nil {
		return report{}, nil, fmt.Errorf("an unreadable report: %w", err)
	}
	if len(files) == 0 {
		return r, nil, nil
	}
	return r, files[0], nil
}

func rights(oob []byte) ([]*os.File, error) {
	messages, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return nil, fmt.Errorf("receiving descriptors: %w", err)
	}
	var files []*os.File
	for _, m := range messages {
		fds, err := unix.ParseUnixRights(&m)
		if err != nil {
			return nil, fmt.Errorf("receiving descriptors: %w", err)
		}
		for _, fd := range fds {
			files = append(files, os.NewFile(uintptr(fd), "received"))
		}
	}
	return files, nil
}

// sendOrder hands the terminal, the hook and the order to the child. The order
// is cut into packets: an environment may be larger than a socket's buffer.
func sendOrder(conn *net.UnixConn, c Config, o order) error {
	fds := []int{}
	var release []func()
	defer func() {
		for _, f := range release {
			f()
		}
	}()
	for _, f := range []*os.File{c.TTY, c.Hook} {
		if f == nil {
			continue
		}
		fd, done, err := borrow(f)
		if err != nil {
			return err
		}
		fds, release = append(fds, fd), append(release, done)
	}
	if _, _, err := conn.WriteMsgUnix([]byte{0}, unix.UnixRights(fds...), nil); err != nil {
		return fmt.Errorf("handing over the terminal: %w", err)
	}
	if err := gob.NewEncoder(packets{conn}).Encode(o); err != nil {
		return fmt.Errorf("telling the child what to start: %w", err)
	}
	return nil
}

// borrow duplicates a descriptor: Fd would make the file blocking for good.
func borrow(f *os.File) (fd int, release func(), err error) {
	raw, err := f.SyscallConn()
	if err != nil {
		return 0, nil, fmt.Errorf("%s: %w", f.Name(), err)
	}
	var errDup error
	err = raw.Control(func(old uintptr) { fd, errDup = unix.FcntlInt(old, unix.F_DUPFD_CLOEXEC, 0) })
	if err := errors.Join(err, errDup); err != nil {
		return 0, nil, fmt.Errorf("%s: %w", f.Name(), err)
	}
	return fd, func() { unix.Close(fd) }, nil
}

// packets writes a stream as packets no larger than maxPacket.
type packets struct{ w io.Writer }

func (p packets) Write(b []byte) (n int, err error) {
	for len(b) > 0 {
		part := b[:min(len(b), maxPacket)]
		if _, err := p.w.Write(part); err != nil {
			return n, err
		}
		n, b = n+len(part), b[len(part):]
	}
	return n, nil
}

// packetReader reads packets from a plain blocking descriptor as a stream.
type packetReader struct {
	fd   int
	rest []byte
}

func (p *packetReader) Read(b []byte) (int, error) {
	if len(p.rest) == 0 {
		packet := make([]byte, maxPacket)
		n, err := readPacket(p.fd, packet)
		if err != nil {
			return 0, err
		}
		p.rest = packet[:n]
	}
	n := copy(b, p.rest)
	p.rest = p.rest[n:]
	return n, nil
}

func readPacket(fd int, packet []byte) (int, error) {
	for {
		n, err := unix.Read(fd, packet)
		switch {
		case err == unix.EINTR:
		case err != nil:
			return 0, err
		case n == 0:
			return 0, io.EOF
		default:
			return n, nil
		}
	}
}

// send writes one report, with a descriptor if fd is not negative.
func send(to int, r report, fd int) error {
	packet, err := json.Marshal(r)
	if err != nil {
		return err
	}
	var oob []byte
	if fd >= 0 {
		oob = unix.UnixRights(fd)
	}
	for {
		err := unix.Sendmsg(to, packet, oob, nil, unix.MSG_NOSIGNAL)
		if err != unix.EINTR {
			return err
		}
	}
}
