package command

import (
	"bytes"
	"context"
	"errors"
	"os"
	"runtime"
	"strings"
	"testing"

	"escort/session/record"
)

// console keeps what it was asked to open.
func console(got **Session) Console {
	return func(_ context.Context, s Session) error {
		*got = &s
		return nil
	}
}

func onLinux(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("sessions need Linux")
	}
}

func TestConsoleIsOpened(t *testing.T) {
	onLinux(t)
	env := map[string]string{"HOME": "/home/ravi", "SHELL": "/usr/local/bin/bash"}
	got, said, code := opened(t, 40, 12, env, "--ticket", "INC-1", "--reason", "restart", "--user-rc", "--allow-no-scopes")
	if code != Done || said != "" || got == nil {
		t.Fatalf("code %d, %q", code, said)
	}
	if got.Cols != 40 || got.Rows != 12 || got.Ticket != "INC-1" || got.Reason != "restart" || !got.UserRC || !got.AllowNoScopes {
		t.Errorf("asked for %+v", got)
	}
	if got.Shell != "/usr/local/bin/bash" || got.StateRoot != "/home/ravi/.local/state/escort" || got.Dir == "" || got.Who == "" || len(got.Env) == 0 {
		t.Errorf("filled in %+v", got)
	}
	got, _, _ = opened(t, 80, 24, env)
	if got == nil || got.UserRC || got.AllowNoScopes {
		t.Errorf("relaxed without being told to: %+v", got)
	}
}

func TestConsoleIsRefused(t *testing.T) {
	onLinux(t)
	home := map[string]string{"HOME": "/home/ravi"}
	for name, tc := range map[string]struct {
		cols, rows uint16
		env        map[string]string
		code       int
		error      string
	}{
		"narrow":  {39, 24, home, Usage, "39×24"},
		"low":     {80, 11, home, Usage, "80×11"},
		"no home": {80, 24, nil, Failed, "no folder"},
	} {
		t.Run(name, func(t *testing.T) {
			got, said, code := opened(t, tc.cols, tc.rows, tc.env)
			if got != nil || code != tc.code || !strings.Contains(said, tc.error) || !strings.Contains(said, "\nescort: hint: ") {
				t.Errorf("code %d, %q, session %+v", code, said, got)
			}
		})
	}
}

func TestConsoleNeedsATerminal(t *testing.T) {
	onLinux(t)
	var got *Session
	var out, said bytes.Buffer
	s := Streams{In: strings.NewReader(""), Out: &out, Err: &said, Getenv: os.Getenv}
	if code := Run(t.Context(), nil, s, Tools{Console: console(&got)}); code != Usage || got != nil || out.Len() > 0 {
		t.Errorf("code %d, session %+v, output %q", code, got, out.String())
	}
}

func TestErrorsBecomeLines(t *testing.T) {
	for name, tc := range map[string]struct {
		err  error
		code int
		want string
	}{
		"plain":       {errors.New("it broke"), Failed, "escort: error: it broke\n"},
		"with hint":   {&Error{Code: Unable, Err: errors.New("no"), Hint: "do so"}, Unable, "escort: error: no\nescort: hint: do so\n"},
		"of a record": {&record.RootError{What: "x"}, Failed, "escort: error: there is no folder for x\nescort: hint: set HOME or XDG_STATE_HOME to a folder of yours\n"},
		"many lines":  {errors.New("a\nb"), Failed, "escort: error: a; b\n"},
		"none":        {nil, Done, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var said bytes.Buffer
			tr := tree{Streams: Streams{Err: &said}}
			if code := tr.report(tc.err); code != tc.code || said.String() != tc.want {
				t.Errorf("code %d, %q", code, said.String())
			}
		})
	}
}
