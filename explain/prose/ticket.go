package prose

import (
	"strings"

	"escort/explain/effect"
	"escort/explain/say"
)

// BeyondTicket says that a command does something that the ticket does not
// ask for.
func BeyondTicket(ticket, verb string, role effect.Role, object string) string {
	c := Clause{Verb: verb, Role: role, Objects: []string{object}}
	return say.Text("finding.beyond-ticket", "ticket", Clean(strings.TrimSpace(ticket)), "what", Lower(c.Text()))
}
