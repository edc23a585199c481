package policy

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// SystemFile is the policy of the machine.
const SystemFile = "/etc/escort/policy.yaml"

// mostText is the size in bytes up to which a policy is read.
const mostText = 256 << 10

// Places are the files that a policy is read from.
type Places struct {
	System string // of the machine, owned by root; empty: not looked for
	User   string // of the account; empty: it has none
	Chosen string // in place of that of the account, and must be there; empty: none
}

// Load reads the policy that is in force: the built-in one if there is no file,
// else what the files say, the stricter of each. An [Error] says what is wrong;
// nothing may be started then.
func Load(at Places) (*Policy, error) {
	files := []file{{at.System, at.Chosen != "" && at.Chosen == at.System, []int{0}}}
	me := []int{0, os.Geteuid()}
	switch {
	case at.Chosen == "":
		files = append(files, file{at.User, false, me})
	case at.Chosen != at.System:
		files = append(files, file{at.Chosen, true, me})
	}
	p := Default()
	first := true
	for _, f := range files {
		if f.path == "" {
			continue
		}
		q, err := read(f.path, f.owners)
		switch {
		case errors.Is(err, fs.ErrNotExist) && !f.must:
			continue
		case err != nil:
			return nil, err
		case first:
			p, first = q, false
		default:
			p = stricter(p, q)
		}
	}
	placed := *p
	placed.places = at.places()
	for _, l := range p.Signers {
		placed.places = append(placed.places, l.Name)
	}
	return &placed, nil
}

// places are the folders of the usual files, and the chosen file.
func (at Places) places() []string {
	var out []string
	for _, f := range []string{at.System, at.User} {
		if filepath.IsAbs(f) {
			out = append(out, filepath.Dir(f))
		}
	}
	if abs, err := filepath.Abs(at.Chosen); err == nil && at.Chosen != "" {
		out = append(out, abs)
	}
	return out
}

// file is one place that a policy is read from.
type file struct {
	path   string
	must   bool // it has to be there
	owners []int
}

// Read reads one file as a policy of its own.
func Read(name string) (*Policy, error) { return read(name, []int{0, os.Geteuid()}) }

// read reads a file that nobody but its owner, one of owners, can write to.
func read(name string, owners []int) (*Policy, error) {
	text, err := contents(name, owners)
	var e *Error
	switch {
	case errors.As(err, &e):
		return nil, e
	case err != nil:
		return nil, &Error{File: name, What: "the policy cannot be read: " + cause(err), Do: "check the name, and who may read it", Err: err}
	}
	p, signers, err := parse(name, text, Default())
	if err == nil {
		err = withSigners(p, name, signers, owners)
	}
	if err != nil {
		return nil, err
	}
	return p, nil
}

// cause is an error of the system without the name that it carries.
func cause(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

func contents(name string, owners []int) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		if _, there := os.Lstat(name); there == nil {
			err = &Error{File: name, What: "the link leads to nothing that can be read: " + cause(err), Do: "mend the link, or take it away"}
		}
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &Error{File: name, What: "it is no regular file", Do: "name a file"}
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err = f.Stat(); err != nil {
		return nil, err
	}
	if err := safe(name, info, owners); err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(f, mostText+1))
	if err == nil && len(text) > mostText {
		err = &Error{File: name, What: fmt.Sprintf("it has more than %s", sizeWords(mostText)), Do: "shorten it"}
	}
	return text, err
}

// safe refuses a file that somebody else could change, by its own permissions
// or by those of a folder above it or above the link that leads to it.
func safe(name string, info fs.FileInfo, owners []int) error {
	if err := ownersOnly(name, name, info, owners); err != nil {
		return err
	}
	link, err := filepath.Abs(name)
	if err != nil {
		return err
	}
	real, err := filepath.EvalSymlinks(link)
	if err != nil {
		return err
	}
	for _, at := range []string{link, real} {
		for dir := filepath.Dir(at); ; dir = filepath.Dir(dir) {
			if err := folder(name, dir, owners); err != nil {
				return err
			}
			if dir == filepath.Dir(dir) {
				break
			}
		}
	}
	return nil
}

func folder(file, dir string, owners []int) error {
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if info.Mode()&fs.ModeSticky != 0 && owned(info, owners) { // only owners can take away or rename in it
		return nil
	}
	return ownersOnly(file, dir, info, owners)
}

func ownersOnly(file, part string, info fs.FileInfo, owners []int) error {
	const others = 0o022
	switch {
	case !owned(info, owners):
		return &Error{File: file, What: part + " belongs to somebody who may not set a policy", Do: "give it to root"}
	case info.Mode().Perm()&others != 0:
		return &Error{File: file, What: part + " can be written by others", Do: "chmod go-w " + part}
	}
	return nil
}
