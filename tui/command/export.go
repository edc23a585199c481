package command

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"escort/explain/quote"
	"escort/session/event"
	"escort/session/record"
)

// The names of the files beside those of the decisions.
const (
	checkScript = "check.sh"
	signersCopy = "allowed_signers"
)

// checkHead begins the script that checks what was exported. It needs a shell
// and OpenSSH alone.
const checkHead = `#!/bin/sh
# Checks the signed decisions of session %s with OpenSSH 9.1 or later.
# Usage: sh check.sh [ALLOWED_SIGNERS]; without it the copy beside this script is
# used, where there is one. Each line below is a decision: who, when, and the
# file with what was signed.
list=${1:-}
case $list in
'' | /*) ;;
*) list=$PWD/$list ;;
esac
cd "$(dirname "$0")" || exit 2
list=${list:-$PWD/` + signersCopy + `}
wrong=0
check() {
	ssh-keygen -Y verify -f "$list" -n ` + event.Namespace + ` -I "$1" -O "verify-time=$2" -s "$3.sig" <"$3.txt" && return
	echo "does not hold: $3.txt" >&2
	wrong=5
}
`

// exportProofs writes each signed decision of a record into the new folder dir:
// what was signed, the signature, and a script that checks all of them. list is
// copied where it is given.
func exportProofs(dir, list string, rep record.Report) (n int, err error) {
	session := ""
	if rep.Meta != nil {
		session = rep.Meta.Session
	}
	var script strings.Builder
	fmt.Fprintf(&script, checkHead, quote.Line(session))
	files := map[string][]byte{}
	for _, j := range rep.Decisions {
		if len(j.Signature) == 0 {
			continue
		}
		n++
		name := fmt.Sprintf("line-%06d", j.Line)
		files[name+".txt"], files[name+".sig"] = j.Statement.Text(), j.Signature
		fmt.Fprintf(&script, "check %s %s %s\n", quote.Single([]string{j.Statement.Who}), j.Time.UTC().Format("20060102150405Z"), name)
	}
	if n == 0 {
		return 0, nil
	}
	script.WriteString("exit $wrong\n")
	files[checkScript] = []byte(script.String())
	if list != "" {
		if files[signersCopy], err = os.ReadFile(list); err != nil {
			return 0, err
		}
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return 0, err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			return 0, err
		}
	}
	return n, nil
}
