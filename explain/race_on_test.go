//go:build race

package explain

// slower is how much more the race detector takes of time and memory.
const slower = 8
