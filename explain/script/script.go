// Package script reads code that is not shell: Python, Perl, Ruby, Node, awk
// and PHP, as one-liners or as files. It looks for what such code typically
// uses to start processes, to touch files and to reach other machines.
//
// # Limits
//
// This is a reading by patterns, line by line, and no interpreter. Code in
// which nothing is found may still do anything unless it is Plain; callers
// must then say that they cannot tell.
package script

import (
	"regexp"
	"strings"
	"sync"

	"escort/explain/effect"
)

// Hit is something that code does.
type Hit struct {
	ID        string // of the finding; empty: an effect only
	Line      int    // from 1
	Text      string // the line
	Verb      string
	Object    string // the literal that it works on; empty: not known
	Role      effect.Role
	Say       string // the clause: "Deletes files"
	Shell     bool   // Object is a shell command that it runs
	Dimension effect.Dimension
	Risk      effect.Risk
	Technique string
}

type pattern struct {
	find string // group "o" is the object
	hit  Hit
}

var table = []pattern{
	{`(?:os\.system|os\.popen|subprocess\.(?:run|call|check_output|check_call|Popen|getoutput)|commands\.getoutput|child_process["')\].]*\.?(?:exec|execSync)|execSync|(?:^|[;\s({])(?:system|exec|shell_exec|passthru|popen))\s*\(\s*[rbfu]?["'](?P<o>[^"'\x60]+)["']`, Hit{
		Verb: "execute", Shell: true, Role: effect.RoleCommand, Say: "Runs the command {o}", Dimension: effect.Control, Risk: effect.Caution,
	}},
	{`(?:os\.system|os\.popen|os\.exec\w+|os\.spawn\w+|os\.posix_spawn\w*|pty\.spawn|subprocess\.\w+|child_process|\bspawn(?:Sync)?\s*\(|execFile|shell_exec|passthru|proc_open|Open3|IO\.popen|\bqx\b|\bsystem\s*[("']|\bexec\s*[("'{]|\x60[^\x60]+\x60|\|\s*getline|"\s*\|\s*"?(?:sh|bash)")`, Hit{
		Verb: "execute", Role: effect.RoleCommand, Say: "Starts other programs", Dimension: effect.Control, Risk: effect.High,
	}},
	{`(?:socket\.socket|IO::Socket|TCPSocket|net\.(?:connect|createConnection|Socket)|fsockopen|socket\s*\(\s*S\b|socket\.tcp).*(?:dup2|pty\.spawn|/bin/(?:ba)?sh|exec|popen)|(?:spawn|exec\w*)\(\s*["'](?:/bin/)?(?:ba|z|da)?sh\b.*(?:\.pipe|["']net["'])`, Hit{
		ID: "reverse-shell", Verb: "grant", Role: effect.RoleHost, Say: "Lets others type commands on this machine",
		Dimension: effect.Control, Risk: effect.Critical, Technique: "T1059",
	}},
	{`(?:exec|eval|Function)\s*\(.*(?:b64decode|base64|fromhex|decompress|atob|unpack|Buffer\.from|decode_base64|gzinflate|chr\()`, Hit{
		ID: "decoded-code", Verb: "execute", Role: effect.RoleCommand, Say: "Runs code that is hidden in the text",
		Dimension: effect.Hiding, Risk: effect.High, Technique: "T1027",
	}},
	{`(?:exec|eval)\s*\(.*(?:urlopen|requests\.get|urllib|http|fetch\()`, Hit{
		ID: "runs-fetched-code", Verb: "execute", Role: effect.RoleURL, Say: "Runs code fetched from elsewhere",
		Dimension: effect.Control, Risk: effect.High, Technique: "T1105",
	}},
	{`(?:shutil\.rmtree|rimraf|rm_rf|rm_r\b|remove_tree|rmtree|FileUtils\.rm)\s*\(?\s*(?:[rbfu]?["'](?P<o>[^"']+)["'])?`, Hit{
		Verb: "delete", Role: effect.RoleFolder, Say: "Deletes {o}, everything in it", Dimension: effect.Damage, Risk: effect.High,
	}},
	{`(?:os\.(?:remove|unlink|rmdir)|\.unlink|unlinkSync|rmSync|rmdirSync|File\.delete|\bunlink)\s*\(?\s*(?:[rbfu]?["'](?P<o>[^"']+)["'])?`, Hit{
		Verb: "delete", Role: effect.RolePath, Say: "Deletes {o}", Dimension: effect.Damage, Risk: effect.Caution,
	}},
	{`(?:\bopen|io\.open|Path|fopen|File\.open)\s*\(\s*[rbfu]?["'](?P<o>[^"']+)["']\s*,\s*(?:mode\s*=\s*)?["'][^"']*[wax+]`, Hit{
		Verb: "write", Role: effect.RolePath, Say: "Writes to {o}", Dimension: effect.Damage, Risk: effect.Low,
	}},
	{`(?:write_text|write_bytes|writeFile(?:Sync)?|appendFile(?:Sync)?|file_put_contents|os\.rename|shutil\.(?:copy|move)\w*|print\s*>>?\s*"(?P<o>[^"]+)")`, Hit{
		Verb: "write", Role: effect.RolePath, Say: "Writes to {o}", Dimension: effect.Damage, Risk: effect.Caution,
	}},
	{`(?:\bopen|io\.open|readFile(?:Sync)?|file_get_contents|File\.read|Path)\s*\(\s*[rbfu]?["'](?P<o>[^"']+)["']`, Hit{
		Verb: "read", Role: effect.RolePath, Say: "Reads {o}", Dimension: effect.Disclosure, Risk: effect.Safe,
	}},
	{`(?:os\.chmod|os\.chown|os\.setuid|os\.setgid|chmodSync|chownSync|\bchmod\b|\bsetuid\b|POSIX::setuid)`, Hit{
		Verb: "permit", Role: effect.RolePath, Say: "Changes permissions or the account that it runs as", Dimension: effect.Control, Risk: effect.High,
	}},
	{`(?:os\.kill|process\.kill|posix_kill|\bkill\s*\()`, Hit{
		Verb: "kill", Role: effect.RoleProcess, Say: "Ends processes", Dimension: effect.Damage, Risk: effect.Caution,
	}},
	{`(?:urllib|requests\.|http\.client|urlopen|LWP|Net::HTTP|open-uri|\bfetch\s*\(|https?\.(?:get|request)|axios|curl_exec|ftplib|paramiko|smtplib)`, Hit{
		Verb: "connect", Role: effect.RoleHost, Say: "Talks to other machines", Dimension: effect.Disclosure, Risk: effect.Caution,
	}},
	{`(?:http\.server|SimpleHTTPServer|\.bind\s*\(\s*\(|createServer|TCPServer|\.listen\s*\()`, Hit{
		Verb: "listen", Role: effect.RolePort, Say: "Waits for connections from other machines", Dimension: effect.Control, Risk: effect.High,
	}},
	{`(?:socket\.|IO::Socket|TCPSocket|net\.connect|fsockopen)`, Hit{
		Verb: "connect", Role: effect.RoleHost, Say: "Talks to other machines", Dimension: effect.Disclosure, Risk: effect.Caution,
	}},
	{`(?:ctypes|CDLL|dlopen|\bsyscall\b|/dev/mem|ffi\b|process\.binding)`, Hit{
		Verb: "execute", Role: effect.RoleCommand, Say: "Calls the system directly, past what can be read here", Dimension: effect.Uncertainty, Risk: effect.High,
	}},
	{`(?:__import__|importlib|\bexec\s*\(|\beval\s*\(|\beval\b\s*[{"'$]|compile\s*\(|Function\s*\(|getattr\s*\(|vm\.run)`, Hit{
		Verb: "execute", Role: effect.RoleCommand, Say: "Runs code that is made while it runs", Dimension: effect.Uncertainty, Risk: effect.High,
	}},
}

