package pwsh

import (
	"strings"
	"testing"
)

// said writes the commands of a text in short.
func said(text string) string {
	var out []string
	for _, c := range Read(text).Commands {
		s := c.Name
		for _, a := range c.Args {
			if a.Param != "" {
				s += " -" + a.Param
			}
			for _, v := range a.Values {
				s += " " + v.String()
			}
		}
		if c.Hidden {
			s += " (hidden)"
		}
		out = append(out, s+map[Code]string{Fetched: " (fetched)", NotKnown: " (not known)"}[c.Code])
	}
	return strings.ReplaceAll(strings.Join(out, "; "), Hole, "?")
}

func TestRead(t *testing.T) {
	for _, tc := range [][2]string{
		{"Get-Date", "Get-Date"},
		{"gci *.log | ri -Force", "Get-ChildItem *.log; Remove-Item -Force"},
		{"$p = '/srv'; Remove-Item \"$p/x\" -Recurse", "Remove-Item /srv/x -Recurse"},
		{"& ('Rem' + 'ove-Item') /x", "Remove-Item /x (hidden)"},
		{"&(\"{1}{0}\" -f 'ate','Get-D')", "Get-Date (hidden)"},
		{"iex 'Get-Date'", "Invoke-Expression; Get-Date"},
		{"iex (-join ([char[]](71,101,116,45,68,97,116,101)))", "Invoke-Expression (hidden); Get-Date"},
		{"iex ([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('R2V0LURhdGU=')))", "Invoke-Expression (hidden); Get-Date"},
		{"-join ('etaD-teG'[-1..-8]) | iex", "Invoke-Expression (hidden); Get-Date"},
		{"('71X101X116X45X68X97X116X101'.Split('X') | % { [char][int]$_ }) -join '' | iex", "Invoke-Expression (hidden); Get-Date"},
		{"iex (iwr http://x/a)", "Invoke-WebRequest http://x/a; Invoke-Expression (fetched)"},
		{"iex $unknown", "Invoke-Expression (not known)"},
		{"function f($a) { Stop-Service $a }; f nginx", "Stop-Service nginx"},
		{"foreach ($s in 'a','b') { Stop-Service $s }", "Stop-Service a; Stop-Service b"},
		{"if ($x) { Get-Date } else { Get-Host }", "Get-Date; Get-Host"},
		{"[IO.File]::Delete('/x')", "Remove-Item -Path /x"},
		{"(New-Object Net.WebClient).DownloadFile('http://x','/y')", "Invoke-WebRequest -Uri http://x -OutFile /y"},
		{"i`e`x 'Get-Date'", "Invoke-Expression (hidden); Get-Date"},
		{"& ($ShellId[1]+$ShellId[13]+'x') 'Get-Date'", "Invoke-Expression (hidden); Get-Date"},
		{"& (gcm i*e-ex*) 'Get-Date'", "Get-Command i*e-ex*; Invoke-Expression (hidden); Get-Date"},
		{"# rm /\n<# rm / #>", ""},
		{"'Remove-Item /'", ""},
		{"Get-Date > x.txt", "Get-Date; Out-File -FilePath x.txt"},
		{"Get-Date 2>&1 | Out-Null", "Get-Date"},
		{"$h = @{ Path = '/x'; Recurse = $true }; Remove-Item @h", "Remove-Item -path /x -recurse True"},
		{"Start-Process cmd -ArgumentList '/c dir'", "Start-Process cmd -ArgumentList /c dir; cmd /c dir"},
		{"$s = ''; for ($i = 0; $i -lt 3; $i++) { $s += 'abc'[$i] }; Write-Host $s", "Write-Host abc"},
		{"rm -rf /x", "rm -rf /x"},
		{"rm -Recurse /x", "Remove-Item -Recurse /x"},
	} {
		if got := said(tc[0]); got != tc[1] {
			t.Errorf("%s\n got %s\nwant %s", tc[0], got, tc[1])
		}
	}
}

// Whatever the text, reading it ends.
func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"while($true){while($true){iex $x}}", "$(", "\"$(\"", "@'", "@{a=", "function f{f};f", "$a+=$a*99999", "1..99999|%{$_*2}", "[a", "&", ".", "-", "{{{", "a|", "'",
		"iex 'iex ''iex x'''", "for(;;){}", "switch(1){", "$x=", "@(,", "param($a=", "`", "x --%", "for($i=0;$i -lt 9999;$i++){for($j=0;$j -lt 9999;$j++){$s+='x'}}",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p := Read(s)
		if len(p.Commands) > maxCommands+1 {
			t.Errorf("%d commands", len(p.Commands))
		}
	})
}
