package sample

import "strings"

// glyphs are the letters of the risk words in five rows: a mark is a cell that
// is filled.
var glyphs = map[rune][5]string{
	'A': {"###", "# #", "###", "# #", "# #"},
	'C': {"###", "#  ", "#  ", "#  ", "###"},
	'E': {"###", "#  ", "## ", "#  ", "###"},
	'F': {"###", "#  ", "## ", "#  ", "#  "},
	'G': {"###", "#  ", "# #", "# #", "###"},
	'H': {"# #", "# #", "###", "# #", "# #"},
	'I': {"#", "#", "#", "#", "#"},
	'L': {"#  ", "#  ", "#  ", "#  ", "###"},
	'N': {"#  #", "## #", "# ##", "#  #", "#  #"},
	'O': {"###", "# #", "# #", "# #", "###"},
	'R': {"## ", "# #", "## ", "# #", "# #"},
	'S': {"###", "#  ", "###", "  #", "###"},
	'T': {"###", " # ", " # ", " # ", " # "},
	'U': {"# #", "# #", "# #", "# #", "###"},
	'W': {"#   #", "#   #", "# # #", "# # #", " # # "},
}

// banner is a word in large letters, as lines for a terminal.
func banner(word string) []string {
	rows := make([]string, 5)
	for i := range rows {
		var b strings.Builder
		for _, r := range strings.ToUpper(word) {
			for _, c := range glyphs[r][i] {
				if c == '#' {
					b.WriteRune('█')
				} else {
					b.WriteByte(' ')
				}
			}
			b.WriteByte(' ')
		}
		rows[i] = "  " + b.String()
	}
	return rows
}
