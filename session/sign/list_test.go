package sign

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Each list is put to ssh-keygen as well: what it refuses may not be accepted
// here, and nothing else may be refused.
func TestListAgainstStock(t *testing.T) {
	mine, other := fromFile(t, edKey(t)), fromFile(t, edKey(t))
	sig := signed(t, mine, message)
	key := mine.Key()
	at := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		list string
		want bool
	}{
		{line("eva", "", key), true},
		{line("eva@example.com", "", key), false},
		{line("tom,eva", "", key), true},
		{line("tom", "", key), false},
		{line("e*", "", key), true},
		{line("e?a", "", key), true},
		{line("e?", "", key), false},
		{line("*", "", key), true},
		{line("*,!eva", "", key), false},
		{line("!eva,*", "", key), false},
		{line("!tom", "", key), false},
		{line("!tom,*", "", key), true},
		{line("EVA", "", key), false},
		{line(`"eva"`, "", key), true},
		{line(`"tom,e*"`, "", key), true},
		{line("eva", "", other.Key()), false},
		{line("eva", "", other.Key()) + line("eva", "", key), true},
		{line("tom", "", key) + line("eva", "", key), true},
		{"# a comment\n\n \t\n" + line("eva", "", key), true},
		{"  " + line("eva", "", key), true},
		{line("eva", `namespaces="escort-decision"`, key), true},
		{line("eva", `namespaces="file,escort-*"`, key), true},
		{line("eva", `NameSpaces="escort-decision"`, key), true},
		{line("eva", `namespaces="file"`, key), false},
		{line("eva", `namespaces="*,!escort-decision"`, key), false},
		{line("eva", `valid-after="20260101"`, key), true},
		{line("eva", `valid-after="20270101"`, key), false},
		{line("eva", `valid-before="20270101"`, key), true},
		{line("eva", `valid-before="20260101"`, key), false},
		{line("eva", `valid-before="20260601120000Z"`, key), true},
		{line("eva", `valid-before="20260601115959Z"`, key), false},
		{line("eva", `valid-after="20260601120000Z"`, key), true},
		{line("eva", `valid-after="20260601120001Z"`, key), false},
		{line("eva", `valid-after="202606011200Z",valid-before="202606011201Z",namespaces="escort-decision"`, key), true},
		{line("eva", "", key) + line("eva", `valid-before="20200101"`, key), true},
		{strings.ReplaceAll(line("eva", "", key), " ", "\t"), true},
	} {
		l, err := ParseList("list", []byte(tc.list))
		if err != nil {
			t.Errorf("%s\n%v", tc.list, err)
			continue
		}
		err = l.Check(key, "eva", space, at)
		if (err == nil) != tc.want {
			t.Errorf("%s\nwant %v, got %v", tc.list, tc.want, err)
		}
		told := stock(t, tc.list, "eva", sig, message, "-Overify-time="+at.Format("20060102150405")+"Z")
		if (told == nil) != tc.want {
			t.Errorf("%s\nwant %v, and ssh-keygen says %v", tc.list, tc.want, told)
		}
	}
}

func TestListRefusesWhatItDoesNotUnderstand(t *testing.T) {
	key := fromFile(t, edKey(t)).Key()
	good := line("eva", "", key)
	blob := strings.Fields(good)[2]
	for want, list := range map[string]string{
		"list:1: there is no key in it":                           "",
		"list:2: there is no key in it":                           "# nobody\n# at all\n",
		"list:2: names, then a key type":                          good + "eva\n",
		"list:1: the quote before the names":                      `"eva ssh-ed25519 ` + blob,
		"list:1: a name is empty":                                 "eva,,tom ssh-ed25519 " + blob,
		"list:1: the key is no base64":                            "eva ssh-ed25519 !!!",
		"list:1: the key is no key":                               "eva ssh-ed25519 AAAA",
		"list:1: the line says ssh-rsa, and its key is of type s": "eva ssh-rsa " + blob,
		"list:1: a key type and a key":                            `eva namespaces="x" ` + blob,
		`list:1: there is no option "touch"`:                      line("eva", "touch", key),
		"list:1: namespaces is there twice":                       line("eva", `namespaces="a",namespaces="b"`, key),
		"list:1: the value of namespaces must stand":              line("eva", "namespaces=a", key),
		"list:1: a comma is expected after the value of n":        line("eva", `namespaces="a"b`, key),
		"list:1: an option is expected after the last comma":      line("eva", `namespaces="a",`, key),
		"list:1: a namespace is empty":                            line("eva", `namespaces=""`, key),
		`list:1: "2026" is no time`:                               line("eva", `valid-after="2026"`, key),
		`list:1: "20261301" is no time`:                           line("eva", `valid-before="20261301"`, key),
		"list:1: valid-before is not after":                       line("eva", `valid-before="20260101",valid-after="20260101"`, key),
		"list:1: cert-authority: signatures with certificates":    line("*", "cert-authority", key),
	} {
		_, err := ParseList("list", []byte(list))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q\ngot %v, want %s", list, err, want)
		}
	}
	if _, err := ReadList(filepath.Join(t.TempDir(), "none")); err == nil || !strings.Contains(err.Error(), "cannot be read") {
		t.Errorf("a list that is not there: %v", err)
	}
}

// Patterns take no longer than their length times that of the name.
func TestPatterns(t *testing.T) {
	long := strings.Repeat("a", 2000)
	for _, tc := range []struct {
		pattern, name string
		want          bool
	}{
		{"*", "", true},
		{"", "", true},
		{"", "a", false},
		{"a*", "a", true},
		{"*a", "ba", true},
		{"*a*", "bab", true},
		{"a*b*c", "a--b--c", true},
		{"a*b*c", "a--c--b", false},
		{"**", "x", true},
		{"?*?", "x", false},
		{"?*?", "xy", true},
		{strings.Repeat("*a", 500) + "b", long, false},
	} {
		if got := alike(tc.pattern, tc.name); got != tc.want {
			t.Errorf("%.40q, %.40q: %v", tc.pattern, tc.name, got)
		}
	}
	if listed("*", "") {
		t.Error("nobody is listed")
	}
}

func TestCheckSaysWhy(t *testing.T) {
	key := fromFile(t, edKey(t)).Key()
	l, err := ParseList("list", []byte(line("tom", `valid-before="20260101Z"`, key)))
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	for who, want := range map[string]string{
		"eva": fmt.Sprintf("list has the key %s for tom, not for eva", Name(key)),
		"tom": "list has the key of tom until 2026-01-01 00:00:00 UTC",
	} {
		if err := l.Check(key, who, space, at); err == nil || err.Error() != want {
			t.Errorf("%s: %v", who, err)
		}
	}
}
