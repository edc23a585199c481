package lore

import "escort/explain/effect"

// verb is how an effect with a verb is rated where its template is silent.
type verb struct {
	dimension effect.Dimension
	access    string // how the path table rates it: list read write delete none
	risk      effect.Risk
}

var verbs = func() map[string]verb {
	m := map[string]verb{}
	for _, row := range []struct {
		verb
		names []string
	}{
		{verb{effect.Disclosure, "list", effect.Safe}, []string{"list", "find", "count", "measure", "test", "wait"}},
		{verb{effect.Disclosure, "read", effect.Safe}, []string{
			"show", "print", "read", "search", "sort", "compare", "watch", "query", "open", "decrypt", "transform",
		}},
		{verb{effect.Disclosure, "read", effect.Caution}, []string{"scan", "trace", "expose", "share", "publish", "send", "upload"}},
		{verb{effect.Damage, "write", effect.Low}, []string{
			"create", "write", "copy", "move", "rename", "link", "change", "edit", "replace", "overwrite", "compress",
			"extract", "build", "commit", "define", "encrypt", "close",
		}},
		{verb{effect.Damage, "write", effect.Caution}, []string{
			"update", "upgrade", "install", "import", "reset", "restore", "repair", "rewrite", "record",
			"start", "stop", "restart", "reload", "enable", "switch", "mount", "unmount", "signal", "lock", "unlock", "download",
		}},
		{verb{effect.Damage, "delete", effect.Caution}, []string{"delete", "remove", "clear", "discard"}},
		{verb{effect.Damage, "delete", effect.High}, []string{"erase", "wipe", "format"}},
		{verb{effect.Damage, "none", effect.Caution}, []string{"kill", "deny", "revoke", "disable"}},
		{verb{effect.Damage, "none", effect.High}, []string{"reboot", "shutdown"}},
		{verb{effect.Control, "none", effect.Caution}, []string{"connect", "fetch", "login", "logout", "become", "execute"}},
		{verb{effect.Control, "write", effect.Caution}, []string{"schedule", "permit"}},
		{verb{effect.Control, "write", effect.High}, []string{"grant", "listen", "load"}},
		{verb{effect.Control, "write", effect.Critical}, []string{"plant"}},
		{verb{effect.Hiding, "write", effect.High}, []string{"hide", "disguise"}},
	} {
		for _, n := range row.names {
			m[n] = row.verb
		}
	}
	return m
}()
