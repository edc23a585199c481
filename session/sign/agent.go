package sign

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// agentKeys are the keys that an agent has, in its order, that may sign.
func agentKeys(a agent.Agent) ([]ssh.PublicKey, error) {
	list, err := a.List()
	if err != nil {
		return nil, err
	}
	var out []ssh.PublicKey
	for _, k := range list {
		if key, err := ssh.ParsePublicKey(k.Blob); err == nil && usable(key) == nil {
			out = append(out, key)
		}
	}
	return out, nil
}

// remote is an agent behind a socket. It is asked anew each time, so that one
// that was started again serves again.
type remote struct {
	socket string
	dial   Dial // nil: by the socket
}

// Dial opens a connection to an agent.
type Dial func(context.Context) (io.ReadWriteCloser, error)

const (
	sayStart  = "start one (eval $(ssh-agent)), add the key (ssh-add) and start escort from there"
	sayUnlock = "unlock it (ssh-add -X) or add the key (ssh-add)"
)

// use calls f with the agent. When ctx ends, the connection does.
func (r remote) use(ctx context.Context, f func(agent.ExtendedAgent) error) error {
	conn, err := r.open(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	if err := f(agent.NewClient(conn)); err != nil {
		return errors.Join(ctx.Err(), err)
	}
	return nil
}

func (r remote) open(ctx context.Context) (io.ReadWriteCloser, error) {
	switch {
	case r.dial != nil:
		conn, err := r.dial(ctx)
		if err != nil {
			return nil, &Error{What: "the SSH agent that you forward cannot be reached", Do: "connect again with ssh -A, and see that the agent runs", Err: err}
		}
		return conn, nil
	case r.socket == "":
		return nil, &Error{What: "there is no SSH agent: SSH_AUTH_SOCK is not set", Do: sayStart}
	}
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", r.socket)
	if err != nil {
		return nil, &Error{What: "the SSH agent is gone", Do: "start it again (ssh-agent -a " + r.socket + ") and add the key (ssh-add)", Err: err}
	}
	return conn, nil
}

// FromForwarded is FromAgent for an agent that dial reaches.
func FromForwarded(ctx context.Context, dial Dial, which string) (*Signer, error) {
	return fromAgent(ctx, remote{dial: dial}, which, called(which))
}

// FromAgent signs with a key of the agent behind socket, which SSH_AUTH_SOCK
// names. which is the fingerprint of the key, SHA256:…; empty: the only one that
// the agent has.
func FromAgent(ctx context.Context, socket, which string) (*Signer, error) {
	return fromAgent(ctx, remote{socket: socket}, which, called(which))
}

// called matches a key by its fingerprint; empty: any.
func called(which string) func(ssh.PublicKey) bool {
	return func(k ssh.PublicKey) bool { return which == "" || ssh.FingerprintSHA256(k) == which }
}

// fromAgent takes the one key that match says; named is how it was called.
func fromAgent(ctx context.Context, r remote, named string, match func(ssh.PublicKey) bool) (*Signer, error) {
	var keys []ssh.PublicKey
	err := r.use(ctx, func(a agent.ExtendedAgent) (err error) {
		keys, err = agentKeys(a)
		return err
	})
	if err != nil {
		return nil, err
	}
	found := slices.DeleteFunc(slices.Clone(keys), func(k ssh.PublicKey) bool { return !match(k) })
	switch {
	case len(found) == 1:
		return &Signer{key: found[0], from: "the SSH agent", socket: r.socket, with: r.signs(found[0])}, nil
	case len(keys) == 0:
		return nil, &Error{What: "the SSH agent offers no key: it is locked, or empty", Do: sayUnlock}
	case len(found) > 1:
		return nil, &Error{What: fmt.Sprintf("the SSH agent has %d keys, and none was chosen", len(found)), Do: "choose by fingerprint: " + names(found)}
	}
	return nil, &Error{What: "the SSH agent has no key " + named, Do: "add it with ssh-add; it has " + names(keys)}
}

func names(keys []ssh.PublicKey) string {
	var out []string
	for _, k := range keys {
		out = append(out, ssh.FingerprintSHA256(k))
	}
	return strings.Join(out, ", ")
}

// signs has the agent sign with one key. RSA is signed with SHA-512.
func (r remote) signs(key ssh.PublicKey) func(context.Context, []byte) (*ssh.Signature, error) {
	flags := agent.SignatureFlags(0)
	if key.Type() == ssh.KeyAlgoRSA {
		flags = agent.SignatureFlagRsaSha512
	}
	return func(ctx context.Context, data []byte) (sig *ssh.Signature, err error) {
		err = r.use(ctx, func(a agent.ExtendedAgent) error {
			if sig, err = a.SignWithFlags(key, data, flags); err != nil {
				return refusal(a, key, err)
			}
			return nil
		})
		return sig, err
	}
}

// refusal says why an agent did not sign, as far as it can be told afterwards.
func refusal(a agent.Agent, key ssh.PublicKey, err error) error {
	keys, lost := agentKeys(a)
	has := func(k ssh.PublicKey) bool { return bytes.Equal(k.Marshal(), key.Marshal()) }
	switch {
	case lost != nil:
		return &Error{What: "the SSH agent went away while it was to sign", Do: "start it again and add the key", Err: err}
	case len(keys) == 0:
		return &Error{What: "the SSH agent is locked, or empty", Do: sayUnlock, Err: err}
	case !slices.ContainsFunc(keys, has):
		return &Error{What: "the SSH agent does not have the key any more", Do: "add it again with ssh-add", Err: err}
	}
	return &Error{What: "the SSH agent refused to sign", Do: "confirm it, or touch the security key, when it asks", Err: err}
}
