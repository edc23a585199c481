package shell

import (
	"path"
	"slices"
	"strings"

	"escort/explain/say"
)

// printed is what a program prints, where that follows from its words, its
// input and the files that the text has written.
func (r *reader) printed(out outcome, words []Word, cmd *Command) outcome {
	name := path.Base(words[0].Value)
	if name == "busybox" && len(words) > 1 {
		words = words[1:]
		name = words[0].Value
	}
	if text, ok := firstLetter(name, words, cmd); ok {
		return outcome{text: text, known: true, how: HowPieces, feeds: out.feeds}
	}
	out.begin = beginning(name, words)
	out.fresh = temporary(name, words[1:])
	fn := printers[name]
	if fn == nil {
		out.how = coded(name, words, cmd.inputHow)
		return out
	}
	in, how := cmd.Input, cmd.inputHow
	var args []string
	var taken []string
	for i, w := range words[1:] {
		if v, ok := r.content(w); ok && !literal[name] {
			taken = append(taken, v.str)
			if how == "" {
				how = v.how
			}
			continue
		}
		if !plain(words[i+1 : i+2]) {
			out.how = coded(name, words, how)
			return out
		}
		if how == "" {
			how = w.how
		}
		args = append(args, w.Value)
	}
	if taken != nil {
		whole := strings.Join(taken, "")
		in = &whole
		if how == "" {
			how = seams(taken, "")
		}
	}
	if r.zshEcho(words) {
		return out
	}
	size := 0
	if in != nil {
		size = len(*in) * costOf(name)
	}
	for _, a := range args {
		size += len(a)
	}
	if !r.compute(size) {
		out.how = coded(name, words, how)
		return out
	}
	text, made, ok := fn(args, in)
	if !ok || len(text) > maxOutput || strings.Contains(text, Unknown) {
		out.how = coded(name, words, how)
		return out
	}
	if made == "" {
		made = how
	}
	out.text, out.how, out.known = text, made, true
	if name == "true" || name == ":" || name == "echo" {
		out.status = succeeds
	} else if name == "false" {
		out.status = fails
	}
	return out
}

// firstLetter is the slash that is cut off the name of a folder.
func firstLetter(name string, words []Word, cmd *Command) (string, bool) {
	if cmd.begin == "" || len(words) < 2 {
		return "", false
	}
	args := words[1].Value
	if len(words) == 3 {
		args += words[2].Value
	}
	return cmd.begin, name == "cut" && (args == "-c1" || args == "-b1") || name == "head" && args == "-c1"
}

// beginning is how a name of a folder begins that is printed.
func beginning(name string, words []Word) string {
	if name == "pwd" || name == "echo" && len(words) == 2 && (words[1].Home || rootedNames[strings.Trim(words[1].Raw, `"${}`)]) {
		return "/"
	}
	return ""
}

// temporary is how the name begins that mktemp prints: a file or folder that was
// not there before.
func temporary(name string, args []Word) string {
	if name != "mktemp" {
		return ""
	}
	inTemp := len(args) == 0
	for _, w := range args {
		switch {
		case !w.Known:
			return ""
		case w.Value == "-t" || w.Value == "--tmpdir":
			inTemp = true
		case w.Value == "-d" || w.Value == "-q" || w.Value == "--directory" || w.Value == "--quiet" || strings.HasPrefix(w.Value, "--suffix="):
			inTemp = inTemp || len(args) == 1
		case strings.HasPrefix(w.Value, "/tmp/") && !strings.Contains(w.Value, ".."):
			return strings.TrimRight(w.Value[:len(w.Value)-len(path.Ext(w.Value))], "X")
		case strings.HasPrefix(w.Value, "-") || strings.Contains(w.Value, "/"):
			return ""
		}
	}
	if !inTemp {
		return ""
	}
	return "/tmp/tmp."
}

// rootedNames are variables whose value begins with a slash.
var rootedNames = nameSet(`HOME PWD PATH SHELL OLDPWD BASH`)

