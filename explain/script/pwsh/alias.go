package pwsh

import "strings"

// aliases are short names of commands.
var aliases = func() map[string]string {
	m := map[string]string{}
	for row := range strings.Lines(`
Get-ChildItem gci dir ls
Get-Content gc type cat
Remove-Item ri del erase rd rm rmdir
Copy-Item cpi copy cp
Move-Item mi move mv
Rename-Item rni ren
New-Item ni
Get-Item gi
Set-Item si
Clear-Item cli
Invoke-Item ii
Get-ItemProperty gp
Set-ItemProperty sp
Remove-ItemProperty rp
Clear-ItemProperty clp
Copy-ItemProperty cpp
Move-ItemProperty mp
Rename-ItemProperty rnp
Get-ItemPropertyValue gpv
Set-Content sc
Add-Content ac
Clear-Content clc
Set-Location cd chdir sl
Get-Location gl pwd
Push-Location pushd
Pop-Location popd
Resolve-Path rvpa
Convert-Path cvpa
New-PSDrive ndr mount
Get-PSDrive gdr
Remove-PSDrive rdr
Invoke-Expression iex
Invoke-WebRequest iwr curl wget
Invoke-RestMethod irm
Invoke-Command icm
Enter-PSSession etsn
Exit-PSSession exsn
New-PSSession nsn
Get-PSSession gsn
Remove-PSSession rsn
Connect-PSSession cnsn
Disconnect-PSSession dnsn
Receive-PSSession rcsn
Get-Process gps ps
Stop-Process spps kill
Start-Process saps start
Get-Service gsv
Start-Service sasv
Stop-Service spsv
Get-Job gjb
Start-Job sajb
Stop-Job spjb
Remove-Job rjb
Receive-Job rcjb
Wait-Job wjb
Suspend-Job sujb
Resume-Job rujb
Get-WmiObject gwmi
Set-WmiInstance swmi
Invoke-WmiMethod iwmi
Remove-WmiObject rwmi
Get-CimInstance gcim
Invoke-CimMethod icim
New-CimInstance ncim
Set-CimInstance scim
Remove-CimInstance rcim
Get-Help help man
Get-Command gcm
Get-Module gmo
Import-Module ipmo
Remove-Module rmo
New-Module nmo
Get-Alias gal
Set-Alias sal
New-Alias nal
Export-Alias epal
Import-Alias ipal
Get-Variable gv
Set-Variable set sv
New-Variable nv
Clear-Variable clv
Remove-Variable rv
Get-Member gm
Get-History ghy history h
Clear-History clhy
Invoke-History ihy r
Get-Unique gu
Group-Object group
Measure-Object measure
Select-Object select
Sort-Object sort
Where-Object where ?
ForEach-Object foreach %
Tee-Object tee
Compare-Object compare diff
Select-String sls
Format-Table ft
Format-List fl
Format-Wide fw
Format-Custom fc
Format-Hex fhx
Out-Host oh
Out-GridView ogv
Out-Printer lp
Write-Output echo write
Clear-Host cls clear
Start-Sleep sleep
Export-Csv epcsv
Import-Csv ipcsv
Get-ComputerInfo gin
Get-TimeZone gtz
Set-TimeZone stz
Stop-Computer spc
Restart-Computer rsc
Get-Clipboard gcb
Set-Clipboard scb
Get-PSBreakpoint gbp
Set-PSBreakpoint sbp
Add-PSSnapin asnp
Test-NetConnection tnc
Get-Runspace runspace
Trace-Command trcm
`) {
		f := strings.Fields(row)
		for i, a := range f {
			if i > 0 {
				m[a] = f[0]
			}
		}
	}
	return m
}()

// telling are parameters by which such a name is known for a command.
var telling = strings.Fields("path literalpath recurse force filter include exclude confirm whatif erroraction destination name id property descending outfile uri usebasicparsing " +
	"value passthru computername seconds milliseconds tail totalcount raw encoding first last skip expandproperty unique average sum minimum maximum filepath argumentlist verb windowstyle wait nonewwindow append psprovider root method body headers examples online")

// spoken reports that words are those of a command rather than of a program.
func spoken(args []Arg) bool {
	for _, a := range args {
		for _, t := range telling {
			if len(a.Param) >= 2 && strings.HasPrefix(t, strings.ToLower(a.Param)) {
				return true
			}
		}
	}
	return false
}

// only are such names that are programs where there is no telling parameter.
var only = set("ls cat rm rmdir cp mv ps kill sleep mount man curl wget diff tee clear history")

// known are commands that a pattern may stand for: gcm *ke-*pr*.
var known = strings.Fields("Invoke-Expression Invoke-WebRequest Invoke-RestMethod New-Object Get-Content Get-ChildItem Remove-Item Start-Process Get-Process Get-Date Get-Item Get-Variable Get-Command Get-Alias Set-Variable Invoke-Command Write-Output Write-Host")
