package effect

import "slices"

// Role says what kind of thing the object of an effect is.
type Role string

// Scope says how far an effect reaches.
type Scope string

// Verbs is the closed list of what an effect can do. Each verb has four to ten
// letters because the console asks for it, in capitals, to confirm a
// high-risk allow.
var Verbs = []string{
	"become", "build", "change", "clear", "close", "commit", "compare", "compress", "connect", "copy",
	"count", "create", "decrypt", "define", "delete", "deny", "disable", "discard", "disguise", "download",
	"edit", "enable", "encrypt", "erase", "execute", "expose", "extract", "fetch", "find", "format",
	"grant", "hide", "import", "install", "kill", "link", "list", "listen", "load", "lock",
	"login", "logout", "measure", "mount", "move", "open", "overwrite", "permit", "plant", "print",
	"publish", "query", "read", "reboot", "record", "reload", "remove", "rename", "repair", "replace",
	"reset", "restart", "restore", "revoke", "rewrite", "scan", "schedule", "search", "send", "share",
	"show", "shutdown", "signal", "sort", "start", "stop", "switch", "test", "trace", "transform",
	"unlock", "unmount", "update", "upgrade", "upload", "wait", "watch", "wipe", "write",
}

// The closed list of roles.
const (
	RoleNone       Role = "none"
	RolePath       Role = "path"
	RoleFolder     Role = "folder"
	RoleDevice     Role = "device"
	RoleHost       Role = "host"
	RoleURL        Role = "url"
	RolePort       Role = "port"
	RoleUser       Role = "user"
	RoleGroup      Role = "group"
	RoleProcess    Role = "process"
	RoleService    Role = "service"
	RolePackage    Role = "package"
	RoleKey        Role = "key"
	RoleSecret     Role = "secret"
	RoleSetting    Role = "setting"
	RoleDatabase   Role = "database"
	RoleTable      Role = "table"
	RoleContainer  Role = "container"
	RoleImage      Role = "image"
	RoleResource   Role = "resource" // of a cluster or a cloud
	RoleRepository Role = "repository"
	RoleBranch     Role = "branch"
	RoleScript     Role = "script"
	RoleCommand    Role = "command"
	RoleModule     Role = "module" // of the kernel
	RoleLog        Role = "log"
	RoleSession    Role = "session"
	RoleSystem     Role = "system"
	RoleText       Role = "text"
)

// Roles is the closed list of roles.
var Roles = []Role{
	RoleNone, RolePath, RoleFolder, RoleDevice, RoleHost, RoleURL, RolePort, RoleUser, RoleGroup, RoleProcess,
	RoleService, RolePackage, RoleKey, RoleSecret, RoleSetting, RoleDatabase, RoleTable, RoleContainer, RoleImage,
	RoleResource, RoleRepository, RoleBranch, RoleScript, RoleCommand, RoleModule, RoleLog, RoleSession, RoleSystem,
	RoleText,
}

// The closed list of scopes.
const (
	ScopeNone    Scope = "none"
	ScopeSession Scope = "session" // this shell only
	ScopeTemp    Scope = "temp"    // temporary folders
	ScopeOwn     Scope = "own"     // the engineer's own files and processes
	ScopeOthers  Scope = "others"  // other people's files and processes
	ScopeSystem  Scope = "system"  // the machine: its programs, settings, services, data
	ScopeKernel  Scope = "kernel"
	ScopeNetwork Scope = "network" // another machine
	ScopeFleet   Scope = "fleet"   // many machines: a cluster, a cloud account
	ScopeUnknown Scope = "unknown"
)

// Scopes is the closed list of scopes.
var Scopes = []Scope{
	ScopeNone, ScopeSession, ScopeTemp, ScopeOwn, ScopeOthers, ScopeSystem, ScopeKernel, ScopeNetwork, ScopeFleet,
	ScopeUnknown,
}

// KnownVerb reports whether v is in [Verbs].
func KnownVerb(v string) bool { return slices.Contains(Verbs, v) }

// looking are the verbs that change nothing.
var looking = map[string]bool{
	"compare": true, "count": true, "find": true, "list": true, "measure": true, "print": true, "query": true, "read": true,
	"record": true, "scan": true, "search": true, "show": true, "sort": true, "test": true, "wait": true, "watch": true,
}

// Looks reports whether an effect with verb v changes nothing.
func Looks(v string) bool { return looking[v] }

// onFile are the roles whose objects are paths.
var onFile = map[Role]bool{
	RolePath: true, RoleFolder: true, RoleDevice: true, RoleLog: true, RoleKey: true,
	RoleSecret: true, RoleScript: true, RoleDatabase: true,
}

// OnFile reports whether the object of an effect with role r is a path.
func (r Role) OnFile() bool { return onFile[r] }
