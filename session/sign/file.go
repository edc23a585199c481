package sign

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"golang.org/x/crypto/ssh"
)

// mostKey is the size in bytes up to which a file is taken for a key.
const mostKey = 64 << 10

// FromFile signs with the private key in a file. ask is asked for the passphrase
// of one that has one; nil: nobody can be asked. A file with a public key names
// a key of the agent behind socket.
func FromFile(ctx context.Context, file, socket string, ask func(prompt string) ([]byte, error)) (*Signer, error) {
	text, mode, err := readKey(file)
	if err != nil {
		return nil, &Error{What: "the key cannot be read", Do: "check the name, and who may read it", Err: err}
	}
	if public, _, _, _, err := ssh.ParseAuthorizedKey(text); err == nil {
		if err := usable(public); err != nil {
			return nil, err
		}
		same := func(k ssh.PublicKey) bool { return string(k.Marshal()) == string(public.Marshal()) }
		return fromAgent(ctx, remote{socket: socket}, ssh.FingerprintSHA256(public)+" ("+file+")", same)
	}
	if mode&0o077 != 0 {
		return nil, &Error{What: "the key in " + file + " is open to others", Do: "chmod 600 " + file}
	}
	private, err := unlock(file, text, ask)
	if err != nil {
		return nil, err
	}
	if err := usable(private.PublicKey()); err != nil {
		return nil, err
	}
	return &Signer{key: private.PublicKey(), from: file, with: fileSigns(private)}, nil
}

// fileSigns signs with a key at hand. RSA is signed with SHA-512.
func fileSigns(private ssh.Signer) func(context.Context, []byte) (*ssh.Signature, error) {
	return func(_ context.Context, data []byte) (*ssh.Signature, error) {
		if as, ok := private.(ssh.AlgorithmSigner); ok && private.PublicKey().Type() == ssh.KeyAlgoRSA {
			return as.SignWithAlgorithm(rand.Reader, data, ssh.KeyAlgoRSASHA512)
		}
		return private.Sign(rand.Reader, data)
	}
}

func readKey(file string) ([]byte, fs.FileMode, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, 0, err
	}
	if !info.Mode().IsRegular() {
		return nil, 0, fmt.Errorf("%s is no regular file", file)
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	if info, err = f.Stat(); err != nil {
		return nil, 0, err
	}
	text, err := io.ReadAll(io.LimitReader(f, mostKey))
	return text, info.Mode().Perm(), err
}

// unlock makes a signer of a private key as it stands in a file.
func unlock(file string, text []byte, ask func(string) ([]byte, error)) (ssh.Signer, error) {
	private, err := ssh.ParsePrivateKey(text)
	var locked *ssh.PassphraseMissingError
	if !errors.As(err, &locked) {
		if err != nil {
			err = &Error{What: file + " is no private key that can be read", Do: "name a key file, or let an agent hold the key: --sign agent", Err: err}
		}
		return private, err
	}
	if ask == nil {
		return nil, &Error{What: "the key in " + file + " has a passphrase", Do: "let an agent hold it: ssh-add " + file + ", then --sign agent"}
	}
	phrase, err := ask("passphrase of " + file + ": ")
	if err != nil {
		return nil, &Error{What: "the passphrase of " + file + " was not given", Do: "let an agent hold the key: --sign agent", Err: err}
	}
	defer clear(phrase)
	if private, err = ssh.ParsePrivateKeyWithPassphrase(text, phrase); err != nil {
		return nil, &Error{What: "the key in " + file + " does not open", Do: "try the passphrase again", Err: err}
	}
	return private, nil
}
