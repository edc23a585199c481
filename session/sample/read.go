package sample

import (
	"errors"
	"fmt"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"escort/session/event"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Problem is one place in a sample's file that is not right.
type Problem struct {
	Line int // from 1; 0: the file as a whole
	Text string
}

// Problems are all that is wrong with a file.
type Problems struct {
	File string
	List []Problem // in the order of lines
}

// Error is each problem as FILE:LINE: text, a line for each.
func (p *Problems) Error() string {
	var lines []string
	for _, x := range p.List {
		if x.Line == 0 {
			lines = append(lines, p.File+": "+x.Text)
		} else {
			lines = append(lines, fmt.Sprintf("%s:%d: %s", p.File, x.Line, x.Text))
		}
	}
	return strings.Join(lines, "\n")
}

// Hint says what to do about them.
func (p *Problems) Hint() string {
	return "escort sample check FILE lists all that is wrong; escort sample example prints a whole one"
}

// reader makes a sample of a file's nodes and notes everything that it cannot
// take.
type reader struct {
	sample Sample
	found  []Problem
}

// Parse reads a sample and refuses one that would not play: then the error is a
// [*Problems] with all that is wrong.
func Parse(file string, text []byte) (s Sample, err error) {
	defer func() { // of the parser, which is not ours
		if r := recover(); r != nil {
			s, err = Sample{}, &Problems{file, []Problem{{0, fmt.Sprintf("it cannot be read: %v", r)}}}
		}
	}()
	r := reader{sample: Sample{Name: nameOf(file), file: file, lines: map[string]int{}}}
	doc, err := parser.ParseBytes(text, 0)
	switch {
	case err != nil:
		r.wrong(err, 0)
	case len(doc.Docs) != 1 || doc.Docs[0].Body == nil:
		r.add(0, "a sample is one YAML document, and not an empty one")
	default:
		r.value("", doc.Docs[0].Body, reflect.ValueOf(&r.sample).Elem())
		r.usual()
		r.plays()
	}
	if len(r.found) > 0 {
		return Sample{}, &Problems{file, sorted(r.found)}
	}
	return r.sample, nil
}

func sorted(list []Problem) []Problem {
	slices.SortStableFunc(list, func(a, b Problem) int { return a.Line - b.Line })
	return list
}

func (r *reader) add(line int, format string, args ...any) {
	r.found = append(r.found, Problem{line, fmt.Sprintf(format, args...)})
}

// wrong adds an error of the YAML package, with the line that it names.
func (r *reader) wrong(err error, line int) {
	text := err.Error()
	var y yaml.Error
	if errors.As(err, &y) {
		text = y.GetMessage()
		if t := y.GetToken(); t != nil && t.Position != nil {
			line = t.Position.Line
		}
	}
	text, _, _ = strings.Cut(text, "\n")
	r.add(line, "%s", text)
}

// value reads a node into v; where says what it is: "steps[2].line".
func (r *reader) value(where string, n ast.Node, v reflect.Value) {
	if _, ok := v.Addr().Interface().(yaml.BytesUnmarshaler); !ok {
		switch v.Kind() {
		case reflect.Struct:
			r.mapping(where, n, v)
			return
		case reflect.Slice:
			r.sequence(where, n, v)
			return
		}
	}
	if err := yaml.NodeToValue(n, v.Addr().Interface()); err != nil {
		r.wrong(err, lineOf(n))
	}
}

func lineOf(n ast.Node) int {
	if t := n.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 0
}

func (r *reader) sequence(where string, n ast.Node, v reflect.Value) {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		r.add(lineOf(n), "%s is a list: its entries begin with -", last(where))
		return
	}
	for i, x := range list.Values {
		at := fmt.Sprintf("%s[%d]", where, i)
		r.sample.lines[at] = lineOf(x)
		item := reflect.New(v.Type().Elem()).Elem()
		r.value(at, x, item)
		v.Set(reflect.Append(v, item))
	}
}

// last is the name at the end of a path.
func last(where string) string { return where[strings.LastIndexByte(where, '.')+1:] }

