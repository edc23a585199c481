package command

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"escort/session/event"
	"escort/session/record"
	"escort/session/sign"

	"golang.org/x/crypto/ssh"
)

// newKey writes a new private key, with its public half beside it, and returns
// the file's name.
func newKey(t *testing.T, phrase string) string {
	t.Helper()
	public, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(key, "")
	if phrase != "" {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(key, "", []byte(phrase))
	}
	if err != nil {
		t.Fatal(err)
	}
	half, err := ssh.NewPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "id")
	write(t, file, pem.EncodeToMemory(block))
	write(t, file+".pub", ssh.MarshalAuthorizedKey(half))
	return file
}

func write(t *testing.T, file string, text []byte) {
	t.Helper()
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// listOf is a file that says whose the keys are: name, key file, name, …
func listOf(t *testing.T, pairs ...string) string {
	t.Helper()
	var text bytes.Buffer
	for i := 0; i < len(pairs); i += 2 {
		public, err := os.ReadFile(pairs[i+1] + ".pub")
		if err != nil {
			t.Fatal(err)
		}
		text.WriteString(pairs[i] + " " + string(public))
	}
	file := filepath.Join(t.TempDir(), "signers")
	write(t, file, text.Bytes())
	return file
}

// signedRecord is the record of a session in which each of the names decided,
// signed with the key in the file; an empty one means: not signed.
func signedRecord(t *testing.T, pairs ...string) string {
	t.Helper()
	return recordOf(t, "ls", pairs...)
}

// recordOf is the same where what was shown is ls, and recorded is typed.
func recordOf(t *testing.T, typed string, pairs ...string) string {
	t.Helper()
	r, err := record.Create(t.TempDir(), record.Meta{Host: "db-2", User: "ravi", Escort: "mia"})
	if err != nil {
		t.Fatal(err)
	}
	put := func(e event.Event) string {
		hash, err := r.Write(e)
		if err != nil {
			t.Fatal(err)
		}
		return hash
	}
	put(event.Event{Kind: event.Opened})
	for i := 0; i < len(pairs); i += 2 {
		hold := "h" + string(rune('1'+i/2))
		h := event.Event{Kind: event.Held, Hold: hold, Typed: typed}
		h.Hash = put(h)
		h.Typed = "ls"
		e := event.Event{Kind: event.Decided, Hold: hold, Verdict: event.Allow, Who: pairs[i], Reason: "it's \"fine\"\n"}
		if key := pairs[i+1]; key != "" {
			s, err := sign.FromFile(t.Context(), key, "", nil)
			if err != nil {
				t.Fatal(err)
			}
			d := event.Decision{Hold: hold, Verdict: e.Verdict, Who: e.Who, Reason: e.Reason, Head: h.Hash}
			e.Signer, e.Head = e.Who, h.Hash
			is, err := h.Sight()
			if err != nil {
				t.Fatal(err)
			}
			if e.Signature, err = s.Sign(t.Context(), event.Namespace, d.Statement(r.ID(), is).Text()); err != nil {
				t.Fatal(err)
			}
		}
		put(e)
	}
	put(event.Event{Kind: event.Closed})
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	return r.Dir()
}

func TestVerifySignatures(t *testing.T) {
	eva, tom := newKey(t, ""), newKey(t, "")
	both := listOf(t, "eva", eva, "tom", tom)
	all := signedRecord(t, "eva", eva, "tom", tom, "eva", eva)
	some := signedRecord(t, "eva", eva, "tom", "")
	swapped := signedRecord(t, "eva", tom)
	none := signedRecord(t, "eva", "")
	wrong := filepath.Join(t.TempDir(), "wrong")
	write(t, wrong, []byte("# x\neva\n"))
	for name, tc := range map[string]struct {
		args []string
		says
	}{
		"all, no list":         {[]string{all}, says{Done, `3 decisions, 3 signed\n  2 by eva with ssh-ed25519 SHA256:\S+\n  1 by tom with .*\n  whose keys these are was not checked`, ""}},
		"all, by the list":     {[]string{all, "--signers", both, "--require-signed"}, says{Done, `3 decisions, 3 signed\n  2 by eva with .*\n  1 by tom with .*\n$`, ""}},
		"a list without tom":   {[]string{all, "--signers", listOf(t, "eva", eva)}, says{Unverified, `2 signed\n(.*\n)*line 5: the signature of tom on h2 does not hold: .* does not have the key`, `1 signature of 3 does not hold`}},
		"one key for another":  {[]string{swapped, "--signers", both}, says{Unverified, `0 signed\nline 3: the signature of eva on h1 does not hold: .* for tom, not for eva`, `1 signature of 1`}},
		"some":                 {[]string{some, "--signers", both}, says{Done, `2 decisions, 1 signed\n  1 by eva .*\nline 5: tom allowed h2 and did not sign it`, ""}},
		"some, all required":   {[]string{some, "--signers", both, "--require-signed"}, says{Unverified, `line 5: tom allowed`, `1 allow without a signature`}},
		"none":                 {[]string{none}, says{Done, `1 decision, 0 signed\n$`, ""}},
		"none, all required":   {[]string{none, "--signers", both, "--require-signed"}, says{Unverified, `line 3: eva allowed h1`, `1 allow without`}},
		"required, no list":    {[]string{all, "--require-signed"}, says{Usage, "", `needs a list of signers`}},
		"a wrong list":         {[]string{all, "--signers", wrong}, says{Failed, "", `wrong:2: names, then a key type.*\nescort: hint: mend the line`}},
		"no such list":         {[]string{all, "--signers", "none"}, says{Failed, "", `the list of signers cannot be read`}},
		"as JSON":              {[]string{all, "--signers", both, "--json"}, says{Done, `"signatures":\{"decisions":3,"signed":3,"listed":true,"required":false,"by":\[\{"who":"eva","key":"ssh-ed25519 SHA256:[^"]+","count":2\},.*\],"wrong":\[\],"missing":\[\]\}\}\n$`, ""}},
		"nothing to export":    {[]string{none, "--export", "out"}, says{Failed, `0 signed`, `nothing to export`}},
		"an export over other": {[]string{all, "--export", t.TempDir()}, says{Failed, `3 signed`, `file exists\nescort: hint: name a folder that is not there`}},
	} {
		t.Run(name, func(t *testing.T) { tc.check(t, program(t, append([]string{"verify"}, tc.args...)...)) })
	}
}

// Whoever can write the whole ledger anew makes its chain whole again, and not
// the signatures.
func TestVerifyFindsARewrittenLedger(t *testing.T) {
	eva, tom := newKey(t, ""), newKey(t, "")
	both := listOf(t, "eva", eva, "tom", tom)
	dir := signedRecord(t, "eva", eva, "tom", tom)
	file := filepath.Join(dir, record.LedgerFile)
	was, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	one := func(line int, from, to string) func([]string) {
		return func(l []string) {
			changed := strings.Replace(l[line-1], from, to, 1)
			if changed == l[line-1] {
				t.Fatalf("there is no %s in\n%s", from, l[line-1])
			}
			l[line-1] = changed
		}
	}
	member := regexp.MustCompile(`"signature":"[^"]+"`)
	for name, change := range map[string]func([]string){
		"another verdict":     one(3, `"verdict":"allow"`, `"verdict":"deny"`),
		"another reason":      one(3, `fine`, `good`),
		"another command":     one(2, `"typed":"ls"`, `"typed":"rm -rf /"`),
		"another session":     one(1, `"session":"2`, `"session":"3`),
		"another beginning":   one(1, `"host":"db-2"`, `"host":"db-3"`),
		"another name":        func(l []string) { l[2] = strings.ReplaceAll(l[2], `"eva"`, `"tom"`) },
		"another's signature": func(l []string) { l[2] = member.ReplaceAllString(l[2], member.FindString(l[4])) },
		"a line between":      func(l []string) { l[1], l[3] = l[3], l[1] },
		"the other hold":      func(l []string) { l[2] = strings.Replace(l[2], `"hold":"h1"`, `"hold":"h2"`, 1) },
	} {
		t.Run(name, func(t *testing.T) {
			l := strings.Split(strings.TrimSuffix(string(was), "\n"), "\n")
			change(l)
			write(t, file, []byte(rechained(t, l)))
			says{Unverified, `does not (hold|stand)`, `escort: error`}.check(t, program(t, "verify", file, "--signers", both))
		})
	}
	write(t, file, was)
	says{Done, `2 signed`, ""}.check(t, program(t, "verify", dir, "--signers", both))
	l := strings.Split(strings.TrimSuffix(string(was), "\n"), "\n")
	if again := rechained(t, l); again != string(was) {
		t.Errorf("the chain is made in another way than by the recorder:\n%s\n%s", again, was)
	}
}

// rechained is a ledger of these lines with numbers and hashes as they must be.
func rechained(t *testing.T, lines []string) string {
	t.Helper()
	lead := regexp.MustCompile(`^\{"seq":\d+,("time":"[^"]+"),"prev":"[0-9a-f]{64}"`)
	prev := strings.Repeat("0", 64)
	var out strings.Builder
	for i, l := range lines {
		l = lead.ReplaceAllString(l[:strings.LastIndex(l, `,"hash":"`)], fmt.Sprintf(`{"seq":%d,$1,"prev":"%s"`, i+1, prev))
		prev = fmt.Sprintf("%x", sha256.Sum256([]byte(l+"}")))
		out.WriteString(l + `,"hash":"` + prev + "\"}\n")
	}
	return out.String()
}

// Whoever keeps the session cannot have a signature for something that was not
// shown: one thing on the card and another in the ledger does not hold.
func TestVerifyFindsWhatWasNotShown(t *testing.T) {
	eva := newKey(t, "")
	dir := recordOf(t, "rm -rf /", "eva", eva)
	says{Unverified, `^whole: .*\n(.*\n)*line 3: the signature of eva on h1 does not hold`, `1 signature of 1`}.check(t, program(t, "verify", dir))
}

// What is exported is checked by stock ssh-keygen alone.
func TestExportedProofs(t *testing.T) {
	if _, err := exec.LookPath("ssh-keygen"); err != nil {
		t.Skip("ssh-keygen is missing")
	}
	eva, tom := newKey(t, ""), newKey(t, "")
	who := "o'tom x" // as a name may be
	list := listOf(t, "eva", eva, `"`+who+`"`, tom)
	dir := signedRecord(t, "eva", eva, who, tom, "eva", "")
	out := filepath.Join(t.TempDir(), "proofs")
	says{Done, `2 signed decisions written; check them with\n  sh \S+/proofs/check.sh\n$`, ""}.check(t, program(t, "verify", dir, "--signers", list, "--export", out))
	sh := func(want int, args ...string) string {
		t.Helper()
		c := exec.Command("sh", append([]string{filepath.Join(out, "check.sh")}, args...)...)
		c.Dir = filepath.Dir(list)
		said, _ := c.CombinedOutput()
		if got := c.ProcessState.ExitCode(); got != want {
			t.Errorf("%v ends with %d, not %d:\n%s", args, got, want, said)
		}
		return string(said)
	}
	if said := sh(0); strings.Count(said, `Good "escort-decision" signature`) != 2 {
		t.Errorf("ssh-keygen says\n%s", said)
	}
	sh(0, filepath.Base(list))
	if said := sh(5, listOf(t, "eva", eva)); !strings.Contains(said, "does not hold: line-000005.txt") {
		t.Errorf("without one key:\n%s", said)
	}
	file := filepath.Join(out, "line-000003.txt")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	write(t, file, bytes.Replace(text, []byte("verdict: allow"), []byte("verdict: deny"), 1))
	if said := sh(5); !strings.Contains(said, "does not hold: line-000003.txt") {
		t.Errorf("with another verdict:\n%s", said)
	}
}
