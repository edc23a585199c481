package explain

import (
	"path"
	"slices"
	"strings"

	"escort/explain/effect"
	"escort/explain/lore"
	"escort/explain/prose"
	"escort/explain/regex"
	"escort/explain/say"
	"escort/explain/script/recipe"
)

// recipeUse says which file a program takes its orders from.
type recipeUse struct {
	language string
	verbs    []string // subcommands that use it, as in "docker build"; none: always
	options  []string // options that name the file
	values   []string // other options that take a word
	files    []string // where the file lies if none is named
	folder   []string // options that name the folder
	operand  bool     // the first operand is the folder
	slot     string   // of the lore, whose word is the folder
	inside   []string // patterns of the files in a folder
	clears   bool     // an effect that only says "not read" is then left out
	tells    bool     // where nothing can be read, that is said
	names    func(u *lore.Use, words []string) []string
}

// recipeUses are the programs whose files are opened where they lie.
var recipeUses = map[string][]recipeUse{
	"make": {{language: "make", values: makeValues, files: []string{"GNUmakefile", "makefile", "Makefile"}, folder: []string{"-C", "--directory"}, clears: true, names: plainWords}},
	"just": {{language: "just", files: []string{"justfile", "Justfile", ".justfile"}, names: plainWords}},
	"npm":  npmUses,
	"yarn": npmUses,
	"pnpm": npmUses,
	"docker": {
		{language: "dockerfile", verbs: []string{"build", "buildx build", "image build", "builder build"}, options: []string{"-f", "--file"}, values: buildValues, files: []string{"Dockerfile", "Containerfile"}, operand: true},
		{language: "compose", verbs: []string{"compose up", "compose run", "compose start", "compose create"}, options: []string{"-f", "--file"}, values: composeValues, files: composeFiles, names: composeNames, tells: true},
	},
	"docker-compose": {{language: "compose", verbs: []string{"up", "run", "create"}, options: []string{"-f", "--file"}, values: composeValues, files: composeFiles, names: composeNames, tells: true}},
	"kubectl":        {{language: "kubernetes", verbs: []string{"apply", "create", "replace"}, options: []string{"-f", "--filename", "-k", "--kustomize"}, inside: []string{"*.yaml", "*.yml", "*.json"}, tells: true}},
	"helm":           {{language: "helm", verbs: []string{"install", "upgrade"}, slot: "CHART", inside: []string{"templates/*.yaml", "templates/*.yml"}, tells: true}},
	"terraform":      {{language: "terraform", verbs: []string{"apply", "plan", "destroy"}, inside: []string{"*.tf"}, files: []string{"main.tf"}, folder: []string{"-chdir"}, tells: true}},
	"psql":           {{language: "sql", options: []string{"-f", "--file"}, clears: true}},
	"systemctl":      {{language: "unit", verbs: []string{"start", "restart", "reload", "enable", "reenable", "try-restart", "reload-or-restart", "stop"}, names: unitVerb}},
	"git":            {{language: "gitconfig", files: []string{".git/config"}, folder: []string{"-C"}, names: gitVerb}},
}

func init() {
	for name, as := range map[string]string{
		"gmake": "make", "podman": "docker", "nerdctl": "docker", "buildah": "docker", "podman-compose": "docker-compose",
		"oc": "kubectl", "k3s-kubectl": "kubectl", "kubecolor": "kubectl", "tofu": "terraform", "terragrunt": "terraform",
	} {
		recipeUses[name] = recipeUses[as]
	}
}

var (
	npmUses = []recipeUse{{
		language: "package.json", verbs: []string{"run", "run-script", "test", "t", "start", "stop", "restart", "build", "dev", "lint", "install", "i", "ci", "clean-install", ""},
		values: npmValues, files: []string{"package.json"}, folder: npmFolders, names: npmNames,
	}}
	npmValues     = []string{"-w", "--workspace", "--filter", "--loglevel", "--registry"}
	npmFolders    = []string{"--prefix", "-C", "--cwd", "--dir"}
	makeValues    = []string{"-f", "--file", "--makefile", "-C", "--directory", "-I", "-o", "-W", "--eval", "-l"}
	buildValues   = []string{"-t", "--tag", "--build-arg", "--target", "--platform", "--label", "--secret", "--ssh", "--network", "--cache-from", "--cache-to", "-o", "--output", "--progress", "--iidfile", "--builder", "--build-context"}
	composeValues = []string{"-p", "--project-name", "--env-file", "--profile", "--scale", "--project-directory"}
	gitValues     = []string{"-C", "-c", "--git-dir", "--work-tree", "--exec-path", "--namespace"}
	composeFiles  = []string{"compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"}
)

