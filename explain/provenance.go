package explain

import (
	"io/fs"
	"path"
	"strings"

	"escort/explain/effect"
	"escort/explain/say"
)

// provenance notes what speaks against a file that is run: that anyone may
// change it between the look and the start, or that its package has it otherwise.
func (j *job) provenance(s *step, file string, info Info, span *effect.Span) {
	open := info.Mode.IsRegular() && info.Mode.Perm()&0o002 != 0
	if d, err := j.world.Stat(j.ctx, path.Dir(file)); err == nil && d.Mode.IsDir() {
		open = open || d.Mode.Perm()&0o002 != 0 && d.Mode&fs.ModeSticky == 0
	}
	if open {
		j.finding(s, Finding{
			ID: "anyone-may-change-it", Text: say.Text("finding.anyone-may-change-it"),
			Dimension: effect.Control, Risk: effect.High, Technique: "T1574.010", Span: span,
		})
	}
	if info.Unmodified != nil && !*info.Unmodified {
		j.finding(s, Finding{
			ID: "changed-since-installed", Text: say.Text("finding.changed-since-installed"),
			Dimension: effect.Control, Risk: effect.Caution, Technique: "T1554", Span: span,
		})
	}
	j.rememberedAs(s, file, span)
}

// rememberedAs notes that a file is not what it was when it was last allowed.
// Being as it was then lowers nothing.
func (j *job) rememberedAs(s *step, file string, span *effect.Span) {
	known, err := j.world.Lookup(j.ctx, effect.LookupAllowed, j.full(file))
	sum, day, ok := strings.Cut(known, " ")
	if err != nil || !ok || sum == j.out.Plan.Files[file] {
		return
	}
	j.finding(s, Finding{
		ID: "changed-since-allowed", Text: say.Text("finding.changed-since-allowed", "day", day),
		Dimension: effect.Uncertainty, Risk: effect.Caution, Span: span,
	})
}
