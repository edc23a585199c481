// Package hook is the line layer: the shell's own line editor asks before it
// accepts a line. It holds the start-up text for the shell, embedded, and the
// protocol between the two.
//
// Nothing that arrives here is believed beyond what it costs the sender: a line
// that the hook hides is simply not granted, and whatever it starts is held by
// the gate. Messages are taken from the session's main shell alone, which the
// kernel names with each of them.
//
// The wire. Both directions share one stream socket, a fixed descriptor in the
// shell. Shell to supervisor: a count in decimal, NUL, then as many fields,
// each ended by NUL; the first is the kind: hello VERSION, prompt NONCE STATUS RAN,
// look NONCE LINE TYPED, leave NONCE LINE TYPED, have ID VALUE, none ID, cannot ID. Supervisor to shell:
// lines "NONCE WORD…" with the words go, held, wipe, say TEXT, more, allow, deny TEXT and
// ask ID KIND NAME; allow is followed by the text that was allowed and a NUL.
// The nonce is the shell's, new for each question, and the shell compares the
// text, so that an answer that was stolen, left over or asked for by somebody
// else can never serve another line.
//
// Where a line leaves the editor the shell asks again (leave): the line that was
// allowed passes once, any other is decided like one that was entered.
//
// Each prompt carries how many lines the shell has run (RAN): one that ran
// without a question, or in zsh with one of its two, tells that a part is gone.
// A shell that asks again before its next prompt reads on where nobody was shown
// the beginning (its parser sees an open quote where ours sees none, or a builtin
// reads through the line editor): such a line is denied.
//
// # Limits
//
// In zsh, history is expanded before the look; there is no fc, no global or
// suffix alias, and no completion where a line holds $, ` or brackets.
// /etc/zsh/zshenv is read before the hook stands; what it starts is held.
// A line that takes the hook away is critical; once allowed, only starts and
// effects are held.
// Code that runs without a line (trap bodies, the prompt's own commands) does
// not come past here; only what it starts is held.
// A program that runs as root inside can send messages in the shell's name: what
// it asks for is shown, and its answer serves no other text. Builtins that read
// through the line editor (read -e) get nothing.
package hook

import (
	"crypto/rand"
	_ "embed"
	"strconv"
	"strings"
)

//go:embed bash.sh
var bashText string

//go:embed zsh.zsh
var zshText string

// Line is what the engineer wants the shell to run.
type Line struct {
	Text  string // what the shell would run, history expanded
	Typed string // as it was typed
}

// Verdict is the answer to a Line.
type Verdict struct {
	Word   string // Allow, Deny or More
	Reason string // shown with a denial; one line
}

// The words of a Verdict.
const (
	Allow = "allow"
	Deny  = "deny"
	More  = "more" // incomplete: the line goes on, nothing is accepted
)

// Keys are the key sequences of a session: Look asks, Go plays Disarm and
// Accept after an allow and nothing otherwise, Accept accepts the line. Bytes
// that contain Accept must never be passed on as typed input.
type Keys struct{ Look, Go, Disarm, Accept string }

// NewKeys draws them at random.
func NewKeys() Keys {
	draw := func() string { return "\x18\x11" + strings.ToLower(rand.Text()[:20]) }
	return Keys{Look: draw(), Go: draw(), Disarm: draw(), Accept: draw()}
}

// Bash returns the start-up file for bash: fd is the descriptor of the hook in
// the shell; userRC asks, as any other line, whether ~/.bashrc may be read.
func Bash(k Keys, fd int, userRC bool) string {
	rc, complete := "", "progcomp" // what completes runs without a line, unless the start file was allowed
	if userRC {
		complete = ""
		rc = `[[ -f ~/.bashrc ]] && __escort_ask '. ~/.bashrc' '. ~/.bashrc' && . ~/.bashrc`
	}
	return strings.NewReplacer(
		"@LOOK@", readline(k.Look), "@GO@", readline(k.Go),
		"@DISARM@", readline(k.Disarm), "@ACCEPT@", readline(k.Accept),
		"@FD@", strconv.Itoa(fd), "@USERRC@", rc, "@COMPLETE@", complete,
	).Replace(bashText)
}

// Zsh returns the start-up file for zsh; see [Bash]. It needs no keys: a line is
// checked where it leaves the line editor, not at the key.
func Zsh(fd int, userRC bool) string {
	rc := ""
	if userRC {
		rc = `[[ -f ~/.zshrc ]] && __escort_ask look '. ~/.zshrc' && . ~/.zshrc`
	}
	return strings.NewReplacer("@FD@", strconv.Itoa(fd), "@USERRC@", rc).Replace(zshText)
}

// readline spells a key sequence as readline's bind reads it.
func readline(keys string) string {
	return strings.NewReplacer("\x18", `\C-x`, "\x11", `\C-q`).Replace(keys)
}
