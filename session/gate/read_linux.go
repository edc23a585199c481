package gate

import (
	"path"
	"strconv"
	"strings"
)

// otherFile names a file that s is going to read and that is not what the plan
// of gr read at the look: written to since, or another of that name because the
// process stands in another folder than was thought. Empty: there is none.
//
// Which words are files that a program runs is not for the gate to know: every
// word that could name one of the plan's counts, and so does the standard input.
func (g *Gate) otherFile(s *start, gr *grant) (string, error) {
	if len(gr.plan.Files) == 0 {
		return "", nil
	}
	return within(g, s.on, func() (string, error) {
		v, err := newView(s.n.TID, s.key.pid)
		if err != nil {
			return "", err
		}
		defer v.close()
		for _, word := range s.argv[min(1, len(s.argv)):] {
			if !gr.reads(word) {
				continue
			}
			p, err := v.find(word, "cwd", true)
			if err != nil {
				continue // the program will not find it either
			}
			if gr.other(word, &p) {
				return word, nil
			}
		}
		if p, err := v.at("fd/0"); err == nil {
			if name := p.name(); gr.reads(name) && gr.other(name, &p) {
				return name, nil
			}
			p.close()
		}
		return "", nil
	})
}

// reads reports whether word may name a file of the plan.
func (gr *grant) reads(word string) bool {
	for file := range gr.plan.Files {
		if tailOf(file, word) {
			return true
		}
	}
	return false
}

// other reports whether p, which word names, is none of the files that the plan
// read by that name. It closes p.
func (gr *grant) other(word string, p *place) bool {
	defer p.close()
	if !p.isFile() {
		return false
	}
	for file, sum := range gr.plan.Files {
		if !tailOf(file, word) {
			continue
		}
		if gr.files[file] == p.id() {
			return false
		}
		// Touched, or its mode was changed: only its text counts.
		if part, err := hasSum("/proc/self/fd/"+strconv.Itoa(p.fd), sum); err == nil && !part {
			return false
		}
	}
	return true
}

// tailOf reports whether word, from some folder, could be the path file.
func tailOf(file, word string) bool {
	file, word = path.Clean(file), path.Clean(word)
	if file == word {
		return true
	}
	for {
		rest, up := strings.CutPrefix(word, "../")
		if !up {
			break
		}
		word = rest
	}
	return word != "" && !strings.HasPrefix(word, "/") && strings.HasSuffix("/"+file, "/"+word)
}
