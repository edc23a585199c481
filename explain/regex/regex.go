// Package regex has regular expressions that are compiled when they are first
// needed. Most commands need none of them, and compiling all would be a large
// part of the time in which the program starts.
//
// # Limits
//
// A wrong text is found at its first use. Texts that are not constants of the
// program do not belong here.
package regex

import (
	"regexp"
	"sync"
)

// Pattern is a regular expression (RE2) of a constant text, safe for concurrent
// use. Its methods are those of [regexp.Regexp].
type Pattern struct {
	text  string
	once  sync.Once
	re    *regexp.Regexp
	needs need
}

// New is a pattern of text. A text that is none makes its first use panic.
func New(text string) *Pattern { return &Pattern{text: text} }

func (p *Pattern) get() *regexp.Regexp {
	p.once.Do(func() { p.re, p.needs = regexp.MustCompile(p.text), needs(p.text) })
	return p.re
}

// Match is as in [regexp.Regexp].
func (p *Pattern) Match(b []byte) bool { return p.get().Match(b) }

// MatchString is as in [regexp.Regexp].
func (p *Pattern) MatchString(s string) bool {
	re := p.get()
	return p.may(s) && re.MatchString(s)
}

// FindString is as in [regexp.Regexp].
func (p *Pattern) FindString(s string) string { return p.get().FindString(s) }

// FindStringIndex is as in [regexp.Regexp].
func (p *Pattern) FindStringIndex(s string) []int { return p.get().FindStringIndex(s) }

// FindStringSubmatch is as in [regexp.Regexp].
func (p *Pattern) FindStringSubmatch(s string) []string { return p.get().FindStringSubmatch(s) }

// FindStringSubmatchIndex is as in [regexp.Regexp].
func (p *Pattern) FindStringSubmatchIndex(s string) []int { return p.get().FindStringSubmatchIndex(s) }

// FindAllString is as in [regexp.Regexp].
func (p *Pattern) FindAllString(s string, n int) []string { return p.get().FindAllString(s, n) }

// FindAllStringSubmatch is as in [regexp.Regexp].
func (p *Pattern) FindAllStringSubmatch(s string, n int) [][]string {
	re := p.get()
	if !p.may(s) {
		return nil
	}
	return re.FindAllStringSubmatch(s, n)
}

// FindAllStringSubmatchIndex is as in [regexp.Regexp].
func (p *Pattern) FindAllStringSubmatchIndex(s string, n int) [][]int {
	return p.get().FindAllStringSubmatchIndex(s, n)
}

// ReplaceAllString is as in [regexp.Regexp].
func (p *Pattern) ReplaceAllString(s, to string) string { return p.get().ReplaceAllString(s, to) }

// ReplaceAllStringFunc is as in [regexp.Regexp].
func (p *Pattern) ReplaceAllStringFunc(s string, f func(string) string) string {
	return p.get().ReplaceAllStringFunc(s, f)
}

// SubexpIndex is as in [regexp.Regexp].
func (p *Pattern) SubexpIndex(name string) int { return p.get().SubexpIndex(name) }

// Split is as in [regexp.Regexp].
func (p *Pattern) Split(s string, n int) []string { return p.get().Split(s, n) }
