package prose

import "escort/explain/effect"

// AskDeed is what to ask about something that a running program wants to do and
// that no card has shown.
const AskDeed = "What is this for, and why did the line not say so?"

// Question is what to ask the engineer about the worst effect of a command;
// empty where nothing need be asked.
func Question(verb, class string, role effect.Role, risk effect.Risk) string {
	if !risk.AtLeast(effect.Caution) {
		return ""
	}
	if q, ok := classQuestions[class]; ok && (damaging[verb] || secretClass[class]) {
		return q
	}
	if q, ok := verbQuestions[verb]; ok {
		return q
	}
	return ""
}

var damaging = map[string]bool{
	"delete": true, "wipe": true, "move": true, "overwrite": true, "write": true, "clear": true, "replace": true,
	"copy": true, "change": true, "permit": true, "grant": true, "create": true, "edit": true, "link": true,
	"format": true, "erase": true, "install": true, "disguise": true,
}

var secretClass = map[string]bool{"key": true, "secret": true, "password": true, "ssh-keys": true, "cloud-keys": true, "cluster-keys": true}

var classQuestions = map[string]string{
	"database":  "Is there a backup from today, and who checked it?",
	"backup":    "Which other copy exists, and who checked it?",
	"disk":      "Which disk is this, and who checked that nothing on it is needed?",
	"log":       "Who still needs these logs, and where is a copy?",
	"audit-log": "Why must this log be touched, and who agreed to it?",
	"key":       "What is this key needed for, and who may see it?", "ssh-keys": "What is this key needed for, and who may see it?",
	"secret": "What is this secret needed for, and who may see it?", "password": "Why must the password file be touched?",
	"cloud-keys": "What is this key needed for, and who may see it?", "cluster-keys": "What is this key needed for, and who may see it?",
	"login-list": "Whose key is this, and who asked for it?", "sudoers": "Who gets these rights, and who agreed to it?",
	"accounts": "Which account changes, and who asked for it?", "boot": "How does the machine start again if this goes wrong?",
	"schedule": "What will run, when, and does the ticket ask for it?",
	"root":     "Why must the whole system be touched?", "web": "Is there a copy of the web site?",
}

var verbQuestions = map[string]string{
	"delete": "What is in it, and who else needs it?", "wipe": "Why must it be destroyed and not just deleted?",
	"discard": "What work is thrown away, and whose is it?", "format": "Which disk is this, and who checked it?",
	"restart": "Who uses it now, and do they know?", "stop": "Who uses it now, and do they know?",
	"kill": "What is this process doing now?", "reboot": "Who uses this machine now, and do they know?",
	"shutdown": "Who uses this machine now, and who will switch it on again?",
	"permit":   "Who needs this access, and for how long?", "grant": "Who gets access, and who agreed to it?",
	"execute": "Who wrote this code, and can it be read before it runs?",
	"install": "Does the ticket ask for this program?", "send": "What is sent, and to whom?",
	"upload": "What is sent, and to whom?", "expose": "Who may see this?", "listen": "Who will connect, and who agreed to it?",
	"connect": "What will be done on the other machine?", "login": "What will be done on the other machine?",
	"schedule": "What will run, when, and does the ticket ask for it?", "load": "Where does it come from?",
	"overwrite": "What was there before, and is there a copy?", "replace": "What was there before, and is there a copy?",
	"clear": "What was in it, and is there a copy?", "rewrite": "Who else works with this, and do they know?",
	"reset": "What work is thrown away, and whose is it?", "disable": "What does it protect, and when is it switched on again?",
	"disguise": "Why must it look different from what it is?", "hide": "Why must it not be recorded?",
}

// AskUnknown is asked about what could not be told.
const AskUnknown = "What does this do, and where does it come from?"
