package pwsh

import (
	"compress/flate"
	"compress/gzip"
	"io"
	"strings"
)

// call is the command that does what a call of .NET does. Each word of args is
// a parameter; "" is a plain word, "_" is left out.
type call struct {
	cmdlet string
	args   []string
	fixed  []Arg
	net    bool // what it gives back comes from another machine
}

func does(cmdlet string, args ...string) call { return call{cmdlet: cmdlet, args: args} }

func fetches(cmdlet string, args ...string) call { return call{cmdlet: cmdlet, args: args, net: true} }

func (c call) with(param string, values ...string) call {
	a := Arg{Param: param, Attached: len(values) > 0}
	for _, v := range values {
		a.Values = append(a.Values, text(v))
	}
	c.fixed = append(c.fixed, a)
	return c
}

var recurse = "Recurse"

// calls are functions of types.
var calls = map[string]call{
	"io.file::delete":                             does("Remove-Item", "Path"),
	"io.directory::delete":                        does("Remove-Item", "Path").with(recurse),
	"io.file::readalltext":                        does("Get-Content", "Path"),
	"io.file::readalllines":                       does("Get-Content", "Path"),
	"io.file::readallbytes":                       does("Get-Content", "Path"),
	"io.file::readlines":                          does("Get-Content", "Path"),
	"io.file::openread":                           does("Get-Content", "Path"),
	"io.file::opentext":                           does("Get-Content", "Path"),
	"io.file::open":                               does("Get-Content", "Path"),
	"io.file::writealltext":                       does("Set-Content", "Path", "Value"),
	"io.file::writealllines":                      does("Set-Content", "Path", "Value"),
	"io.file::writeallbytes":                      does("Set-Content", "Path", "Value"),
	"io.file::create":                             does("Set-Content", "Path"),
	"io.file::openwrite":                          does("Set-Content", "Path"),
	"io.file::createtext":                         does("Set-Content", "Path"),
	"io.file::appendalltext":                      does("Add-Content", "Path", "Value"),
	"io.file::appendalllines":                     does("Add-Content", "Path", "Value"),
	"io.file::copy":                               does("Copy-Item", "Path", "Destination"),
	"io.file::move":                               does("Move-Item", "Path", "Destination"),
	"io.directory::move":                          does("Move-Item", "Path", "Destination"),
	"io.file::exists":                             does("Test-Path", "Path"),
	"io.directory::exists":                        does("Test-Path", "Path"),
	"io.file::setlastwritetime":                   does("Set-FileTime", "Path"),
	"io.file::setcreationtime":                    does("Set-FileTime", "Path"),
	"io.file::setattributes":                      does("Set-FileAttribute", "Path"),
	"io.directory::createdirectory":               does("New-Item", "Path").with("ItemType", "Directory"),
	"io.directory::getfiles":                      does("Get-ChildItem", "Path"),
	"io.directory::enumeratefiles":                does("Get-ChildItem", "Path"),
	"io.directory::getdirectories":                does("Get-ChildItem", "Path"),
	"io.compression.zipfile::extracttodirectory":  does("Expand-Archive", "Path", "DestinationPath"),
	"io.compression.zipfile::createfromdirectory": does("Compress-Archive", "Path", "DestinationPath"),
	"diagnostics.process::start":                  does("Start-Process", "FilePath", "ArgumentList"),
	"diagnostics.process::getprocesses":           does("Get-Process"),
	"diagnostics.eventlog::delete":                does("Remove-EventLog", "LogName"),
	"diagnostics.eventing.reader.eventlogsession::globalsession.clearlog": does("Clear-EventLog", "LogName"),
	"reflection.assembly::load":                                      does("Import-Assembly", "Name"),
	"reflection.assembly::loadfile":                                  does("Import-Assembly", "Name"),
	"reflection.assembly::loadfrom":                                  does("Import-Assembly", "Name"),
	"reflection.assembly::unsafeloadfrom":                            does("Import-Assembly", "Name"),
	"reflection.assembly::loadwithpartialname":                       does("Add-Type", "AssemblyName"),
	"appdomain::currentdomain.load":                                  does("Import-Assembly", "Name"),
	"net.webrequest::create":                                         fetches("Invoke-WebRequest", "Uri"),
	"net.httpwebrequest::create":                                     fetches("Invoke-WebRequest", "Uri"),
	"net.dns::gethostaddresses":                                      does("Resolve-DnsName", "Name"),
	"net.dns::gethostentry":                                          does("Resolve-DnsName", "Name"),
	"environment::setenvironmentvariable":                            does("Set-EnvironmentVariable", "Name", "Value", "Scope"),
	"microsoft.win32.registry::setvalue":                             does("Set-ItemProperty", "Path", "Name", "Value"),
	"windows.forms.clipboard::gettext":                               does("Get-Clipboard"),
	"windows.clipboard::gettext":                                     does("Get-Clipboard"),
	"runtime.interopservices.marshal::getdelegateforfunctionpointer": does("Invoke-NativeCode"),
	"runtime.interopservices.marshal::copy":                          does("Invoke-NativeCode"),
	"management.automation.powershell::create":                       does("Get-Runspace"),
	"guid::newguid":                                                  does("New-Guid"),
	"datetime::now":                                                  does("Get-Date"),
}

