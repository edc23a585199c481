package command

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

// line is one SSH connection with one session on it.
type line struct {
	client *gossh.Client
	in     io.WriteCloser
	out    *bufio.Reader
}

// dialDoor connects with a key, in a terminal or to a command.
func (f *front) dialDoor(who, command string) (*line, error) {
	text, err := os.ReadFile(filepath.Join(f.dir, who))
	if err != nil {
		return nil, err
	}
	key, err := gossh.ParsePrivateKey(text)
	if err != nil {
		return nil, err
	}
	c, err := gossh.Dial("tcp", "127.0.0.1:"+f.port, &gossh.ClientConfig{
		User: who, Auth: []gossh.AuthMethod{gossh.PublicKeys(key)}, HostKeyCallback: gossh.InsecureIgnoreHostKey(), Timeout: time.Minute,
	})
	if err != nil {
		return nil, err
	}
	s, err := c.NewSession()
	if err != nil {
		return nil, err
	}
	in, err := s.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := s.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if command != "" {
		err = s.Start(command)
	} else if err = s.Setenv("ESCORT_TICKET", "load"); err == nil {
		if err = s.RequestPty("xterm", 24, 80, nil); err == nil {
			err = s.Shell()
		}
	}
	return &line{c, in, bufio.NewReaderSize(out, 64<<10)}, err
}

// BenchmarkDoor keeps many sessions on one door, each with an engineer and an
// escort by SSH, and reports how long a hold takes to reach its escort and what a
// session costs in memory: of the door itself, of the processes that keep the
// sessions, and of their shells, by the pages that each has to itself or its
// share of.
func BenchmarkDoor(b *testing.B) {
	n := 200
	if v, err := strconv.Atoi(os.Getenv("ESCORT_SESSIONS")); err == nil {
		n = v
	}
	f := opensDoor(b)
	before := shared(f.cmd.Process.Pid)
	var mu sync.Mutex
	var waits []time.Duration
	var all sync.WaitGroup
	var escorts []*line
	begin := make(chan struct{}) // once all are there
	for i := range n {
		e, err := f.dialDoor("ravi", "")
		if err != nil {
			b.Fatalf("engineer %d: %v", i, err)
		}
		defer e.client.Close()
		for waits := false; !waits; {
			text, err := e.out.ReadString('\n')
			if err != nil {
				b.Fatalf("engineer %d: %v", i, err)
			}
			waits = strings.Contains(text, "waiting for an escort")
		}
		id := f.newest(b, i)
		a, err := f.dialDoor("eva", "attach "+id+" --json")
		if err != nil {
			b.Fatalf("escort %d: %v", i, err)
		}
		defer a.client.Close()
		escorts = append(escorts, a)
		all.Go(func() {
			for {
				text, err := e.out.ReadString(' ')
				if err != nil || strings.HasSuffix(text, "$ ") {
					break
				}
			}
			go func() { _, _ = io.Copy(io.Discard, e.out) }()
			<-begin
			for range b.N {
				<-time.After(time.Duration(rand.IntN(int(holdEvery))))
				begun := time.Now()
				if _, err := io.WriteString(e.in, "true\r"); err != nil {
					b.Error(err)
					return
				}
				id, err := a.held()
				if err != nil {
					b.Error(err)
					return
				}
				mu.Lock()
				waits = append(waits, time.Since(begun))
				mu.Unlock()
				_, _ = fmt.Fprintf(a.in, `{"hold":%q,"verdict":"allow"}`+"\n", id)
			}
		})
	}
	close(begin)
	all.Wait()
	slices.Sort(waits)
	if len(waits) == 0 {
		b.Fatal("nothing was held")
	}
	b.ReportMetric(float64(waits[len(waits)/2].Microseconds())/1000, "ms/hold-median")
	b.ReportMetric(float64(waits[len(waits)*99/100].Microseconds())/1000, "ms/hold-p99")
	b.ReportMetric((shared(f.cmd.Process.Pid)-before)/float64(n)/1024, "MB/session")
	for _, a := range escorts {
		_, _ = io.WriteString(a.in, `{"end":true}`+"\n")
	}
}

// holdEvery is the longest time between two lines of one engineer.
const holdEvery = 20 * time.Second

// held reads events up to one that holds a line.
func (l *line) held() (id string, err error) {
	for {
		text, err := l.out.ReadBytes('\n')
		if err != nil {
			return "", err
		}
		var e struct{ Kind, Hold string }
		if err := json.Unmarshal(text, &e); err != nil {
			return "", err
		}
		if e.Kind == "held" {
			return e.Hold, nil
		}
	}
}

// newest is the ID of session number i, once its record is there.
func (f *front) newest(b *testing.B, i int) string {
	b.Helper()
	var seen []string
	f.until("session "+strconv.Itoa(i), func() bool {
		seen, _ = filepath.Glob(filepath.Join(filepath.Dir(f.cmd.Dir), "state", "escort", "sessions", "*", "ledger.jsonl"))
		return len(seen) == i+1
	})
	b.Helper()
	newest := slices.MaxFunc(seen, func(x, y string) int {
		xi, _ := os.Stat(filepath.Dir(x))
		yi, _ := os.Stat(filepath.Dir(y))
		return xi.ModTime().Compare(yi.ModTime())
	})
	return filepath.Base(filepath.Dir(newest))
}

// shared is the memory of a process and all below it in KiB, pages that several
// share counted once.
func shared(pid int) float64 {
	sum := 0.0
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	for l := range strings.Lines(string(text)) {
		if fields := strings.Fields(l); len(fields) > 1 && fields[0] == "Pss:" {
			v, _ := strconv.ParseFloat(fields[1], 64)
			sum += v
		}
	}
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, t := range tasks {
		below, _ := os.ReadFile(t)
		for _, child := range strings.Fields(string(below)) {
			if n, err := strconv.Atoi(child); err == nil {
				sum += shared(n)
			}
		}
	}
	return sum
}