func (r *reader) mapping(where string, n ast.Node, v reflect.Value) {
	var pairs []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	default:
		r.add(lineOf(n), "here stand names with a colon behind each, such as %s", names(v.Type())[0])
		return
	}
	if len(pairs) > 0 {
		r.sample.lines[where] = lineOf(pairs[0].Key)
	}
	for _, p := range pairs {
		key := p.Key.GetToken().Value
		f := slices.Index(names(v.Type()), key)
		if f < 0 {
			r.add(lineOf(p.Key), "%q is no name that is known here; these are: %s", key, strings.Join(known(v.Type()), ", "))
			continue
		}
		at := strings.TrimPrefix(where+"."+key, ".")
		r.sample.lines[at] = lineOf(p.Key)
		r.value(at, p.Value, v.Field(f))
	}
}

// names are what the fields of a struct are called in a file.
func names(t reflect.Type) []string {
	out := make([]string, t.NumField())
	for i := range out {
		out[i] = t.Field(i).Tag.Get("yaml")
	}
	return out
}

// known is names without the fields that no file has.
func known(t reflect.Type) []string {
	return slices.DeleteFunc(names(t), func(n string) bool { return n == "" || n == "-" })
}

// usual fills in what a file may leave out.
func (r *reader) usual() {
	s := &r.sample
	if s.Home == "" {
		s.Home = path.Clean("/home/" + s.User())
	}
	for i := range s.Files {
		f := &s.Files[i]
		switch {
		case f.Owner != "":
		case strings.HasPrefix(f.Path, s.Home+"/"):
			f.Owner = s.User()
		default:
			f.Owner = "root"
		}
		if f.Age == 0 {
			f.Age = Age(30 * ageUnits['d'])
		}
	}
}

var technique = regexp.MustCompile(`^T\d{4}(\.\d{3})?$`)

// plays checks that the sample can be played.
func (r *reader) plays() {
	s := &r.sample
	for _, must := range []struct{ name, value string }{
		{"title", s.Title}, {"about", s.About}, {"engineer", s.Engineer}, {"host", s.Host}, {"ticket", s.Ticket}, {"debrief", s.Debrief},
	} {
		if strings.TrimSpace(must.value) == "" {
			r.add(s.place("", must.name), "%s is missing", must.name)
		}
	}
	if _, said := s.lines["now"]; !said {
		r.add(s.place("", "now"), "now is missing, such as now: 2026-11-24 14:20")
	}
	if !path.IsAbs(s.Home) || s.Home != path.Clean(s.Home) {
		r.add(s.lines["home"], "home is the whole path of a folder, such as /home/ravi")
	}
	if s.Technique != "" && !technique.MatchString(s.Technique) {
		r.add(s.lines["technique"], "technique is a number of MITRE ATT&CK, such as T1059.004")
	}
	for i, f := range s.Files {
		if !path.IsAbs(f.Path) || f.Path != path.Clean(f.Path) {
			r.add(s.lines[fmt.Sprintf("files[%d]", i)], "the path of a file begins with / and has no . or .. in it")
		}
	}
	if len(s.Steps) == 0 {
		r.add(s.place("", "steps"), "steps are missing")
	}
	for i, st := range s.Steps {
		r.step(fmt.Sprintf("steps[%d]", i), st)
	}
}

// step checks one step.
func (r *reader) step(at string, st Step) {
	if st == (Step{}) {
		return // what stands there was no step, which was said
	}
	line := func(name string) int { return r.sample.place(at, name) }
	if strings.TrimSpace(st.Line) == "" || strings.ContainsAny(st.Line, "\r\n\x1b") {
		r.add(line("line"), "a step needs a line, and only one")
	}
	if !slices.Contains([]string{event.Allow, event.Deny, Ask, event.CannotTell}, st.Right) {
		r.add(line("right"), "right is allow, deny, ask or cannot-tell")
	}
	if st.Then != "" && st.Then != event.Allow && st.Then != event.Deny {
		r.add(line("then"), "then is allow or deny")
	}
	if st.Then != "" && (st.Right == event.Allow || st.Right == event.Deny) {
		r.add(line("then"), "then stands only where right is ask or cannot-tell")
	}
	if st.Right == Ask && (st.Answer == "" || st.Then == "") {
		r.add(line("right"), "where asking is right, answer says what the engineer answers, and then what that makes right: allow or deny")
	}
	if st.Because == "" && (st.Right == event.Deny || st.Right == Ask || st.Right == event.CannotTell) {
		r.add(line("right"), "because is missing: say why %s is right", st.Right)
	}
	if st.Status < 0 || st.Status > 255 {
		r.add(line("status"), "status is a number from 0 to 255")
	}
}
