package script

import (
	"strings"
	"testing"
)

// said writes tokens in short.
func said(toks []token) string {
	var b strings.Builder
	for _, t := range toks {
		switch {
		case t.part:
			continue
		case t.kind == text:
			b.WriteString("'" + strings.ReplaceAll(t.text, hole, "?") + "'")
		case t.kind == started:
			b.WriteString("`" + strings.ReplaceAll(t.text, hole, "?") + "`")
		case t.kind == newline:
			b.WriteString(";")
		default:
			b.WriteString(t.text)
		}
	}
	return b.String()
}

func TestFold(t *testing.T) {
	for _, c := range []struct{ language, text, want string }{
		{"python", `f('a'+'b')`, `f('ab')`},
		{"python", `f('a' 'b')`, `f('ab')`},
		{"python", `s='x';f(s+'y')`, `s='x';f('xy')`},
		{"python", `f('ba'[::-1])`, `f('ab')`},
		{"python", `f('abc'[1:])`, `f('bc')`},
		{"python", `f('xbc'.replace('x','a'))`, `f('abc')`},
		{"python", `f(''.join(map(chr,[97,98])))`, `f('ab')`},
		{"python", `f(''.join(chr(c) for c in [97,98]))`, `f('ab')`},
		{"python", `f(''.join([chr(c^1) for c in (96,99)]))`, `f('ab')`},
		{"python", `f(bytes([97,98]).decode())`, `f('ab')`},
		{"python", `f(bytes.fromhex('6162').decode())`, `f('ab')`},
		{"python", `f(bytes(b^1 for b in b'\x60\x63').decode())`, `f('ab')`},
		{"python", `import base64 as q;f(q.b64decode(b'YWI='))`, `importbase64asq;f('ab')`},
		{"python", `f(__import__('base64').b64decode('YWI=').decode('utf-8'))`, `f('ab')`},
		{"python", `f(__import__('codecs').decode('no','rot13'))`, `f('ab')`},
		{"python", `f('{}{}'.format('a','b'))`, `f('ab')`},
		{"python", `f('%s%s'%('a','b'))`, `f('ab')`},
		{"python", `a='x';f(f'{a}y{z}')`, `a='x';f('xy?'+z)`},
		{"python", `f('rm '+x)`, `f('rm ?'+x)`},
		{"python", `d=lambda s:s[::-1];f(d('ba'))`, `d=lambdas:s[::-1];f('ab')`},
		{"python", "def d(s):\n  return s[::-1]\nf(d('ba'))", `defd(s):;returns[::-1];f('ab')`},
		{"python", "s=''\nfor c in [97,98]: s+=chr(c)\nf(s)", `s='';forcin[97,98]:s+=chr(c);s+='aba';;s+='abab';;f('ab')`},
		{"python", "s='a'\nwhile x: s=g()\nf(s)", `s='a';whilex:s=g();f(s)`},
		{"python", "s='a'\nwhile x: s+='b'\nf(s)", `s='a';whilex:s+='b';f(s)`},
		{"python", `l=[];l.append('a');l.append('b');f(''.join(l))`, `l=[];l.append('a');l.append('b');f('ab')`},
		{"python", `f(getattr(o,'metsys'[::-1]))`, `f(getattr(o,'system'))`},
		{"python", `open('a','w')`, `open('a','w')`},
		{"python", `f("a" if x else "b")`, `f('a'ifxelse'b')`},
		{"perl", `f("a"."b")`, `f('ab')`},
		{"perl", `$a="x"; f("$a y $z")`, `$a='x';f('x y ?'+$z)`},
		{"perl", `eval pack("H*","6162")`, `eval'ab'`},
		{"perl", `eval pack "H*","6162"`, `eval'ab'`},
		{"perl", `system join "", map { chr } (97,98)`, `system'ab'`},
		{"perl", `system(join("",map chr, 97, 98))`, `system('ab')`},
		{"perl", `system scalar reverse "ba"`, `system'ab'`},
		{"perl", `$_="no"; tr/a-z/n-za-m/; system $_`, `$_='no';'';system'ab'`},
		{"perl", `($x="no")=~y/a-z/n-za-m/; f($x)`, `($x='no')=~'';f('ab')`},
		{"perl", `my $f="system"; &$f("x")`, `my$f='system';&$f;system('x')`},
		{"perl", `f(q{a}.qq{b})`, `f('ab')`},
		{"perl", "f(`ls $x`)", "f(`ls ?`+$x)"},
		{"perl", `f("a" x 3)`, `f('aaa')`},
		{"ruby", `f("ba".reverse)`, `f('ab')`},
		{"ruby", `f(["6162"].pack("H*"))`, `f('ab')`},
		{"ruby", `f([97,98].pack("c*"))`, `f('ab')`},
		{"ruby", `f [97,98].map{|c| c.chr}.join`, `f'ab'`},
		{"ruby", `f([97,98].map(&:chr).join)`, `f('ab')`},
		{"ruby", `a="x"; f("#{a}y#{z}")`, `a='x';f('xy?'+z)`},
		{"ruby", `f(Base64.decode64("YWI="))`, `f('ab')`},
		{"ruby", `f("no".tr("a-z","n-za-m"))`, `f('ab')`},
		{"ruby", `f("a-b".delete("-"))`, `f('ab')`},
		{"ruby", `f(%w(a b).join)`, `f('ab')`},
		{"php", `f("a"."b");`, `f('ab');`},
		{"php", `$a="sys";$b=$a."tem";$b("x");`, `$a='sys';$b='system';$b;system('x');`},
		{"php", `f(strrev("ba"));`, `f('ab');`},
		{"php", `f(gzinflate(base64_decode("S0wCAA==")));`, `f('ab');`},
		{"php", `f(implode("",array_map("chr",[97,98])));`, `f('ab');`},
		{"php", `$a="x";f("$a y {$z}");`, `$a='x';f('x y ?'+$z);`},
		{"php", `call_user_func("sys"."tem","x");`, `call_user_func('system','x');system('x');;`},
		{"php", `${"a"."b"}="x";f($ab);`, `${'ab'}='x';f($ab);`},
		{"php", `f(chr(97).chr(98));`, `f('ab');`},
		{"php", `f("a"^"\x03");`, `f('b');`},
		{"node", `f("a"+"b")`, `f('ab')`},
		{"node", `f("ba".split("").reverse().join(""))`, `f('ab')`},
		{"node", `f([97,98].map(c=>String.fromCharCode(c)).join(""))`, `f('ab')`},
		{"node", `f(String.fromCharCode(97,98))`, `f('ab')`},
		{"node", `f(String.fromCharCode(...[97,98]))`, `f('ab')`},
		{"node", `f(Buffer.from("6162","hex").toString())`, `f('ab')`},
		{"node", `f(atob("YWI="))`, `f('ab')`},
		{"node", "const a='x';f(`${a}y${z}`)", `consta='x';f('xy?'+z)`},
		{"node", `f("a-b".replace(/-/g,""))`, `f('ab')`},
		{"node", `f(["a","b"].join(""))`, `f('ab')`},
		{"node", `const d=s=>s.split("").reverse().join("");f(d("ba"))`, `constd=s=>s.split('').reverse().join('');f('ab')`},
		{"node", `let s="";for(const c of [97,98]){s+=String.fromCharCode(c)};f(s)`, `lets='';for(constcof[97,98]){s+=String.fromCharCode(c);s+='aba';;s+='abab';};f('ab')`},
		{"python", "def d(s):\n  g(s)\nd('a')", `defd(s):;g(s);d('a');g('a');;`},
		{"python", `for x in ['a','b']: g(x)`, `forxin['a','b']:g(x);g('a');;g('b');`},
		{"ruby", `x=["a"].map{|c| c.upcase; g c}`, `x=['a'].map{|c|c.upcase;gc};'A';g'a';`},
		{"node", `["a"].forEach(x=>g(x))`, `['a'].forEach(x=>g(x));g('a');`},
		{"php", `$f=function($c){g($c);};$f("a");`, `$f=function($c){g($c);};$f('a');g('a');;`},
		{"lua", `f("a".."b")`, `f('ab')`},
		{"lua", `f(string.char(97,98))`, `f('ab')`},
		{"lua", `f(("ba"):reverse())`, `f('ab')`},
		{"lua", `f(string.reverse("ba"))`, `f('ab')`},
		{"lua", `local a="x"; f(a.."y"..z)`, `locala='x';f('xy?'..z)`},
		{"lua", `f(table.concat({"a","b"}))`, `f('ab')`},
		{"lua", `local t={} for _,c in ipairs({97,98}) do t[#t+1]=string.char(c) end f(table.concat(t))`, `localt={}for_,cin[97,98]dot[#t+1]=string.char(c);t[#t+1]='a';;t[#t+1]='b';endf('ab')`},
		{"lua", `local s="" for _,c in ipairs({97,98}) do s=s..string.char(c) end f(s)`, `locals=''for_,cin[97,98]dos=s..string.char(c);s='aba';;s='?b's..;endf('ab')`},
		{"awk", `BEGIN{c="a" "b"; f(c)}`, `BEGIN{c='ab';f('ab')}`},
	} {
		got := fold(c.language, tokens(c.language, c.text))
		if s := said(got); s != c.want {
			t.Errorf("%s: %s\n got %s\nwant %s", c.language, c.text, s, c.want)
		}
	}
}