// recipes opens the files that a program takes its orders from.
func (j *job) recipes(s *step, u *lore.Use, cmd *command, f frame) {
	uses := recipeUses[u.Program]
	if len(uses) == 0 || u.Tags["plan"] {
		return
	}
	folder, ok := j.dirOf(cmd)
	if !ok {
		return
	}
	words := texts(cmd.words)[1:]
	for _, r := range uses {
		if len(r.verbs) > 0 && !slices.Contains(r.verbs, strings.TrimPrefix(strings.TrimPrefix(u.Path, u.Program), " ")) &&
			!slices.Contains(r.verbs, firstPlain(words, r)) {
			continue
		}
		f.asked = recipe.Asked{Vars: assigned(words)}
		if r.names != nil {
			f.asked.Names = r.names(u, words)
			if len(f.asked.Names) == 0 && r.language == "package.json" { // it runs none
				continue
			}
		}
		j.recipeAll(s, r, u, cmd, folder, f)
	}
	if u.Program == "git" {
		j.gitHooks(s, cmd, words, folder, f)
	}
}

// recipeAll opens the files of one use, and says where none can be read.
func (j *job) recipeAll(s *step, r recipeUse, u *lore.Use, cmd *command, folder string, f frame) {
	files := j.recipeFiles(r, u, texts(cmd.words)[1:], folder)
	opened := len(s.inner)
	for _, file := range files {
		j.recipeOpen(s, r, file, cmd, f)
	}
	if !r.tells || len(s.inner) > opened || u.Off() || slices.ContainsFunc(files, elsewhere) || len(files) == 0 && (r.slot != "" || len(r.options) > 0 && len(r.files) == 0) {
		return
	}
	i := slices.IndexFunc(s.acts, func(a act) bool { return !a.side && a.say != "" && a.Risk.AtLeast(effect.Caution) })
	if i < 0 {
		return
	}
	s.acts[i].say = say.Text("files.not-read-here", "does", s.acts[i].say)
	below := f
	below.into = s
	j.unknown(below, say.Text("files.what-this-file-lists"), say.Text("files.it-could-not-be-read"), effect.Caution, f.at(cmd.words[0].Span))
}

// elsewhere reports a name of what is no file of this machine.
func elsewhere(file string) bool {
	return file == "-" || path.Base(file) == "-" || strings.Contains(file, ":/") || strings.Contains(file, recipe.Hole)
}

// recipeFiles are the files that are named, or the usual one that is there.
func (j *job) recipeFiles(r recipeUse, u *lore.Use, words []string, folder string) []string {
	if v := optionValues(words, r.folder); len(v) > 0 {
		folder = within(folder, v[len(v)-1])
	}
	if u.Program == "systemctl" {
		return j.unitFiles(words)
	}
	if named := optionValues(words, r.options); len(named) > 0 {
		var out []string
		for _, n := range named {
			out = append(out, j.inFolder(within(folder, n), r.inside, true)...)
		}
		return out
	}
	if r.slot != "" {
		if w := u.Slots[r.slot]; len(w) == 1 && w[0].Known && localName.MatchString(w[0].Text) {
			return j.inFolder(within(folder, w[0].Text), r.inside, true)
		}
		return nil
	}
	if len(r.inside) > 0 && len(r.options) == 0 {
		if all := j.inFolder(folder, r.inside, false); len(all) > 0 {
			return all
		}
	}
	if u.Program == "make" && len(optionValues(words, []string{"-f", "--file", "--makefile"})) > 0 {
		return nil // its slot opens it
	}
	if r.operand {
		if w := plainAfter(words, slices.Concat(r.options, r.values)); len(w) > 0 {
			folder = within(folder, w[len(w)-1])
		}
	}
	for _, name := range r.files {
		name = path.Join(folder, name)
		if _, err := j.world.Stat(j.ctx, name); err == nil {
			return []string{name}
		}
	}
	return nil
}

// localName is how the folder of a package of the cluster is named, not one of a
// store.
var localName = regex.New(`^[./~]`)

// maxInside is how many files of a folder are opened.
const maxInside = 32

// inFolder are the files that fit patterns in a folder, or the name itself where
// it is no folder, or nothing is there and it is wanted all the same.
func (j *job) inFolder(name string, patterns []string, itself bool) []string {
	var out []string
	if info, err := j.world.Stat(j.ctx, name); err == nil && info.Mode.IsDir() {
		for _, p := range patterns {
			found, _, err := j.world.Glob(j.ctx, path.Join(name, p), maxInside)
			if err == nil {
				out = append(out, found...)
			}
		}
	}
	if len(out) == 0 && itself {
		return []string{name}
	}
	return out
}

