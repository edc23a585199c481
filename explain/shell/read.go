package shell

import (
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// readWay is how read is told to read.
type readWay struct {
	raw   bool
	end   string // what ends a line; empty: nothing does
	count int    // characters at most; 0: any number
	array bool
	names []string
}

// readOptions reads the words of read; false: they say something else.
func readOptions(args []Word) (readWay, bool) {
	way := readWay{end: "\n"}
	for len(args) > 0 && len(args[0].Value) > 1 && args[0].Value[0] == '-' {
		letters := args[0].Value[1:]
		args = args[1:]
		for letters != "" {
			letter := letters[0]
			letters = letters[1:]
			if strings.IndexByte("rs", letter) >= 0 {
				way.raw = way.raw || letter == 'r'
				continue
			}
			value := letters
			letters = ""
			if value == "" {
				if len(args) == 0 {
					return way, false
				}
				value, args = args[0].Value, args[1:]
			}
			switch letter {
			case 'd':
				way.end = value[:min(len(value), 1)]
			case 'n', 'N':
				n, err := strconv.Atoi(value)
				if err != nil || n < 1 {
					return way, false
				}
				way.count = n
			case 'a':
				way.array, way.names = true, []string{value}
			case 'p', 't':
			default:
				return way, false
			}
		}
	}
	for _, a := range args {
		if !syntax.ValidName(a.Value) || way.array {
			return way, false
		}
		way.names = append(way.names, a.Value)
	}
	if len(way.names) == 0 {
		way.names = []string{"REPLY"}
	}
	return way, true
}

// readLine sets the variables of a read whose input is known.
func (r *reader) readLine(cmd *Command, words []Word, st state) (outcome, bool) {
	args := words[1:]
	way, ok := readOptions(args)
	if !ok || !plain(args) || cmd.Input == nil || cmd.Loop {
		return outcome{}, false
	}
	input := st.feed
	if input == nil {
		input = &feed{rest: *cmd.Input}
	}
	line, whole := input.line(way.end, way.count)
	if !way.raw && strings.Contains(line, `\`) {
		return outcome{}, false
	}
	ifs := r.separators(st)
	for _, a := range cmd.Assigns {
		if a.Name == "IFS" && a.Value.Known {
			ifs = a.Value.Value
		}
	}
	r.setRead(way, splitRead(line, ifs, len(way.names), way.array), cmd.inputHow, st)
	return outcome{known: true, status: statusOf(whole)}, true
}

func (r *reader) setRead(way readWay, parts []string, how string, st state) {
	if way.array {
		r.assignValue(way.names[0], value{array: true, list: parts, how: how}, st)
		return
	}
	for i, name := range way.names {
		v := value{how: how}
		if i < len(parts) {
			v.str = parts[i]
		}
		r.assignValue(name, v, st)
	}
}

// separators is the value of IFS.
func (r *reader) separators(st state) string {
	if ifs := r.lookup("IFS", st); known(ifs) && !ifs.unset {
		return ifs.str
	}
	return " \t\n"
}

// splitRead splits a line into n parts, or any number.
func splitRead(line, ifs string, n int, all bool) []string {
	blanks := ""
	for _, c := range " \t\n" {
		if strings.ContainsRune(ifs, c) {
			blanks += string(c)
		}
	}
	line = strings.Trim(line, blanks)
	var parts []string
	for line != "" && ifs != "" && (all || len(parts) < n-1) {
		i := strings.IndexAny(line, ifs)
		if i < 0 {
			break
		}
		parts = append(parts, line[:i])
		blank := strings.IndexByte(blanks, line[i]) >= 0
		line = strings.TrimLeft(line[i+1:], blanks)
		if blank && line != "" && strings.IndexByte(ifs, line[0]) >= 0 {
			line = strings.TrimLeft(line[1:], blanks)
		}
	}
	if line != "" {
		parts = append(parts, line)
	}
	return parts
}

// readLines is mapfile and readarray of a known input.
func (r *reader) readLines(cmd *Command, words []Word, st state) (outcome, bool) {
	if words[0].Value != "mapfile" && words[0].Value != "readarray" || cmd.Input == nil || !plain(words) {
		return outcome{}, false
	}
	args, cut := words[1:], false
	for len(args) > 0 && args[0].Value == "-t" {
		args, cut = args[1:], true
	}
	name := "MAPFILE"
	if len(args) > 0 {
		name = args[0].Value
	}
	if len(args) > 1 || !syntax.ValidName(name) {
		return outcome{}, false
	}
	v := value{array: true, how: cmd.inputHow}
	for line := range strings.Lines(*cmd.Input) {
		if cut {
			line = strings.TrimSuffix(line, "\n")
		}
		if v.list = append(v.list, line); len(v.list) > maxFields {
			return outcome{}, false
		}
	}
	r.assignValue(name, v, st)
	return outcome{known: true, status: succeeds}, true
}
