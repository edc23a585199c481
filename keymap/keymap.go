// Package keymap holds every key of the console as data: in which mode it is
// pressed, what it does, how the help names it, and why it may be out of
// order. The console, its footer, its help page and the tests read this table;
// no key is named anywhere else.
//
// The rules of the defaults: the key that allows has no neighbour with a
// meaning (nothing on q w s z), no verdict is on Enter or Space alone, Esc
// always takes one step back, and ctrl+] is never given to the program inside.
//
// Keys are named as terminals report them: "a", "?", "enter", "esc", "ctrl+]",
// "pgdown", "shift+tab".
package keymap

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// Mode is a state of the console in which keys have their meaning.
type Mode string

// The modes, in the order of the help page.
const (
	Terminal Mode = "terminal" // keys go to the program in the session
	Card     Mode = "card"     // a card is shown, or nothing is held
	Confirm  Mode = "confirm"  // after allow at caution
	Word     Mode = "word"     // after allow at high and critical
	Deny     Mode = "deny"     // a reason is given
	Message  Mode = "message"  // a message is written
	Search   Mode = "search"   // a search is written
	End      Mode = "end"      // the session is about to be ended
	Presence Mode = "presence" // who is there is asked
	Page     Mode = "page"     // a page covers the card: help, history, script, explanation
)

// Modes lists the modes with what the help page says of each.
var Modes = []struct {
	Mode  Mode
	Title string
}{
	{Card, "At the card"},
	{Terminal, "In the session"},
	{Confirm, "After a, at CAUTION"},
	{Word, "After a, at HIGH and CRITICAL"},
	{Deny, "After d"},
	{Message, "After m"},
	{Search, "After /"},
	{End, "After x"},
	{Presence, "After a long time without a key"},
	{Page, "On a page (help, decisions, script)"},
}

// Action is what a key does.
type Action string

// The actions.
const (
	Allow      Action = "allow"
	DenyIt     Action = "deny"
	Tell       Action = "message"
	Explain    Action = "explain"
	Script     Action = "script"
	CannotTell Action = "cannot-tell"
	Freeze     Action = "freeze"
	EndIt      Action = "end"
	History    Action = "history"
	Find       Action = "search"
	NextPane   Action = "next-pane"
	Help       Action = "help"
	Switch     Action = "switch"
	PrevHold   Action = "previous-hold"
	NextHold   Action = "next-hold"
	PageUp     Action = "page-up"
	PageDown   Action = "page-down"
	Top        Action = "top"
	Bottom     Action = "bottom"
	PrevPart   Action = "previous-part"
	NextPart   Action = "next-part"
	LineUp     Action = "line-up"
	LineDown   Action = "line-down"
	Enter      Action = "enter"
	Back       Action = "back"
	Erase      Action = "erase"
	Yes        Action = "yes"
	Leave      Action = "leave"
	Pick       Action = "pick" // a reason by its number
	Filter     Action = "filter"
	Zoom       Action = "zoom"
	Smaller    Action = "smaller"
	Larger     Action = "larger"
	Mouse      Action = "mouse"
	NextMark   Action = "next-mark"
	Runbook    Action = "runbook"
	Release    Action = "release"
	Jump       Action = "jump"
	Copy       Action = "copy"
	Nothing    Action = "nothing"
)

// Binding is one row of the table.
type Binding struct {
	Mode     Mode
	Action   Action
	Keys     []string
	Short    string // for the footer; empty: only in the help
	Help     string
	Disabled string // why it does nothing, where that can be
}

