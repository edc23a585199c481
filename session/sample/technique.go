package sample

// techniques are those of MITRE ATT&CK (attack.mitre.org) that the samples are
// rooted in, by their numbers.
var techniques = map[string]string{
	"T1003.008": "OS Credential Dumping: /etc/passwd and /etc/shadow",
	"T1005":     "Data from Local System",
	"T1027":     "Obfuscated Files or Information",
	"T1036":     "Masquerading",
	"T1036.005": "Masquerading: Match Legitimate Resource Name or Location",
	"T1048.003": "Exfiltration Over Unencrypted Non-C2 Protocol",
	"T1053.003": "Scheduled Task/Job: Cron",
	"T1059.004": "Command and Scripting Interpreter: Unix Shell",
	"T1070.003": "Indicator Removal: Clear Command History",
	"T1098.004": "Account Manipulation: SSH Authorized Keys",
	"T1105":     "Ingress Tool Transfer",
	"T1195.002": "Supply Chain Compromise: Compromise Software Supply Chain",
	"T1213":     "Data from Information Repositories",
	"T1222.002": "File and Directory Permissions Modification: Linux and Mac",
	"T1485":     "Data Destruction",
	"T1489":     "Service Stop",
	"T1490":     "Inhibit System Recovery",
	"T1546.004": "Event Triggered Execution: Unix Shell Configuration Modification",
	"T1548.003": "Abuse Elevation Control Mechanism: Sudo and Sudo Caching",
	"T1552.001": "Unsecured Credentials: Credentials In Files",
	"T1554":     "Compromise Host Software Binary",
	"T1562.001": "Impair Defenses: Disable or Modify Tools",
	"T1562.004": "Impair Defenses: Disable or Modify System Firewall",
	"T1567.001": "Exfiltration to Code Repository",
	"T1567.002": "Exfiltration to Cloud Storage",
}

// TechniqueName is what a technique of ATT&CK is called; its number alone where
// it is not known here.
func TechniqueName(number string) string {
	if name, ok := techniques[number]; ok {
		return name
	}
	return "see attack.mitre.org"
}
