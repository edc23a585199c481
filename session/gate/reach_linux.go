package gate

import (
	"net/netip"
	"os"
	"slices"
	"strings"

	"escort/explain/effect"
)

// reaching are the verbs under which a card says that other machines are spoken to.
var reaching = map[string]bool{
	"connect": true, "download": true, "fetch": true, "install": true, "login": true, "publish": true, "scan": true, "send": true,
	"share": true, "update": true, "upgrade": true, "upload": true, "open": true, "listen": true,
}

// reaches reports whether a card said that other machines are spoken to.
func reaches(shown []effect.Effect) bool {
	return slices.ContainsFunc(shown, func(e effect.Effect) bool {
		return e.Scope == effect.ScopeNetwork || e.Scope == effect.ScopeFleet || e.Role == effect.RoleHost || e.Role == effect.RoleURL ||
			reaching[e.Verb] && (e.Role == effect.RolePackage || e.Role == effect.RoleRepository || e.Role == effect.RoleImage || e.Role == effect.RolePort)
	})
}

// namePort is where names are turned into addresses, see services(5), and
// namesFile says by which machines, see resolv.conf(5).
const (
	namePort  = 53
	namesFile = "/etc/resolv.conf"
)

// resolves reports whether an address is where this machine has names looked up.
func resolves(to netip.AddrPort) bool {
	if to.Port() != namePort {
		return false
	}
	text, err := os.ReadFile(namesFile)
	if err != nil || len(text) == 0 {
		return to.Addr().IsLoopback() // as resolv.conf(5) has it where there is no file
	}
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) >= 2 && f[0] == "nameserver" {
			if a, err := netip.ParseAddr(f[1]); err == nil && a.Unmap().WithZone("") == to.Addr().WithZone("") {
				return true
			}
		}
	}
	return false
}

// reachesTo reports whether a card said that the machine at an address is spoken
// to. A name on a card can stand for any machine but this one, on which programs
// listen that do much more for who is inside; a number stands for itself.
func reachesTo(shown []effect.Effect, to netip.AddrPort) bool {
	if !reaches(shown) {
		return false
	}
	own := to.Addr().IsLoopback() || to.Addr().IsUnspecified()
	named, numbers := false, false
	for _, e := range shown {
		if e.Role != effect.RoleHost && e.Role != effect.RoleURL && e.Scope != effect.ScopeNetwork {
			named = named || e.Scope == effect.ScopeFleet || reaching[e.Verb]
			continue
		}
		switch host := hostOf(e.Object); {
		case host.any, own && host.own, host.numbers.IsValid() && host.numbers.Contains(to.Addr()):
			return true
		case host.numbers.IsValid(), host.own:
			numbers = true
		default:
			named = true
		}
	}
	return !own && (named || !numbers) || resolves(to)
}

// host is what the object of an effect on the network stands for.
type host struct {
	any     bool         // not known to its end: the card says that it cannot tell
	own     bool         // this machine
	numbers netip.Prefix // where it is written in numbers
}

// hostOf reads "user@host:path", "host:port", a URL, a bare host or a range of
// addresses. What is none of them is a name.
func hostOf(object string) host {
	if r, err := netip.ParsePrefix(object); err == nil {
		return host{numbers: r.Masked()}
	}
	name := object
	if _, rest, ok := strings.Cut(name, "://"); ok {
		name = rest
	}
	name, _, _ = strings.Cut(name, "/")
	name = name[strings.LastIndexByte(name, '@')+1:]
	if inner, ok := strings.CutPrefix(name, "["); ok {
		name, _, _ = strings.Cut(inner, "]")
	}
	if _, err := netip.ParseAddr(name); err != nil {
		name, _, _ = strings.Cut(name, ":")
	}
	if a, err := netip.ParseAddr(name); err == nil {
		a = a.Unmap().WithZone("")
		return host{own: a.IsLoopback() || a.IsUnspecified(), numbers: netip.PrefixFrom(a, a.BitLen())}
	}
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	mine, err := os.Hostname()
	return host{
		any: object == "" || strings.Contains(object, "…"),
		own: name == "" || name == "localhost" || strings.HasSuffix(name, ".localhost") || err == nil && name == strings.ToLower(mine),
	}
}
