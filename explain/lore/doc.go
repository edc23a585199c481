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
//	    --color[=WHEN]: colours           # value only when attached (quote it in {…}); -j N?: also a number behind it; -NUM: -20; -SET: -any=thing; +CMD: vim +CMD
//	  operands: FILE...                   # e.g. "SRC... DST", "MODE FILE...", "HOST COMMAND..."; X? optional
//	  slots: {FILE: path}                 # kinds: see Kinds. Map form: {kind: path, default: .}
//	  effects: [{do: delete, what: FILE}] # a slot, or text: {do: show, what: "how long the machine has been up"}
//	  examples: [{cmd: "rm x", risk: caution, verbs: delete, says: deletes}]   # three or more, run as tests
//
// What each member means stands at [Entry].
//
// Tools whose commands are made of a thing and a deed ("vm delete",
// "delete-volume") need no subcommands: an entry with deeds reads them by
// data/deeds*.table, which say what deeds and things are called and how bad each
// deed is to each kind of thing.
//
// # Limits
//
// Options that change how later options are read (find's -regextype) are not
// followed. An abbreviation that is unique here may be ambiguous in a newer
// release of the program.
package lore
