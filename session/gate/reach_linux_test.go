package gate

import (
	"net/netip"
	"os"
	"strings"
	"testing"

	"escort/explain/effect"
)

// A card that names machines covers these, and not whatever listens here.
func TestWhatACardSaysOfMachinesIsWhatIsReached(t *testing.T) {
	mine, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	host := func(objects ...string) (out []effect.Effect) {
		for _, o := range objects {
			out = append(out, effect.Effect{Verb: "connect", Object: o, Role: effect.RoleHost, Scope: effect.ScopeNetwork})
		}
		return out
	}
	names := resolver()
	packages := []effect.Effect{{Verb: "install", Object: "jq", Role: effect.RolePackage, Scope: effect.ScopeSystem}}
	for _, row := range []struct {
		shown []effect.Effect
		yes   string
		no    string
	}{
		{host("example.com"), "192.0.2.1:443 [2001:db8::1]:80", "127.0.0.99:53 127.0.0.1:2375 [::1]:22 127.0.1.1:80 0.0.0.0:22"},
		{host("192.0.2.1"), "192.0.2.1:22 " + names, "198.51.100.1:53 192.0.2.2:22 127.0.0.1:22"},
		{host("ravi@192.0.2.1:backup/x"), "192.0.2.1:22", "192.0.2.2:22"},
		{host("http://192.0.2.1:8080/x"), "192.0.2.1:8080", "192.0.2.2:8080"},
		{host("https://u:p@[2001:db8::1]:8443/x"), "[2001:db8::1]:8443", "[2001:db8::2]:8443 127.0.0.1:8443"},
		{host("2001:db8::1"), "[2001:db8::1]:22", "[2001:db8::2]:22"},
		{host("192.0.2.0/24"), "192.0.2.77:1", "192.0.3.1:1 127.0.0.1:1"},
		{host("192.0.2.1", "example.com"), "192.0.2.1:22 198.51.100.9:443", "127.0.0.1:22"},
		{host("localhost"), "127.0.0.1:22 [::1]:22 127.0.1.1:80", "192.0.2.1:80"},
		{host("http://127.0.0.1:8080/x"), "127.0.0.1:8080 127.0.0.1:53", "192.0.2.1:80"},
		{host(":8080/x"), "127.0.0.1:8080", "192.0.2.1:80"},
		{host("db.localhost:5432"), "[::1]:5432", "192.0.2.1:80"},
		{host("0.0.0.0"), "127.0.0.1:80", "192.0.2.1:80"},
		{host(strings.ToUpper(mine)), "127.0.1.1:80", ""},
		{host(""), "192.0.2.1:80 127.0.0.1:80", ""},
		{host("…"), "192.0.2.1:80 127.0.0.1:80", ""},
		{packages, "192.0.2.1:443 " + names, "127.0.0.1:2375"},
		{append(host("192.0.2.1"), packages...), "198.51.100.1:443", "127.0.0.1:2375"},
		{nil, "", "192.0.2.1:443 127.0.0.1:22 " + names},
		{[]effect.Effect{{Verb: "delete", Object: "/srv/x", Role: effect.RolePath}}, "", "192.0.2.1:443 192.0.2.1:53"},
	} {
		for text, want := range map[string]bool{row.yes: true, row.no: false} {
			for _, to := range strings.Fields(text) {
				if got := reachesTo(row.shown, netip.MustParseAddrPort(to)); got != want {
					t.Errorf("%+v: %s is covered: %v", row.shown, to, got)
				}
			}
		}
	}
}

// resolver is the first address at which this machine has names looked up;
// empty: there is none.
func resolver() string {
	text, err := os.ReadFile(namesFile)
	if err != nil {
		return ""
	}
	_, rest, _ := strings.Cut("\n"+string(text), "\nnameserver")
	if f := strings.Fields(rest); len(f) > 0 {
		if a, err := netip.ParseAddr(f[0]); err == nil {
			return netip.AddrPortFrom(a, namePort).String()
		}
	}
	return ""
}
