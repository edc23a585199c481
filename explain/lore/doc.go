// Package lore is what is known about programs: data, and the reading of a
// command's words by it. One YAML file in data/ is a family; a key in the first
// column is a program (several names: "pgrep, pkill"). An entry is read when it
// is first asked for. Adding a program needs YAML only:
//
//	rm:
//	  summary: deletes files              # third person, everyday words, no full stop
//	  options:                            # a bare text is the meaning
//	    -r -R --recursive: {means: "goes into folders", sets: recursive}
//	    -f --force: never asks
//	    -n --lines N: how many            # capitals: takes a value, which fills the slot N
//	    --color[=WHEN]: colours           # value only when attached (quote it in {…}); -NUM: -20; +CMD: vim +CMD
//	  operands: FILE...                   # e.g. "SRC... DST", "MODE FILE...", "HOST COMMAND..."; X? optional
//	  slots: {FILE: path}                 # kinds: see Kinds. Map form: {kind: path, default: .}
//	  effects: [{do: delete, what: FILE}] # a slot, or text: {do: show, what: "how long the machine has been up"}
//	  examples: [{cmd: "rm x", risk: caution, verbs: delete, says: deletes}]   # three or more, run as tests
//
// Parsing (parse:): gnu (default: options anywhere, bundles, --name=v, unique
// beginnings), posix (options end at the first operand), single (-name is one
// option: find, java, terraform), old (first word may be a bundle without dash:
// tar, ps), keyed (dd if=X: options spelled "if=IN"), none (all are operands).
// A slot whose name an option fills takes no operand (grep -e PATTERN FILE...).
// Options also match after subcommands. any_options: true raises no doubt about
// unknown options. --help and --version are known everywhere (no_help: true:
// not here). sets: help or dry-run switches all effects and findings off.
//
// Effects: do is a word of effect.Verbs. A path's name, scope and rating come
// from data/paths.table by access (list read write delete none; the verb
// implies one); risk: is a floor. Other objects take risk: or the verb's usual
// one. dimension, scope, role, as, recursive, undo, undo_text overrule. say:
// replaces the sentence ("Replaces the history of {BRANCH}"). The usual
// sentence is verb + object: {do: restart, what: SERVICE} is "Restarts the
// service nginx"; a literal what needs no role. Without effects the summary is
// the headline and the risk is safe, so say what it does to others.
//
// Conditions (when:, all must hold; " or " inside one): "-r" (given in any
// spelling), "no -r", "FILE", "no FILE" (slot filled), "MODE ~ regex", a tag,
// "root", "piped-in", "piped", "called reboot/halt".
//
// Running others: slot kinds command (all further words; sudo, nohup), shell
// (text for a shell; bash -c, ssh HOST), code (language: python), script (a
// file that is run), with as: root or "{USER}", where: remote container later,
// loop: true (many times), more: true (words are added, xargs). Options may
// take a command: "-exec CMD": {until: [";", "+"]}. stdin: {kind: shell|code|
// commands, language:, when:} runs its input. prompt: {text: "a database
// prompt", risk: high, when: [no SQL]} opens a prompt of its own. starts: ["less
// *", {argv: "ssh ? *", when: ...}] are helpers it starts itself (? one unknown
// word, * any further). config: files that may name programs. helpers: folder
// of its helper programs. builtin: true: part of the shell. assignments: true:
// leading NAME=VALUE words (env, sudo).
//
// findings: [{id, text, dimension, risk, technique: T1485, when}] are reasons
// for concern, on an entry, subcommand or option. undo: yes|partly|no|unknown
// with undo_text; ask: questions for the engineer; glossary: word: meaning.
// examples: cmd, risk ("high", ">=high", "<=low", "low..caution"), verbs,
// no_verbs, says, not_says (headline, any case), finding, no_finding, undo,
// starts (programs of the plan).
//
// # Limits
//
// Options that change how later options are read (find's -regextype) are not
// followed. An abbreviation that is unique here may be ambiguous in a newer
// release of the program.
package lore
