package command

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"unicode/utf8"

	"escort/explain/effect"
)

const (
	maxInputLine = 16 << 20 // bytes of a line of --jsonl, LF not included
	workers      = 2
	waiting      = 8 // answers that may wait for the one before them
)

// question is a line of the input of --jsonl.
type question struct {
	number int // from 1, blank lines counted
	line   []byte
	err    error // why there is no line
	answer chan []byte
	failed bool // written before answer is
}

type refused struct {
	ID    json.RawMessage `json:"id"`
	Error string          `json:"error"`
}

// jsonLines answers every line of in on out, in order, and writes out what it
// has whenever no further input waits. It returns how many lines there were
// and how many of them were no questions.
func jsonLines(ctx context.Context, in io.Reader, out io.Writer, ask func(context.Context, effect.Request) effect.Explanation) (asked, bad int, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	jobs := make(chan *question)
	order := make(chan *question, waiting)

	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for q := range jobs {
				q.answer <- q.solve(ctx, ask)
			}
		})
	}
	all.Go(func() { asked, bad = printAnswers(order, out, cancel) })

	err = readQuestions(ctx, in, func(q *question) {
		order <- q
		jobs <- q
	})
	close(jobs)
	close(order)
	all.Wait()
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	return asked, bad, err
}

// printAnswers writes the answers in the order of the questions. After a
// failure to write it goes on taking answers, so that nobody waits for it.
func printAnswers(order <-chan *question, out io.Writer, fail context.CancelCauseFunc) (asked, bad int) {
	w := bufio.NewWriterSize(out, 1<<16)
	for q := range order {
		line := <-q.answer
		asked++
		if q.failed {
			bad++
		}
		line = append(line, '\n')
		_, err := w.Write(line)
		reuse(line)
		if err == nil && len(order) == 0 {
			err = w.Flush()
		}
		if err != nil {
			fail(err)
		}
	}
	if err := w.Flush(); err != nil {
		fail(err)
	}
	return asked, bad
}

// readQuestions hands on every line that is not blank until the input or ctx
// ends.
func readQuestions(ctx context.Context, in io.Reader, hand func(*question)) error {
	r := bufio.NewReaderSize(in, 1<<16)
	for n := 1; ctx.Err() == nil; n++ {
		line, err := readInputLine(r)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil && !errors.Is(err, errTooLong) {
			return err
		}
		if err == nil && len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		hand(&question{number: n, line: line, err: err, answer: make(chan []byte, 1)})
	}
	return nil
}

var errTooLong = fmt.Errorf("longer than %d MB", maxInputLine>>20)

// readInputLine reads to the next LF, which it leaves out, or to the end of
// the input. A line that is too long is read to its end, but not kept.
func readInputLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	long := false
	for {
		part, err := r.ReadSlice('\n')
		if !long {
			line = append(line, part...)
			if long = len(bytes.TrimSuffix(line, []byte("\n"))) > maxInputLine; long {
				line = nil
			}
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && !long && len(line) == 0:
			return nil, io.EOF
		case err != nil && !errors.Is(err, io.EOF):
			return nil, err
		case long:
			return nil, errTooLong
		}
		return bytes.TrimSuffix(line, []byte("\n")), nil
	}
}

// lines are buffers for lines of output, used again and again.
var lines = sync.Pool{New: func() any { return new([]byte) }}

// maxReused is the size in bytes up to which a buffer is kept for further use.
const maxReused = 1 << 20

func reuse(line []byte) {
	if cap(line) <= maxReused {
		lines.Put(&line)
	}
}

// solve makes the line of output, without LF: the id as it was given, null where none was,
// then the explanation or what is wrong with the question.
func (q *question) solve(ctx context.Context, ask func(context.Context, effect.Request) effect.Explanation) []byte {
	line := append((*lines.Get().(*[]byte))[:0], `{"id":`...)
	id, req, err := q.parse()
	if err == nil {
		e := ask(ctx, req)
		return append(e.AppendJSON(append(append(line, compacted(id)...), ',')), '}')
	}
	q.failed = true
	refusal, err := marshal(refused{id, fmt.Sprintf("line %d: %v", q.number, err)})
	if err != nil { // the id is what cannot be written; it was valid JSON once
		refusal = fmt.Appendf(nil, `{"id":null,"error":"line %d: its id cannot be written"}`, q.number)
	}
	return append(line[:0], refusal...)
}

// compacted is JSON without the blanks between its tokens, as encoding/json has
// what is put into its output.
func compacted(id json.RawMessage) []byte {
	if !bytes.ContainsAny(id, " \t\r\n") {
		return id
	}
	var b bytes.Buffer
	if err := json.Compact(&b, id); err != nil {
		return []byte("null") // it was valid JSON once
	}
	return b.Bytes()
}

// parse reads the line as {"id": any, "cmd": string, "kind": "line"|"script"}.
// Member names count exactly as written, unlike encoding/json has it for
// structs, so that nobody reads another command than the one explained.
func (q *question) parse() (id json.RawMessage, req effect.Request, err error) {
	id = json.RawMessage("null")
	if q.err != nil {
		return id, req, q.err
	}
	if !utf8.Valid(q.line) {
		return id, req, errors.New("not UTF-8, as JSON must be")
	}
	m, ok := quickly(q.line)
	if !ok {
		var all map[string]json.RawMessage
		if err := json.Unmarshal(q.line, &all); err != nil || all == nil {
			return id, req, errors.New(`not an object like {"id":1,"cmd":"ls"}`)
		}
		m = members{all["id"], all["cmd"], all["kind"]}
	}
	if m.id != nil {
		id = m.id
	}
	if req.Text, err = text(m.cmd); err != nil {
		return id, req, fmt.Errorf(`"cmd" %w`, err)
	}
	req.Kind = effect.KindLine
	if m.kind != nil {
		if req.Kind, err = text(m.kind); err != nil {
			return id, req, fmt.Errorf(`"kind" %w`, err)
		}
	}
	if req.Kind != effect.KindLine && req.Kind != effect.KindScript {
		return id, req, errors.New(`"kind" is neither "line" nor "script"`)
	}
	return id, req, nil
}

// marshal is JSON on one line with <, > and & as they are.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

func writeJSON(w io.Writer, v any) error {
	line, err := marshal(v)
	if err != nil {
		return err
	}
	_, err = w.Write(append(line, '\n'))
	return err
}