var compiled = sync.OnceValue(func() []*regexp.Regexp {
	out := make([]*regexp.Regexp, len(table))
	for i, p := range table {
		out[i] = regexp.MustCompile(p.find) // constants of this package
	}
	return out
})

// Read lists what the code does, as far as patterns can tell.
func Read(language, text string) []Hit {
	var hits []Hit
	for i, line := range strings.Split(text, "\n") {
		code := uncomment(language, line)
		if strings.TrimSpace(code) == "" {
			continue
		}
		taken := map[string]bool{}
		for k, re := range compiled() {
			m := re.FindStringSubmatch(code)
			if m == nil {
				continue
			}
			h := table[k].hit
			if taken[h.Verb] && h.ID == "" {
				continue
			}
			taken[h.Verb] = true
			if g := re.SubexpIndex("o"); g > 0 {
				h.Object = m[g]
			}
			h.Line, h.Text = i+1, strings.TrimSpace(line)
			object := h.Object
			if object == "" {
				object = "files"
			}
			h.Say = strings.ReplaceAll(h.Say, "{o}", object)
			hits = append(hits, h)
		}
	}
	return hits
}

func uncomment(language, line string) string {
	t := strings.TrimSpace(line)
	switch language {
	case "node", "php":
		if strings.HasPrefix(t, "//") {
			return ""
		}
	default:
		if strings.HasPrefix(t, "#") {
			return ""
		}
	}
	return line
}

// plain is code that only calculates and prints: every name in it is known to
// be harmless.
var word = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`"[^"]*"|'[^']*'|[A-Za-z_$@%][A-Za-z0-9_.]*`) })

var harmless = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(`print printf puts console.log echo len sum min max abs round sorted range int float str list
		dict set tuple enumerate zip map filter for in if else elif and or not import from as sys json re math time
		datetime sys.version sys.version_info sys.path sys.argv sys.stdin sys.stdin.read json.load json.loads json.dumps indent
		time.time datetime.datetime.now random string os.getcwd os.getpid platform platform.python_version True False None end sep
		BEGIN END NR NF FS OFS RS ORS FILENAME FNR next length substr split tolower toupper gsub sub index match sprintf while
		lambda return input any all type isinstance print_r my foreach join chomp lc uc y s tr keys values sort reverse
		process.version JSON.parse JSON.stringify parseInt Number String Math.max Math.min const let var function
		math.pi math.sqrt sys.stdout.write sys.maxsize random.random random.randint`) {
		m[w] = true
	}
	return m
}()

// Plain reports that the code surely only calculates and prints.
func Plain(language, text string) bool {
	if len(text) > 4096 || strings.ContainsAny(text, "`\\") || len(Read(language, text)) > 0 {
		return false
	}
	if language == "awk" && strings.ContainsAny(text, "|>") && strings.Contains(text, "print") {
		return !regexp.MustCompile(`[|]\s*["a-z]|>\s*["/$]|getline|system`).MatchString(text)
	}
	names := map[string]bool{}
	for _, w := range word().FindAllString(text, -1) {
		if w[0] == '"' || w[0] == '\'' {
			continue
		}
		names[w] = true
	}
	for w := range names {
		base, method, dotted := strings.Cut(w, ".")
		switch {
		case harmless[w], len(w) <= 2, w[0] == '$' && !dotted, language == "awk" && !dotted:
		case dotted && (len(base) <= 2 || names[base] && harmless[base]) && harmless[method]:
		default:
			return false
		}
	}
	return true
}
