package sign

import (
	"fmt"
	"strings"
	"time"
)

// pastOptions takes the options off the beginning of text: up to the first
// space that is not in double quotes.
func pastOptions(text string) (options, rest string) {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && i+1 < len(text) && text[i+1] == '"':
			i++
		case c == '"':
			quoted = !quoted
		case (c == ' ' || c == '\t') && !quoted:
			return text[:i], strings.TrimLeft(text[i:], " \t")
		}
	}
	return text, ""
}

// options reads the options of a line: NAME or NAME="VALUE", with commas between.
func (e *entry) options(text string) error {
	seen := map[string]bool{}
	for {
		name, value, rest, err := option(text)
		if err != nil {
			return err
		}
		set, known := optionFields[name]
		switch {
		case !known:
			return fmt.Errorf("there is no option %q; there are namespaces, valid-after and valid-before", name)
		case seen[name]:
			return fmt.Errorf("%s is there twice", name)
		}
		seen[name] = true
		if err := set(e, value); err != nil {
			return err
		}
		if rest == "" {
			break
		}
		if text = rest[1:]; text == "" {
			return fmt.Errorf("an option is expected after the last comma")
		}
	}
	if !e.after.IsZero() && !e.before.IsZero() && !e.after.Before(e.before) {
		return fmt.Errorf("valid-before is not after valid-after: the key would never be valid")
	}
	return nil
}

// option takes one option off text. rest begins with a comma or is empty.
// ssh-keygen wants values in double quotes, though its manual does not say so.
func option(text string) (name, value, rest string, err error) {
	end := strings.IndexAny(text, `=,"`)
	if end < 0 || text[end] == ',' {
		if end < 0 {
			end = len(text)
		}
		return strings.ToLower(text[:end]), "", text[end:], nil
	}
	name = strings.ToLower(text[:end])
	quoted, ok := strings.CutPrefix(text[end:], `="`)
	value, rest, closed := strings.Cut(quoted, `"`)
	switch {
	case !ok || !closed || strings.Contains(value, `\`):
		return "", "", "", fmt.Errorf(`the value of %s must stand in double quotes, without \`, name)
	case rest != "" && rest[0] != ',':
		return "", "", "", fmt.Errorf("a comma is expected after the value of %s", name)
	}
	return name, value, rest, nil
}

var optionFields = map[string]func(e *entry, value string) error{
	"namespaces": func(e *entry, value string) error {
		if value == "" || strings.Contains(","+value+",", ",,") {
			return fmt.Errorf("a namespace is empty")
		}
		e.namespaces = value
		return nil
	},
	"valid-after":  func(e *entry, value string) (err error) { e.after, err = timestamp(value); return err },
	"valid-before": func(e *entry, value string) (err error) { e.before, err = timestamp(value); return err },
	"cert-authority": func(*entry, string) error {
		return fmt.Errorf("cert-authority: signatures with certificates are not understood; name the key of each person")
	},
}

// timestamp reads a date or a time as ssh-keygen(1) writes it; Z means UTC, else
// it is of this machine's zone.
func timestamp(text string) (time.Time, error) {
	digits, zone := text, time.Local
	if d, ok := strings.CutSuffix(text, "Z"); ok {
		digits, zone = d, time.UTC
	}
	for _, layout := range []string{"20060102", "200601021504", "20060102150405"} {
		if len(digits) != len(layout) {
			continue
		}
		if t, err := time.ParseInLocation(layout, digits, zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time: YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS is expected, with Z for UTC", text)
}

// listed reports whether a list of patterns takes name. A pattern with ! before
// it that matches refuses, whatever the others say.
func listed(patterns, name string) bool {
	ok := false
	for p := range strings.SplitSeq(patterns, ",") {
		p, not := strings.CutPrefix(p, "!")
		switch {
		case !alike(p, name):
		case not:
			return false
		default:
			ok = true
		}
	}
	return ok && name != ""
}

// alike matches name against a pattern in which * stands for any number of
// characters and ? for one.
func alike(pattern, name string) bool {
	star, mark, p, n := -1, 0, 0, 0
	for n < len(name) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, n
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == name[n]):
			p++
			n++
		case star >= 0:
			mark++
			p, n = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
