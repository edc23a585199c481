package command

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"escort/explain/quote"
	"escort/session/event"
	"escort/session/record"
	"escort/session/sign"

	"github.com/spf13/cobra"
)

// proofs is what is asked for about the signatures of a record.
type proofs struct {
	signers  string // file
	required bool
	folder   string // to export to
}

func (p *proofs) flags(c *cobra.Command) {
	c.Flags().StringVar(&p.signers, "signers", "", "file that says whose keys sign (allowed_signers)")
	c.Flags().BoolVar(&p.required, "require-signed", false, "end with 5 where an allow is not signed; needs --signers")
	c.Flags().StringVar(&p.folder, "export", "", "new folder to write what was signed to, with the signatures and a check.sh for ssh-keygen")
	_ = c.MarkFlagFilename("signers")
	_ = c.MarkFlagDirname("export")
}

func (p *proofs) lists() ([]*sign.List, error) {
	if p.signers == "" {
		if p.required {
			return nil, usage("--signers FILE", "--require-signed needs a list of signers, else any key would do")
		}
		return nil, nil
	}
	l, err := sign.ReadList(p.signers)
	if err != nil {
		return nil, err
	}
	return []*sign.List{l}, nil
}

// signatures is what the signatures of a record are worth.
type signatures struct {
	Decisions int              `json:"decisions"` // of people
	Signed    int              `json:"signed"`    // whose signature holds
	Listed    bool             `json:"listed"`    // against a list of signers
	Required  bool             `json:"required"`  // that allows are signed
	By        []signedBy       `json:"by"`
	Wrong     []record.Problem `json:"wrong"`   // signed, and it does not hold
	Missing   []record.Problem `json:"missing"` // allowed, and not signed
}

// signedBy is somebody who signed, with one key.
type signedBy struct {
	Who   string `json:"who"`
	Key   string `json:"key"`
	Count int    `json:"count"`
}

func checkSignatures(all []record.Judgement, lists []*sign.List, required bool) signatures {
	out := signatures{Decisions: len(all), Listed: len(lists) > 0, Required: required, By: []signedBy{}, Wrong: []record.Problem{}, Missing: []record.Problem{}}
	for _, j := range all {
		s := j.Statement
		if len(j.Signature) == 0 {
			if s.Verdict == event.Allow {
				out.Missing = append(out.Missing, record.Problem{Line: j.Line, What: s.Who + " allowed " + s.Hold + " and did not sign it"})
			}
			continue
		}
		key, err := sign.Check(s, j.Signature, lists, j.Time)
		if err != nil {
			out.Wrong = append(out.Wrong, record.Problem{Line: j.Line, What: "the signature of " + s.Who + " on " + s.Hold + " does not hold: " + err.Error()})
			continue
		}
		out.Signed++
		out.note(s.Who, sign.Name(key))
	}
	return out
}

func (s *signatures) note(who, key string) {
	at := slices.IndexFunc(s.By, func(b signedBy) bool { return b.Who == who && b.Key == key })
	if at < 0 {
		at = len(s.By)
		s.By = append(s.By, signedBy{Who: who, Key: key})
	}
	s.By[at].Count++
}

func (s *signatures) print(w io.Writer) {
	if s.Decisions == 0 {
		return
	}
	_, _ = fmt.Fprintf(w, "%s, %d signed\n", count(s.Decisions, "decision"), s.Signed)
	for _, b := range s.By {
		_, _ = fmt.Fprintf(w, "  %d by %s with %s\n", b.Count, visible(b.Who), b.Key)
	}
	if len(s.By) > 0 && !s.Listed {
		_, _ = fmt.Fprintln(w, "  whose keys these are was not checked: --signers FILE does")
	}
	told := s.Wrong
	if s.Required || s.Signed > 0 { // else nobody meant to sign
		told = slices.Concat(told, s.Missing)
	}
	for _, p := range told {
		_, _ = fmt.Fprintln(w, visible(p.String()))
	}
}

// export writes what was signed where the command line asks for it.
func (p *proofs) export(t *tree, rep record.Report, quiet bool) error {
	if p.folder == "" {
		return nil
	}
	n, err := exportProofs(p.folder, p.signers, rep)
	if err != nil {
		return &Error{Code: Failed, Err: fmt.Errorf("the proofs cannot be written: %w", err), Hint: "name a folder that is not there yet"}
	}
	if n == 0 {
		return &Error{Code: Failed, Err: errors.New("no decision of this record is signed: there is nothing to export"), Hint: "escort --sign signs decisions"}
	}
	if quiet {
		return nil
	}
	list := ""
	if p.signers == "" {
		list = " ALLOWED_SIGNERS"
	}
	_, err = fmt.Fprintf(t.Out, "%s written; check them with\n  sh %s%s\n", count(n, "signed decision"), quote.Word(strings.TrimRight(p.folder, "/")+"/"+checkScript), list)
	return err
}
