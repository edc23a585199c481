package door

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/user"
	"slices"
	"strconv"
	"strings"

	"charm.land/ssh"
	gossh "golang.org/x/crypto/ssh"
)

// People are those who may come to a front door, as a file says, in the manner of
// authorized_keys (sshd(8)): a person a line, options before the key.
//
//	role="engineer",name="ravi",account="ravi" ssh-ed25519 AAAA…
//	role="escort",name="eva",account="eva"     ssh-ed25519 AAAA…
//	role="escort",account="tom"                -
//	cert-authority,role="escort",principals="ida,jo" ssh-ed25519 AAAA…
//
// role is engineer, escort, or both with a comma between. name is what the person
// is called; without it, by the account. account is whose the engineer's shell
// is, and by which somebody comes to the local socket. A line with - for its key
// is for that alone. An engineer with shell="no" gets no shell and only proposes. The key of a cert-authority lets in whoever has a
// certificate by it with one of the principals, under that name.
type People struct{ entries []entry }

// entry is one line.
type entry struct {
	Member
	key        gossh.PublicKey // nil: -
	authority  bool
	principals []string
}

// Member is somebody of a [People].
type Member struct {
	Name, Account string
	Roles         []Role
	NoShell       bool   // as an engineer, only proposes
	Key           string // fingerprint; empty: none
}

// Has reports whether a member has a role.
func (m Member) Has(r Role) bool { return slices.Contains(m.Roles, r) }

// Person is a member as somebody who comes. An account that this machine does not
// have has no number.
func (m Member) Person() Person {
	p := Person{Name: m.Name, UID: -1, Key: m.Key, Roles: m.Roles, NoShell: m.NoShell}
	if u, err := user.Lookup(m.Account); err == nil {
		if uid, err := strconv.Atoi(u.Uid); err == nil {
			p.UID = uid
		}
	}
	return p
}

// ErrStranger is the answer to somebody who is in no line.
var ErrStranger = errors.New("you are not among the people of this door")

// ReadPeople reads a file of people. One that others than its owner and root can
// write is refused.
func ReadPeople(path string) (*People, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o022 != 0 {
		return nil, fmt.Errorf("%s can be written by others, who could let themselves in", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return parsePeople(path, text)
}

func parsePeople(path string, text []byte) (*People, error) {
	var p People
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		e, err := parseEntry(line)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, n, err)
		}
		p.entries = append(p.entries, e)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(p.entries) == 0 {
		return nil, fmt.Errorf("%s: nobody is in it", path)
	}
	return &p, nil
}

func parseEntry(line string) (e entry, err error) {
	var options []string
	if rest, ok := strings.CutSuffix(line, " -"); ok {
		// A key that nobody has, to have the options read the same way.
		_, _, options, _, err = gossh.ParseAuthorizedKey([]byte(strings.TrimSpace(rest) + " " + placeholder))
	} else {
		e.key, _, options, _, err = gossh.ParseAuthorizedKey([]byte(line))
	}
	if err != nil {
		return e, errors.New(`no key: options, then "ssh-ed25519 AAAA…", or - for an account alone`)
	}
	for _, o := range options {
		if err := e.option(o); err != nil {
			return e, err
		}
	}
	return e, e.complete()
}

// placeholder is a key of zeros.
const placeholder = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// option reads one option.
func (e *entry) option(o string) error {
	name, value, given := strings.Cut(o, "=")
	if given {
		v, err := strconv.Unquote(value)
		if err != nil || v == "" {
			return fmt.Errorf("%s needs a value in quotes", name)
		}
		value = v
	}
	texts := map[string]*string{"name": &e.Name, "account": &e.Account}
	switch {
	case name == "cert-authority" && !given:
		e.authority = true
	case name == "role" && given:
		for r := range strings.SplitSeq(value, ",") {
			if r := Role(strings.TrimSpace(r)); r == Engineer || r == Escort {
				e.Roles = append(e.Roles, r)
			} else {
				return fmt.Errorf("there is no role %q; there are engineer and escort", r)
			}
		}
	case name == "shell" && value == "no":
		e.NoShell = true
	case name == "principals" && given:
		e.principals = strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' })
	case texts[name] != nil && given:
		*texts[name] = value
	default:
		known := slices.Sorted(maps.Keys(texts))
		return fmt.Errorf("there is no option %s here; there are role, principals, cert-authority, shell=\"no\", %s", name, strings.Join(known, ", "))
	}
	return nil
}

// complete checks what belongs together.
func (e *entry) complete() error {
	if e.Name == "" {
		e.Name = e.Account
	}
	if e.key != nil {
		e.Key = gossh.FingerprintSHA256(e.key)
	}
	switch {
	case len(e.Roles) == 0:
		return errors.New(`role="engineer" or role="escort" is missing`)
	case e.authority && (e.key == nil || len(e.principals) == 0 || e.Name != ""):
		return errors.New(`a cert-authority has a key and principals="…", which are the names, and no name or account`)
	case !e.authority && len(e.principals) > 0:
		return errors.New("principals are for a cert-authority")
	case !e.authority && e.Name == "":
		return errors.New(`name="…" is missing`)
	case e.NoShell && !e.Has(Engineer):
		return errors.New(`shell="no" is for an engineer`)
	case e.key == nil && e.Account == "":
		return errors.New(`a line without a key has account="…"`)
	case e.Has(Engineer) && !e.authority && e.Account == "":
		return errors.New(`an engineer has account="…", whose the shell is`)
	}
	return nil
}

// ByKey is who has a key, or a certificate that an authority of the file made.
func (p *People) ByKey(key ssh.PublicKey) (Member, error) {
	if cert, ok := key.(*gossh.Certificate); ok {
		return p.byCert(cert)
	}
	for _, e := range p.entries {
		if !e.authority && e.key != nil && ssh.KeysEqual(e.key, key) {
			return e.Member, nil
		}
	}
	return Member{}, ErrStranger
}

// byCert is who a certificate is for. Its options are critical by the protocol;
// none is known here, so one that has any is refused.
func (p *People) byCert(c *gossh.Certificate) (Member, error) {
	for _, e := range p.entries {
		if !e.authority || !ssh.KeysEqual(e.key, c.SignatureKey) {
			continue
		}
		for _, name := range e.principals {
			check := gossh.CertChecker{}
			if !slices.Contains(c.ValidPrincipals, name) || c.CertType != gossh.UserCert || check.CheckCert(name, c) != nil {
				continue
			}
			m := e.Member
			m.Name, m.Account, m.Key = name, name, gossh.FingerprintSHA256(c.Key)
			return m, nil
		}
	}
	return Member{}, ErrStranger
}

// ByAccount is who an account of this machine is, at the local socket: with all
// the roles that its lines give.
func (p *People) ByAccount(name string) (Member, error) {
	var m Member
	for _, e := range p.entries {
		if e.authority || e.Account != name || name == "" {
			continue
		}
		if m.Name == "" {
			m = Member{Name: e.Name, Account: e.Account, Key: e.Key}
		}
		m.Roles = append(m.Roles, e.Roles...)
		m.NoShell = m.NoShell || e.NoShell
	}
	if m.Name == "" {
		return m, ErrStranger
	}
	return m, nil
}