// unitFolders are where systemd looks for units, the strongest first.
var unitFolders = []string{"/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system", "/lib/systemd/system", "/usr/lib/systemd/system"}

func (j *job) unitFiles(words []string) []string {
	var out []string
	for _, w := range plainAfter(words, []string{"-t", "--type", "-H", "--host", "-M", "--machine", "--root"})[min(1, len(words)):] {
		name := path.Base(w)
		if path.Ext(name) == "" {
			name += ".service"
		}
		folders := unitFolders
		if strings.HasPrefix(w, "/") {
			folders = []string{path.Dir(w)}
		}
		for _, d := range folders {
			file := path.Join(d, name)
			if _, err := j.world.Stat(j.ctx, file); err == nil {
				out = append(out, file)
				break
			}
		}
	}
	return out
}

// recipeOpen opens one file below the step.
func (j *job) recipeOpen(s *step, r recipeUse, file string, cmd *command, f frame) {
	if elsewhere(file) {
		return
	}
	data, more, ok := j.read(file)
	if !ok || !isText(data) {
		return
	}
	if r.language == "gitconfig" && len(recipe.Read(r.language, string(data), f.asked)) == 0 {
		return
	}
	if r.clears {
		s.acts = slices.DeleteFunc(s.acts, func(a act) bool { return a.Dimension == effect.Uncertainty && a.Verb == "execute" })
	}
	f.folder = path.Dir(file)
	inner := &step{program: s.program, as: s.as, where: s.where}
	span := f.at(cmd.words[0].Span)
	f.fix = span
	j.openAs(inner, file, file, r.language, data, more, nil, span, f)
	inner.lead, inner.summary = prose.Lead{}, ""
	s.inner = append(s.inner, inner)
}

// gitHooks opens the hooks of the repository that a subcommand runs.
func (j *job) gitHooks(s *step, cmd *command, words []string, folder string, f frame) {
	verb := firstPlain(words, recipeUse{values: gitValues})
	if slices.Contains(words, "--no-verify") || slices.Contains(words, "-n") && verb == "commit" {
		verb = map[string]string{"commit": "commit-unverified"}[verb]
	}
	if v := optionValues(words, []string{"-C"}); len(v) > 0 {
		folder = within(folder, v[len(v)-1])
	}
	for _, hook := range hooksOf[verb] {
		file := path.Join(folder, ".git/hooks", hook)
		info, err := j.world.Stat(j.ctx, file)
		if err != nil || info.Mode.Perm()&0o111 == 0 {
			continue
		}
		inner := &step{as: s.as, where: s.where}
		span := f.at(cmd.words[0].Span)
		data, more, ok := j.read(file)
		if !ok || !isText(data) {
			below := f
			below.into = inner
			inner.summary = say.Text("files.runs-the-hook-which-i", "hook", hook)
			j.unknownNamed(below, "hook", hook, say.Text("files.it-could-not-be-read"), effect.High, span)
			j.incomplete()
		} else {
			below := f
			start := file
			below.parent = j.addStart(Start{Argv: []*string{&start}, Rest: true, Path: file, SHA256: sum(data), Parent: f.parent, Max: 0})
			j.openScript(inner, file, file, data, more, nil, span, below)
		}
		s.inner = append(s.inner, inner)
	}
}

// hooksOf are the hooks that each subcommand of git runs.
var hooksOf = map[string][]string{
	"commit":            {"pre-commit", "prepare-commit-msg", "commit-msg", "post-commit"},
	"commit-unverified": {"prepare-commit-msg", "post-commit"},
	"merge":             {"pre-merge-commit", "prepare-commit-msg", "commit-msg", "post-merge"},
	"pull":              {"post-merge", "post-checkout", "pre-rebase"},
	"rebase":            {"pre-rebase", "post-rewrite", "post-checkout"},
	"checkout":          {"post-checkout"}, "switch": {"post-checkout"}, "clone": {"post-checkout"}, "worktree": {"post-checkout"},
	"push": {"pre-push"}, "am": {"applypatch-msg", "pre-applypatch", "post-applypatch"}, "gc": {"pre-auto-gc"},
	"revert": {"prepare-commit-msg", "post-commit"}, "cherry-pick": {"prepare-commit-msg", "post-commit"},
}