// slow are programs whose work is more than to pass on their input, by how much.
var slow = map[string]int{
	"sed": 16, "grep": 16, "awk": 16, "gawk": 16, "mawk": 16, "nawk": 16, "sort": 16, "tr": 8, "rev": 8, "gunzip": 4, "zcat": 4, "gzip": 4,
	"bunzip2": 64, "bzcat": 64, "bzip2": 64, "cut": 4, "fold": 4, "python3": 8, "python": 8, "perl": 8, "node": 8, "ruby": 8, "php": 8, "jq": 8,
}

func costOf(name string) int { return max(slow[name], 1) }

// literal are programs that take no files.
var literal = nameSet(`echo printf expr seq basename dirname true false :`)

// coded is the disguise of output that is not known: that of the input, or of a
// program that decodes.
func coded(name string, words []Word, how string) string {
	if how != "" && name != "echo" && name != "printf" {
		return how
	}
	return decoder(name, words)
}

// decoder is the disguise that a program takes off.
func decoder(name string, words []Word) string {
	flags, signs := decoders[name], languageSigns[strings.TrimRight(name, "0123456789.")]
	if len(words) == 1 && flags != nil && flags[0] == "" {
		return HowBase64
	}
	for _, w := range words[1:] {
		if slices.Contains(flags, w.Value) || flags != nil && flags[0] == "" || slices.ContainsFunc(signs, func(s string) bool { return strings.Contains(w.Value, s) }) {
			return HowBase64
		}
	}
	return ""
}

// decoders are programs that take a code off with one of the options.
var decoders = map[string][]string{
	"base64": {"-d", "-D", "--decode", "-di", "-id"}, "base32": {"-d", "-D", "--decode"}, "basenc": {"-d", "--decode"},
	"openssl": {"-d"}, "xxd": {"-r", "-rp", "-pr"}, "uudecode": {""}, "gpg": {"-d", "--decrypt"}, "ccrypt": {"-d"},
	"iconv": {"-f"}, "zlib-flate": {"-uncompress"}, "rot13": {""},
}

// languageSigns are parts of code that takes a code off, by language.
var languageSigns = map[string][]string{
	"python": {"b64decode", "fromhex", "unhexlify", "chr(", "chr,", "[::-1]", "rot13", "rot_13", "decompress", `\x`, "base64"},
	"perl":   {"decode_base64", "pack(", "pack ", "chr", "reverse", "y/", "tr/", `\x`, "uncompress"},
	"ruby":   {"decode64", "pack(", "unpack", ".chr", ".reverse", `\x`, "unpack1"},
	"node":   {"Buffer.from", "fromCharCode", "atob", ".reverse", `\x`}, "nodejs": {"Buffer.from", "fromCharCode", "atob"},
	"php": {"base64_decode", "chr(", "hex2bin", "str_rot", "strrev", "gzinflate", "gzuncompress", "pack("},
	"jq":  {"@base64d", "implode"}, "awk": {`%c`, `\1`, `\x`, "substr"}, "gawk": {`%c`, `\1`, `\x`}, "mawk": {`%c`, `\1`, `\x`},
	"dc": {"P"}, "lua": {"string.char", ":reverse", `\x`}, "xargs": {`\x`}, "zsh": {`\1`},
}

// content is what a word that names a file stands for: the output of <(…), or a
// file that the text has written.
func (r *reader) content(w Word) (value, bool) {
	if w.Feed != nil {
		return value{str: *w.Feed, how: w.how}, true
	}
	if !w.Known || len(r.files) == 0 {
		return value{}, false
	}
	name := w.Value
	if n, ok := strings.CutPrefix(name, "/dev/fd/"); ok {
		name = "/proc/self/fd/" + n
	}
	v, ok := r.files[name]
	return v, ok && known(v)
}

// keepsFiles are programs that change no file but those that are named to them
// and followed here, beside the ones whose whole work is known.
var keepsFiles = nameSet(`echo printf cat ls stat file wc head tail grep test [ true false : chmod chown mkdir touch sleep pwd read mapfile readarray
	export declare local typeset readonly set unset shift alias let trap eval source . exec tee cp mv install ln sha256sum md5sum diff cmp id whoami date exit return`)

