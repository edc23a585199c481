package command

import "testing"

func TestUsualShellIsOneWithALineView(t *testing.T) {
	for shell, want := range map[string]string{
		"/usr/bin/zsh": "/usr/bin/zsh", "/bin/bash": "/bin/bash", "/bin/dash": "bash", "/usr/bin/fish": "bash", "": "bash", "/opt/zsh/run": "bash",
	} {
		if got := usualShell(shell); got != want {
			t.Errorf("SHELL=%s starts %q, want %q", shell, got, want)
		}
	}
}
