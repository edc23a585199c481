package command

import (
	"cmp"
	"context"
	"os"

	"escort/explain"
	"escort/explain/say"
	"escort/session/doctor"
	"escort/tui"
)

// Main runs the command line args, without the program's name, with the
// program's own streams and tools and returns its exit code. Explanations are in
// the language of the environment, where there are words in it.
func Main(args []string) int {
	say.Speak(cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG")))
	s := Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv}
	return Run(context.Background(), args, s, live())
}

// live is what the commands of the program stand on.
func live() Tools {
	return Tools{
		Console: liveConsole, Shell: liveShell, Propose: livePropose, Attach: liveAttach, Serve: liveServe, Show: tui.Run, Turn: tui.Turn, Doctor: doctor.Report,
		Explain: explain.Explain, Nowhere: explain.Nowhere, Schema: explain.Schema,
	}
}
