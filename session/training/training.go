// Package training keeps what escorts answered in lessons: one JSON line a
// lesson taken, appended to a file of the person's own, and what a trainer
// reads out of the files of a group.
//
// Files are $XDG_STATE_HOME/escort/training/WHO.jsonl, 0600 in a folder 0700.
// They are only ever appended to, so that a second attempt does not hide the
// first, and named by the person, so that those of a group fit into one folder.
//
// # Limits
//
// The files are the person's own, who can write anything into them: they are
// for learning. What counts is the certificate, which says what the trainer who
// signs it has seen.
package training

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Line is one answer.
type Line struct {
	Line     string `json:"line"`
	Risk     string `json:"risk"`
	Right    string `json:"right"` // what the key says
	Did      string `json:"did"`
	Asked    bool   `json:"asked"`
	Hinted   bool   `json:"hinted"`
	Harm     bool   `json:"harm"`     // allowed, and was not to be
	Needless bool   `json:"needless"` // kept up, and was fine
	LookedMS int64  `json:"looked_ms"`
	Points   int    `json:"points"`
}

// Result is a lesson that was taken.
type Result struct {
	Time    time.Time `json:"time"` // when it ended, UTC
	Who     string    `json:"who"`
	Lesson  string    `json:"lesson"`
	Course  string    `json:"course"` // empty: of none
	Title   string    `json:"title"`
	Version string    `json:"version"` // of the program
	Done    bool      `json:"done"`    // every line was answered; else it counts as tried
	Score   int       `json:"score"`
	Pass    int       `json:"pass"` // the least score that passes
	TookMS  int64     `json:"took_ms"`
	Lines   []Line    `json:"lines"`
}

// Passed reports whether the lesson was passed.
func (r Result) Passed() bool { return r.Done && r.Score >= r.Pass }

// extension is how the names of result files end.
const extension = ".jsonl"

// File is where the results of who lie below the folder of an account's state.
func File(state, who string) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_@.", r) {
			return r
		}
		return '_'
	}, who)
	return filepath.Join(state, "training", strings.TrimLeft(name, ".")+extension)
}

// Append adds a result to a file, and makes the file and its folder where they
// are missing.
func Append(file string, r Result) (err error) {
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := f.Chmod(0o600); err != nil {
		return err
	}
	_, err = f.Write(append(line, '\n'))
	return err
}

// maxLine is the longest line that is read, in bytes.
const maxLine = 4 << 20

// Read reads the results of files and of the files in folders, the earliest
// first. A file that is not there has none; a line that is none is an error
// which names it.
func Read(paths ...string) ([]Result, error) {
	var out []Result
	for _, p := range paths {
		files := []string{p}
		if info, err := os.Stat(p); err == nil && info.IsDir() {
			if files, err = filepath.Glob(filepath.Join(p, "*"+extension)); err != nil {
				return nil, err
			}
		}
		for _, f := range files {
			list, err := readFile(f)
			if err != nil {
				return nil, err
			}
			out = append(out, list...)
		}
	}
	slices.SortStableFunc(out, func(a, b Result) int { return a.Time.Compare(b.Time) })
	return out, nil
}

func readFile(name string) ([]Result, error) {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return parse(name, f)
}

func parse(name string, from io.Reader) ([]Result, error) {
	var out []Result
	in := bufio.NewScanner(from)
	in.Buffer(nil, maxLine)
	for n := 1; in.Scan(); n++ {
		if len(bytes.TrimSpace(in.Bytes())) == 0 {
			continue
		}
		var r Result
		d := json.NewDecoder(bytes.NewReader(in.Bytes()))
		d.DisallowUnknownFields()
		if err := d.Decode(&r); err != nil || r.Who == "" || r.Lesson == "" || r.Time.IsZero() {
			return nil, fmt.Errorf("%s:%d: this is no result of a lesson", name, n)
		}
		out = append(out, r)
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return out, nil
}
