package policy

import (
	"crypto/ed25519"
	"crypto/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
)

// someKey is a new key as it stands in a list of signers.
func someKey(t *testing.T) (ssh.PublicKey, string) {
	t.Helper()
	public, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ssh.NewPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return key, string(ssh.MarshalAuthorizedKey(key))
}

func TestSigners(t *testing.T) {
	dir := t.TempDir()
	key, text := someKey(t)
	list := written(t, dir, "list", "# escorts\neva "+text)
	p, err := Load(Places{User: written(t, dir, "p.yaml", "decisions: {signed: required, signers: "+list+"}\n")})
	if err != nil {
		t.Fatal(err)
	}
	if !p.Signed || len(p.Signers) != 1 || p.Signers[0].Check(key, "eva", "escort-decision", time.Now()) != nil {
		t.Errorf("read as %+v", p)
	}
	if len(p.Sources) != 2 || p.Sources[1].Name != list || len(p.Sources[1].SHA256) != 64 {
		t.Errorf("made from %+v", p.Sources)
	}
	if !slices.Contains(p.Guard(), list) {
		t.Errorf("the list can be changed from inside: %q", p.Guard())
	}
}

func TestSignersThatCannotBeTaken(t *testing.T) {
	dir := t.TempDir()
	_, text := someKey(t)
	open := written(t, dir, "open", "eva "+text)
	if err := os.Chmod(open, 0o666); err != nil {
		t.Fatal(err)
	}
	wrong := written(t, dir, "wrong", "eva "+text+"tom\n")
	for list, want := range map[string]string{
		filepath.Join(dir, "none"): "p.yaml:1: the list of signers " + filepath.Join(dir, "none") + ": no such file",
		dir:                        "p.yaml:1: the list of signers: it is no regular file",
		open:                       "p.yaml:1: the list of signers: " + open + " can be written by others",
		wrong:                      wrong + ":2: ",
	} {
		_, err := Load(Places{User: written(t, dir, "p.yaml", "decisions: {signers: "+list+"}\n")})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// Each of two lists must have the key, and one file is enough to want signatures.
func TestSignersOfTwoFiles(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root")
	}
	dir := t.TempDir()
	_, text := someKey(t)
	one, two := written(t, dir, "one", "eva "+text), written(t, dir, "two", "tom "+text)
	p, err := Load(Places{
		System: written(t, dir, "s.yaml", "decisions: {signers: "+one+"}\n"),
		User:   written(t, dir, "u.yaml", "decisions: {signed: required, signers: "+two+"}\n"),
	})
	if err != nil || !p.Signed || len(p.Signers) != 2 {
		t.Errorf("%+v, %v", p, err)
	}
}

// A policy tests its own list.
func TestSignersAreTried(t *testing.T) {
	dir := t.TempDir()
	_, eva := someKey(t)
	_, old := someKey(t)
	list := written(t, dir, "list", "eva "+eva+"tom valid-before=\"20200101Z\" "+old)
	p, err := Read(written(t, dir, "p.yaml", `decisions: {signed: required, signers: `+list+`}
tests:
  - {allow: eva, want: refused}
  - {allow: eva, key: `+strings.TrimSpace(eva)+`, want: counts}
  - {allow: tom, key: `+strings.TrimSpace(eva)+`, want: refused}
  - {allow: tom, key: `+strings.TrimSpace(old)+`, want: refused}
`))
	if err != nil {
		t.Fatal(err)
	}
	results := p.Try(t.Context())
	if len(results) != 4 {
		t.Errorf("%d tests", len(results))
	}
	for _, r := range results {
		if !r.OK() {
			t.Errorf("%s: %s, not %s", r.What(), r.Got, r.Want)
		}
	}
}
