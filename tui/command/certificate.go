package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"escort/explain/quote"
	"escort/session/sample"
	"escort/session/sign"
	"escort/session/training"

	"github.com/charmbracelet/x/term"
)

// certificate says which certificate is wanted.
type certificate struct {
	key string // file
	who string // empty: the only person
	out string // file; empty: named by the person
}

// certify writes a certificate and its signature.
func (t *tree) certify(ctx context.Context, c certificate, list []training.Result) error {
	p, err := c.person(training.Group(list))
	if err != nil {
		return err
	}
	key, err := sign.FromFile(ctx, c.key, t.Getenv("SSH_AUTH_SOCK"), t.passphrase)
	if err != nil {
		return err
	}
	text, err := training.Certificate(p, list, time.Now(), sign.Name(key.Key()), titleOf)
	if errors.Is(err, training.ErrNothing) {
		return &Error{Code: Failed, Err: fmt.Errorf("%s has passed no lesson", quote.Word(p.Who)), Hint: "escort train report shows what was taken"}
	}
	if err != nil {
		return err
	}
	signature, err := key.Sign(ctx, training.Namespace, text)
	if err != nil {
		return err
	}
	if c.out == "" {
		c.out = strings.TrimSuffix(filepath.Base(training.File("", p.Who)), ".jsonl") + "-certificate.txt"
	}
	for _, f := range []struct {
		name string
		text []byte
	}{{c.out, text}, {c.out + ".sig", signature}} {
		if err := writeNew(f.name, f.text); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(t.Out, "%s\nWritten to %s, signed in %s.sig. Check it with\n  ssh-keygen -Y verify -f ALLOWED_SIGNERS -I TRAINER -n %s -s %s.sig < %s\n",
		text, quote.Line(c.out), quote.Line(c.out), training.Namespace, quote.Word(c.out), quote.Word(c.out))
	return err
}

// person is whose certificate it is.
func (c certificate) person(people []training.Person) (training.Person, error) {
	var names []string
	for _, p := range people {
		names = append(names, quote.Word(p.Who))
	}
	i := slices.IndexFunc(people, func(p training.Person) bool { return p.Who == c.who })
	switch {
	case c.who == "" && len(people) == 1:
		return people[0], nil
	case c.who == "":
		return training.Person{}, usage("name one with --who: "+strings.Join(names, ", "), "there are results of %d people", len(people))
	case i < 0:
		return training.Person{}, usage("there are results of "+strings.Join(names, ", "), "there is no result of %s", quote.Word(c.who))
	}
	return people[i], nil
}

// titleOf is a course's title and the number of its lessons.
func titleOf(course string) (string, int) {
	for _, c := range sample.Courses() {
		if c.Name == course {
			return c.Title, len(c.Lessons)
		}
	}
	return "", 0
}

// writeNew writes a file that is not there yet.
func writeNew(name string, text []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return &Error{Code: Failed, Err: fmt.Errorf("%s is there already", name), Hint: "move it away, or name another file with --out"}
	}
	if err == nil {
		_, err = f.Write(text)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return &Error{Code: Failed, Err: fmt.Errorf("the certificate cannot be written: %w", err), Hint: "name a file in a folder of yours with --out"}
	}
	return nil
}

// passphrase asks for what unlocks a key, in the terminal.
func (t *tree) passphrase(prompt string) ([]byte, error) {
	f, ok := t.In.(*os.File)
	if !ok || !term.IsTerminal(f.Fd()) {
		return nil, errors.New("there is no terminal to ask in")
	}
	if _, err := io.WriteString(t.Err, prompt); err != nil {
		return nil, err
	}
	word, err := term.ReadPassword(f.Fd())
	_, _ = io.WriteString(t.Err, "\n")
	return word, err
}