var defaults = []Binding{
	{Card, Allow, []string{"a"}, "allow", "allow what is held; CAUTION asks for Enter as well, unless the card says that you allowed exactly this before; HIGH and CRITICAL ask for a word to type", "nothing is held"},
	{Card, DenyIt, []string{"d"}, "deny", "deny what is held, with a reason if you like", "nothing is held"},
	{Card, Tell, []string{"m"}, "ask", "write to the engineer; Enter at once sends the card's question", "nobody to write to"},
	{Card, Explain, []string{"e"}, "explain more", "explain more: why this risk, what changes, a harmless version, each word", "nothing is held"},
	{Card, Script, []string{"v"}, "script", "show the script: worst lines and where it comes from", "no script in this"},
	{Card, CannotTell, []string{"c"}, "not sure, pass on", "cannot tell: it stays held for somebody who can, goes to the end of the queue, and the engineer is told", "nothing is held"},
	{Card, Freeze, []string{"f"}, "freeze", "freeze every process of the session, or thaw them", "the session has not begun"},
	{Card, EndIt, []string{"x"}, "end", "end the session; asks once", "the session has not begun"},
	{Card, Help, []string{"?"}, "keys", "show these keys", ""},
	{Card, History, []string{"h"}, "", "list the decisions of this session", ""},
	{Card, Runbook, []string{"r"}, "", "show the runbook: which steps were allowed, and which is next", "no runbook was given (--runbook)"},
	{Card, Release, []string{"g"}, "", "show what output is held back from the engineer, as they would get it; enter there gives it to them", "no output is held back here"},
	{Card, Find, []string{"/"}, "", "search in what PgUp and PgDn scroll", ""},
	{Card, NextPane, []string{"tab"}, "", "choose what PgUp and PgDn scroll: the card or the session", ""},
	{Card, Zoom, []string{"o"}, "", "one pane fills the window, the one that tab chose; once more: both", ""},
	{Card, Smaller, []string{"-"}, "", "make the session's pane smaller, the card larger", "only one pane is shown"},
	{Card, Larger, []string{"+", "="}, "", "make the session's pane larger, the card smaller", "only one pane is shown"},
	{Card, Mouse, []string{"t"}, "", "leave the mouse to the terminal, to select text with it; once more: take it", ""},
	{Card, PrevHold, []string{"["}, "", "show the hold before this one", "nothing else is held"},
	{Card, NextHold, []string{"]"}, "", "show the hold after this one", "nothing else is held"},
	{Card, PrevPart, []string{"left", "up"}, "", "point at the word before", "the command has no parts"},
	{Card, NextPart, []string{"right", "down"}, "", "point at the next word of the command", "the command has no parts"},
	{Card, PageUp, []string{"pgup"}, "", "scroll up", ""},
	{Card, PageDown, []string{"pgdown"}, "", "scroll down", ""},
	{Card, Top, []string{"home"}, "", "scroll to the top", ""},
	{Card, Bottom, []string{"end"}, "", "scroll to the end", ""},
	{Card, Switch, []string{"ctrl+]"}, "", "give the keyboard to the session", "the session has not begun"},
	{Card, Back, []string{"esc"}, "", "unmark the word pointed at", ""},
	{Card, Copy, []string{"ctrl+y"}, "", "copy the command, as it is shown, to the clipboard of your terminal", "nothing is held"},
	{Card, Nothing, []string{"ctrl+c", "ctrl+z"}, "", "does nothing: the console is neither ended nor put aside by it", ""},

	{Terminal, Switch, []string{"ctrl+]"}, "", "give the keyboard to the console; every other key goes to the program", ""},

	{Confirm, Enter, []string{"enter"}, "allow", "allow", ""},
	{Confirm, Back, []string{"esc"}, "do not allow", "do not allow; back to the card", ""},

	{Word, Enter, []string{"enter"}, "allow", "allow, if the word is right", ""},
	{Word, Erase, []string{"backspace"}, "", "erase a letter", ""},
	{Word, Back, []string{"esc"}, "do not allow", "do not allow; back to the card", ""},

	{Deny, Pick, []string{"1", "2", "3", "4", "5", "6"}, "reason", "choose a reason; other letters write your own", ""},
	{Deny, Enter, []string{"enter"}, "deny", "deny, with the reason or without", ""},
	{Deny, Erase, []string{"backspace"}, "", "erase a letter", ""},
	{Deny, Back, []string{"esc"}, "back", "take it back", ""},

	{Message, Enter, []string{"enter"}, "send", "send", ""},
	{Message, Erase, []string{"backspace"}, "", "erase a letter", ""},
	{Message, Back, []string{"esc"}, "back", "send nothing", ""},

	{Search, Enter, []string{"enter"}, "find", "go to the next line with this text; with nothing written, with the text of the last search", ""},
	{Search, Erase, []string{"backspace"}, "", "erase a letter", ""},
	{Search, Back, []string{"esc"}, "back", "stop searching", ""},

	{End, Yes, []string{"y"}, "end the session", "end the session and every process of it", ""},
	{End, Leave, []string{"l"}, "leave it running", "close this console and leave the session running, at an attached one", "this console is the session's own"},
	{End, Back, []string{"n", "esc"}, "go on", "go on", ""},

	{Presence, Enter, []string{"enter"}, "I am here", "show that you are there", ""},
	{Presence, Erase, []string{"backspace"}, "", "erase a letter", ""},
	{Presence, Back, []string{"esc"}, "back", "decide nothing yet", ""},

	{Page, Back, []string{"esc"}, "close", "close the page", ""},
	{Page, Jump, []string{"enter"}, "show it", "in the list of decisions, scroll the session back to that moment; on what is held back, give it to the engineer", "only for the list of decisions, and what is held back"},
	{Page, LineUp, []string{"up"}, "", "scroll up a line; in the list of decisions, mark the one before", ""},
	{Page, LineDown, []string{"down"}, "", "scroll down a line; in the list of decisions, mark the next one", ""},
	{Page, PageUp, []string{"pgup"}, "", "scroll up", ""},
	{Page, PageDown, []string{"pgdown"}, "scroll", "scroll down", ""},
	{Page, Top, []string{"home"}, "", "scroll to the top", ""},
	{Page, Bottom, []string{"end"}, "", "scroll to the end", ""},
	{Page, NextMark, []string{"n"}, "next mark", "in a script, go to the next line that stands out, the worst first", "nothing is marked here"},
	{Page, Filter, []string{"tab"}, "filter", "in the list of decisions, show all, what was denied, HIGH and CRITICAL, surprises, or notes", "only for the list of decisions"},
	{Page, Find, []string{"/"}, "", "search on the page", ""},
	{Page, Zoom, []string{"o"}, "", "the page fills the window; once more: both panes", ""},
	{Page, Smaller, []string{"-"}, "", "make the page larger", "only one pane is shown"},
	{Page, Larger, []string{"+", "="}, "", "make the page smaller", "only one pane is shown"},
	{Page, Mouse, []string{"t"}, "", "leave the mouse to the terminal, to select text with it; once more: take it", ""},
	{Page, Switch, []string{"ctrl+]"}, "", "close the page and give the keyboard to the session", ""},
}

