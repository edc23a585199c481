package command

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"escort/explain/quote"
	"escort/session/record"
	"escort/tui/runbook"
)

// readRunbook reads the runbook in a file; without a name there is none.
func readRunbook(file string) (*runbook.Book, error) {
	if file == "" {
		return nil, nil
	}
	text, err := readPlain(file, runbook.MaxBytes)
	if err != nil {
		return nil, &Error{Code: Failed, Err: fmt.Errorf("the runbook cannot be read: %w", err), Hint: runbook.Hint}
	}
	b, err := runbook.Parse(text)
	if err != nil {
		return nil, &Error{Code: Failed, Err: fmt.Errorf("the runbook %s: %w", quote.Word(file), err), Hint: runbook.Hint}
	}
	return b, nil
}

// readPlain reads a regular file up to one byte over most. Anything else might
// never end, or never begin.
func readPlain(file string, most int64) ([]byte, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &os.PathError{Op: "open", Path: file, Err: errors.New("it is no regular file")}
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, most+1))
}

// planned names the runbook for the record; nil if there is none.
func (c Session) planned() *record.Policy {
	if c.Runbook == nil {
		return nil
	}
	name, err := filepath.Abs(c.RunbookFile)
	if err != nil {
		name = c.RunbookFile
	}
	return &record.Policy{Name: name, SHA256: c.Runbook.SHA256}
}
