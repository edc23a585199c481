package gate

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"escort/explain/effect"
	"escort/session/proc"
	"escort/session/unotify"
)

// rare is a call that changes the machine itself. It is rated as a whole: what
// it says in memory is shown by the program that was started for it.
type rare struct {
	verb, object string
	role         effect.Role
	dimension    effect.Dimension
	risk         effect.Risk
	shownBy      []string // verbs of a card that say it
}

var rares = map[unotify.Call]rare{
	"init_module":     {"load", "a part of the kernel", effect.RoleModule, effect.Control, effect.Critical, []string{"load"}},
	"finit_module":    {"load", "a part of the kernel", effect.RoleModule, effect.Control, effect.Critical, []string{"load"}},
	"delete_module":   {"remove", "a part of the kernel", effect.RoleModule, effect.Damage, effect.High, []string{"remove", "unmount", "stop"}},
	"kexec_load":      {"replace", "the running kernel", effect.RoleSystem, effect.Control, effect.Critical, []string{"reboot", "load"}},
	"kexec_file_load": {"replace", "the running kernel", effect.RoleSystem, effect.Control, effect.Critical, []string{"reboot", "load"}},
	"reboot":          {"reboot", "this machine", effect.RoleSystem, effect.Damage, effect.High, []string{"reboot", "shutdown"}},
	"swapon":          {"change", "the memory on disk", effect.RoleSystem, effect.Damage, effect.High, []string{"enable", "mount", "change", "start"}},
	"swapoff":         {"change", "the memory on disk", effect.RoleSystem, effect.Damage, effect.High, []string{"disable", "unmount", "change", "stop"}},
	"acct":            {"change", "what the kernel writes down about programs", effect.RoleLog, effect.Hiding, effect.High, []string{"enable", "disable", "record", "change"}},
	"mount":           {"mount", "a file system", effect.RoleDevice, effect.Control, effect.High, []string{"mount"}},
	"umount2":         {"unmount", "a file system", effect.RoleDevice, effect.Damage, effect.High, []string{"unmount", "remove", "close"}},
	"pivot_root":      {"change", "what all paths begin at", effect.RoleSystem, effect.Control, effect.High, []string{"mount", "switch"}},
	"settimeofday":    {"change", "the clock", effect.RoleSystem, effect.Hiding, effect.High, []string{"change", "update"}},
	"clock_settime":   {"change", "the clock", effect.RoleSystem, effect.Hiding, effect.High, []string{"change", "update"}},
	"clock_adjtime":   {"change", "the speed of the clock", effect.RoleSystem, effect.Hiding, effect.Caution, []string{"change", "update", "show"}},
	"adjtimex":        {"change", "the speed of the clock", effect.RoleSystem, effect.Hiding, effect.Caution, []string{"change", "update", "show"}},
	"sethostname":     {"change", "the name of this machine", effect.RoleSystem, effect.Damage, effect.High, []string{"change", "rename"}},
	"setdomainname":   {"change", "the name of this machine", effect.RoleSystem, effect.Damage, effect.High, []string{"change", "rename"}},
	"iopl":            {"open", "the machine's devices past the kernel", effect.RoleDevice, effect.Control, effect.Critical, nil},
	"ioperm":          {"open", "the machine's devices past the kernel", effect.RoleDevice, effect.Control, effect.Critical, nil},
	"bpf":             {"load", "code into the kernel", effect.RoleModule, effect.Control, effect.Critical, []string{"load", "trace"}},
	"perf_event_open": {"trace", "what the machine does", effect.RoleSystem, effect.Disclosure, effect.High, []string{"trace", "measure", "record", "watch"}},
	"setns":           {"become", "a part of another container or process", effect.RoleSystem, effect.Control, effect.High, []string{"become", "execute", "login"}},
	"unshare":         {"create", "a separate view of the machine (a container)", effect.RoleContainer, effect.Control, effect.High, []string{"become", "create", "start", "execute"}},
	"clone":           {"create", "a separate view of the machine (a container)", effect.RoleContainer, effect.Control, effect.High, []string{"become", "create", "start", "execute"}},
	"quotactl":        {"change", "how much space people may use", effect.RoleSetting, effect.Damage, effect.Caution, []string{"change", "enable", "disable", "show"}},
	"add_key":         {"create", "a key in the kernel's store", effect.RoleKey, effect.Control, effect.Low, nil},
	"request_key":     {"fetch", "a key of the kernel's store", effect.RoleKey, effect.Disclosure, effect.Low, nil},
	"keyctl":          {"change", "the kernel's store of keys", effect.RoleKey, effect.Control, effect.Low, nil},
	"ioctl":           {"change", "the marks that guard a file", effect.RolePath, effect.Damage, effect.High, []string{"lock", "unlock", "enable", "disable", "mount", "format", "wipe", "erase", "stop", "test", "repair", "change", "show"}},
	"setsockopt":      {"change", "the firewall", effect.RoleSetting, effect.Control, effect.High, []string{"change", "deny", "permit", "open", "close", "enable", "disable", "delete", "clear", "replace", "reset"}},
	"fanotify_init":   {"change", "which files everybody can open", effect.RoleSystem, effect.Control, effect.High, nil},
	"syslog":          {"clear", "the kernel's messages", effect.RoleLog, effect.Hiding, effect.High, []string{"clear", "change", "disable", "enable"}},
}

