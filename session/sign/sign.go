package sign

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/hiddeco/sshsig"
	"golang.org/x/crypto/ssh"
)

// Error is why something cannot be signed or read.
type Error struct {
	What string
	Do   string // what to do about it
	Err  error  // the cause; nil: What says all
}

func (e *Error) Error() string {
	if e.Err == nil {
		return e.What
	}
	return e.What + ": " + e.Err.Error()
}

// Hint says what to do about it.
func (e *Error) Hint() string { return e.Do }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// kinds are the types of key that may sign.
var kinds = []string{
	ssh.KeyAlgoED25519, ssh.KeyAlgoSKED25519, ssh.KeyAlgoSKECDSA256,
	ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA521, ssh.KeyAlgoRSA,
}

// usable refuses a key that may not sign.
func usable(key ssh.PublicKey) error {
	if slices.Contains(kinds, key.Type()) {
		return nil
	}
	return &Error{What: "a key of type " + key.Type() + " does not sign decisions", Do: "use an Ed25519, ECDSA or RSA key"}
}

// Signer signs with one key.
type Signer struct {
	key    ssh.PublicKey
	from   string // where the key is, in words
	socket string // of the agent; empty: a file has the key
	with   func(ctx context.Context, data []byte) (*ssh.Signature, error)
}

// Key is the public half of the key.
func (s *Signer) Key() ssh.PublicKey { return s.key }

// Agent is the socket of the agent that has the key; empty: a file has it.
func (s *Signer) Agent() string { return s.socket }

// String names the key and where it is.
func (s *Signer) String() string { return Name(s.key) + " of " + s.from }

// Name is how a key is told from others: its type and its fingerprint.
func Name(key ssh.PublicKey) string { return key.Type() + " " + ssh.FingerprintSHA256(key) }

// Sign makes an armoured signature of message for one namespace. With an agent
// it may wait for somebody to confirm, or to touch the key.
func (s *Signer) Sign(ctx context.Context, namespace string, message []byte) ([]byte, error) {
	sig, err := sshsig.Sign(bytes.NewReader(message), bound{ctx, s}, sshsig.HashSHA512, namespace)
	if err != nil {
		return nil, err
	}
	out := sshsig.Armor(sig)
	if _, err := Verify(out, namespace, message); err != nil {
		return nil, &Error{What: "the signature that " + s.from + " made does not hold", Do: "try another key", Err: err}
	}
	return out, nil
}

// bound is a Signer during one call.
type bound struct {
	ctx context.Context
	*Signer
}

var _ ssh.AlgorithmSigner = bound{}

func (b bound) PublicKey() ssh.PublicKey { return b.key }

func (b bound) Sign(_ io.Reader, data []byte) (*ssh.Signature, error) { return b.with(b.ctx, data) }

// SignWithAlgorithm is asked for RSA, and for SHA-512 alone.
func (b bound) SignWithAlgorithm(_ io.Reader, data []byte, algorithm string) (*ssh.Signature, error) {
	sig, err := b.with(b.ctx, data)
	if err == nil && sig.Format != algorithm {
		err = fmt.Errorf("it was signed with %s, not %s", sig.Format, algorithm)
	}
	return sig, err
}

// mostSignature is the size in bytes up to which a signature is looked at.
const mostSignature = 16 << 10

var errArmour = errors.New("it is not an armoured SSH signature")

// Verify checks that an armoured signature was made over message for a
// namespace, and returns the key that made it. Whose key it is, a [List] says.
func Verify(armoured []byte, namespace string, message []byte) (ssh.PublicKey, error) {
	if len(armoured) > mostSignature {
		return nil, errArmour
	}
	sig, err := sshsig.Unarmor(armoured)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errArmour, err)
	}
	if !bytes.Equal(flat(armoured), flat(sshsig.Armor(sig))) { // something stands around it, or behind it
		return nil, errArmour
	}
	if err := usable(sig.PublicKey); err != nil {
		return nil, err
	}
	if err := sshsig.Verify(bytes.NewReader(message), sig, sig.PublicKey, sig.HashAlgorithm, namespace); err != nil {
		return nil, err
	}
	return sig.PublicKey, nil
}

// flat is text without its line breaks, which programs put at different places.
func flat(text []byte) []byte { return bytes.ReplaceAll(text, []byte("\n"), nil) }
