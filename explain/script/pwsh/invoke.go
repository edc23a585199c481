package pwsh

import (
	"path"
	"strings"

	"escort/explain/say"
)

// resolve follows aliases.
func (p *parser) resolve(name string, args []Arg) (string, bool) {
	low := strings.ToLower(name)
	for range 4 {
		if a, ok := p.alias[low]; ok {
			low, name = strings.ToLower(a), a
			continue
		}
		break
	}
	if a, ok := aliases[low]; ok && (!only[low] || spoken(args)) {
		return a, true
	}
	return name, false
}

// invoke runs a command by its name.
func (p *parser) invoke(name string, args []Arg, in *Value, hidden bool) Value {
	if f, ok := p.funcs[strings.ToLower(name)]; ok {
		if in != nil {
			p.vars["_"], p.vars["input"] = *in, *in
		}
		return p.runCode(f.body, f.line, plain(args), args)
	}
	resolved, short := p.resolve(name, args)
	low := strings.ToLower(resolved)
	low = low[strings.LastIndexByte(low, '\\')+1:]
	c := Command{Name: resolved, Args: args, From: -1, Hidden: hidden}
	if i := strings.LastIndexByte(resolved, '\\'); i >= 0 && strings.Contains(low, "-") && !strings.Contains(low, ".") {
		c.Name = resolved[i+1:]
	}
	if in != nil {
		c.Input, c.From = *in, in.From-1
	}
	if f, ok := worked[low]; ok {
		return f(p, c, in)
	}
	c.Program = !short && !cmdlet(low)
	at := p.emit(c)
	p.blocks(at, args)
	return p.output(low, c, in, at)
}

// cmdlet reports a name of the form verb-noun.
func cmdlet(low string) bool {
	verb, noun, ok := strings.Cut(low, "-")
	return ok && verb != "" && noun != "" && !strings.ContainsAny(low, "./\\:") && strings.Trim(verb, "abcdefghijklmnopqrstuvwxyz") == "" && verbs[verb]
}

// verbs are the verbs of PowerShell's commands.
var verbs = set(`add approve assert backup block build checkpoint clear close compare complete compress confirm connect convert convertfrom convertto copy debug deny deploy disable
	disconnect dismount edit enable enter exit expand export find format get grant group hide import initialize install invoke join limit lock measure merge mount move new
	open optimize out ping pop protect publish push read receive redo register remove rename repair request reset resize resolve restart restore resume revoke save search
	select send set show skip split start step stop submit suspend switch sync tee test trace unblock undo uninstall unlock unprotect unpublish unregister update use wait watch write sort where foreach clean`)

// passing are commands that hand on what they get.
var passing = set(`sort-object select-object where-object out-string tee-object get-unique out-host out-default format-table format-list format-wide format-custom write-output
	convertfrom-json convertto-json convertfrom-csv convertto-csv convertto-xml convertto-html select-xml get-member group-object out-null`)

