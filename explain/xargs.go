package explain

import (
	"slices"
	"strings"

	"escort/explain/lore"
	"escort/explain/shell"
)

// maxHanded is how many words xargs is followed with.
const maxHanded = 64

// handed are the words of the command that xargs runs, with what it reads put
// behind them or in their holes; nil: that is not known, or there is too much.
func handed(args []string, words []lore.Word, input *string) []lore.Word {
	if input == nil || strings.Contains(*input, shell.Unknown) || len(*input) > maxLine {
		return nil
	}
	options := args[1:max(1, len(args)-len(words))]
	hole, ok := holeOf(options)
	given := inputWords(*input, hole, slices.Contains(options, "-0") || slices.Contains(options, "--null"))
	if !ok || len(given) == 0 || len(given) > maxHanded || hole != "" && len(given) > 1 {
		return nil
	}
	out := slices.Clone(words)
	if hole != "" {
		for i := range out {
			out[i].Text = strings.ReplaceAll(out[i].Text, hole, given[0])
		}
		return out
	}
	for _, g := range given {
		out = append(out, lore.Word{Text: g, Known: true, Span: words[len(words)-1].Span})
	}
	return out
}

// holeOf is the sign that xargs puts words in place of; false: an option says
// something that is not followed.
func holeOf(options []string) (hole string, ok bool) {
	for i := 0; i < len(options); i++ {
		switch o := options[i]; {
		case o == "-I" && i+1 < len(options):
			i++
			hole = options[i]
		case strings.HasPrefix(o, "-I"):
			hole = o[2:]
		case o == "-i":
			hole = "{}"
		case !slices.Contains([]string{"-0", "--null", "-r", "--no-run-if-empty", "-t", "--verbose"}, o):
			return "", false
		}
	}
	return hole, true
}

// inputWords are the words that xargs makes of its input.
func inputWords(text, hole string, zero bool) []string {
	switch {
	case zero:
		return strings.Split(strings.TrimSuffix(text, "\x00"), "\x00")
	case strings.ContainsAny(text, `'"\`):
		return nil
	case hole != "":
		return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	}
	return strings.Fields(text)
}
