package ticket

import "escort/explain/effect"

// actions are words of tickets, with the verbs of effects that they cover.
var actions = map[string]string{
	"restart": "restart reload start stop", "bounce": "restart reload start stop", "reload": "reload restart", "recycle": "restart start stop",
	"start": "start enable restart", "stop": "stop kill disable", "kill": "kill signal stop", "enable": "enable start", "disable": "disable stop",
	"reboot": "reboot shutdown restart", "shutdown": "shutdown stop", "install": "install update upgrade download fetch extract create",
	"update": "update upgrade install download change", "upgrade": "upgrade update install download restart", "patch": "upgrade update install download restart",
	"delete": "delete remove clear erase", "remove": "remove delete disable", "uninstall": "remove delete", "purge": "delete remove clear", "drop": "erase delete remove",
	"clean": "delete clear compress remove", "cleanup": "delete clear compress remove", "rotate": "rename move compress delete clear execute reload write copy replace fetch create update",
	"free": "delete clear compress", "truncate": "clear erase", "empty": "clear delete", "archive": "compress copy move", "compress": "compress",
	"add": "create install change grant write plant permit", "create": "create change write grant", "make": "create build", "build": "build create execute install",
	"change": "change edit write replace", "edit": "edit change write", "set": "change write edit", "configure": "change edit write replace reload restart", "adjust": "change edit write",
	"fix": "change edit repair restart", "correct": "change edit", "move": "move rename copy", "rename": "rename move", "copy": "copy download upload send",
	"backup": "copy compress create write read expose", "dump": "expose write copy", "restore": "restore import copy extract", "import": "import change execute", "export": "copy write read send expose",
	"migrate": "change create move copy execute", "deploy": "download fetch extract copy restart start install build execute switch write change update upgrade fetch", "roll": "switch restore restart reset",
	"renew": "write replace create change copy execute reload restart update fetch download", "replace": "replace write copy change remove", "permit": "permit grant change", "allow": "permit grant change enable", "grant": "grant permit change",
	"give": "grant permit change", "increase": "change", "raise": "change edit write", "grow": "change", "revoke": "revoke delete disable change", "block": "deny change disable", "open": "permit change enable listen expose", "close": "deny close change disable",
	"unlock": "unlock change enable", "lock": "lock change disable", "reset": "reset change discard", "mount": "mount change", "unmount": "unmount", "format": "format erase", "extend": "change",
	"resize": "change", "schedule": "schedule", "read": "read show", "check": "read list query test show", "look": "read list query show", "view": "read show", "show": "read show query",
	"investigate": "read query test trace", "review": "read show", "send": "send upload copy", "upload": "upload send copy", "download": "download fetch copy", "run": "execute", "execute": "execute",
	"connect": "connect login", "test": "test execute connect", "query": "query read expose",
}

// phrases are several words that mean work.
var phrases = map[string]string{
	"disk space": "delete clear compress", "disk full": "delete clear compress", "disk is full": "delete clear compress", "clean up": "delete clear compress remove",
	"config": "change edit write replace reload restart", "settings": "change edit write replace reload restart", "take down": "stop remove", "shut down": "shutdown stop", "set up": "install change create write enable start", "roll back": "switch restore restart reset",
	"new user": "create change grant", "back up": "copy compress create write read expose", "turn off": "stop disable", "turn on": "start enable",
}

// topics are what tickets are about, with their words in tickets.
var topics = map[string]string{
	"web": "web website nginx apache httpd caddy haproxy proxy frontend", "database": "database db postgres postgresql mysql mariadb mongo mongodb redis table sql schema",
	"mail": "mail email postfix exim dovecot smtp", "logs": "log logs logging logfile journal", "account": "user account login employee member group",
	"firewall": "firewall ufw iptables nftables port", "certificate": "certificate certificat cert certs tls ssl", "ssh": "ssh sshd key keys", "scratch": "temp tmp temporary cache caches space",
	"machine": "server machine host reboot system kernel", "schedule": "cron crontab job jobs schedule scheduled", "container": "container docker compose pod kubernetes k8s cluster",
}

var objectsOf = map[string][]string{
	"web": {"nginx", "apache", "httpd", "caddy", "haproxy", "/var/www"}, "database": {"mysql", "postgres", "mariadb", "mongo", "redis", ".sql", ".dump"},
	"mail": {"postfix", "exim", "dovecot", "/var/mail"}, "logs": {"/var/log", ".log", "journal"}, "account": {"/etc/passwd", "/etc/group"},
	"firewall": {"ufw", "iptables", "nftables", "firewall"}, "certificate": {"/etc/ssl", "letsencrypt", ".pem", ".crt", ".key", "certbot", "certificate"},
	"ssh": {"sshd", "/.ssh", "authorized_keys"}, "scratch": {"/tmp", "/var/cache", "cache"}, "machine": {"the machine", "this machine", "the system"},
	"schedule": {"crontab", "/etc/cron", "scheduled jobs"}, "container": {"container", "docker"},
}

// servedBy are topics whose services are told when something of a topic changes.
var servedBy = map[string][]string{"certificate": {"web", "mail"}}

var topicRoles = map[string][]effect.Role{
	"database": {effect.RoleDatabase, effect.RoleTable}, "logs": {effect.RoleLog}, "account": {effect.RoleUser, effect.RoleGroup},
	"machine": {effect.RoleSystem}, "container": {effect.RoleContainer, effect.RoleImage},
}

// stopWords name nothing.
var stopWords = map[string]bool{
	"the": true, "and": true, "for": true, "with": true, "from": true, "this": true, "that": true, "please": true, "after": true, "before": true,
	"service": true, "services": true, "file": true, "files": true, "all": true, "old": true, "new": true, "are": true, "was": true, "has": true,
	"its": true, "not": true, "can": true, "should": true, "must": true, "need": true, "needs": true, "into": true, "onto": true, "one": true,
	"package": true, "packages": true, "server": true, "machine": true, "system": true, "data": true, "because": true, "why": true, "out": true,
	"application": true, "team": true, "request": true, "issue": true, "problem": true, "slow": true, "full": true, "space": true, "disk": true, "have": true, "var": true, "etc": true,
}

// powers are objects that hand out rights or secrets, by a part of their names
// or, for a group, by all of it. Only a ticket with one of the words asks for
// them; naming who gets them is not enough.
var powers = []struct{ object, words string }{
	{"sudoers", "sudo sudoers admin administrator administrators root rights privileges"},
	{"authorized_keys", "key keys ssh login passwordless"},
	{"/etc/pam.d", "pam login logins authentication"},
	{"/etc/shadow", "password passwords shadow"},
	{"/.ssh/id_", "key keys ssh"},
}

// powerGroups are groups whose members rule the machine.
var powerGroups = map[string]bool{
	"sudo": true, "wheel": true, "admin": true, "root": true, "adm": true, "docker": true, "lxd": true, "shadow": true, "disk": true, "libvirt": true,
}
