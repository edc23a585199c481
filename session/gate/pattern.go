package gate

import (
	"path"

	"escort/explain/effect"
)

// fits reports whether argv is one of those that s stands for. sameFile says
// that the program is known to be the file that was shown; only then may its
// name be spelled otherwise or be unknown.
func fits(s *effect.Start, argv []string, sameFile bool) bool {
	if len(argv) < len(s.Argv) || len(argv) > len(s.Argv) && !s.Rest {
		return false
	}
	if len(s.Argv) == 0 {
		return s.Rest && sameFile
	}
	for i, p := range s.Argv {
		switch {
		case i == 0 && p == nil:
			if !sameFile {
				return false
			}
		case p == nil, *p == argv[i]:
		case i == 0 && sameFile && path.Base(*p) == path.Base(argv[i]):
		default:
			return false
		}
	}
	return true
}

// names reports whether s is about the program that a start names.
func names(s *effect.Start, argv []string, name string) bool {
	if len(s.Argv) == 0 || s.Argv[0] == nil {
		return false
	}
	base := path.Base(*s.Argv[0])
	return base == path.Base(name) || len(argv) > 0 && base == path.Base(argv[0])
}

// moreSpecific reports whether a says more about its words than b.
func moreSpecific(a, b *effect.Start) bool {
	if x, y := known(a), known(b); x != y {
		return x > y
	}
	if (a.Path != "") != (b.Path != "") {
		return a.Path != ""
	}
	return !a.Rest && b.Rest
}

func known(s *effect.Start) (n int) {
	for _, p := range s.Argv {
		if p != nil {
			n++
		}
	}
	return n
}