// Whatever the text, reading it ends, and what is read is bounded by its length.
func FuzzLook(f *testing.F) {
	for _, s := range []string{
		"a='x'*99999;b=a*99999;exec(b*9)", "f(lambda x:x(x))", "d=lambda s:d(s);d('a')", "\"#{\"#{\"#{", "f'{f\"{x}\"}'", "${${${a}}}", "[[[[[[", "((((((", "for x in range(9**9): s+=chr(x)",
		"map{map{map{chr}$_}$_}(1,2)", "<<A.<<B\nx\nA\ny\nB\n", "s{a{b}c}{d}e", "tr/a-\xff/b/", "x=>y=>z=>", "'a'[::0]", "'a'[9:-9:-1]", "a.b.c.d(", "%w(", "$f='system';$f(", "-\x00~!*&\\", "[=[", "pack('H*','6')", "`#{`a`}`",
	} {
		f.Add(s)
	}
	languages := []string{"python", "perl", "ruby", "node", "php", "lua", "awk", "groovy", "r", "julia", "tcl", "go", "c", "haskell", "dart", "crystal", "erlang", Any}
	f.Fuzz(func(t *testing.T, s string) {
		for _, l := range languages {
			hits, _ := Look(l, s)
			if len(hits) > maxHits {
				t.Errorf("%s: %d hits", l, len(hits))
			}
		}
	})
}

// TestFoldingIsBounded checks that the work does not grow faster than the text.
func TestFoldingIsBounded(t *testing.T) {
	for _, piece := range []string{"a+='x';", "f(a+", "[", "(", "x=>", "\"${a}\"+", "for x in [1,2,3]: s+=chr(x)\n", "d=lambda s:s+s;d(d(d('a')));", "$a.", "a['b'].c(", "`#{", "map{", "'a'+", "s='a'*9;s+=s;"} {
		text := strings.Repeat(piece, 1<<15/len(piece))
		for _, l := range []string{"python", "perl", "ruby", "node", "php", "lua"} {
			if out := fold(l, tokens(l, text)); len(out) > 4*maxTokens+foldWork {
				t.Errorf("%s %s: %d tokens", l, piece, len(out))
			}
		}
	}
}
