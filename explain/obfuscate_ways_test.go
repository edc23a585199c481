package explain

import (
	"fmt"
	"strconv"
	"strings"
)

// array puts the letters into an array in another order.
func array(c string, n int) string {
	order := shuffled(len(c), n)
	list := make([]string, len(c))
	index := make([]string, len(c))
	for i, at := range order {
		list[i] = single(string(c[at]))
		index[at] = fmt.Sprintf("${q[%d]}", i)
	}
	return "q=(" + strings.Join(list, " ") + "); eval \"" + strings.Join(index, "") + `"`
}

// indexLoop takes the letters out of an array by a list of numbers.
func indexLoop(c string, n int) string {
	order := shuffled(len(c), n)
	list := make([]string, len(c))
	index := make([]string, len(c))
	for i, at := range order {
		list[i] = single(string(c[at]))
		index[at] = strconv.Itoa(i)
	}
	return "q=(" + strings.Join(list, " ") + "); for i in " + strings.Join(index, " ") + `; do s+="${q[$i]}"; done; eval "$s"`
}

// cLoop walks a text backwards.
func cLoop(c string, _ int) string {
	return "s=" + single(reversed(c)) + `; for ((i=${#s}-1;i>=0;i--)); do o="$o${s:$i:1}"; done; eval "$o"`
}

// slices26 cuts the letters out of one long text.
func slices26(c string, _ int) string {
	if strings.ContainsAny(c, "'") {
		return ""
	}
	const all = "zyxwvutsrqponmlkjihgfedcbaZYXWVUTSRQPONMLKJIHGFEDCBA9876543210 -/.:|&<>=,@*_+!"
	var b strings.Builder
	for i := range len(c) {
		at := strings.IndexByte(all, c[i])
		if at < 0 {
			return ""
		}
		fmt.Fprintf(&b, "${k:%d:1}", at)
	}
	return "k=" + single(all) + `; eval "` + b.String() + `"`
}

// pieces cuts the text into variables that are set in another order.
func pieces(c string, n int) string {
	var sets, uses []string
	for i := 0; i < len(c); i += 3 {
		name := fmt.Sprintf("v%d_%d", n, i)
		sets = append(sets, name+"="+single(c[i:min(i+3, len(c))]))
		uses = append(uses, "$"+name)
	}
	order := shuffled(len(sets), n)
	mixed := make([]string, len(sets))
	for i, at := range order {
		mixed[i] = sets[at]
	}
	return strings.Join(mixed, ";") + `; eval "` + strings.Join(uses, "") + `"`
}

// digits spells each letter by octal digits that are computed.
func digits(c string, _ int) string {
	var b strings.Builder
	for i := range len(c) {
		b.WriteString(`\\`)
		for _, d := range fmt.Sprintf("%03o", c[i]) {
			b.WriteString("$((2#" + strconv.FormatInt(int64(d-'0'), 2) + "))")
		}
	}
	return `eval "$(printf "` + b.String() + `")"`
}

func awkChars(c string, _ int) string {
	codes := make([]string, len(c))
	for i := range len(c) {
		codes[i] = strconv.Itoa(int(c[i]))
	}
	return `eval "$(awk 'BEGIN{printf "` + strings.Repeat("%c", len(c)) + `",` + strings.Join(codes, ",") + `}')"`
}

// caseLoop maps numbers to letters by a case in a loop.
func caseLoop(c string, _ int) string {
	var arms, list []string
	seen := map[byte]bool{}
	for i := range len(c) {
		list = append(list, strconv.Itoa(int(c[i])))
		if !seen[c[i]] {
			seen[c[i]] = true
			arms = append(arms, strconv.Itoa(int(c[i]))+") o+="+single(string(c[i]))+";;")
		}
	}
	return "for k in " + strings.Join(list, " ") + "; do case $k in " + strings.Join(arms, " ") + ` esac; done; eval "$o"`
}

func shuffled(n, seed int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	x := uint32(seed*7919 + 17)
	for i := n - 1; i > 0; i-- {
		x = x*1664525 + 1013904223
		j := int(x>>8) % (i + 1)
		out[i], out[j] = out[j], out[i]
	}
	return out
}