// Map is a table of keys without conflicts.
type Map struct {
	bindings []Binding
	byKey    map[Mode]map[string]int
}

// OverrideError says what is wrong about one override.
type OverrideError struct {
	Name string // "card.allow"
	Text string
}

func (e *OverrideError) Error() string { return e.Text }

// fixed are the actions whose key is part of what people are promised: the way
// back to the console must not depend on a file.
var fixed = map[Mode]map[Action]bool{Terminal: {Switch: true}}

// inFlight are keys that are pressed without looking. They allow nothing by
// themselves.
var inFlight = []string{"enter", "space", "esc", "tab", "backspace"}

// New makes the default table with the overrides applied: "mode.action" to the
// keys that replace its own, for example "card.allow" to ["y"]. An unknown
// name, an action left without a key, a key with two meanings in one mode, and
// an allow on a key that is pressed without looking are an [OverrideError].
func New(overrides map[string][]string) (*Map, error) {
	m := &Map{bindings: slices.Clone(defaults), byKey: map[Mode]map[string]int{}}
	names := make([]string, 0, len(overrides))
	for name := range overrides {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if err := m.override(name, overrides[name]); err != nil {
			return nil, err
		}
	}
	for i, b := range m.bindings {
		if m.byKey[b.Mode] == nil {
			m.byKey[b.Mode] = map[string]int{}
		}
		for _, k := range b.Keys {
			if j, taken := m.byKey[b.Mode][k]; taken {
				return nil, conflict(k, m.bindings[j], b, overrides)
			}
			m.byKey[b.Mode][k] = i
		}
	}
	return m, nil
}

// conflict names the override that brings a key a second meaning.
func conflict(key string, first, second Binding, overrides map[string][]string) error {
	name := first.Name()
	if !slices.Contains(overrides[name], key) {
		name = second.Name()
	}
	return &OverrideError{name, fmt.Sprintf("key %q means both %s and %s at the %s", key, first.Action, second.Action, first.Mode)}
}

// Name is what an override calls the binding: "card.allow".
func (b Binding) Name() string { return string(b.Mode) + "." + string(b.Action) }

// Default is the table without overrides.
func Default() *Map {
	m, err := New(nil)
	if err != nil {
		panic("keymap: the defaults are in conflict: " + err.Error())
	}
	return m
}

func (m *Map) override(name string, keys []string) error {
	for i := range m.bindings {
		b := &m.bindings[i]
		if b.Name() != name {
			continue
		}
		switch {
		case len(keys) == 0 || slices.Contains(keys, ""):
			return &OverrideError{name, name + " needs a key"}
		case fixed[b.Mode][b.Action]:
			return &OverrideError{name, name + " is always on " + strings.Join(b.Keys, ", ")}
		case b.Mode == Card && b.Action == Allow && slices.ContainsFunc(keys, func(k string) bool { return slices.Contains(inFlight, k) }):
			return &OverrideError{name, name + " may not be on a key that is pressed without looking: " + strings.Join(inFlight, ", ")}
		}
		b.Keys = slices.Clone(keys)
		return nil
	}
	return &OverrideError{name, "there is nothing named " + name + " to give a key to"}
}

// Find is what key means in mode.
func (m *Map) Find(mode Mode, key string) (Binding, bool) {
	i, ok := m.byKey[mode][key]
	if !ok {
		return Binding{}, false
	}
	return m.bindings[i], true
}

// Of lists what can be pressed in mode, in the order of the help page.
func (m *Map) Of(mode Mode) []Binding {
	var bs []Binding
	for _, b := range m.bindings {
		if b.Mode == mode {
			bs = append(bs, b)
		}
	}
	return bs
}

// Key is the first key of an action in mode; empty if it has none there.
func (m *Map) Key(mode Mode, a Action) string {
	for _, b := range m.bindings {
		if b.Mode == mode && b.Action == a {
			return b.Keys[0]
		}
	}
	return ""
}

// Index is the place of key among the keys of its binding: which reason a
// number picks.
func (b Binding) Index(key string) int { return slices.Index(b.Keys, key) }
