package record

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"escort/session/event"
)

// maxProblems ends the list for a ledger that is damaged from end to end.
const maxProblems = 100

// Problem is one place where a record is not as it was written.
type Problem struct {
	Line int    `json:"line"` // of the ledger, from 1; 0: the record as a whole
	What string `json:"what"`
}

// String puts the line before what is wrong with it.
func (p Problem) String() string {
	if p.Line == 0 {
		return p.What
	}
	return fmt.Sprintf("line %d: %s", p.Line, p.What)
}

// Report is the result of checking a record.
type Report struct {
	Lines    int       `json:"lines"`
	First    time.Time `json:"first"` // of the first readable line
	Last     time.Time `json:"last"`
	Closed   bool      `json:"closed"` // the session's end is in the ledger
	Meta     *Meta     `json:"meta"`   // nil: not there
	Problems []Problem `json:"problems"`

	Decisions []Judgement `json:"-"` // of people, signed or not; package sign checks what was signed
}

// Whole reports whether nothing was found. A record without its end can still
// be whole up to there: see Closed.
func (r Report) Whole() bool { return len(r.Problems) == 0 }

func (r *Report) add(line int, format string, args ...any) {
	if len(r.Problems) < maxProblems {
		r.Problems = append(r.Problems, Problem{Line: line, What: fmt.Sprintf(format, args...)})
	}
}

// checkpoint is what a line of the ledger says about the cast.
type checkpoint struct {
	line int
	mark Mark
}

// Verify checks the record in the folder dir, or the ledger alone where dir is
// a file. An error means that it could not be read at all; what is wrong with
// what was read is in the report.
func Verify(dir string) (Report, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return Report{}, err
	}
	if !info.IsDir() {
		rep, _, err := verifyFile(dir)
		return rep, err
	}
	rep, marks, err := verifyFile(filepath.Join(dir, LedgerFile))
	if err != nil {
		return rep, err
	}
	return rep, verifyCast(filepath.Join(dir, CastFile), marks, &rep)
}

func verifyFile(path string) (Report, []checkpoint, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Report{}, nil, err
	}
	if !info.Mode().IsRegular() {
		return Report{}, nil, fmt.Errorf("%s is not a regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return Report{}, nil, err
	}
	defer f.Close()
	return verifyLedger(f)
}

func verifyLedger(r io.Reader) (Report, []checkpoint, error) {
	v := verifier{report: Report{Problems: []Problem{}}, prev: origin, judged: newJudging()}
	in := bufio.NewReaderSize(r, 1<<16)
	for {
		line, err := readLine(in)
		switch {
		case errors.Is(err, io.EOF):
			if v.report.Lines == 0 {
				v.report.add(0, "the ledger is empty")
			}
			return v.report, v.marks, nil
		case errors.Is(err, errTorn):
			v.report.Lines++
			v.report.add(v.report.Lines, "cut off: the line does not end")
		case errors.Is(err, errLong):
			v.report.Lines++
			v.report.add(v.report.Lines, "longer than a ledger's lines can be")
			return v.report, v.marks, nil
		case err != nil:
			return v.report, v.marks, err
		default:
			v.line(line)
		}
	}
}

var (
	errTorn = errors.New("no end of line")
	errLong = errors.New("line too long")
)

// readLine reads up to LF, which it takes off.
func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > MaxLine+sealLen+1:
			return nil, errLong
		case err == nil:
			return line[:len(line)-1], nil
		case errors.Is(err, io.EOF) && len(line) > 0:
			return nil, errTorn
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
	}
}

type verifier struct {
	report Report
	prev   string // as the next line must have it; empty: cannot be told
	seq    uint64
	marks  []checkpoint
	judged judging
}

// head is what the check needs of a line.
type head struct {
	Seq  uint64    `json:"seq"`
	Time time.Time `json:"time"`
	Prev string    `json:"prev"`
	Kind string    `json:"kind"`
	Meta *Meta     `json:"meta"`
	Cast *Mark     `json:"cast"`
}

func (v *verifier) line(line []byte) {
	rep := &v.report
	rep.Lines++
	n := rep.Lines
	stated, computed, ok := unseal(line)
	if !ok {
		rep.add(n, "does not end in its hash")
		v.prev = ""
		return
	}
	if stated != computed {
		rep.add(n, "was changed: its hash does not fit what it says")
	}
	var h head
	if err := json.Unmarshal(line, &h); err != nil || !h.leads(line) {
		rep.add(n, "is not written as the lines of a ledger are")
		v.prev = stated
		return
	}
	if v.prev != "" && h.Prev != v.prev {
		rep.add(n, "does not follow the line before it: lines were removed, added, moved or changed")
	}
	if h.Seq != v.seq+1 {
		rep.add(n, "has the number %d where %d must stand", h.Seq, v.seq+1)
	}
	v.prev, v.seq = stated, h.Seq
	v.order(n, h)
	v.judged.take(rep, n, computed, line, h)
}

// order checks that the ledger has one beginning and nothing after its end.
func (v *verifier) order(n int, h head) {
	rep := &v.report
	if n == 1 && (h.Kind != event.Opened || h.Meta == nil) {
		rep.add(n, "is not the beginning of a session")
	}
	if n > 1 && h.Meta != nil {
		rep.add(n, "begins a session for the second time")
	}
	if rep.Closed {
		rep.add(n, "stands after the end of the session")
	}
	rep.Closed = rep.Closed || h.Kind == event.Closed
	if n == 1 {
		rep.Meta = h.Meta
	}
	if rep.First.IsZero() {
		rep.First = h.Time
	}
	rep.Last = h.Time
	if h.Cast != nil {
		v.marks = append(v.marks, checkpoint{n, *h.Cast})
	}
}

// leads reports whether line begins with the members of h written out as the
// recorder writes them, so that no reader of JSON can understand it otherwise,
// as with a member that is there twice.
func (h head) leads(line []byte) bool {
	b, err := encode(struct {
		Seq  uint64    `json:"seq"`
		Time time.Time `json:"time"`
		Prev string    `json:"prev"`
		Kind string    `json:"kind"`
	}{h.Seq, h.Time, h.Prev, h.Kind})
	return err == nil && bytes.HasPrefix(line, append(b[:len(b)-1], ','))
}

// verifyCast holds the cast to what the ledger says about it. Only the last
// checkpoint matters for whether it is whole; the earlier ones show where it
// was changed.
func verifyCast(path string, marks []checkpoint, rep *Report) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		rep.add(0, "%s is missing", CastFile)
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return errors.Join(fmt.Errorf("%s is not a regular file", path), err)
	}
	sum, at := sha256.New(), int64(0)
	for _, m := range marks {
		if m.mark.Bytes < at {
			rep.add(m.line, "says that %s became shorter", CastFile)
			continue
		}
		n, err := io.CopyN(sum, f, m.mark.Bytes-at)
		at += n
		if errors.Is(err, io.EOF) {
			rep.add(m.line, "%s has %d bytes, but had %d then", CastFile, at, m.mark.Bytes)
			return nil
		}
		if err != nil {
			return err
		}
		if hex.EncodeToString(sum.Sum(nil)) != m.mark.SHA256 {
			rep.add(m.line, "%s was changed in what it showed before this line", CastFile)
			return nil
		}
	}
	return rest(f, rep)
}

// rest checks that nothing was put behind the end of a cast.
func rest(f io.Reader, rep *Report) error {
	n, err := io.Copy(io.Discard, f)
	if n > 0 && rep.Closed {
		rep.add(0, "%s goes on for %d bytes after the end of the session", CastFile, n)
	}
	return err
}
