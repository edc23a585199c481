// Package record keeps the two files that a session leaves in its own folder:
// session.cast, what the terminal showed (asciicast version 2), and
// ledger.jsonl, what was held, shown, decided, started and how it ended.
//
// The ledger is a chain of lines, each a JSON object ended by one LF:
//
//	{"seq":1,"time":"…","prev":"…","kind":"opened",…,"hash":"…"}
//
// The members seq, time, prev and kind come first and in that order, hash
// last. hash is the lower-case hex SHA-256 of exactly the bytes of the line,
// LF not included, from which the bytes `,"hash":"…"` before the closing brace
// were taken out. prev is the hash of the line before; sixty-four zeros in the
// first. seq counts the lines of the ledger from 1 without gaps; the number
// that the event had in its session is the member event. The first line has
// the kind opened and carries the [Meta] of the session. Lines that show or
// settle something (held, decided, closed) carry the member cast as well: how
// long session.cast was by then, in bytes, and the SHA-256 of it, so that what
// could be seen when a decision was made is part of the chain. Lines with a
// decision that somebody signed have the members signer, head and signature; see
// [event.Statement].
//
// A record that cannot be written is worthless, so the first failure to write
// is final: every later Write answers it, and the session must let nothing
// more through. Raw key presses are never handed to this package.
//
// Limits: the chain is not signed. Who can write to the folder can also make a
// whole new chain, and can cut lines off the end; the missing closed line is
// reported then, but it is missing after a power failure too. The cast is cut
// off at a limit; the ledger never is.
package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"sync"
	"time"

	"escort/session/event"
)

// The names of the two files in a session's folder.
const (
	LedgerFile = "ledger.jsonl"
	CastFile   = "session.cast"
)

// MaxLine is the size in bytes over which no line of a ledger is written or
// read, LF not included.
const MaxLine = 64 << 20

// ErrFinished is what Write answers after the closed event or after Close.
var ErrFinished = errors.New("the record is finished")

// Meta says whose session it is. It stands in the first line of the ledger.
type Meta struct {
	Session string    `json:"session"` // ID; the recorder sets it
	Host    string    `json:"host"`
	User    string    `json:"user"`
	Ticket  string    `json:"ticket"`
	Reason  string    `json:"reason"`
	Shell   string    `json:"shell"`
	Escort  string    `json:"escort"`
	Cols    int       `json:"cols"`
	Rows    int       `json:"rows"`
	Started time.Time `json:"started"` // UTC; zero: now
	Version string    `json:"version"`
	Notes   []string  `json:"notes"`              // relaxed modes and other warnings of the header
	Policy  []Policy  `json:"policy"`             // the files of the policy in force
	Runbook *Policy   `json:"runbook,omitempty"`  // the lines that were planned; nil: none were
	Stamp   *Stamp    `json:"selftest,omitempty"` // the last self-test of this host; nil: there was none
}

// Policy names a file that the policy or the plan of a session was made from.
type Policy struct {
	Name   string `json:"name"`   // its path, or "built-in"
	SHA256 string `json:"sha256"` // of its text, lower-case hex
}

// Recorder writes the record of one session. Its methods may be called from
// several goroutines at once.
type Recorder struct {
	id  string
	dir string

	failed chan error // holds the first failure, capacity 1

	mu     sync.Mutex // guards what follows
	meta   *Meta      // until the first line is written
	ledger *chain
	cast   *cast
	done   bool  // the closed event was written
	shut   bool  // Close was called
	err    error // the first failure
}

// Option changes how a record is kept.
type Option func(*settings)

type settings struct {
	castLimit int64
	open      func(path string) (file, error)
}

// CastLimit sets how many bytes session.cast may have; without it there is no
// limit. What goes past it is counted and hashed but not kept.
func CastLimit(bytes int64) Option { return func(s *settings) { s.castLimit = bytes } }

// Create makes the folder sessions/ID below root, which it makes too where it
// is missing, and starts the record in it. Folders get the mode 0700, files 0600.
func Create(root string, meta Meta, options ...Option) (*Recorder, error) {
	set := settings{castLimit: math.MaxInt64, open: openNew}
	for _, o := range options {
		o(&set)
	}
	if meta.Started.IsZero() {
		meta.Started = time.Now()
	}
	meta.Started = meta.Started.UTC()
	if meta.Notes == nil {
		meta.Notes = []string{}
	}
	if meta.Policy == nil {
		meta.Policy = []Policy{}
	}
	id, dir, err := makeFolder(root, meta.Started)
	if err != nil {
		return nil, fmt.Errorf("cannot start the record: %w", err)
	}
	meta.Session = id
	r := &Recorder{id: id, dir: dir, failed: make(chan error, 1), meta: &meta}
	if err := r.openFiles(set, meta); err != nil {
		return nil, fmt.Errorf("cannot start the record: %w", err)
	}
	return r, nil
}

