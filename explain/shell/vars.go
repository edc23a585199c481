package shell

import (
	"slices"
	"sort"

	"escort/explain/say"
)

// value is what a variable holds. In str and list each stretch that is not
// known is one [Unknown].
type value struct {
	str   string
	list  []string // elements of an array, or the positional parameters
	keys  []string // of the elements, where they are words and not numbers
	array bool
	unset bool
	how   string // the disguise that its text was made through; empty: none
	home  bool   // str begins with ~ standing for an unknown home folder
	why   string
	glob  *Globbed
	of    []int // Commands of whose output it is a part
	fresh bool  // it is the name of a file that was made for it

	prompt bool // the arguments of a shell at a prompt, which hardly ever has any
}

func unknownValue(why string) value { return value{str: Unknown, why: why} }

func textValue(s string) value { return value{str: s} }

func (v value) same(o value) bool {
	if v.str != o.str || v.array != o.array || v.unset != o.unset || v.home != o.home || len(v.list) != len(o.list) || v.glob != o.glob {
		return false
	}
	return slices.Equal(v.list, o.list) && slices.Equal(v.keys, o.keys)
}

type setting struct {
	at    int
	value value
}

// variables is a timeline: every assignment is kept with its time, so that the
// value at any earlier command can be asked for later without copying.
type variables struct {
	now     int
	log     map[string][]setting
	journal []string // names in the order in which they were set
	wiped   []int    // times from which on nothing earlier is known
	base    func(name string) value
}

func whyWiped() string { return say.Text("shell.wiped") }

func (v *variables) set(name string, val value) {
	if v.log == nil {
		v.log = make(map[string][]setting)
	}
	v.now++
	v.log[name] = append(v.log[name], setting{v.now, val})
	v.journal = append(v.journal, name)
}

// wipe makes every variable unknown, because text that cannot be read may have
// set any of them.
func (v *variables) wipe() {
	v.now++
	v.wiped = append(v.wiped, v.now)
}

// has reports whether the text sets name anywhere before.
func (v *variables) has(name string) bool { return len(v.log[name]) > 0 }

func (v *variables) get(name string) value { return v.at(name, v.now, 0) }

// at is the value of name at time when; what was set up to time floor counts
// as unknown.
func (v *variables) at(name string, when, floor int) value {
	if i := sort.SearchInts(v.wiped, when+1); i > 0 {
		floor = max(floor, v.wiped[i-1])
	}
	list := v.log[name]
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].at <= when {
			if list[i].at <= floor {
				return unknownValue(whyWiped())
			}
			return list[i].value
		}
	}
	if floor > 0 {
		return unknownValue(whyWiped())
	}
	return v.base(name)
}

// changes runs fn, takes back what it set, and returns that.
func (v *variables) changes(fn func()) map[string]value {
	start, mark, before := len(v.journal), v.now, len(v.wiped)
	fn()
	if len(v.journal) == start {
		return nil
	}
	after := make(map[string]value)
	names := append([]string(nil), v.journal[start:]...)
	for _, name := range names {
		after[name] = v.get(name)
	}
	for name := range after {
		old := v.at(name, mark, 0)
		if len(v.wiped) > before {
			old = unknownValue(whyWiped())
		}
		v.set(name, old)
	}
	return after
}

// merge sets what holds after exactly one of several ways was taken.
func (v *variables) merge(ways ...map[string]value) {
	for _, way := range ways {
		for name := range way {
			old := v.get(name)
			first, same := value{}, true
			for i, other := range ways {
				val, ok := other[name]
				if !ok {
					val = old
				}
				if i == 0 {
					first = val
				}
				same = same && first.same(val)
			}
			switch {
			case !same:
				v.set(name, unknownValue(say.Text("shell.it-depends-on-a-condition")))
			case !first.same(old):
				v.set(name, first)
			}
		}
	}
}