func init() {
	for call := range rares {
		if call == "ioctl" {
			continue // see copyRequest
		}
		kinds[call] = kind{copyNothing, (*Gate).lookAtRare, (*Gate).alone, false, false}
	}
	for call := range signals {
		kinds[call] = kind{copyNothing, (*Gate).lookAtSignal, (*Gate).signal, false, false}
	}
}

func (g *Gate) lookAtRare(d *deed) ([]consequence, error) {
	r := rares[d.n.Call]
	if d.n.Call == "clone" && d.n.Args[0]&unix.CLONE_PARENT != 0 {
		return nil, &refusal{unix.EPERM, fmt.Sprintf("process %d wanted to make a child of its parent's, whose line nobody could tell; it was refused", d.key.pid)}
	}
	if c, ok := unotify.Commands[uint32(d.n.Args[1])]; ok && d.n.Call == "ioctl" {
		r.verb, r.object = c.Verb, c.Object
		if c.Net {
			r.role, r.dimension = effect.RoleSetting, effect.Control
		}
		if c.Verb == "write" {
			r.risk = effect.Critical
		}
	}
	return []consequence{{Effect: effect.Effect{
		Verb: r.verb, Object: r.object, Role: r.role, Scope: effect.ScopeKernel, Dimension: r.dimension, Risk: r.risk,
	}, covers: func(shown []effect.Effect) bool { return says(shown, r.shownBy) }}}, nil
}

// alone lets a call run whose details lie in memory that no other thread can
// change meanwhile: the process has one thread, which sleeps here, no tracer,
// and shares its whole memory with nobody.
func (g *Gate) alone(ctx context.Context, d *deed) error {
	status, err := proc.ReadStatus(d.n.TID)
	shared := err != nil || d.creds.Threads != 1 || status.Tracer != 0 || g.sharesMemory(d)
	if !g.l.Valid(d.n.ID) {
		return &refusal{errno: unix.EINTR}
	}
	if shared {
		what := rares[d.n.Call].verb + " " + rares[d.n.Call].object
		if d.onTerminal() {
			what = "change a terminal from the background"
		}
		return &refusal{unix.EPERM, fmt.Sprintf(
			"process %d may not %s while another thread or process could change what it asks for; it was refused", d.key.pid, what)}
	}
	return g.proceed(ctx, d)
}

// sharesMemory reports whether another process of the tree has the memory of
// d's, as after vfork. Mappings that two processes share are not looked for:
// nothing in memory decides how such a call is rated.
func (g *Gate) sharesMemory(d *deed) bool {
	below, err := proc.Descendants(g.keeper)
	if err != nil {
		return true
	}
	for _, s := range below {
		if s.PID == d.key.pid {
			continue
		}
		if same, err := unotify.SameMemory(s.PID, d.key.pid); err != nil || same {
			return true
		}
	}
	return false
}

