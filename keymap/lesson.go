package keymap

import "slices"

// Around is the mode of the screens around a lesson: its list, introduction and
// debrief. It is no mode of the console, and its keys cannot be given others.
const Around Mode = "lesson"

// The actions that only these screens have.
const (
	Again Action = "again"
	Next  Action = "next"
	Intro Action = "introduction"
)

// Lesson is what each key does on the screens around a lesson.
var Lesson = []Binding{
	{Around, Enter, []string{"enter", "space"}, "go on", "go on, or take the lesson that is marked", ""},
	{Around, LineUp, []string{"up", "k"}, "", "up", ""},
	{Around, LineDown, []string{"down", "j"}, "move", "down", ""},
	{Around, PageUp, []string{"pgup", "b"}, "", "a page up", ""},
	{Around, PageDown, []string{"pgdown"}, "page", "a page down", ""},
	{Around, Top, []string{"home"}, "", "to the top", ""},
	{Around, Bottom, []string{"end"}, "", "to the end", ""},
	{Around, Again, []string{"r"}, "again", "take the lesson again", ""},
	{Around, Next, []string{"n"}, "next lesson", "take the next lesson", ""},
	{Around, Intro, []string{"i"}, "introduction", "what the words mean, and how to refuse", ""},
	{Around, Back, []string{"esc", "q", "ctrl+c"}, "leave", "leave", ""},
}

// LessonKey is what a key does there; ok is false where it does nothing.
func LessonKey(name string) (b Binding, ok bool) {
	i := slices.IndexFunc(Lesson, func(b Binding) bool { return slices.Contains(b.Keys, name) })
	if i < 0 {
		return Binding{}, false
	}
	return Lesson[i], true
}
