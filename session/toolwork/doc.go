// Package toolwork measures what everyday work costs: testdata/work.yaml lists
// what people do all day with the tools of a system, its test does each in a
// supervised session of its own, allows everything that is held, counts the
// holds by their layer, looks whether the tool did what it is for, and compares
// the counts with the table in the README.
//
// # Limits
//
// A piece of work whose program is missing on this machine is skipped by name.
// The counts are those of Debian; other systems start other helpers.
package toolwork
