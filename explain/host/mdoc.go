package host

import "strings"

// mdocWords are the macros of mdoc(7) that mark up words; they may follow
// each other in one line.
var mdocWords = words("Ad An Ao Ac Ap Aq Ar At Bc Bo Bq Bx Cm Dc Do Dq Dv Em Er Ev Fa Fl Fn Ic Lb Li Lk Ms Mt Nd Nm No Ns Nx " +
	"Oc Oo Op Ox Pa Pc Pf Po Pq Qc Ql Qo Qq Sc So Sq St Sx Sy Tn Ux Va Vt Xc Xo Xr")

// around are the macros that put their words between two marks.
var around = map[string][2]string{
	"Op": {"[", "]"}, "Oo": {"[", ""}, "Oc": {"]", ""}, "Bq": {"[", "]"}, "Bo": {"[", ""}, "Bc": {"]", ""},
	"Aq": {"<", ">"}, "Ao": {"<", ""}, "Ac": {">", ""}, "Pq": {"(", ")"}, "Po": {"(", ""}, "Pc": {")", ""},
	"Dq": {`"`, `"`}, "Do": {`"`, ""}, "Dc": {`"`, ""}, "Qq": {`"`, `"`}, "Qo": {`"`, ""}, "Qc": {`"`, ""},
	"Ql": {"'", "'"}, "Sq": {"'", "'"}, "So": {"'", ""}, "Sc": {"'", ""},
}

// mdoc writes out a line of mdoc words.
func (r *roff) mdoc(args []string) string {
	var b strings.Builder
	closing := ""
	joined := true // no space before the next word
	put := func(s string) {
		if !joined && !strings.Contains(".,:;)]?!", s) {
			b.WriteByte(' ')
		}
		b.WriteString(s)
		joined = false
	}
	for i := 0; i < len(args); i++ {
		w := args[i]
		switch marks, ok := around[w]; {
		case ok:
			put(marks[0])
			joined = marks[1] != "" || strings.HasSuffix(w, "o")
			closing = marks[1] + closing
		case w == "Ns" || w == "Ap":
			joined = true
		case w == "Pf" && i+1 < len(args):
			i++
			put(args[i])
			joined = true
		case w == "Fl":
			put("-")
			joined = i+1 < len(args) && (!mdocWords[args[i+1]] || args[i+1] == "Fl")
		case w == "Nd":
			put("-")
		case w == "Nm":
			i = r.named(args, i, put)
		case w == "Xr" && i+2 < len(args):
			put(args[i+1] + "(" + args[i+2] + ")")
			i += 2
		case mdocWords[w]:
		default:
			put(w)
		}
	}
	return b.String() + closing
}

// named writes the page's name for an .Nm without words of its own.
func (r *roff) named(args []string, i int, put func(string)) int {
	if i+1 < len(args) && !mdocWords[args[i+1]] {
		if r.name == "" {
			r.name = args[i+1]
		}
		put(args[i+1])
		return i + 1
	}
	if r.name != "" {
		put(r.name)
	}
	return i
}