// methods are methods of objects, whatever these are.
var methods = map[string]call{
	"downloadstring":          fetches("Invoke-WebRequest", "Uri"),
	"downloadstringtaskasync": fetches("Invoke-WebRequest", "Uri"),
	"downloaddata":            fetches("Invoke-WebRequest", "Uri"),
	"openread":                fetches("Invoke-WebRequest", "Uri"),
	"getstringasync":          fetches("Invoke-WebRequest", "Uri"),
	"getbytearrayasync":       fetches("Invoke-WebRequest", "Uri"),
	"getasync":                fetches("Invoke-WebRequest", "Uri"),
	"downloadfile":            fetches("Invoke-WebRequest", "Uri", "OutFile"),
	"downloadfileasync":       fetches("Invoke-WebRequest", "Uri", "OutFile"),
	"downloadfiletaskasync":   fetches("Invoke-WebRequest", "Uri", "OutFile"),
	"uploadstring":            fetches("Invoke-WebRequest", "Uri", "Body").with("Method", "Post"),
	"uploaddata":              fetches("Invoke-WebRequest", "Uri", "Body").with("Method", "Post"),
	"uploadvalues":            fetches("Invoke-WebRequest", "Uri", "Body").with("Method", "Post"),
	"uploadfile":              fetches("Invoke-WebRequest", "Uri", "InFile").with("Method", "Post"),
	"postasync":               fetches("Invoke-WebRequest", "Uri", "Body").with("Method", "Post"),
	"shellexecute":            does("Start-Process", "FilePath", "ArgumentList"),
	"kill":                    does("Stop-Process"),
	"closemainwindow":         does("Stop-Process"),
	"terminate":               does("Stop-Process"),
	"win32shutdown":           does("Restart-Computer"),
	"regwrite":                does("Set-ItemProperty", "Path", "Value"),
	"clearlog":                does("Clear-EventLog", "LogName"),
	"createshortcut":          does("New-Shortcut", "Path"),
	"setpassword":             does("Set-LocalUser").with("Password", "x"),
	"isinrole":                does("Test-Role"),
}

// fixedOrder puts the arguments of io.file::writealltext and its like behind
// the parameters of the command.
func (p *parser) called(c call, args []Value, owner Value) Value {
	cmd := Command{Name: c.cmdlet, From: -1}
	all := Value{}
	for i, a := range args {
		all = all.marked(a)
		if i < len(c.args) && c.args[i] != "_" {
			cmd.Args = append(cmd.Args, Arg{Param: c.args[i], Values: []Value{a}, Attached: true})
			cmd.Sends = cmd.Sends || c.args[i] == "Body" && (a.From > 0 || !a.Known()) || c.args[i] == "InFile"
		}
	}
	cmd.Args = append(cmd.Args, c.fixed...)
	if len(args) == 0 && owner.Text != "" && len(c.args) > 0 {
		cmd.Args = append(cmd.Args, Arg{Values: []Value{owner}})
	}
	if owner.Kind == Unknown && (c.cmdlet == "Stop-Process" || c.cmdlet == "Restart-Computer") {
		cmd.Input = owner
		cmd.From = owner.From - 1
	}
	if c.cmdlet == "Start-Process" {
		return p.startProcess(cmd)
	}
	at := p.emit(cmd)
	if c.cmdlet == "Get-ChildItem" {
		return Value{Text: below(cmd.Args), Of: "get-childitem", From: at + 1}
	}
	return Value{Net: c.net, From: at + 1, Of: strings.ToLower(c.cmdlet)}
}