func (r *Recorder) openFiles(set settings, meta Meta) error {
	lf, err := set.open(filepath.Join(r.dir, LedgerFile))
	if err != nil {
		return err
	}
	cf, err := set.open(filepath.Join(r.dir, CastFile))
	if err != nil {
		return errors.Join(err, lf.Close())
	}
	r.ledger = newChain(lf)
	r.cast = newCast(cf, meta.Started, set.castLimit)
	if err := r.cast.header(meta); err != nil {
		return errors.Join(err, lf.Close(), cf.Close())
	}
	return errors.Join(syncFolder(r.dir), syncFolder(filepath.Dir(r.dir)))
}

// ID is the name of the session, such as 20261123-231502-4f2a (UTC).
func (r *Recorder) ID() string { return r.id }

// Dir is the folder of the record.
func (r *Recorder) Dir() string { return r.dir }

// Err delivers the first failure to write, once.
func (r *Recorder) Err() <-chan error { return r.failed }

// Healthy reports the first failure to write. It also looks whether both files
// are still where they were put and as long as they were written, and fails
// the record if they are not.
func (r *Recorder) Healthy() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil || r.shut {
		return r.err
	}
	for name, o := range map[string]*out{LedgerFile: &r.ledger.out, CastFile: &r.cast.out} {
		if err := o.present(filepath.Join(r.dir, name)); err != nil {
			return r.fail(err)
		}
	}
	return nil
}

// lazy lists the kinds whose lines wait for the next forced write: they say
// nothing that an allow depends on.
var lazy = map[string]bool{
	event.Resized: true, event.Effected: true, event.Finished: true, event.Joined: true, event.Left: true,
}

// settles lists the kinds whose lines bind the cast as it was then.
var settles = map[string]bool{event.Held: true, event.Decided: true, event.Parked: true, event.Closed: true}

// Write records e: output goes to the cast, everything else to the ledger, and
// what helps to find one's way in a player goes to both. When it returns
// without an error, the line is on stable storage, except for kinds on which no
// allow depends. A zero Time is taken as now. The hash is that of the line in
// the ledger; empty: there is none.
func (r *Recorder) Write(e event.Event) (hash string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil {
		return "", r.err
	}
	if r.done || r.shut {
		return "", ErrFinished
	}
	if e.Time.IsZero() {
		e.Time = time.Now()
	}
	e.Time = e.Time.UTC()
	if err := r.cast.event(e); err != nil {
		return "", r.fail(err)
	}
	if e.Kind == event.Output {
		return "", nil
	}
	if err := r.open(e); err != nil {
		return "", r.fail(err)
	}
	if err := r.line(e); err != nil {
		return "", r.fail(err)
	}
	r.done = e.Kind == event.Closed
	return r.ledger.prev, nil
}

// open writes the line with the meta where the session's own opened event,
// which takes the meta along, is not the first thing to be recorded.
func (r *Recorder) open(e event.Event) error {
	if r.meta == nil || e.Kind == event.Opened {
		return nil
	}
	return r.line(event.Event{Kind: event.Opened, Time: r.meta.Started})
}

func (r *Recorder) line(e event.Event) error {
	b := body{Time: e.Time, Kind: e.Kind, Number: e.Seq, Meta: r.meta, Event: e}
	if settles[e.Kind] {
		if e.Kind == event.Closed {
			if err := r.cast.finish(e.Time); err != nil {
				return err
			}
		}
		m := r.cast.mark()
		b.Cast = &m
	}
	if err := r.ledger.append(b); err != nil {
		return err
	}
	r.meta = nil
	switch {
	case lazy[e.Kind]:
		return nil
	case b.Cast == nil:
		return r.ledger.sync()
	}
	return r.syncBoth()
}

// syncBoth forces both files to the disk at once: whoever allows waits for it.
// After a power failure meanwhile a line may speak of more of the cast than
// there is; what it decided had no consequences then.
func (r *Recorder) syncBoth() error {
	cast := make(chan error, 1)
	go func() { cast <- r.cast.sync() }()
	return errors.Join(r.ledger.sync(), <-cast)
}

// fail makes err final. The caller holds the lock.
func (r *Recorder) fail(err error) error {
	r.err = fmt.Errorf("the record in %s cannot be written: %w", r.dir, err)
	r.failed <- r.err
	return r.err
}

// Close ends the record and gives back its files. It writes no closed line:
// only the session knows how it ended. A second Close does nothing.
func (r *Recorder) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.shut {
		return nil
	}
	r.shut = true
	var err error
	if r.err == nil {
		err = r.settle()
	}
	return errors.Join(err, r.ledger.close(), r.cast.close())
}

func (r *Recorder) settle() error {
	if err := r.open(event.Event{}); err != nil {
		return err
	}
	if err := r.cast.finish(time.Now()); err != nil {
		return err
	}
	return r.syncBoth()
}

// encode is JSON on one line, without LF, and with <, > and & as they are.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

func openNew(path string) (file, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE|os.O_EXCL, 0o600)
}