// signals are the calls that send a signal, with the argument that has its
// number; all of them name the receiver first.
var signals = map[unotify.Call]int{
	"kill": 1, "tkill": 1, "tgkill": 2, "rt_sigqueueinfo": 1, "rt_tgsigqueueinfo": 2, "pidfd_send_signal": 1,
}

// lookAtSignal rates a signal by who gets it. Within the session's own tree
// it is the engineer's business.
func (g *Gate) lookAtSignal(d *deed) ([]consequence, error) {
	pid := d.int(0)
	if d.n.Call == "pidfd_send_signal" {
		var err error
		if pid, err = g.takePidfd(d); err != nil {
			return nil, err
		}
	}
	if inner, err := g.numbersItsOwn(d); err != nil || inner && d.n.Call != "pidfd_send_signal" {
		return nil, err
	}
	if d.n.Call == "kill" && pid == -1 {
		return nil, &refusal{unix.EPERM, fmt.Sprintf("process %d tried to send a signal to every process of this machine; it was refused", d.key.pid)}
	}
	outside, err := g.outside(d, pid)
	if err != nil {
		return nil, &refusal{errno: unix.EPERM}
	}
	var cs []consequence
	for _, s := range outside {
		c := onProcess("signal", outsider(s), s)
		c.never = g.ours(s)
		c.covers = func(shown []effect.Effect) bool {
			return about(shown, s, "kill", "signal", "stop") || says(shown, []string{"stop", "restart", "reload", "shutdown"})
		}
		cs = append(cs, c)
	}
	return cs, nil
}

// outside lists the receivers that are not in the session's tree.
func (g *Gate) outside(d *deed, pid int) ([]proc.Stat, error) {
	t, err := proc.ReadTree()
	if err != nil {
		return nil, err
	}
	inside := map[int]bool{g.shell: true}
	for _, s := range t.Below(g.keeper) {
		inside[s.PID] = true
	}
	group := -pid
	if pid == 0 {
		group = t.Stats[d.key.pid].Group
	}
	var out []proc.Stat
	for _, s := range t.Stats {
		if s.PID == pid || pid <= 0 && s.Group == group {
			if !inside[s.PID] {
				out = append(out, s)
			}
		}
	}
	if len(out) == 0 && pid > 0 { // a thread by its own number
		if s, err := proc.ReadStatus(pid); err == nil && !inside[s.TGID] {
			out = append(out, t.Stats[s.TGID])
		}
	}
	return out, nil
}

// takePidfd makes the descriptor that names the receiver one of the gate's and
// returns the receiver's number.
func (g *Gate) takePidfd(d *deed) (int, error) {
	if err := g.takeDescriptor(d); err != nil {
		return 0, err
	}
	fd := int(d.taken.Fd())
	info, err := os.ReadFile("/proc/self/fdinfo/" + strconv.Itoa(fd))
	if err != nil {
		return 0, &refusal{errno: unix.EPERM}
	}
	for line := range strings.Lines(string(info)) {
		if rest, ok := strings.CutPrefix(line, "Pid:"); ok {
			pid, err := strconv.Atoi(strings.TrimSpace(rest))
			if err != nil || pid <= 0 {
				return 0, &refusal{errno: unix.ESRCH}
			}
			return pid, nil
		}
	}
	return 0, &refusal{errno: unix.EBADF}
}

// signal lets the call run. One by descriptor is sent by the gate, since
// another thread may have put another descriptor under the number.
func (g *Gate) signal(ctx context.Context, d *deed) error {
	if d.taken == nil {
		return g.proceed(ctx, d)
	}
	return g.onSocket(ctx, d, func(_ *deed, fd int) (int, error) {
		return 0, unix.PidfdSendSignal(fd, unix.Signal(d.int(1)), nil, 0)
	})
}
