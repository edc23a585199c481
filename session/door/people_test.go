package door

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

func newKey(t *testing.T) gossh.Signer {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s, err := gossh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// written is a public key as a file of people has it.
func written(s gossh.Signer) string {
	return strings.TrimSpace(string(gossh.MarshalAuthorizedKey(s.PublicKey())))
}

func people(t *testing.T, lines ...string) *People {
	t.Helper()
	p, err := parsePeople("people", []byte(strings.Join(lines, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPeopleByKeyAndAccount(t *testing.T) {
	ravi, eva, stranger := newKey(t), newKey(t), newKey(t)
	p := people(t, "# who may come", "",
		`role="engineer",name="ravi",account="root" `+written(ravi)+" ravi's laptop",
		`role="escort, engineer",account="nobody" `+written(eva),
		`role="escort",name="tom",account="daemon" -`)
	m, err := p.ByKey(ravi.PublicKey())
	if err != nil || m.Name != "ravi" || m.Account != "root" || !m.Has(Engineer) || m.Has(Escort) || m.Key != gossh.FingerprintSHA256(ravi.PublicKey()) {
		t.Errorf("ravi is %+v, %v", m, err)
	}
	if got := m.Person(); got.UID != 0 || !got.May(Engineer) || got.May(Escort) {
		t.Errorf("as a person: %+v", got)
	}
	m, err = p.ByKey(eva.PublicKey())
	if err != nil || m.Name != "nobody" || !m.Has(Engineer) || !m.Has(Escort) {
		t.Errorf("eva is %+v, %v", m, err)
	}
	if m, err = p.ByKey(stranger.PublicKey()); !errors.Is(err, ErrStranger) {
		t.Errorf("a stranger is %+v, %v", m, err)
	}
	if m, err = p.ByAccount("daemon"); err != nil || m.Name != "tom" {
		t.Errorf("daemon is %+v, %v", m, err)
	}
	if m, err = p.ByAccount("root"); err != nil || m.Name != "ravi" || m.Has(Escort) || !m.Has(Engineer) {
		t.Errorf("root is %+v, %v", m, err)
	}
	for _, account := range []string{"ravi", "", "nobody2"} {
		if m, err = p.ByAccount(account); !errors.Is(err, ErrStranger) {
			t.Errorf("%q is %+v, %v", account, m, err)
		}
	}
}

func TestPeopleByCertificate(t *testing.T) {
	authority, other, key := newKey(t), newKey(t), newKey(t)
	p := people(t, `cert-authority,role="escort",principals="ida,jo" `+written(authority), `role="escort",name="eva" `+written(other))
	cert := func(by gossh.Signer, change func(*gossh.Certificate)) *gossh.Certificate {
		c := &gossh.Certificate{
			Key: key.PublicKey(), CertType: gossh.UserCert, ValidPrincipals: []string{"jo"}, ValidAfter: uint64(time.Now().Add(-time.Hour).Unix()),
			ValidBefore: uint64(time.Now().Add(time.Hour).Unix()),
		}
		if change != nil {
			change(c)
		}
		if err := c.SignCert(rand.Reader, by); err != nil {
			t.Fatal(err)
		}
		return c
	}
	if m, err := p.ByKey(cert(authority, nil)); err != nil || m.Name != "jo" || !m.Has(Escort) {
		t.Errorf("jo is %+v, %v", m, err)
	}
	for what, c := range map[string]*gossh.Certificate{
		"another principal": cert(authority, func(c *gossh.Certificate) { c.ValidPrincipals = []string{"root"} }),
		"no principal":      cert(authority, func(c *gossh.Certificate) { c.ValidPrincipals = nil }),
		"expired":           cert(authority, func(c *gossh.Certificate) { c.ValidBefore = uint64(time.Now().Add(-time.Minute).Unix()) }),
		"not yet valid":     cert(authority, func(c *gossh.Certificate) { c.ValidAfter = uint64(time.Now().Add(time.Minute).Unix()) }),
		"of a host":         cert(authority, func(c *gossh.Certificate) { c.CertType = gossh.HostCert }),
		"by a person's key": cert(other, nil),
		"with an option": cert(authority, func(c *gossh.Certificate) {
			c.CriticalOptions = map[string]string{"force-command": "ls"}
		}),
	} {
		if m, err := p.ByKey(c); !errors.Is(err, ErrStranger) {
			t.Errorf("%s: %+v, %v", what, m, err)
		}
	}
	forged := cert(authority, nil)
	forged.ValidPrincipals = []string{"ida"}
	if m, err := p.ByKey(forged); !errors.Is(err, ErrStranger) {
		t.Errorf("changed after it was signed: %+v, %v", m, err)
	}
	if m, err := p.ByKey(authority.PublicKey()); !errors.Is(err, ErrStranger) {
		t.Errorf("the authority's own key: %+v, %v", m, err)
	}
}

func TestPeopleThatCannotBeRead(t *testing.T) {
	key := written(newKey(t))
	for line, want := range map[string]string{
		"":                             "nobody is in it",
		"ssh-ed25519":                  "people:1: no key",
		key:                            `role="engineer" or role="escort" is missing`,
		`role="owner",name="x" ` + key: `no role "owner"`,
		`role="escort" ` + key:         `name="…" is missing`,
		`role=escort,name="x" ` + key:  "needs a value in quotes",
		`role="escort",name="x",shell="y" ` + key:                     "there is no option shell",
		`role="engineer",name="x" ` + key:                             `an engineer has account="…"`,
		`role="escort",name="x" -`:                                    "a line without a key has account",
		`cert-authority,role="escort" ` + key:                         "a cert-authority has a key and principals",
		`cert-authority,role="escort",principals="a",name="x" ` + key: "a cert-authority has a key and principals",
		`role="escort",name="x",principals="a" ` + key:                "principals are for a cert-authority",
	} {
		_, err := parsePeople("people", []byte(line))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", line, err, want)
		}
	}
}

func TestAFileOfPeopleThatOthersCanWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "people")
	if err := errors.Join(os.WriteFile(path, []byte(`role="escort",account="x" -`), 0o600), os.Chmod(path, 0o620)); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadPeople(path); err == nil {
		t.Error("it was read")
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadPeople(path); err != nil {
		t.Error(err)
	}
}

func FuzzPeople(f *testing.F) {
	f.Add(`role="escort",name="x" -`)
	f.Add(`cert-authority,role="escort",principals="a" ` + placeholder)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := parsePeople("people", []byte(text))
		if err != nil {
			return
		}
		for _, e := range p.entries {
			if len(e.Roles) == 0 || e.Name == "" && !e.authority {
				t.Errorf("%q was read as %+v", text, e)
			}
		}
	})
}
