package session

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestAStormOfAlarmsIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var a alarms
		var said []string
		say := func(text string) { said = append(said, text) }
		for range 10 * mostAlarms {
			a.tell("refused", say)
		}
		if len(said) != mostAlarms {
			t.Errorf("%d were told one by one, want %d", len(said), mostAlarms)
		}
		<-time.NewTimer(2 * alarmsFor).C
		synctest.Wait()
		if last := said[len(said)-1]; len(said) != mostAlarms+1 || !strings.HasPrefix(last, "180 more within a second") || !strings.HasSuffix(last, "refused") {
			t.Errorf("then %q", last)
		}
		a.tell("later", say)
		if said[len(said)-1] != "later" {
			t.Error("what comes later is not told at once")
		}
	})
}
