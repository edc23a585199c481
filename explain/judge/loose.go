package judge

import "escort/explain/effect"

// looseRules are about programs that are known in outline only: what their
// words are usually called by is all that can be gone by.
var looseRules = []Rule{
	{
		ID: "word-destroys", Loose: true,
		Risk: effect.High, Dimension: effect.Damage, Technique: "T1485",
		Words:    `(?i)^\S+ (\S+ ){0,2}(delete|destroy|purge|wipe|erase|(?-i:[dD]rop)|format|nuke|terminate|undefine|truncate|obliterate|factory-reset|wipefs|zap|decommission)([-_=]\S*)?( |$)`,
		Match:    []string{"emqx_ctl osd purge 3", "emqx_ctl delete_user x"},
		NotMatch: []string{"emqx_ctl status", "emqx_ctl list_queues", "cowsay --delete", "iptables -P INPUT DROP"},
	},
	{
		ID: "word-removes", Loose: true,
		Risk: effect.Caution, Dimension: effect.Damage,
		Words:    `(?i)^\S+ (\S+ )?(remove|rm|uninstall|reset|kill|prune|revoke|stop|shutdown|poweroff|reboot|flush|clear)([-_=]\S*)?( |$)`,
		Match:    []string{"emqx_ctl reset", "goenv uninstall 1.9"},
		NotMatch: []string{"pyenv versions", "emqx_ctl status"},
	},
	{
		ID: "word-runs", Loose: true,
		Risk: effect.High, Dimension: effect.Uncertainty, Technique: "T1059",
		Words:    `(?i)^\S+ (\S+ )?-{0,2}(eval|exec|execute|run-command|run-script|shell-command)(=| |$)`,
		Match:    []string{"emqx_ctl eval 'x'", "pdsh exec x"},
		NotMatch: []string{"emqx_ctl status", "cowsay exec-ution"},
	},
	{
		ID: "word-runs", Loose: true,
		Risk: effect.High, Dimension: effect.Uncertainty, Technique: "T1059",
		Words:    `^\S+ (\S+ )*(\S*/)?(ba|da|z|k)?sh -\w*c `,
		Unless:   `^(notify-send|dunstify|zenity|kdialog|yad|notify|figlet|espeak|say) `,
		Match:    []string{"run_init sh -c x"},
		NotMatch: []string{"run_init x", "notify-send 'sh -c x'"},
	},
	{
		ID: "word-secrets", Loose: true,
		Risk: effect.High, Dimension: effect.Disclosure, Technique: "T1555",
		Words:    `(?i)^(secret-tool|keyctl|kwallet\S*|pass\S*|gopass|bw|op|lpass|keepassxc-cli) (\S+ )?(search|lookup|show|get|dump|export|read)\b|^\S+ (\S+ )?-{0,2}(dump|show|get|export|print)-?(secret|password|token|credential|private)s?`,
		Match:    []string{"secret-tool search --all service x", "ykman export-private-key"},
		NotMatch: []string{"secret-tool clear", "ykman info"},
	},
}
