package recipe

import (
	"strings"
	"testing"
)

// TestPatternsThatAskForEverMore checks that a file whose patterns need two more
// targets each ends, and says that it was not followed to its end.
func TestPatternsThatAskForEverMore(t *testing.T) {
	steps := Read("make", "all: a\n%: %.x %.y\n\techo $@\n", Asked{})
	unread := 0
	for _, s := range steps {
		if s.Unread != "" {
			unread++
		}
	}
	if unread == 0 || len(steps) > 11*MaxSteps {
		t.Errorf("%d steps, %d of them unread", len(steps), unread)
	}
}

// TestPatternsWithoutCommands reads what CMake begins its files with: patterns
// that only switch off what make would do by itself.
func TestPatternsWithoutCommands(t *testing.T) {
	steps := Read("make", "all: m.o\n% : %,v\n% : RCS/%\n% : RCS/%,v\n% : SCCS/s.%\n% : s.%\nm.o: m.c\n\tcc -c m.c\n", Asked{})
	if len(steps) != 1 || !strings.HasPrefix(steps[0].Shell, "cc ") {
		t.Errorf("%d steps: %+v", len(steps), steps)
	}
}