// keep notes what cmd writes to files, and forgets what it may have changed.
func (r *reader) keep(cmd *Command, out outcome) {
	if changes := r.changesFiles(cmd, out); cmd.Background && (changes || len(cmd.Redirs) > 0) {
		r.noFiles = true
	} else if changes {
		r.forget()
	}
	for _, rd := range cmd.Redirs {
		if !strings.HasPrefix(rd.Op, ">") && !strings.HasPrefix(rd.Op, "&>") || !rd.Target.Known || rd.Op == ">&" {
			continue
		}
		v := unknownValue(say.Text("shell.it-is-not-known-what-is-written"))
		v.how = out.how
		if out.known && rd.FD == 1 && !cmd.Maybe && !cmd.Loop && !cmd.Background {
			v.str = out.text
		}
		if old := r.files[rd.Target.Value]; rd.Op == ">>" && known(old) {
			v.how = appended(old, v)
			v.str = old.str + v.str
		}
		r.write(rd.Target.Value, v)
		if out.known && rd.FD == 1 {
			r.written(rd.Target.Value, out.text)
		}
	}
	if len(cmd.Words) == 0 || !cmd.Words[0].Known {
		return
	}
	words := cmd.Words[1:]
	switch path.Base(cmd.Words[0].Value) {
	case "tee":
		v := value{str: Unknown, how: cmd.inputHow}
		if cmd.Input != nil {
			v.str = *cmd.Input
		}
		for _, w := range words {
			if !strings.HasPrefix(w.Value, "-") {
				r.write(w.Value, v)
				r.written(w.Value, v.str)
			}
		}
	case "cp", "mv", "install", "ln":
		words = slices.DeleteFunc(slices.Clone(words), func(w Word) bool { return strings.HasPrefix(w.Value, "-") })
		if len(words) == 2 && words[1].Known {
			if v, ok := r.content(words[0]); ok {
				r.write(words[1].Value, v)
				r.written(words[1].Value, v.str)
			} else {
				delete(r.files, words[1].Value)
			}
		}
	}
}

// written notes a text that goes to a file for those who read what runs it.
func (r *reader) written(name, text string) {
	if strings.Contains(text, Unknown) || len(r.prog.Written[name])+len(text) > maxOutput {
		return
	}
	if r.prog.Written == nil {
		r.prog.Written = make(map[string]string)
	}
	r.prog.Written[name] += text
}

// changesFiles reports a command that may change a file in a way that is not
// followed.
func (r *reader) changesFiles(cmd *Command, out outcome) bool {
	if len(cmd.Words) == 0 {
		return false
	}
	first := cmd.Words[0]
	name := path.Base(first.Value)
	switch {
	case !first.Known:
		return true
	case keepsFiles[name], out.known && printers[name] != nil:
		return false
	}
	return !r.called[first.Value] || len(r.function(first.Value)) == 0
}

// ofDescriptor reports a name of a descriptor rather than of a file.
func ofDescriptor(name string) bool {
	return strings.HasPrefix(name, "fd ") || strings.HasPrefix(name, "/proc/self/fd/")
}

// forget makes the files unknown that the text has written; a descriptor keeps
// what it leads to.
func (r *reader) forget() {
	for name, v := range r.files {
		if !ofDescriptor(name) {
			v.str = Unknown
			r.files[name] = v
		}
	}
}

// maxFiles is how many files that the text writes are remembered.
const maxFiles = 256

func (r *reader) write(name string, v value) {
	if r.files == nil {
		r.files = make(map[string]value)
	}
	if r.noFiles && !ofDescriptor(name) {
		v.str = Unknown
	}
	if len(r.files) < maxFiles && len(v.str) <= maxOutput && !strings.HasPrefix(name, "/dev/") {
		r.files[name] = v
	} else {
		delete(r.files, name)
	}
}
