package quote

import (
	"unicode"
	"unicode/utf8"
)

// Mark is one rune of a text that is not what it looks like.
type Mark struct {
	Start, End int // bytes
	Rune       rune
	LooksLike  string // the ASCII that it is taken for; empty: it shows nothing
}

// Invisible finds runes that show nothing or change how others are shown:
// controls other than tab and line feed, zero-width and bidi characters, tags,
// selectors, fillers. Joiners and selectors inside emoji, and joiners inside
// words of scripts that need them, are ordinary and left out.
func Invisible(s string) []Mark {
	if plainASCII(s) {
		return nil
	}
	var marks []Mark
	before := rune(0)
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if hidden(r) && r != '\t' && r != '\n' || r == 0x7f {
			after, _ := utf8.DecodeRuneInString(s[i+n:])
			if !ordinary(before, r, after) {
				marks = append(marks, Mark{Start: i, End: i + n, Rune: r})
			}
		}
		before = r
		i += n
	}
	return marks
}

// ordinary reports whether the invisible rune r is used as its script uses it.
func ordinary(before, r, after rune) bool {
	switch {
	case r == 0xfe0f || r == 0xfe0e:
		return emoji(before)
	case r == 0x200d && emoji(before) && unicode.Is(unicode.So, after):
		return true
	case r == 0x200c || r == 0x200d:
		return joins(before) && joins(after)
	case r == '\r':
		return after == '\n'
	}
	return false
}

func joins(r rune) bool {
	return unicode.In(r, unicode.Arabic, unicode.Syriac, unicode.Devanagari, unicode.Bengali, unicode.Tamil,
		unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Gujarati, unicode.Sinhala, unicode.Oriya)
}

// Confusables finds runes that are easily taken for ASCII: letters of other
// alphabets inside a word that otherwise looks Latin, dashes that begin an
// option, quotes and operators that are none, spaces that part no words.
// Words that are plainly of another language are left alone.
func Confusables(s string) []Mark {
	if plainASCII(s) {
		return nil
	}
	var marks []Mark
	for start := 0; start < len(s); {
		r, n := utf8.DecodeRuneInString(s[start:])
		if separator(r) {
			start += n
			continue
		}
		end := start
		for end < len(s) {
			r, n := utf8.DecodeRuneInString(s[end:])
			if separator(r) {
				break
			}
			end += n
		}
		marks = append(marks, confusedWord(s, start, end)...)
		start = end
	}
	return marks
}

// separator reports whether r parts the words of a shell line.
func separator(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '|', ';', '&', '(', ')', '<', '>':
		return true
	}
	return false
}

// confusedWord looks at the word s[start:end].
func confusedWord(s string, start, end int) []Mark {
	word := s[start:end]
	if plainASCII(word) {
		return nil
	}
	latin, foreign := tally(word)
	program := programPlace(s[:start])
	var marks []Mark
	for i, r := range word {
		if len(marks) == manyMarks {
			break
		}
		like := LooksLike(r)
		if like == "" {
			continue
		}
		end := i + utf8.RuneLen(r)
		before, _ := utf8.DecodeLastRuneInString(word[:i])
		after, _ := utf8.DecodeRuneInString(word[end:])
		var bad bool
		switch {
		case oddSpace(r):
			bad = latin > 0
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			bad = confusedLetter(word, i, latin, program && foreign == 0)
		case like == "-":
			bad = i == 0 && (asciiLetter(after) || LooksLike(after) == "-" || after == '-') || i > 0 && before == '-'
		default:
			bad = (i == 0 || before < utf8.RuneSelf) && (end == len(word) || after < utf8.RuneSelf) && (latin > 0 || program) &&
				!(like == "'" && asciiLetter(before) && asciiLetter(after)) // don’t
		}
		if bad {
			marks = append(marks, Mark{Start: start + i, End: start + end, Rune: r, LooksLike: like})
		}
	}
	return marks
}

// manyMarks is how many runes of one word are told of: the word is known to be
// disguised by then.
const manyMarks = 256

// longRun is how far in bytes a run of letters is followed to each side.
const longRun = 128

// confusedLetter judges the look-alike letter at word[i] by the run of letters
// that it stands in: mixed with ASCII it is one, and so it is in a run made of
// look-alikes alone, if the rest of the word is Latin or it names a program.
func confusedLetter(word string, i, latin int, program bool) bool {
	from, to := i, i
	for from > max(0, i-longRun) {
		r, n := utf8.DecodeLastRuneInString(word[:from])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			break
		}
		from -= n
	}
	for to < min(len(word), i+longRun) {
		r, n := utf8.DecodeRuneInString(word[to:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			break
		}
		to += n
	}
	ascii, foreign := tally(word[from:to])
	return ascii > 0 || foreign == 0 && (latin > 0 || program)
}

// tally counts the ASCII letters of a word and those letters of other
// alphabets that look like no ASCII letter.
func tally(word string) (latin, foreign int) {
	for _, r := range word {
		switch {
		case asciiLetter(r):
			latin++
		case r >= utf8.RuneSelf && unicode.IsLetter(r) && LooksLike(r) == "":
			foreign++
		}
	}
	return latin, foreign
}

// programPlace reports whether a word after before stands where a program or
// its first word would.
func programPlace(before string) bool {
	for i := len(before) - 1; i >= 0; i-- {
		switch before[i] {
		case ' ', '\t':
			continue
		case '|', ';', '&', '(', '\n':
			return true
		}
		return false
	}
	return true
}
