package explain

import (
	"bytes"
	"crypto/sha1"
	"encoding/binary"
	"path"
	"strconv"
	"strings"

	"escort/explain/effect"
)

// maxIndex is how much of the list of files of a version control is read.
const maxIndex = 8 << 20

// versioned says whether git keeps a file, and as it is now: one of
// effect.Kept, Altered and NotKept; empty where that cannot be told. Only the
// list of files is read (gitformat-index(5), versions 2 and 3); nothing of git
// is run.
func (j *job) versioned(file string, data []byte, whole bool) string {
	full := j.full(file)
	if !path.IsAbs(full) {
		return ""
	}
	for dir := path.Dir(full); ; dir = path.Dir(dir) {
		index, err := j.world.Read(j.ctx, path.Join(dir, ".git/index"), maxIndex)
		if err == nil && len(index) < maxIndex {
			return inIndex(index, strings.TrimLeft(full[len(dir):], "/"), data, whole)
		}
		if dir == "/" || dir == "." {
			return ""
		}
	}
}

// full is the name of a file from the root on, where the working directory is
// known.
func (j *job) full(file string) string {
	cwd, _, _ := j.world.Facts()
	return within(cwd, file)
}

// inIndex looks a file up in an index.
func inIndex(index []byte, name string, data []byte, whole bool) string {
	const head, fixed = 12, 62
	if len(index) < head || string(index[:4]) != "DIRC" {
		return ""
	}
	version, count := binary.BigEndian.Uint32(index[4:]), binary.BigEndian.Uint32(index[8:])
	if version != 2 && version != 3 {
		return ""
	}
	at := head
	for range count {
		if at+fixed > len(index) {
			return ""
		}
		entry, from := index[at:], fixed
		if binary.BigEndian.Uint16(entry[60:])&0x4000 != 0 { // extended: two more bytes
			from += 2
		}
		if from > len(entry) {
			return ""
		}
		end := bytes.IndexByte(entry[from:], 0)
		if end < 0 {
			return ""
		}
		if string(entry[from:from+end]) == name {
			if !whole {
				return ""
			}
			if bytes.Equal(entry[40:60], blob(data)) {
				return effect.Kept
			}
			return effect.Altered
		}
		at += (from + end + 8) &^ 7 // filled up to a multiple of eight, with at least one zero
	}
	return effect.NotKept
}

// blob is the name that git gives to the content of a file. SHA-1 is git's own
// choice; here it only finds differences.
func blob(data []byte) []byte {
	h := sha1.New()
	h.Write([]byte("blob " + strconv.Itoa(len(data)) + "\x00"))
	h.Write(data)
	return h.Sum(nil)
}
