package lore_test

import (
	"strings"
	"testing"

	"escort/explain/effect"
	"escort/explain/lore"
)

// Every row of the table must use words of the closed lists.
func TestCmdletTable(t *testing.T) {
	names := lore.CmdletNames()
	if len(names) < 150 {
		t.Fatalf("only %d commands", len(names))
	}
	for _, n := range append(names, "Get-Service", "Remove-Thing", "New-AzFrontDoor", "Stop-Process", "Clear-Disk") {
		c, ok := lore.FindCmdlet(n, true)
		switch {
		case !ok:
			t.Errorf("%s is not found", n)
		case !effect.KnownVerb(c.Verb) || c.Risk == "" || c.Say == "" || c.Dimension == "":
			t.Errorf("%s: %+v", n, c)
		}
	}
}

func TestFindCmdlet(t *testing.T) {
	for _, tc := range []struct {
		name  string
		named bool
		risk  effect.Risk
		say   string
	}{
		{"get-service", false, effect.Safe, "Lists the services"},
		{"Restart-Service", true, effect.Caution, "Restarts the service {}"},
		{"Clear-Disk", true, effect.Critical, "Erases the disk {} with all that is on it"},
		{"Remove-LocalUser", true, effect.High, "Deletes the account {}"},
		{"Get-AzFrontDoor", false, effect.Safe, "Shows the Azure front door (Get-AzFrontDoor)"},
	} {
		c, ok := lore.FindCmdlet(tc.name, tc.named)
		if !ok || c.Risk != tc.risk || c.Say != tc.say {
			t.Errorf("%s: %v, %s, %q", tc.name, ok, c.Risk, c.Say)
		}
	}
	if _, ok := lore.FindCmdlet("Frobnicate-Widget", true); ok {
		t.Error("a verb that nobody knows is known")
	}
	c, _ := lore.FindCmdlet("Set-ExecutionPolicy", true)
	if c.Risk != effect.High || c.Fit("remotesigned").Risk != effect.Caution {
		t.Errorf("rules: %s, %s", c.Risk, c.Fit("remotesigned").Risk)
	}
}

// A parameter may be shortened and written in either case.
func TestFoldedParameters(t *testing.T) {
	word := func(s string) []lore.Word {
		var out []lore.Word
		for w := range strings.FieldsSeq(s) {
			out = append(out, lore.Word{Text: w, Known: true})
		}
		return out
	}
	name, e := lore.CmdletEntry("REMOVE-item")
	if name != "Remove-Item" || e == nil {
		t.Fatal("no entry")
	}
	u := e.Read(name, word("-REC -fo:$false -Path:C:\\x -ea SilentlyContinue"))
	if !u.Tags["recursive"] || u.Given["-Force"] || len(u.Slots["ITEM"]) != 1 || u.Slots["ITEM"][0].Text != "C:\\x" || len(u.Strange) > 0 {
		t.Errorf("%+v", u)
	}
	if u := e.Read(name, word("x -WhatIf")); !u.Off() {
		t.Error("-WhatIf does not switch it off")
	}
	if u := e.Read(name, word("x -WhatIf:$false")); u.Off() {
		t.Error("-WhatIf:$false switches it off")
	}
}
