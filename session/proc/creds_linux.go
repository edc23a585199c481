package proc

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
)

// Creds is what the kernel asks when a thread touches a file: see
// credentials(7), capabilities(7) and proc_pid_status(5).
type Creds struct {
	UID, GID  [4]uint32 // real, effective, saved, of the file system
	Groups    []uint32  // the other groups
	Effective uint64    // capabilities
	Permitted uint64
	Inherited uint64
	Umask     int
	TGID      int // its process
	Threads   int // of its process
}

// ReadCreds reads the credentials of a thread. They are those of its own user
// namespace where that is not this process's; see [SameUsers].
func ReadCreds(tid int) (Creds, error) { return small(tid, "status", parseCreds) }

func parseCreds(text []byte) (Creds, error) {
	var c Creds
	seen := 0
	for line := range bytes.Lines(text) {
		name, rest, _ := bytes.Cut(line, []byte(":"))
		take := credFields[string(name)]
		if take == nil {
			continue
		}
		if err := take(&c, strings.Fields(string(rest))); err != nil {
			return Creds{}, fmt.Errorf("%w: %s: %w", ErrFormat, name, err)
		}
		seen++
	}
	if seen != len(credFields) {
		return Creds{}, fmt.Errorf("%w: a status with %d of %d fields", ErrFormat, seen, len(credFields))
	}
	return c, nil
}

var credFields = map[string]func(c *Creds, words []string) error{
	"Uid":     func(c *Creds, w []string) error { return ids(c.UID[:], w) },
	"Gid":     func(c *Creds, w []string) error { return ids(c.GID[:], w) },
	"CapEff":  func(c *Creds, w []string) error { return mask(&c.Effective, w) },
	"CapPrm":  func(c *Creds, w []string) error { return mask(&c.Permitted, w) },
	"CapInh":  func(c *Creds, w []string) error { return mask(&c.Inherited, w) },
	"Tgid":    func(c *Creds, w []string) error { return number(&c.TGID, w, 0) },
	"Threads": func(c *Creds, w []string) error { return number(&c.Threads, w, 0) },
	"Groups": func(c *Creds, w []string) error {
		c.Groups = make([]uint32, len(w))
		return ids(c.Groups, w)
	},
	"Umask": func(c *Creds, w []string) error {
		if len(w) != 1 {
			return ErrFormat
		}
		n, err := strconv.ParseInt(w[0], 8, 32)
		c.Umask = int(n)
		return err
	},
}

func ids(to []uint32, words []string) error {
	if len(words) != len(to) {
		return fmt.Errorf("%w: %d numbers", ErrFormat, len(words))
	}
	for i, w := range words {
		n, err := strconv.ParseUint(w, 10, 32)
		if err != nil {
			return err
		}
		to[i] = uint32(n)
	}
	return nil
}

func mask(to *uint64, words []string) (err error) {
	if len(words) != 1 {
		return ErrFormat
	}
	*to, err = strconv.ParseUint(words[0], 16, 64)
	return err
}

// SameUsers reports whether tid is in the user namespace of this process, so
// that account numbers and capabilities mean the same.
func SameUsers(tid int) (bool, error) { return sameNamespace(tid, "ns/user") }

// SameNetwork reports whether tid is in the network namespace of this process,
// SameShared in its namespace of what processes share by numbers.
func SameNetwork(tid int) (bool, error) { return sameNamespace(tid, "ns/net") }

// SameShared: see [SameNetwork].
func SameShared(tid int) (bool, error) { return sameNamespace(tid, "ns/ipc") }

func sameNamespace(tid int, link string) (bool, error) {
	its, err := Readlink(tid, link)
	if err != nil {
		return false, err
	}
	own, err := ownSpaces[link]()
	return its == own, err
}

// ownSpaces are the namespaces of this process, which it never leaves.
var ownSpaces = func() map[string]func() (string, error) {
	out := map[string]func() (string, error){}
	for _, link := range []string{"ns/user", "ns/net", "ns/ipc"} {
		out[link] = sync.OnceValues(func() (string, error) { return Readlink(os.Getpid(), link) })
	}
	return out
}()

// SameRoot reports whether paths from the root mean the same to tid as to this
// process.
func SameRoot(tid int) (bool, error) {
	its, err := Readlink(tid, "ns/mnt")
	if err != nil {
		return false, err
	}
	own, err := Readlink(os.Getpid(), "ns/mnt")
	if err != nil {
		return false, err
	}
	root, err := Readlink(tid, "root")
	return its == own && root == "/", err
}