// acts is a method that does something outside.
func (p *parser) acts(v Value, name string, args []Value) (Value, bool) {
	switch name {
	case "invokescript", "addscript", "newscriptblock":
		if len(args) == 0 {
			return Value{}, true
		}
		if name == "newscriptblock" {
			return p.static("scriptblock", "create", args), true
		}
		p.run(args[0], "Invoke-Expression")
		return Value{}.marked(args[0]), true
	case "addcommand":
		if len(args) > 0 && args[0].Known() {
			return p.invoke(args[0].String(), nil, nil, args[0].Coded), true
		}
	case "run", "exec":
		if strings.HasPrefix(v.Type, "com:") && len(args) > 0 {
			return p.startProcess(Command{Name: "Start-Process", From: -1, Args: []Arg{{Param: "FilePath", Values: args[:1], Attached: true}}}), true
		}
	case "create":
		if (strings.HasSuffix(v.Type, "win32_process") || strings.HasPrefix(v.Of, "get-wmi") && strings.EqualFold(v.Text, "win32_process")) && len(args) > 0 {
			return p.startProcess(Command{Name: "Start-Process", From: -1, Args: []Arg{{Param: "FilePath", Values: args[:1], Attached: true}}}), true
		}
	case "open":
		if strings.HasPrefix(v.Type, "com:") && len(args) > 1 {
			return p.called(fetches("Invoke-WebRequest", "_", "Uri"), args, Value{}), true
		}
	case "delete":
		if strings.HasPrefix(v.Of, "get-wmi") || strings.HasPrefix(v.Of, "get-cim") || strings.HasPrefix(v.Type, "wmi") {
			p.emit(Command{Name: "Remove-CimInstance", From: v.From - 1, Args: []Arg{{Values: []Value{text(v.String())}}}})
			return Value{}, true
		}
		return p.called(does("Remove-Item", ""), nil, v), true
	case "moveto", "copyto":
		if v.Text != "" {
			return p.called(call{cmdlet: map[string]string{"moveto": "Move-Item", "copyto": "Copy-Item"}[name], args: []string{"Destination"}, fixed: []Arg{{Param: "Path", Values: []Value{v}, Attached: true}}}, args, Value{}), true
		}
	case "invoke", "dynamicinvoke", "invokewithcontext":
		if v.Net {
			p.emit(Command{Name: "Invoke-Expression", From: v.From - 1, Code: Fetched, Hidden: v.Coded})
			return Value{Net: true}, true
		}
		if v.Type == "code" {
			p.emit(Command{Name: "Invoke-Expression", From: v.From - 1, Code: NotKnown, Hidden: v.Coded})
			return Value{}, true
		}
	case "connect", "connectasync", "beginconnect":
		if strings.HasPrefix(v.Type, "net.sockets") || len(args) >= 2 {
			p.connects(args)
		}
	}
	if c, ok := methods[name]; ok && v.Kind == Unknown {
		return p.called(c, args, v), true
	}
	return Value{}, false
}

// connects notes a connection through .NET.
func (p *parser) connects(args []Value) {
	p.socket = true
	c := Command{Name: "Connect-Socket", From: -1}
	if len(args) > 0 {
		c.Args = []Arg{{Values: args[:1]}}
	}
	p.emit(c)
}

// unpacked is what a stream over known bytes gives.
func unpacked(t string, v Value) (string, bool) {
	b, ok := bytesOf(v)
	if !ok || v.Kind == Text && v.Type != "byte[]" {
		return "", false
	}
	var r io.Reader
	switch {
	case strings.HasSuffix(t, "gzipstream"):
		z, err := gzip.NewReader(strings.NewReader(b))
		if err != nil {
			return "", false
		}
		r = z
	case strings.HasSuffix(t, "deflatestream"):
		r = flate.NewReader(strings.NewReader(b))
	default:
		return b, true
	}
	out, err := io.ReadAll(io.LimitReader(r, maxText))
	return string(out), err == nil || len(out) > 0
}

// object is a new object of a type.
func (p *parser) object(t string, args []Value) Value {
	v := Value{Type: t}
	for _, a := range args {
		v = v.marked(a)
	}
	switch {
	case strings.Contains(t, "listener"):
		p.socket = true
		p.emit(Command{Name: "Start-Listener", From: -1, Args: []Arg{{Values: args}}})
	case strings.Contains(t, "sockets.") || strings.Contains(t, "websocket"):
		p.connects(args)
		v.From = 0
	case t == "string":
		return text(list(args).joined("")).marked(v)
	case strings.HasSuffix(t, "streamreader") || strings.HasSuffix(t, "gzipstream") || strings.HasSuffix(t, "deflatestream") || strings.HasSuffix(t, "memorystream"):
		if len(args) > 0 {
			if plain, ok := unpacked(t, args[0]); ok {
				return Value{Kind: Text, Text: plain, Type: "byte[]", Coded: true}.marked(v)
			}
		}
		v.Coded = v.Coded || strings.HasSuffix(t, "stream")
	case strings.HasSuffix(t, "processstartinfo") && len(args) > 0:
		return p.startProcess(Command{Name: "Start-Process", From: -1, Args: []Arg{{Param: "FilePath", Values: args[:1], Attached: true}}})
	case strings.HasPrefix(t, "io.fileinfo") || strings.HasPrefix(t, "io.directoryinfo"):
		if len(args) > 0 {
			return Value{Text: args[0].String(), Of: "get-item"}.marked(args[0])
		}
	case strings.HasSuffix(t, "streamwriter") && len(args) > 0 && args[0].Kind == Text:
		p.emit(Command{Name: "Set-Content", From: -1, Args: []Arg{{Values: args[:1]}}})
	}
	return v
}
