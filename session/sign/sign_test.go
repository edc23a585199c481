package sign

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/pem"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
)

const space = "escort-decision"

var message = []byte("escort-decision 1\nverdict: allow\n")

// keyFile writes a private key into a file and returns its name.
func keyFile(t *testing.T, key crypto.PrivateKey, phrase string) string {
	t.Helper()
	block, err := ssh.MarshalPrivateKey(key, "")
	if phrase != "" {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(key, "", []byte(phrase))
	}
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "id")
	if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func edKey(t *testing.T) ed25519.PrivateKey {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func ecKey(t *testing.T, c elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(c, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func rsaKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// fromFile is a signer with a key in a file.
func fromFile(t *testing.T, key crypto.PrivateKey) *Signer {
	t.Helper()
	s, err := FromFile(t.Context(), keyFile(t, key, ""), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func signed(t *testing.T, s *Signer, text []byte) []byte {
	t.Helper()
	sig, err := s.Sign(t.Context(), space, text)
	if err != nil {
		t.Fatal(err)
	}
	return sig
}

// line is a line of a list for a key.
func line(principals, options string, key ssh.PublicKey) string {
	return strings.TrimSpace(principals+" "+options) + " " + string(ssh.MarshalAuthorizedKey(key))
}

// stock is what ssh-keygen says of a signature: nil where it accepts it.
func stock(t *testing.T, list, principal string, sig, text []byte, options ...string) error {
	t.Helper()
	if _, err := exec.LookPath("ssh-keygen"); err != nil {
		t.Skip("ssh-keygen is missing")
	}
	dir := t.TempDir()
	for name, b := range map[string][]byte{"list": []byte(list), "sig": sig} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args := append([]string{"-Y", "verify", "-f", filepath.Join(dir, "list"), "-I", principal, "-n", space, "-s", filepath.Join(dir, "sig")}, options...)
	c := exec.Command("ssh-keygen", args...)
	c.Stdin = bytes.NewReader(text)
	out, err := c.CombinedOutput()
	if err != nil {
		err = errors.New(string(out))
	}
	return err
}

func TestEachKindOfKey(t *testing.T) {
	for name, key := range map[string]crypto.PrivateKey{
		"ed25519":  edKey(t),
		"ecdsa256": ecKey(t, elliptic.P256()), "ecdsa384": ecKey(t, elliptic.P384()), "ecdsa521": ecKey(t, elliptic.P521()),
		"rsa": rsaKey(t),
	} {
		t.Run(name, func(t *testing.T) {
			s := fromFile(t, key)
			sig := signed(t, s, message)
			got, err := Verify(sig, space, message)
			if err != nil || !bytes.Equal(got.Marshal(), s.Key().Marshal()) {
				t.Errorf("got %v, %v", got, err)
			}
			if err := stock(t, line("eva", "", s.Key()), "eva", sig, message); err != nil {
				t.Errorf("ssh-keygen: %v", err)
			}
			if err := stock(t, line("eva", "", s.Key()), "eva", sig, append(message, '\n')); err == nil {
				t.Error("ssh-keygen accepts another text: the test checks nothing")
			}
		})
	}
}

// What ssh-keygen signs is accepted as well.
func TestVerifyTakesStockSignatures(t *testing.T) {
	if _, err := exec.LookPath("ssh-keygen"); err != nil {
		t.Skip("ssh-keygen is missing")
	}
	for _, key := range []crypto.PrivateKey{edKey(t), rsaKey(t), ecKey(t, elliptic.P256())} {
		c := exec.Command("ssh-keygen", "-Y", "sign", "-n", space, "-f", keyFile(t, key, ""))
		c.Stdin = bytes.NewReader(message)
		sig, err := c.Output()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Verify(sig, space, message); err != nil {
			t.Errorf("%T: %v\n%s", key, err, sig)
		}
	}
}

func TestVerifyRefuses(t *testing.T) {
	s := fromFile(t, edKey(t))
	sig := signed(t, s, message)
	other, err := s.Sign(t.Context(), "file", message)
	if err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(sig)
	at := len(sig) - 60
	flipped[at] = 'A' + (flipped[at]-'A'+1)%26
	swapped := signed(t, fromFile(t, edKey(t)), message)
	for name, tc := range map[string]struct {
		sig, text []byte
	}{
		"another text":      {sig, []byte("escort-decision 1\nverdict: deny\n")},
		"another namespace": {other, message},
		"one bit changed":   {flipped, message},
		"truncated":         {sig[:len(sig)/2], message},
		"without its end":   {sig[:len(sig)-10], message},
		"nothing":           {nil, message},
		"text before it":    {append([]byte("x\n"), sig...), message},
		"text after it":     {append(bytes.Clone(sig), "x"...), message},
		"two":               {append(bytes.Clone(sig), swapped...), message},
		"huge":              {bytes.Repeat([]byte("A"), mostSignature+1), message},
	} {
		if _, err := Verify(tc.sig, space, tc.text); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := Verify(sig, space, message); err != nil {
		t.Fatal(err)
	}
}

func TestFromFile(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string, mode os.FileMode) string {
		at := filepath.Join(dir, name)
		if err := os.WriteFile(at, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return at
	}
	open := keyFile(t, edKey(t), "")
	if err := os.Chmod(open, 0o644); err != nil {
		t.Fatal(err)
	}
	locked := keyFile(t, edKey(t), "sesame")
	says := func(phrase string, err error) func(string) ([]byte, error) {
		return func(string) ([]byte, error) { return []byte(phrase), err }
	}
	for name, tc := range map[string]struct {
		file string
		ask  func(string) ([]byte, error)
		want string // part of the error; empty: it opens
		hint string
	}{
		"not there":           {filepath.Join(dir, "none"), nil, "no such file", "check the name"},
		"a folder":            {dir, nil, "no regular file", "check the name"},
		"open to others":      {open, nil, "is open to others", "chmod 600"},
		"no key":              {file("text", "hello", 0o600), nil, "is no private key", "--sign agent"},
		"a public key":        {file("pub", line("", "", fromFile(t, edKey(t)).Key()), 0o644), nil, "no SSH agent", "ssh-agent"},
		"locked, none to ask": {locked, nil, "has a passphrase", "ssh-add"},
		"locked, not given":   {locked, says("", errors.New("gone")), "was not given: gone", "--sign agent"},
		"locked, wrong":       {locked, says("open", nil), "does not open", "passphrase again"},
		"locked, right":       {locked, says("sesame", nil), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := FromFile(t.Context(), tc.file, "", tc.ask)
			if tc.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				signed(t, s, message)
				return
			}
			var e *Error
			if !errors.As(err, &e) || !strings.Contains(e.Error(), tc.want) || !strings.Contains(e.Hint(), tc.hint) {
				t.Errorf("got %v, want %q with the hint %q", err, tc.want, tc.hint)
			}
		})
	}
}

// A signer whose agent makes something up is found out before it is sent.
func TestSignChecksWhatCameBack(t *testing.T) {
	s := fromFile(t, edKey(t))
	wrong := fromFile(t, edKey(t))
	s.with = func(ctx context.Context, data []byte) (*ssh.Signature, error) { return wrong.with(ctx, data) }
	var e *Error
	if _, err := s.Sign(t.Context(), space, message); !errors.As(err, &e) {
		t.Errorf("got %v", err)
	}
	r := fromFile(t, rsaKey(t))
	right := r.with
	r.with = func(ctx context.Context, data []byte) (*ssh.Signature, error) {
		sig, err := right(ctx, data)
		sig.Format = ssh.KeyAlgoRSA
		return sig, err
	}
	if _, err := r.Sign(t.Context(), space, message); err == nil {
		t.Error("a signature with SHA-1 was taken")
	}
}
