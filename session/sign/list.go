package sign

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"
)

// List says whose keys sign: an allowed_signers file.
type List struct {
	Name    string // of the file
	entries []entry
}

// entry is one line of a list.
type entry struct {
	principals string // a list of patterns
	namespaces string // the same; empty: any
	after      time.Time
	before     time.Time
	key        ssh.PublicKey
}

// LineError is a line of a list that cannot be taken.
type LineError struct {
	File string
	Line int
	What string
}

// Error is FILE:LINE: what.
func (e *LineError) Error() string { return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.What) }

// Hint says what to do about it.
func (e *LineError) Hint() string {
	return "mend the line; ssh-keygen(1) has the format under ALLOWED SIGNERS"
}

// ReadList reads an allowed_signers file.
func ReadList(file string) (*List, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, &Error{What: "the list of signers cannot be read", Do: "check the name, and who may read it", Err: err}
	}
	return ParseList(file, text)
}

// ParseList makes a list of the text of an allowed_signers file. It takes none
// that has a line which it does not understand, or no key at all.
func ParseList(file string, text []byte) (*List, error) {
	l := &List{Name: file}
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		line = strings.Trim(line, " \t\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		e, err := parseEntry(line)
		if err != nil {
			return nil, &LineError{File: file, Line: n, What: err.Error()}
		}
		l.entries = append(l.entries, e)
	}
	if len(l.entries) == 0 {
		return nil, &LineError{File: file, Line: max(n, 1), What: "there is no key in it"}
	}
	return l, nil
}

func parseEntry(line string) (e entry, err error) {
	if e.principals, line, err = parsePrincipals(line); err != nil {
		return e, err
	}
	first, _, _ := strings.Cut(line, " ")
	if !keyType(first) {
		var options string
		options, line = pastOptions(line)
		if err := e.options(options); err != nil {
			return e, err
		}
	}
	e.key, err = ParseKey(line)
	return e, err
}

// parsePrincipals takes the first field off a line, which may be in quotes.
func parsePrincipals(line string) (principals, rest string, err error) {
	if quoted, ok := strings.CutPrefix(line, `"`); ok {
		if principals, rest, ok = strings.Cut(quoted, `"`); !ok {
			return "", "", fmt.Errorf("the quote before the names is not closed")
		}
	} else if i := strings.IndexAny(line, " \t"); i >= 0 {
		principals, rest = line[:i], line[i:]
	}
	rest = strings.TrimLeft(rest, " \t")
	switch {
	case principals == "" || rest == "":
		return "", "", fmt.Errorf("names, then a key type and a key are expected")
	case strings.Contains(","+principals+",", ",,"):
		return "", "", fmt.Errorf("a name is empty")
	}
	return principals, rest, nil
}

// ParseKey reads a public key as it stands in a list, and in a file that ends in
// .pub: its type and the key; what follows is a comment.
func ParseKey(text string) (ssh.PublicKey, error) {
	words := strings.Fields(text)
	if len(words) < 2 || !keyType(words[0]) {
		return nil, fmt.Errorf("a key type and a key are expected here, as in a file that ends in .pub")
	}
	blob, err := base64.StdEncoding.DecodeString(words[1])
	if err != nil {
		return nil, fmt.Errorf("the key is no base64")
	}
	key, err := ssh.ParsePublicKey(blob)
	if err != nil || !bytes.Equal(key.Marshal(), blob) {
		return nil, fmt.Errorf("the key is no key")
	}
	if key.Type() != words[0] {
		return nil, fmt.Errorf("the line says %s, and its key is of type %s", words[0], key.Type())
	}
	return key, usable(key)
}

// keyType reports whether a word is where the key begins: no option is called
// like a type of key.
func keyType(word string) bool {
	for _, start := range []string{"ssh-", "ecdsa-", "sk-"} {
		if strings.HasPrefix(word, start) {
			return true
		}
	}
	return false
}

// Check reports whether a key may sign for a principal, in a namespace, at a
// time. The error says why not.
func (l *List) Check(key ssh.PublicKey, principal, namespace string, at time.Time) error {
	why := fmt.Errorf("%s does not have the key %s", l.Name, Name(key))
	for _, e := range l.entries {
		if !bytes.Equal(e.key.Marshal(), key.Marshal()) {
			continue
		}
		switch {
		case !listed(e.principals, principal):
			why = fmt.Errorf("%s has the key %s for %s, not for %s", l.Name, Name(key), e.principals, principal)
		case e.namespaces != "" && !listed(e.namespaces, namespace):
			why = fmt.Errorf("%s has the key of %s for other things: namespaces %s", l.Name, principal, e.namespaces)
		case !e.after.IsZero() && at.Before(e.after):
			why = fmt.Errorf("%s has the key of %s from %s on", l.Name, principal, e.after.UTC().Format(time.DateTime+" UTC"))
		case !e.before.IsZero() && at.After(e.before):
			why = fmt.Errorf("%s has the key of %s until %s", l.Name, principal, e.before.UTC().Format(time.DateTime+" UTC"))
		default:
			return nil
		}
	}
	return why
}
