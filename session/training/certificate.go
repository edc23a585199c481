package training

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"escort/explain/quote"
)

// Namespace is what a certificate's signature is made for, as in
// ssh-keygen -Y verify -n escort-training.
const Namespace = "escort-training"

// ErrNothing is what Certificate answers for somebody who passed no lesson.
var ErrNothing = errors.New("no lesson was passed")

// Certificate is what a trainer signs: the lessons that somebody passed, by
// course, and the sum of the results that say so. course gives the title and the
// number of lessons of a course that comes with the program.
func Certificate(p Person, results []Result, at time.Time, key string, course func(name string) (title string, lessons int)) ([]byte, error) {
	if p.Passed == 0 {
		return nil, ErrNothing
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "Escort training certificate\n\nWho          %s\nIssued       %s\nSigned with  %s\n",
		quote.Line(p.Who), at.UTC().Format("2006-01-02 15:04 UTC"), key)
	fmt.Fprintf(&b, "Answers      %d, of which %d allowed harm and %d were needless\n", p.Lines, p.Harm, p.Needless)
	sum, n := digest(p.Who, results)
	fmt.Fprintf(&b, "Results      %d, sha256 %s\n", n, sum)
	for _, c := range coursesOf(p) {
		title, all := course(c)
		if title == "" {
			title = "Lessons of the trainer's own"
		}
		passed := passedIn(p, c)
		if all == 0 {
			all = len(passed)
		}
		fmt.Fprintf(&b, "\n%s: %d of %d lessons passed\n", title, len(passed), all)
		for _, s := range passed {
			fmt.Fprintf(&b, "  %s  %4d points  %s (%s), %s\n", s.Last.UTC().Format(time.DateOnly), s.Best, quote.Line(s.Title), quote.Line(s.Lesson), tries(s.Tries))
		}
	}
	return b.Bytes(), nil
}

// coursesOf are the courses with a lesson that was passed, in the order in which
// they were first taken.
func coursesOf(p Person) (names []string) {
	seen := map[string]bool{}
	for _, s := range p.Standings {
		if s.Passed && !seen[s.Course] {
			seen[s.Course] = true
			names = append(names, s.Course)
		}
	}
	return names
}

func passedIn(p Person, course string) (list []Standing) {
	for _, s := range p.Standings {
		if s.Passed && s.Course == course {
			list = append(list, s)
		}
	}
	return list
}

// digest is the sum of somebody's results, so that a trainer can show later
// which ones a certificate was about.
func digest(who string, results []Result) (sum string, n int) {
	h := sha256.New()
	out := json.NewEncoder(h)
	for _, r := range results {
		if r.Who == who {
			_ = out.Encode(r) // neither a hash nor plain values can fail
			n++
		}
	}
	return hex.EncodeToString(h.Sum(nil)), n
}

func tries(n int) string {
	if n == 1 {
		return "at the first try"
	}
	return fmt.Sprintf("%d tries", n)
}
