package tui

import (
	"testing"

	"escort/explain/effect"
	"escort/keymap"
	"escort/session/event"
	"escort/tui/runbook"
)

// planned gives the console a runbook.
func (b *bench) planned(text string) {
	b.t.Helper()
	book, err := runbook.Parse([]byte(text))
	if err != nil {
		b.t.Fatal(err)
	}
	b.m.opt.Runbook = book
}

const restart = "# Look\nls -la /srv/backup\n# Restart\nsudo systemctl restart web-api\n"

func TestAsPlanned(t *testing.T) {
	b := newBench(t, 120, 40)
	b.planned(restart)
	b.hold(typed("h1", effect.Safe))
	b.sees("✓ as planned · step 1 of 2 · Look")
	b.press("a")
	b.decided("h1", event.Allow, "eva")
	b.hold(typed("h2", effect.Caution))
	b.sees("! Not as planned. Nearest is step 2 of 2", `"billing-api" in place of "web-api"`, "planned  sudo systemctl restart web-api")
	b.press("a")
	b.mode(keymap.Confirm)
	b.press("esc")
	b.wait(armAfter)
	b.press("h")
	b.sees("eva · as planned · step 1 of 2 · Look")
	b.press("esc")
	b.wait(armAfter)
	b.press("r")
	b.sees("✓   1  ls -la /srv/backup", "▸   2  sudo systemctl restart web-api  next")
}

// A plan is somebody's word, and no reason to look less.
func TestPlannedTakesAsManyKeys(t *testing.T) {
	for _, tc := range []struct {
		risk effect.Risk
		mode keymap.Mode
	}{{effect.Caution, keymap.Confirm}, {effect.High, keymap.Word}, {effect.Critical, keymap.Word}} {
		b := newBench(t, 120, 40)
		b.planned(samples[tc.risk].Command + "\n")
		b.hold(typed("h1", tc.risk))
		b.sees("as planned · step 1 of 1", map[effect.Risk]string{
			effect.Caution: "CAUTION", effect.High: "HIGH", effect.Critical: "CRITICAL",
		}[tc.risk])
		b.press("a")
		b.mode(tc.mode)
		b.verdicts()
	}
}

func TestDeniedIsNotTaken(t *testing.T) {
	b := newBench(t, 120, 40)
	b.planned(restart)
	b.hold(typed("h1", effect.Safe))
	b.decided("h1", event.Deny, "eva")
	b.hold(typed("h2", effect.Safe))
	b.sees("as planned · step 1 of 2")
	b.seesNot("allowed before")
}

func TestNoRunbook(t *testing.T) {
	b := newBench(t, 120, 40)
	b.hold(typed("h1", effect.Safe))
	b.seesNot("planned")
	b.press("r")
	b.sees("r: no runbook was given")
}
