package tui

import (
	"fmt"
	"testing"
	"time"

	"escort/explain/effect"
	"escort/session/event"
)

var sizes = [][2]int{{80, 24}, {120, 40}, {40, 12}, {160, 45}}

const prompt = "\x1b[32mravi@prod-db-2\x1b[m:~$ "

func TestScreens(t *testing.T) {
	for _, size := range sizes {
		for _, r := range effect.Risks {
			t.Run(fmt.Sprintf("%s-%dx%d", r, size[0], size[1]), func(t *testing.T) {
				b := newBench(t, size[0], size[1])
				b.play(output(prompt + "ls\r\napp.log  fix_servers.sh\r\n" + prompt + samples[r].Command + "\r\n"))
				b.hold(typed("h1", r))
				b.wait(8*time.Second - armAfter)
				b.sees("held", map[effect.Risk]string{
					effect.Safe: "SAFE", effect.Low: "LOW", effect.Caution: "CAUTION", effect.High: "HIGH", effect.Critical: "CRITICAL",
				}[r])
				b.golden(fmt.Sprintf("%s-%dx%d", r, size[0], size[1]))
			})
		}
	}
}

func TestScreensWithoutHold(t *testing.T) {
	for _, size := range sizes {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			b := newBench(t, size[0], size[1])
			b.play(output(prompt + "ls\r\napp.log\r\n" + prompt))
			b.play(typed("h1", effect.Safe), event.Event{Kind: event.Decided, Time: start, Hold: "h1", Verdict: event.Allow, Who: "eva"})
			b.play(typed("h2", effect.High), event.Event{Kind: event.Decided, Time: start, Hold: "h2", Verdict: event.Deny, Who: "eva", Reason: "no"})
			b.golden(fmt.Sprintf("open-%dx%d", size[0], size[1]))
		})
	}
}