// output is what a command puts out, as far as that matters.
func (p *parser) output(low string, c Command, in *Value, at int) Value {
	v := Value{Of: low, From: at + 1}
	switch {
	case passing[low]:
		if in != nil {
			v = *in
			if in.From == 0 {
				v.From = at + 1
			}
			return v
		}
		if vs := c.Param(-1, "inputobject"); vs != nil {
			return one(vs)
		}
	case low == "invoke-webrequest" || low == "invoke-restmethod" || c.Program && fetchers[path.Base(low)]:
		v.Net = true
	case low == "get-childitem":
		v.Text = below(c.Args)
		if in != nil && in.Known() && in.Text != "" {
			v.Text = in.Text
		}
		if v.Text == "variable:" || strings.HasPrefix(v.Text, "variable:") {
			return p.lookedUp(strings.TrimPrefix(v.Text, "variable:"))
		}
	case low == "get-item" || low == "resolve-path" || low == "convert-path" || low == "get-itemproperty":
		v.Text = one(c.Param(0, "path", "literalpath")).String()
		if n, ok := strings.CutPrefix(strings.ToLower(v.Text), "variable:"); ok {
			return p.lookedUp(strings.Trim(n, `/\`))
		}
		if n, ok := strings.CutPrefix(strings.ToLower(v.Text), "env:"); ok {
			return p.vars["env:"+strings.Trim(n, `/\`)]
		}
	case low == "get-content" || low == "get-date" || low == "get-random" || low == "get-credential":
	case strings.HasPrefix(low, "get-"):
		v.Text = c.object("*")
		if in != nil && in.Text != "" && v.Text == "*" {
			v.Text = in.String()
		}
	case low == "convertto-securestring" || low == "new-scheduledtaskaction":
		v.Text = ""
	}
	if in != nil && !strings.HasPrefix(low, "get-") {
		v = v.marked(*in)
	}
	return v
}

var fetchers = set("curl wget curl.exe wget.exe")

// object is what a command works on, by its first words.
func (c *Command) object(none string) string {
	vs := c.Param(0, "name", "identity", "displayname", "id", "filter", "vmname", "path", "query", "class", "classname")
	if len(vs) == 0 {
		return none
	}
	return one(vs).String()
}

// below names what lies in the folder that Get-ChildItem lists.
func below(args []Arg) string {
	c := Command{Args: args}
	dir := one(c.Param(0, "path", "literalpath")).String()
	only := one(c.Param(1, "filter", "include")).String()
	if only == "" {
		only = "*"
	}
	switch {
	case strings.HasPrefix(strings.ToLower(dir), "variable:"):
		return strings.ToLower(dir)
	case dir == "":
		return only
	case strings.ContainsAny(path.Base(strings.ReplaceAll(dir, `\`, "/")), "*?"):
		return dir
	}
	return strings.TrimRight(dir, `/\`) + "/" + only
}

// lookedUp finds variables by a pattern of their names.
func (p *parser) lookedUp(name string) Value {
	name = strings.ToLower(name)
	if v, ok := p.vars[name]; ok {
		return v
	}
	for _, n := range []string{"maximumdrivecount", "executioncontext", "verbosepreference", "shellid", "pshome"} {
		if ok, err := path.Match(name, n); err == nil && ok && strings.ContainsAny(name, "*?[") {
			if n == "maximumdrivecount" {
				return text("MaximumDriveCount")
			}
			return p.vars[n]
		}
	}
	return Value{}
}

// worked are commands whose work can be followed here.
var worked map[string]func(p *parser, c Command, in *Value) Value

func init() {
	worked = map[string]func(p *parser, c Command, in *Value) Value{
		"foreach-object": (*parser).forEachObject, "where-object": (*parser).whereObject, "write-output": (*parser).writes,
		"invoke-expression": (*parser).expression, "new-object": (*parser).newObject, "set-alias": (*parser).setAlias, "new-alias": (*parser).setAlias,
		"set-variable": (*parser).setVariable, "new-variable": (*parser).setVariable, "get-variable": (*parser).getVariable, "get-command": (*parser).getCommand,
		"get-alias": (*parser).getCommand, "join-path": (*parser).joinPath, "start-process": (*parser).process, "invoke-cimmethod": (*parser).wmi,
		"invoke-wmimethod": (*parser).wmi, "new-scheduledtaskaction": (*parser).taskAction, "out-null": (*parser).nothing,
		"set-item": (*parser).setItem, "powershell": (*parser).inner, "pwsh": (*parser).inner, "powershell.exe": (*parser).inner, "pwsh.exe": (*parser).inner,
	}
}

func (p *parser) nothing(_ Command, _ *Value) Value { return Value{Kind: Null} }

// inner keeps a further PowerShell as the program that it is.
func (p *parser) inner(c Command, in *Value) Value {
	for i, a := range c.Args {
		for k, v := range a.Values {
			if v.Kind == Block { // its text is handed on
				c.Args[i].Values[k] = text(v.Text)
			}
		}
	}
	c.Program = true
	return Value{From: p.emit(c) + 1}
}

func (p *parser) forEachObject(c Command, in *Value) Value {
	over := Value{}
	if in != nil {
		over = *in
	} else if vs := c.Param(-1, "inputobject"); vs != nil {
		over = one(vs)
	}
	var out Value
	ran := false
	for _, vs := range valuesOf(c.Args) {
		for _, v := range vs {
			if v.Kind == Block {
				out, ran = p.forEach(v, &over), true
			}
		}
	}
	if ran {
		return out
	}
	name := c.Param(0, "membername")
	if len(name) > 0 {
		if n := strings.ToLower(name[0].String()); actions[n] {
			return p.method(over, n, c.Param(1, "argumentlist"))
		}
		return p.property(over, strings.ToLower(name[0].String()))
	}
	return over
}

// actions are methods that % may name.
var actions = set("delete kill terminate invoke tostring toupper tolower trim")

// forEach runs a block for each value.
func (p *parser) forEach(block Value, over *Value) Value {
	old := p.vars["_"]
	v := p.each(*over, block.Text, max(block.Line, 1), "_")
	p.vars["_"] = old
	if over.Kind == Unknown {
		return v.marked(*over)
	}
	return v
}

func (p *parser) whereObject(c Command, in *Value) Value {
	if in == nil {
		return Value{}
	}
	old := p.vars["_"]
	p.vars["_"] = Value{Text: in.Text, Of: in.Of}.marked(*in)
	for _, vs := range valuesOf(c.Args) {
		for _, v := range vs {
			if v.Kind == Block {
				p.runBlock(v, nil, nil)
			}
		}
	}
	p.vars["_"] = old
	v := *in
	if v.Kind == List {
		v = Value{}.marked(*in)
	}
	return v
}

func (p *parser) writes(c Command, in *Value) Value {
	vs := c.Param(0, "inputobject")
	if len(vs) == 0 && in != nil {
		return *in
	}
	if all := plain(c.Args); len(all) > 1 {
		vs = all
	}
	v := one(vs)
	if at := p.emit(c); v.From == 0 && !v.Known() {
		v.From = at + 1
	}
	return v
}

func (p *parser) expression(c Command, in *Value) Value {
	vs := c.Param(0, "command")
	switch {
	case len(vs) > 0:
		v := one(vs)
		if all := plain(c.Args); len(all) > 1 {
			v = list(all)
		}
		out := p.run(v.marked(Value{Coded: c.Hidden}), "Invoke-Expression")
		return out
	case in != nil:
		v := *in
		v.Coded = v.Coded || c.Hidden
		return p.run(v, "Invoke-Expression")
	}
	return Value{}
}

func (p *parser) newObject(c Command, _ *Value) Value {
	if vs := c.Param(-1, "comobject"); vs != nil {
		name := strings.ToLower(one(vs).String())
		p.emit(Command{Name: "New-Object", From: -1, Args: []Arg{{Param: "ComObject", Values: vs, Attached: true}}})
		return Value{Type: "com:" + name}
	}
	vs := c.Param(0, "typename")
	t := strings.TrimPrefix(strings.ToLower(one(vs).String()), "system.")
	var args []Value
	if a := c.Param(1, "argumentlist"); a != nil {
		args = a
	}
	if t == Hole {
		p.pass(say.Text("windows.an-object-whose-kind-is"))
	}
	return p.object(t, args)
}

func (p *parser) setAlias(c Command, _ *Value) Value {
	name, to := one(c.Param(0, "name")).String(), one(c.Param(1, "value")).String()
	if name != "" && to != "" {
		p.alias[strings.ToLower(name)] = to
	}
	p.emit(c)
	return Value{Kind: Null}
}

func (p *parser) setVariable(c Command, in *Value) Value {
	name := strings.ToLower(one(c.Param(0, "name")).String())
	v := one(c.Param(1, "value"))
	if in != nil && v.Kind == Null {
		v = *in
	}
	p.vars[scoped(name)] = v
	return Value{Kind: Null}
}

func (p *parser) getVariable(c Command, in *Value) Value {
	name := one(c.Param(0, "name")).String()
	if name == "" {
		p.emit(c)
		return Value{}
	}
	return p.lookedUp(scoped(strings.ToLower(name)))
}

// getCommand finds the command that a name or a pattern stands for.
func (p *parser) getCommand(c Command, in *Value) Value {
	name := one(c.Param(0, "name")).String()
	low := strings.ToLower(name)
	if a, ok := aliases[low]; ok && strings.EqualFold(c.Name, "Get-Alias") {
		name = a
	}
	at := p.emit(c)
	if strings.ContainsAny(low, "*?[") {
		for _, k := range known {
			if ok, err := path.Match(low, strings.ToLower(k)); err == nil && ok {
				return Value{Kind: Text, Text: k, Coded: true}
			}
		}
		for a, to := range aliases {
			if ok, err := path.Match(low, a); err == nil && ok && to == "Invoke-Expression" {
				return Value{Kind: Text, Text: to, Coded: true}
			}
		}
		return Value{From: at + 1}
	}
	return text(name)
}

func (p *parser) joinPath(c Command, _ *Value) Value {
	a, b := one(c.Param(0, "path")), one(c.Param(1, "childpath"))
	if a.Kind == Unknown && a.Text == "" {
		return Value{}
	}
	return text(strings.TrimRight(a.String(), `/\`) + "/" + strings.TrimLeft(b.String(), `/\`))
}

func (p *parser) setItem(c Command, in *Value) Value {
	where := strings.ToLower(one(c.Param(0, "path", "literalpath")).String())
	v := one(c.Param(1, "value"))
	switch kind, name, _ := strings.Cut(where, ":"); kind {
	case "variable", "env":
		if kind == "variable" {
			p.vars[strings.Trim(name, `/\`)] = v
			return Value{Kind: Null}
		}
	case "alias":
		p.alias[strings.Trim(name, `/\`)] = v.String()
	case "function":
		p.funcs[strings.Trim(name, `/\`)] = function{body: v.Text, line: p.lineAt()}
	}
	return Value{From: p.emit(c) + 1}
}
