// Package shell reads a line or script of shell text and says which simple
// commands it comes to, with their words expanded as far as can be known
// without running anything.
//
// Syntax is that of mvdan.cc/sh; there is no parser of our own. On top of it
// stands a partial evaluation: assignments earlier in the text, braces,
// quotes, tilde, parameter expansions, arithmetic, wildcards against the
// host, and command substitutions whose output follows from their text alone
// (echo, printf, base64 -d of a literal and their like). What is not known
// stays visibly not known: a stretch of [Unknown] in a word, or a [Problem].
// Functions, aliases, eval, source and trap are followed.
//
// # Limits
//
// Zsh is read by its own grammar but expanded as bash would, except that a
// variable stays one word; text that means something else to zsh is a Problem.
// A cd is taken to
// succeed. Set options (noglob, nullglob, errexit) are not followed. A value that changes in a loop or under a condition is
// unknown afterwards. Reading is bounded by [MaxNodes] and [MaxDepth]; past
// them a Problem says so, and what follows is not in the [Program].
package shell
