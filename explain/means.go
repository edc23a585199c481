package explain

import (
	"cmp"
	"slices"
	"strings"

	"escort/explain/effect"
	"escort/explain/lore"
	"escort/explain/prose"
	"escort/explain/regex"
	"escort/explain/say"
)

// Findings whose sentence says by itself what their means come to.
const (
	shellHanded = "reverse-shell"
	secretSent  = "secret-sent"
)

// leads are the verbs that only lead to what such a finding says.
var leads = map[string]map[string]bool{
	shellHanded: wordSet("connect open send execute start write create read show unknown fetch print become"),
	secretSent:  wordSet("connect send upload read show compress expose change print search list copy unknown"),
}

// roles are what the means are done to.
var wayRoles = map[string]map[effect.Role]bool{
	shellHanded: {effect.RoleSession: true, effect.RoleHost: true, effect.RoleURL: true, effect.RoleCommand: true, effect.RolePort: true, effect.RoleNone: true, effect.RoleText: true, "": true},
	secretSent:  {effect.RoleHost: true, effect.RoleURL: true, effect.RoleNone: true, effect.RoleText: true, effect.RolePath: true, effect.RoleKey: true, effect.RoleFolder: true, "": true},
}

// withoutWays leaves out what only leads to the gravest thing that is said, and
// names with it what the means are about: who gets the shell, which secrets.
func (j *job) withoutWays(all []clause) []clause {
	for _, goal := range []string{shellHanded, secretSent} {
		at := slices.IndexFunc(all, func(c clause) bool {
			return c.says == goal || goal == shellHanded && c.Verb == "grant" && c.risk == effect.Critical && j.has(goal)
		})
		if at != 0 { // something graver is said first
			continue
		}
		if all[0].says == goal {
			j.fully(&all[0])
		} else if host := j.otherEnd(); host != "" {
			end := say.Text("headline.other-end")
			all[0].Full = strings.Replace(all[0].Full, end, say.Text("headline.whoever", "who", host), 1)
		}
		rest := slices.DeleteFunc(all[1:], func(c clause) bool { return c.leadsTo(goal) })
		return append(all[:1], rest...)
	}
	return all
}

// leadsTo reports a clause that only tells how the goal is reached, or says it
// again.
func (c clause) leadsTo(goal string) bool {
	switch {
	case c.says == goal, goal == secretSent && c.says == bulkSent, goal == shellHanded && c.Verb == "grant" && c.Role != effect.RolePath:
		return true
	case (c.Verb == "write" || c.Verb == "overwrite") && c.group != nil && c.group.onLine:
		return true
	}
	return leads[goal][c.Verb] && wayRoles[goal][c.Role] && c.risk != effect.Critical
}

// fully puts names into the clause of a finding.
func (j *job) fully(c *clause) {
	host := j.otherEnd()
	what := ""
	if c.says == secretSent {
		what = j.secrets(len([]rune(host)))
	}
	for _, id := range []string{c.says + "/named", c.says + "/who"} {
		if what == "" && strings.HasSuffix(id, "/named") {
			continue
		}
		who := host
		if who == "" {
			if what == "" {
				return
			}
			who = say.Text("headline.another-machine")
		}
		if text, ok := say.Find("headline."+id, "what", what, "who", who); ok {
			p := prose.Clause{Say: text, As: c.As}.Phrase()
			c.Full, c.Short = p.Full, ""
			return
		}
	}
}

// longEnd is how long the name of another machine may be in a headline.
const longEnd = 40

// otherEnd is the machine at the other end of a line; empty: it is not known,
// or there are several.
func (j *job) otherEnd() string {
	found := ""
	for _, a := range j.acts() {
		host := ""
		switch {
		case overNetwork(a.Object):
			host, _, _ = strings.Cut(strings.TrimPrefix(strings.TrimPrefix(a.Object, "/dev/tcp/"), "/dev/udp/"), "/")
		case (a.Role == effect.RoleHost || a.Role == effect.RoleURL) && (sends(a) || a.Verb == "connect" || a.Verb == "login"):
			host = a.Object
		case sends(a):
			host = address.FindString(cmp.Or(a.say, a.Object))
		}
		if host == "" || strings.ContainsAny(host, "… ") || len(host) > longEnd {
			continue
		}
		if found != "" && found != host {
			return ""
		}
		found = host
	}
	return prose.Clean(found)
}

func sends(a act) bool { return a.Verb == "send" || a.Verb == "upload" }

// address finds where something goes in what is said of it.
var address = regex.New(`\b\w+://[^\s),]+|[\w.+-]+@[\w.-]+\w`)

// secrets names what is sent, where its places are known to hold secrets.
func (j *job) secrets(taken int) string {
	var names []string
	add := func(place lore.Place, object string) {
		name := place.Name
		if name == "" || place.Class == "network" || !place.Read.AtLeast(effect.High) && place.Class != "accounts" {
			return
		}
		if n := lore.Name(object, place); len(n)+taken < roomForNames {
			name = n
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, a := range j.acts() {
		switch {
		case a.place.Class != "":
			add(a.place, a.Object)
		case sends(a):
			for _, m := range pathsInside.FindAllStringSubmatch(a.say, maxHandedPaths) {
				add(lore.Classify(m[1], j.where), m[1])
			}
		}
	}
	if all := say.List("objects", names...); len(names) > 2 && len(all)+taken > 2*roomForNames {
		return say.Text("command.and-others", "what", names[0])
	}
	return say.List("objects", names...)
}
