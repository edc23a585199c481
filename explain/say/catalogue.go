package say

import (
	"embed"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

//go:embed words
var files embed.FS

// English is the language that every message is written in.
const English = "en"

// Catalogue is the messages of one language. It is safe for concurrent use.
type Catalogue struct {
	Language string
	Lore     func(english string) string // words for texts of the lore that it has none of; nil: English

	texts map[string]string
	lists sync.Map // id → []string, split when first asked for
	rules []rule
}

// New makes a catalogue from messages; where it has none, English is spoken.
func New(language string, texts map[string]string) *Catalogue {
	return &Catalogue{Language: language, texts: texts, rules: rules(texts)}
}

// Texts is every message of the catalogue's own. Nobody may change it.
func (c *Catalogue) Texts() map[string]string { return c.texts }

func (c *Catalogue) find(id string) (string, bool) {
	text, ok := c.texts[id]
	if !ok && c.Language != English {
		return english().find(id)
	}
	return text, ok
}

func (c *Catalogue) words(id string) []string {
	if list, ok := c.lists.Load(id); ok {
		return list.([]string)
	}
	text, _ := c.find(id)
	list := slices.DeleteFunc(strings.Split(text, "|"), func(s string) bool { return s == "" })
	c.lists.Store(id, list)
	return list
}

var english = sync.OnceValue(func() *Catalogue { return load(English) })

var current atomic.Pointer[Catalogue]

// spoken is the catalogue that messages are taken from.
func spoken() *Catalogue {
	if c := current.Load(); c != nil {
		return c
	}
	return english()
}

// Current is the catalogue that is spoken now.
func Current() *Catalogue { return spoken() }

// Use has everything said from a catalogue from now on; nil: English.
func Use(c *Catalogue) { current.Store(c) }

// Speak has everything said in a language from now on, "de" or "de_DE.UTF-8".
// One that there are no words in is passed over.
func Speak(language string) {
	name, _, _ := strings.Cut(strings.ReplaceAll(language, "-", "_"), "_")
	name, _, _ = strings.Cut(strings.ToLower(name), ".")
	if name != English && slices.Contains(Languages(), name) {
		Use(load(name))
	}
}

// Languages lists the languages that there are words in.
func Languages() []string {
	var out []string
	dirs, _ := fs.ReadDir(files, "words") // what is built in can be read
	for _, d := range dirs {
		out = append(out, d.Name())
	}
	return out
}

// load reads the files of a language.
func load(language string) *Catalogue {
	texts := map[string]string{}
	dir := path.Join("words", language)
	names, _ := fs.ReadDir(files, dir)
	for _, n := range names {
		text, _ := fs.ReadFile(files, path.Join(dir, n.Name()))
		Parse(string(text), func(id, text string) { texts[id] = text })
	}
	return New(language, texts)
}

// Parse reads the lines of a file of messages. Empty lines and those that begin
// with "# " say nothing.
func Parse(file string, message func(id, text string)) {
	for line := range strings.Lines(file) {
		line = strings.TrimRight(line, "\r\n")
		id, text, ok := strings.Cut(line, " = ")
		if ok && !strings.HasPrefix(line, "# ") {
			message(id, text)
		}
	}
}
