package prose

import (
	"strings"

	"escort/explain/effect"
)

const beyondTicket = `The ticket says: "{ticket}". This does more than that: {what}.`

// BeyondTicket says that a command does something that the ticket does not
// ask for.
func BeyondTicket(ticket, verb string, role effect.Role, object string) string {
	c := Clause{Verb: verb, Role: role, Objects: []string{object}}
	return strings.NewReplacer("{ticket}", Clean(strings.TrimSpace(ticket)), "{what}", Lower(c.Text())).Replace(beyondTicket)
}
