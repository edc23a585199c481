package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// stampFile keeps the last result of the self-test, below the state folder.
const stampFile = "selftest.json"

// Stamp is the result of the self-test of a host. The last one stands in the
// first line of every record made afterwards.
type Stamp struct {
	Time    time.Time `json:"time"` // UTC, when it ended
	Kernel  string    `json:"kernel"`
	Version string    `json:"version"` // of the program
	Stopped int       `json:"stopped"` // ways past the gate that were stopped
	Through int       `json:"through"` // that got through
	NotRun  int       `json:"not_run"` // that could not be tried here
}

// SaveStamp keeps s below the state folder root, in place of the one before.
func SaveStamp(root string, s Stamp) error {
	if err := private(root); err != nil {
		return err
	}
	b, err := json.Marshal(s)
	if err != nil {
		return err
	}
	if err := replace(filepath.Join(root, stampFile), append(b, '\n')); err != nil {
		return fmt.Errorf("cannot keep the result of the self-test: %w", err)
	}
	return nil
}

// LoadStamp returns the last result; nil if there was no self-test.
func LoadStamp(root string) (*Stamp, error) {
	b, err := os.ReadFile(filepath.Join(root, stampFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var s Stamp
	if err := json.Unmarshal(b, &s); err != nil {
		return nil, fmt.Errorf("the result of the self-test cannot be read: %w", err)
	}
	return &s, nil
}
