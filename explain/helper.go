package explain

import (
	"path"
	"strings"

	"escort/explain/effect"
	"escort/explain/lore"
)

// maxHelpers is how deep entries are followed for the helpers of helpers.
const maxHelpers = 2

// maxParts is how many programs one pattern of a helper's name stands for.
const maxParts = 16

// helpers puts the programs that a command starts by itself into the plan.
func (j *job) helpers(u *lore.Use, w lore.Where, f frame) {
	for _, h := range u.Helpers(w) {
		j.helper(h, f.parent, 0)
	}
}

// helper puts one start of a helper and those of its own helpers into the plan.
// How its words are written stands at [lore.Start].
func (j *job) helper(h lore.Helper, parent, depth int) {
	words := h.Words
	st := Start{Parent: parent}
	if h.Apart {
		st.Parent = -1
	}
	for i, word := range words {
		switch {
		case word == "*" && i == len(words)-1:
			st.Rest = true
		case word == "?":
			st.Argv = append(st.Argv, nil)
		default:
			st.Argv = append(st.Argv, &word)
		}
	}
	if len(st.Argv) == 0 || st.Argv[0] == nil {
		j.addStart(st)
		return
	}
	name := *st.Argv[0]
	switch {
	case name == "=":
		if st.Path = j.fileOf(parent); st.Path != "" {
			st.Argv[0] = nil // whatever it calls itself, it is the same file
			j.below(h.Below, j.addStart(st), depth)
		}
		return
	case name == "$SHELL":
		if shell, err := j.world.Lookup(j.ctx, effect.LookupVariable, "SHELL"); err == nil && path.IsAbs(shell) {
			st.Argv[0], st.Path = nil, shell
			j.addStart(st)
		}
		return
	case strings.HasPrefix(name, "../") || strings.Contains(name, "*"):
		for _, file := range j.parts(name, parent) {
			part := st
			part.Argv = append([]*string{&file}, st.Argv[1:]...)
			part.Path = file
			j.below(h.Below, j.addStart(part), depth)
		}
		return
	}
	if p, err := j.world.Lookup(j.ctx, effect.LookupProgram, name); err == nil {
		st.Path = p
	}
	at := j.addStart(st)
	j.below(h.Below, at, depth)
	if depth >= maxHelpers {
		return
	}
	if code := shellCode(words); len(code) > 0 {
		j.below([]lore.Helper{{Words: code}}, at, depth+1)
	} else if e, err := lore.Lookup(path.Base(name)); err == nil && e != nil {
		j.below(e.Plain(path.Base(name)), at, depth+1)
	}
}

// below plans what a helper starts in turn.
func (j *job) below(helpers []lore.Helper, parent, depth int) {
	for _, h := range helpers {
		j.helper(h, parent, depth)
	}
}

// shellCode is the one command in sh -c COMMAND, where that is all known.
func shellCode(words []string) []string {
	if len(words) != 3 || path.Base(words[0]) != "sh" || words[1] != "-c" || words[2] == "?" || words[2] == "*" {
		return nil
	}
	return strings.Fields(words[2])
}

// fileOf is the program of a start in the plan, for a script the one that reads
// it; empty where it is not known.
func (j *job) fileOf(start int) string {
	if start < 0 || start >= len(j.out.Plan.Starts) {
		return ""
	}
	file := j.out.Plan.Starts[start].Path
	if file == "" {
		return ""
	}
	head, err := j.world.Read(j.ctx, file, 256)
	if err != nil {
		return file
	}
	line, _, _ := strings.Cut(string(head), "\n")
	if words := strings.Fields(strings.TrimPrefix(line, "#!")); strings.HasPrefix(line, "#!") && len(words) == 1 && path.IsAbs(words[0]) {
		return words[0]
	}
	return file
}

// parts are the files that a pattern stands for, which may begin at the folder
// of the program that starts them: its own parts. Only those of the
// administrator are, which nobody else can change.
func (j *job) parts(pattern string, parent int) []string {
	if strings.HasPrefix(pattern, "../") {
		file := j.fileOf(parent)
		if !path.IsAbs(file) {
			return nil
		}
		info, err := j.world.Stat(j.ctx, file)
		if err != nil || !administrators(info) {
			return nil
		}
		if info.Target != "" {
			file = info.Target
		}
		pattern = path.Join(path.Dir(file), pattern)
	}
	files, _, err := j.world.Glob(j.ctx, pattern, maxParts)
	if err != nil {
		return nil
	}
	var out []string
	for _, file := range files {
		if info, err := j.world.Stat(j.ctx, file); err == nil && info.Mode.IsRegular() && administrators(info) {
			out = append(out, file)
		}
	}
	return out
}

// administrators reports whether a file is root's, and nobody else may write it.
func administrators(info effect.Info) bool {
	return info.Owner == "root" && info.Mode.Perm()&0o022 == 0
}
