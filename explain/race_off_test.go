//go:build !race

package explain

// slower is 1 without the race detector.
const slower = 1
