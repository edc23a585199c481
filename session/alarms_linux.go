package session

import (
	"fmt"
	"sync"
	"time"
)

// A session can bring about refusals as fast as its machine makes them. Some of
// each second are told one by one; the others are counted, so that they neither
// push everything else out of sight nor fill the disk.
const (
	alarmsFor  = time.Second
	mostAlarms = 20
)

// alarms counts what was told.
type alarms struct {
	mu     sync.Mutex
	since  time.Time
	told   int
	folded int
	last   string
}

// tell passes text on to say, now or as one of a number when the second is over.
func (a *alarms) tell(text string, say func(string)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if now := time.Now(); now.Sub(a.since) >= alarmsFor {
		a.since, a.told = now, 0
	}
	if a.told++; a.told <= mostAlarms {
		say(text)
		return
	}
	if a.last = text; a.folded == 0 {
		time.AfterFunc(alarmsFor, func() { a.sum(say) })
	}
	a.folded++
}

func (a *alarms) sum(say func(string)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.folded > 0 {
		say(fmt.Sprintf("%d more within a second, the last: %s", a.folded, a.last))
	}
	a.folded = 0
}
