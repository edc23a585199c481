package event

import "context"

// What the engineer gets of a session's output.
const (
	OutputLive     = "live"     // all, as it comes
	OutputReleased = "released" // what an escort releases, with what is secret masked
	OutputStatus   = "status"   // nothing but that a line has ended, and how
)

// Outputs are these, the strictest first.
var Outputs = []string{OutputStatus, OutputReleased, OutputLive}

// Withheld is output that is held back.
type Withheld struct {
	Lines     int      `json:"lines"`               // that wait in all
	Masked    int      `json:"masked"`              // in how many of them something is masked
	Uncounted int      `json:"uncounted,omitempty"` // of them, not yet looked through for Masked
	Dropped   int      `json:"dropped,omitempty"`   // that were too many, and are not given any more
	Text      []string `json:"text"`                // the first of them, exactly as they would be given
	Hidden    int      `json:"hidden"`              // in how many of Text something is masked
	SHA256    string   `json:"sha256"`              // of Text, each line ended by LF, lower-case hex
}

// Releaser is a source that holds output back.
type Releaser interface {
	// Withheld is what waits, with the first n lines of it, or fewer.
	Withheld(ctx context.Context, n int) (Withheld, error)
	// Release gives the engineer the first n lines. shown is the digest of the
	// lines that were shown; where others wait by now, nothing is given.
	Release(ctx context.Context, n int, shown string) error
}
