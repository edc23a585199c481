package explain

import (
	"bytes"
	"path"
	"strings"

	"escort/explain/effect"
	"escort/explain/lore"
	"escort/explain/regex"
	"escort/explain/say"
)

// anotherName finds the lore of what a path outside of the system's folders
// leads to: a link to a program of the system, or the small script by which
// Python starts an installed program. nil: neither.
func (j *job) anotherName(s *step, name string, cmd *command, f frame) *lore.Entry {
	info, err := j.world.Stat(j.ctx, name)
	if err != nil {
		return nil
	}
	target := name
	if info.Target != "" {
		target = info.Target
	}
	var e *lore.Entry
	switch {
	case info.Target != "" && systemFolder(path.Dir(target)) && administrators(info):
		e = j.entryOf(target)
	case info.Mode.IsRegular():
		e = j.startedByPython(name)
	}
	if e == nil {
		return nil
	}
	cmd.renamed = true
	if info.Target != "" && !j.ownPython(name) {
		return e
	}
	cmd.apart = true
	j.finding(s, Finding{
		ID: "own-python", Text: say.Text("finding.own-python", "folder", show(path.Dir(path.Dir(path.Clean(name))))),
		Dimension: effect.Uncertainty, Risk: effect.Caution, Span: f.at(cmd.words[0].Span),
	})
	return e
}

// ownPython reports whether a program is the Python of a folder of its own,
// which loads code from there before anything else.
func (j *job) ownPython(name string) bool {
	_, err := j.world.Stat(j.ctx, path.Join(path.Dir(path.Dir(name)), "pyvenv.cfg"))
	return err == nil
}

// startScript is all that such a script says.
var startScript = regex.New(`^(?:import re\n|import sys\n)*from (\w+)[\w.]* import (\w+)\n(?:import sys\n)?if __name__ == ['"]__main__['"]:\n` +
	`(?:\s+sys\.argv\[0\] = .*\n|\s+if sys\.argv\[0\]\.endswith\(.*\n)*\s+sys\.exit\((\w+)\(\)\)\n$`)

// maxStartScript is more than such a script ever has.
const maxStartScript = 2 << 10

// startedByPython finds the lore of the program that such a script starts. Its
// name must be that of the script.
func (j *job) startedByPython(name string) *lore.Entry {
	data, err := j.world.Read(j.ctx, name, maxStartScript+1)
	if err != nil || len(data) > maxStartScript || !bytes.HasPrefix(data, []byte("#!")) {
		return nil
	}
	var text strings.Builder
	for line := range strings.Lines(string(data)) {
		if trimmed := strings.TrimSpace(line); trimmed != "" && trimmed[0] != '#' {
			text.WriteString(line)
		}
	}
	m := startScript.FindStringSubmatch(text.String())
	base := path.Base(name)
	if m == nil || m[2] != m[3] || !strings.HasPrefix(base, m[1]) {
		return nil
	}
	e, err := lore.Lookup(base)
	if err != nil || e == nil {
		return nil
	}
	j.out.Plan.Files[name] = sum(data)
	return e
}
