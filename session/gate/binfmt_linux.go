package gate

import (
	"encoding/hex"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// binfmtDir is where the kernel lists the formats that other programs run.
const binfmtDir = "/proc/sys/fs/binfmt_misc"

// format is one registration, see Documentation/admin-guide/binfmt-misc.rst.
type format struct {
	interpreter string
	extension   string
	offset      int
	magic, mask []byte
}

// parseFormat reads one file of binfmtDir; ok is false when it is switched off
// or cannot be understood.
func parseFormat(text string) (f format, ok bool) {
	enabled := false
	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		var err error
		switch key {
		case "enabled":
			enabled = true
		case "interpreter":
			f.interpreter = value
		case "extension":
			f.extension = strings.TrimPrefix(value, ".")
		case "offset":
			f.offset, err = strconv.Atoi(value)
		case "magic":
			f.magic, err = hex.DecodeString(value)
		case "mask":
			f.mask, err = hex.DecodeString(value)
		}
		if err != nil {
			return format{}, false
		}
	}
	return f, enabled && f.interpreter != "" && (f.extension != "" || len(f.magic) > 0)
}

// takes reports whether the kernel hands a file of this name and beginning to
// the interpreter of f.
func (f format) takes(name string, head []byte) bool {
	if f.extension != "" {
		return strings.HasSuffix(name, "."+f.extension)
	}
	if f.offset < 0 || f.offset+len(f.magic) > len(head) {
		return false
	}
	for i, want := range f.magic {
		mask := byte(0xff)
		if i < len(f.mask) {
			mask = f.mask[i]
		}
		if (head[f.offset+i]^want)&mask != 0 {
			return false
		}
	}
	return true
}

// interpreters lists the programs that the host registered for a file of this
// name and beginning.
func interpreters(dir, name string, head []byte) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil // no such file system: nothing is registered
	}
	var out []string
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			continue
		}
		if f, ok := parseFormat(string(text)); ok && f.takes(name, head) {
			out = append(out, f.interpreter)
		}
	}
	return out
}
