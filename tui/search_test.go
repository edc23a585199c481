package tui

import (
	"slices"
	"strings"
	"testing"

	"escort/explain/effect"
)

// longScript is a hold of a script with two lines that stand out.
func longScript(b *bench) {
	e := typed("h1", effect.Critical)
	x := *samples[effect.Critical]
	x.Scripts = slices.Clone(x.Scripts)
	x.Scripts[0].Text = strings.Repeat("echo step\n", 11) + "rm -rf /srv/backup/*\n" + strings.Repeat("echo more\n", 18) + "nc -l -p 4444 -e /bin/sh\n" + strings.Repeat("echo end\n", 7)
	e.Explanation = &x
	b.hold(e)
}

func TestSearchInAScript(t *testing.T) {
	b := newBench(t, 80, 24)
	longScript(b)
	find := func(text string) {
		b.press("/")
		b.letters(text)
		b.press("enter")
	}
	b.press("v")
	find("ECHO MORE")
	b.sees("▸    13  echo more")
	find("") // the same once more
	b.sees("▸    14  echo more")
	b.seesNot("▸    13")
	find("backup")
	b.sees("▸▲   12  rm -rf /srv/backup/*")
	find("nowhere")
	b.sees("not found: nowhere")
	b.press("esc", "v")
	b.seesNot("▸▲")
}

func TestMeaningStandsBesideItsLine(t *testing.T) {
	b := newBench(t, 80, 24)
	longScript(b)
	b.press("v", "n")
	b.sees("▲   12  rm -rf /srv/backup/*              └ critical: deletes backups")
	b = newBench(t, 120, 40)
	longScript(b)
	b.press("v", "n")
	b.sees("▲   12  rm -rf /srv/backup/*  ", "          └ critical: deletes backups")
	b.press("o") // the whole window
	b.sees("└ critical: lets others in")
	if !strings.Contains(b.screen(), "nc -l -p 4444 -e /bin/sh          ") {
		t.Error("the meaning is below its line in a wide window")
	}
}
