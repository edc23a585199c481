package command

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"escort/explain/quote"
	"escort/keymap"
	"escort/session/record"

	"github.com/spf13/cobra"
)

// keysFile is the name of the file with a person's own keys, below the
// program's configuration folder.
const keysFile = "keys.yaml"

// keysPath is where that file lies: $XDG_CONFIG_HOME/escort, else
// $HOME/.config/escort. Empty: this account has no such folder.
func keysPath(getenv func(string) string) string {
	if d := record.UserFolder(getenv, "XDG_CONFIG_HOME", ".config"); d != "" {
		return filepath.Join(d, keysFile)
	}
	return ""
}

// bindings are the keys of this account: the defaults, and what its file says
// otherwise.
func (t *tree) bindings() (*keymap.Map, error) {
	path := keysPath(t.Getenv)
	if path == "" {
		return keymap.Default(), nil
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return keymap.Default(), nil
	}
	if err != nil {
		return nil, &Error{Code: Failed, Err: fmt.Errorf("the file of keys cannot be read: %w", err), Hint: "check who may read it"}
	}
	m, err := keymap.Parse(path, text)
	if err != nil {
		return nil, &Error{Code: Failed, Err: err, Hint: "mend the line, or move the file away; escort keys lists the names and their keys"}
	}
	return m, nil
}

func (t *tree) keys() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "keys",
		Short: "print the key bindings of the console",
		Long: "Prints what each key does in each mode of the console, and the name under which it can be given another key. " +
			"Own keys stand in $XDG_CONFIG_HOME/escort/keys.yaml, else ~/.config/escort/keys.yaml:\n\n" +
			"  card:\n    allow: [y]\n    deny: n\n\n" +
			"A key with two meanings in one mode is an error, and then no console starts.",
		Example: "escort keys\nescort keys --json",
		Args:    cobra.ArbitraryArgs,
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the bindings as one JSON array")
	c.RunE = t.run(func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return usage(helpHint(cmd), "keys takes no argument, and got %s", quote.Word(args[0]))
		}
		m, err := t.bindings()
		if err != nil {
			return err
		}
		if asJSON {
			return printBindingsJSON(t.Out, m)
		}
		return printBindings(t.Out, t.Getenv, m)
	})
	return c
}

func printBindings(w io.Writer, getenv func(string) string, m *keymap.Map) error {
	p := page{width: columns(w)}
	const column = 22
	for _, mode := range keymap.Modes {
		p.paragraph(bold, mode.Title)
		for _, b := range m.Of(mode.Mode) {
			keys := strings.Join(b.Keys, ", ")
			p.hang(plain, keys+strings.Repeat(" ", max(1, column-len(keys))), b.Help+" ("+b.Name()+")")
		}
	}
	where := "This account has no folder for keys of its own: neither HOME nor XDG_CONFIG_HOME is set."
	if path := keysPath(getenv); path != "" {
		where = "Keys of your own: " + quote.Line(path).String()
	}
	p.paragraph(plain, where)
	return show(w, getenv, p.String())
}

// bindingJSON is a binding under the names that programs read.
type bindingJSON struct {
	Name string   `json:"name"`
	Mode string   `json:"mode"`
	Keys []string `json:"keys"`
	Help string   `json:"help"`
}

func printBindingsJSON(w io.Writer, m *keymap.Map) error {
	out := []bindingJSON{}
	for _, mode := range keymap.Modes {
		for _, b := range m.Of(mode.Mode) {
			out = append(out, bindingJSON{b.Name(), string(b.Mode), b.Keys, b.Help})
		}
	}
	return writeJSON(w, out)
}
