package session

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestAStormOfAlarmsIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var a alarms
		var mu sync.Mutex // the rest is said by a timer
		var said []string
		say := func(text string) { mu.Lock(); defer mu.Unlock(); said = append(said, text) }
		now := func() []string { mu.Lock(); defer mu.Unlock(); return slices.Clone(said) }
		for range 10 * mostAlarms {
			a.tell("refused", say)
		}
		if n := len(now()); n != mostAlarms {
			t.Errorf("%d were told one by one, want %d", n, mostAlarms)
		}
		<-time.NewTimer(2 * alarmsFor).C
		synctest.Wait()
		all := now()
		if last := all[len(all)-1]; len(all) != mostAlarms+1 || !strings.HasPrefix(last, "180 more within a second") || !strings.HasSuffix(last, "refused") {
			t.Errorf("then %q", last)
		}
		a.tell("later", say)
		if all = now(); all[len(all)-1] != "later" {
			t.Error("what comes later is not told at once")
		}
	})
}
