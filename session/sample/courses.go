package sample

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

//go:embed data/*.yaml
var data embed.FS

//go:embed courses.yaml
var courses []byte

// Default is the sample that is played when none is named.
const Default = "fix_servers"

// Course is some lessons in the order in which they are best taken.
type Course struct {
	Name    string   `yaml:"name"`
	Title   string   `yaml:"title"`
	About   string   `yaml:"about"`
	Lessons []string `yaml:"lessons"` // names of samples
}

// Courses are those that come with the program, the first for beginners.
var Courses = sync.OnceValue(func() []Course {
	var list []Course
	if err := yaml.UnmarshalWithOptions(courses, &list, yaml.Strict()); err != nil {
		panic("the list of courses: " + err.Error()) // it is embedded, and tested
	}
	return list
})

// Names lists the samples that come with the program, course by course.
func Names() []string {
	var names []string
	for _, c := range Courses() {
		names = append(names, c.Lessons...)
	}
	return names
}

// CourseOf is the name of the course that a lesson belongs to; empty: of none.
func CourseOf(lesson string) string {
	for _, c := range Courses() {
		for _, n := range c.Lessons {
			if n == lesson {
				return c.Name
			}
		}
	}
	return ""
}

// ErrNoSample is what Load answers for a name that is not in Names.
var ErrNoSample = errors.New("no such sample")

// Load reads the sample called name that comes with the program.
func Load(name string) (Sample, error) {
	if strings.ContainsAny(name, `/\`) {
		return Sample{}, ErrNoSample
	}
	b, err := data.ReadFile("data/" + name + extension)
	if errors.Is(err, fs.ErrNotExist) {
		return Sample{}, ErrNoSample
	}
	if err != nil {
		return Sample{}, err
	}
	return Parse(name+extension, b)
}

const extension = ".yaml"

// maxFile is the longest file that is read as a sample, in bytes.
const maxFile = 1 << 20

// Folder reads every sample of a folder, in the order of their file names. Its
// errors name files as they lie in it.
func Folder(from fs.FS) ([]Sample, error) {
	names, err := fs.Glob(from, "*"+extension)
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("there is no file with a name like *%s", extension)
	}
	var list []Sample
	for _, name := range names {
		s, err := ReadFile(from, name)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
}

// ReadFile reads the sample in a file.
func ReadFile(from fs.FS, name string) (Sample, error) {
	info, err := fs.Stat(from, name)
	switch {
	case err != nil:
		return Sample{}, err
	case !info.Mode().IsRegular() || info.Size() > maxFile:
		return Sample{}, fmt.Errorf("%s is no regular file of at most %d bytes", name, maxFile)
	}
	b, err := fs.ReadFile(from, name)
	if err != nil {
		return Sample{}, err
	}
	return Parse(name, b)
}

// nameOf is what the sample of a file is called.
func nameOf(file string) string { return strings.TrimSuffix(path.Base(file), path.Ext(file)) }
