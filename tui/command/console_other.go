//go:build !linux

package command

// liveConsole is not there: sessions can be held on Linux only.
var (
	liveConsole Console
	liveShell   Shell
	livePropose Propose
	liveAttach  Attach
	liveServe   Serve
)
