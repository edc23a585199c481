package gate

import (
	"bytes"
	"strings"
)

// headSize is how much of a file the kernel looks at to tell its format.
const headSize = 256

// maxScripts is how many interpreters may be scripts of others.
const maxScripts = 5

const blanks = " \t"

// shebang reads the first line of a script as the kernel does: a program and
// at most one word for it, which may hold blanks. See binfmt_script.c and
// execve(2), "Interpreter scripts".
func shebang(head []byte) (interp, arg string, ok bool) {
	if !bytes.HasPrefix(head, []byte("#!")) {
		return "", "", false
	}
	line := string(head[2:])
	nl := strings.IndexByte(line, '\n')
	switch {
	case nl >= 0:
		line = line[:nl]
	case len(head) == headSize && !strings.ContainsAny(strings.TrimLeft(line, blanks), blanks+"\x00"):
		return "", "", false // the name itself may be cut off
	}
	line = strings.Trim(line, blanks)
	end := strings.IndexAny(line, blanks+"\x00")
	if end < 0 {
		return line, "", line != ""
	}
	interp, rest := line[:end], line[end:]
	if rest[0] != 0 {
		arg, _, _ = strings.Cut(strings.TrimLeft(rest, blanks), "\x00")
	}
	return interp, arg, interp != ""
}

// throughScript is the argv that the interpreter of a script gets: its own
// name, the word of the first line if there is one, and the script in place of
// what it was called.
func throughScript(interp, arg, script string, argv []string) []string {
	out := []string{interp}
	if arg != "" {
		out = append(out, arg)
	}
	out = append(out, script)
	if len(argv) > 1 {
		out = append(out, argv[1:]...)
	}
	return out
}

// elf says what the header of a file tells about the machine it is for.
type elf int

const (
	noELF elf = iota
	ownELF
	foreignELF
)

// machines are the ELF machine numbers of the architectures that have a gate.
var machines = map[string]uint16{"amd64": 62, "arm64": 183}

// elfKind tells whether head is of a program that this kernel's gate can run:
// 64 bits, little-endian, of this machine. A 32-bit one would be killed at its
// first system call.
func elfKind(head []byte, goarch string) elf {
	if !bytes.HasPrefix(head, []byte("\x7fELF")) || len(head) < 20 {
		return noELF
	}
	const class64, littleEndian = 2, 1
	machine := uint16(head[18]) | uint16(head[19])<<8
	if head[4] == class64 && head[5] == littleEndian && machine == machines[goarch] {
		return ownELF
	}
	return foreignELF
}

// envNext is what env starts when the kernel gave it argv for a script: the
// words behind its own name. With options or settings before the name it is
// not told, and what env starts then needs a place in the plan.
func envNext(argv []string) []string {
	if len(argv) < 3 {
		return nil
	}
	words := argv[1:]
	if split, ok := strings.CutPrefix(words[0], "-S"); ok && !strings.ContainsAny(split, "\"'\\$#") {
		words = append(strings.Fields(split), words[1:]...)
	}
	if strings.HasPrefix(words[0], "-") || strings.ContainsAny(words[0], "= \t") {
		return nil
	}
	return words
}
