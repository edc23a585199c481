package explain

import (
	"path"
	"strings"

	"escort/explain/shell"
)

// wanted are places that people hide behind wildcards and stretches that are
// not known.
var wanted = strings.Fields(`/etc/shadow /etc/gshadow /etc/passwd /etc/sudoers /etc/crontab /etc/ssh/sshd_config /etc/ssh/ssh_host_rsa_key
	/etc/ld.so.preload /etc/fstab /etc/pam.d/sshd /root/.ssh/id_rsa /root/.ssh/authorized_keys /root/.bash_history /root/.aws/credentials
	/var/log/auth.log /var/log/syslog /var/log/wtmp /var/log/audit/audit.log /var/log/secure /dev/sda /dev/nvme0n1 /dev/mem
	/proc/sysrq-trigger /proc/kcore /var/run/docker.sock /var/lib/mysql /var/lib/postgresql /boot /home /usr /etc /var
	~/.ssh/id_rsa ~/.ssh/id_ed25519 ~/.ssh/authorized_keys ~/.aws/credentials ~/.kube/config ~/.bash_history ~/.netrc ~/.bashrc`)

// standsFor is the place of wanted that a pattern may stand for although most
// of its name is spelled out; empty: none. A star alone hides nothing.
func standsFor(pattern string) string {
	pattern = strings.ReplaceAll(pattern, shell.Unknown, "*")
	if len(pattern) < 4 || pattern[0] != '/' && pattern[0] != '~' || strings.HasSuffix(pattern, "/") {
		return ""
	}
	letters := lettersIn(path.Base(pattern))
	for _, w := range wanted {
		if letters*2 < len(path.Base(w)) {
			continue
		}
		if ok, err := path.Match(pattern, w); err == nil && ok {
			return w
		}
	}
	return ""
}

// lettersIn counts the letters of a name that stand in its pattern.
func lettersIn(pattern string) int {
	letters := 0
	for _, c := range pattern {
		if !strings.ContainsRune("*?[]", c) {
			letters++
		}
	}
	return letters
}
