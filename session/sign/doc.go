// Package sign has decisions signed with the escort's own SSH key, and holds
// them to it. A signature is an armoured SSHSIG, as "ssh-keygen -Y sign" makes
// it and "ssh-keygen -Y verify" checks it.
//
// A [Signer] signs with one key: of an SSH agent ([FromAgent]), or of a file
// ([FromFile]). [Verify] says which key signed a text, and a [List], which is an
// allowed_signers file as ssh-keygen(1) describes it, says whose that key is.
// [Source] makes an event.Source whose decisions are signed.
//
// Keys may be Ed25519, ECDSA, RSA (signed with SHA-512) and the two kinds that
// live in a security key, which an agent uses. What is not certain is refused:
// a list with a line that is not understood is not taken at all.
//
// # Limits
//
// Certificates are not understood, and a list that names an authority is
// refused. Keys are not revoked by a list of their own: take the line out, or
// give it a valid-before. A signature names what was shown, and the line that
// the session's host says it has in the ledger: a host that shows one thing and
// records another makes a record whose signatures do not hold, but it can do
// what it likes while it is believed.
package sign
