package script

import (
	"strings"
	"sync"
	"unicode"
)

// Understood reports that the code does surely nothing but what Read lists,
// besides calculating and printing.
func Understood(language, text string) bool { return newReading(language, text, 0).understood() }

func set(s string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		m[w] = true
	}
	return m
}

// pure says, by language, which names do nothing but calculate and print.
type pure struct {
	modules map[string]bool            // whose functions are all pure
	partly  map[string]map[string]bool // modules of which only these are
	calls   map[string]bool            // functions and words that stand alone
	banned  map[string]bool            // words that make anything possible
	bare    bool                       // every name that stands alone must be known, called or not
}

var pures = sync.OnceValue(func() map[string]*pure {
	return map[string]*pure{
		"python": {
			modules: set(`json math cmath re datetime time random string collections itertools functools hashlib hmac base64 binascii uuid platform statistics decimal fractions operator textwrap html csv
			struct calendar locale pprint typing ipaddress unicodedata difflib copy heapq bisect secrets zlib shlex dataclasses enum zoneinfo array numbers colorsys keyword this antigravity
			codecs string argparse fnmatch sysconfig types abc contextlib graphlib timeit warnings traceback errno stat quopri`),
			partly: map[string]map[string]bool{
				"os": set(`getcwd cpu_count path environ getenv getpid getppid getuid geteuid getgid uname sep linesep listdir walk scandir stat name environ.get path.join path.exists path.basename path.dirname path.abspath path.isfile
				path.isdir path.getsize path.splitext path.expanduser path.realpath path.getmtime times getloadavg get_terminal_size pathsep curdir access environ.items environ.keys`),
				"sys": set(`version version_info path argv stdin stdin.read stdin.readline stdin.readlines stdin.buffer.read stdin.buffer stdout stdout.write stdout.flush stdout.buffer.write stderr stderr.write exit maxsize platform executable
				byteorder getsizeof getrecursionlimit maxunicode prefix implementation.name getdefaultencoding float_info flags`),
				"urllib":    set("parse parse.quote parse.unquote parse.quote_plus parse.unquote_plus parse.urlencode parse.urlparse parse.urlsplit parse.parse_qs parse.urljoin parse.urlunparse parse.parse_qsl"),
				"xml":       set("etree.ElementTree etree.ElementTree.fromstring etree.ElementTree.tostring dom.minidom dom.minidom.parseString etree.ElementTree.parse etree"),
				"importlib": set("metadata.version metadata metadata.distributions"),
				"pathlib":   set("Path PurePath Path.home Path.cwd"), "glob": set("glob iglob"), "socket": set("gethostname getfqdn gethostbyname"),
				"shutil": set("which disk_usage get_terminal_size"), "getpass": set("getuser"), "ast": set("literal_eval parse dump"), "gzip": set("open decompress compress"),
				"inspect": set("getsource signature"), "site": set("getsitepackages USER_BASE getusersitepackages"), "yaml": set("safe_load dump safe_dump"), "tomllib": set("load loads"),
				"io": set("StringIO BytesIO open TextIOWrapper"), "numpy": set("array mean sum zeros ones arange linspace __version__ std random.rand random.randint"), "pandas": set("__version__"),
			},
			calls: set(`print len sum min max abs round sorted range int float str list dict set tuple enumerate zip map filter any all type isinstance chr ord hex bin oct repr reversed bool bytes bytearray format divmod pow input
			iter next slice frozenset hash id complex super property object Exception ValueError KeyError TypeError OSError open dir help issubclass ascii callable memoryview StopIteration RuntimeError exit quit
			if while for in and or not return assert del elif else lambda yield from import with as except raise print is async await case match`),
			banned: set("exec eval compile __import__ getattr setattr globals locals vars breakpoint delattr __builtins__ __loader__ __spec__"),
		},
		"node": {
			modules: set("path util url querystring crypto assert events string_decoder zlib perf_hooks os punycode buffer readline timers tty"),
			partly: map[string]map[string]bool{
				"process": set("version versions argv env stdout stdin exit cwd memoryUsage platform uptime hrtime nextTick pid arch stdout.write stderr stderr.write stdin.on hrtime.bigint versions.node versions.v8 env.HOME env.PATH env.USER " +
					"release execPath exitCode title uptime argv.slice stdin.setEncoding"),
				"fs": set("readFileSync existsSync readdirSync statSync readFile createReadStream lstatSync"),
			},
			calls: set(`parseInt parseFloat Number String Boolean Array Object Date RegExp Symbol BigInt isNaN isFinite encodeURIComponent decodeURIComponent encodeURI decodeURI require Set Map Error Promise setTimeout setInterval
			if while for switch catch function return typeof super structuredClone btoa atob Intl queueMicrotask URL URLSearchParams Uint8Array TextEncoder TextDecoder async await`),
			banned: set("eval Function constructor __proto__ globalThis global Reflect Proxy import mainModule module binding WebAssembly"),
		},
		"perl": {
			modules: set(`strict warnings utf8 List.Util Data.Dumper POSIX Time.Local Time.HiRes Time.Piece JSON.PP JSON MIME.Base64 Encode Digest.MD5 Digest.SHA Scalar.Util Text.Wrap Text.Tabs Math.Trig Math.BigInt feature integer
			bigint constant Getopt.Long Unicode.Normalize`),
			calls: set(`print printf say my our local if unless else elsif while until for foreach next last redo and or not xor eq ne lt gt le ge cmp x sub return use no BEGIN END join split map grep sort reverse keys values each push pop
			shift unshift splice lc uc lcfirst ucfirst length substr index rindex sprintf sprint chomp chop chr ord hex oct abs int sqrt sin cos atan2 exp log rand srand time localtime gmtime defined undef exists delete scalar
			wantarray ref bless die warn exit y tr s m q qw pos quotemeta lines STDIN STDOUT STDERR ARGV ENV eof pack unpack sum min max first shuffle uniq sum0 any all none product reduce floor ceil strftime fmod Dumper encode_json
			decode_json encode_base64 decode_base64 md5_hex sha1_hex sha256_hex v NR F if a b g i e gc ge gi binmode utf8 select printf __END__ __DATA__ continue state wantarray vec sleep uniqnum pairs maxstr minstr`),
			banned: set("do eval require exec system"),
			bare:   true,
		},
		"ruby": {
			modules: set("json date time set csv digest base64 securerandom pp bigdecimal erb uri ostruct matrix prime benchmark English shellwords optparse zlib"),
			partly: map[string]map[string]bool{
				"File": set("basename dirname extname exist join size read readlines foreach expand_path file directory mtime"), "Dir": set("pwd glob entries children exist home"),
				"Time": nil, "Date": nil, "DateTime": nil, "JSON": nil, "Math": nil, "Array": nil, "Hash": nil, "String": nil, "Integer": nil, "Float": nil, "STDIN": nil, "STDOUT": nil, "STDERR": nil, "ARGV": nil, "ENV": nil, "ARGF": nil, "Set": nil,
				"Base64": nil, "Digest": nil, "SecureRandom": nil, "CSV": nil, "Random": nil, "Rational": nil, "Complex": nil, "Range": nil, "Struct": nil, "RUBY_VERSION": nil, "RUBY_PLATFORM": nil, "Comparable": nil, "URI": set("parse join encode_www_form encode_www_form_component decode_www_form_component"),
				"BEGIN": nil, "END": nil, "RUBY_ENGINE": nil, "OpenStruct": nil, "Prime": nil, "BigDecimal": nil,
			},
			calls: set(`puts print p pp printf sprintf format if unless else elsif end while until for in do then case when and or not def return yield lambda proc loop require gets rand srand sleep Integer Float String Array nil true false self
			exit raise begin rescue ensure next break redo chomp sub gsub split x y e`),
			banned: set("eval send public_send instance_eval class_eval define_method method binding const_get __send__ ObjectSpace Kernel load fork exec system spawn open IO Process"),
			bare:   true,
		},
		"php": {
			calls: set(`echo print date time microtime mktime strtotime strlen count sizeof implode explode join printf sprintf print_r var_dump var_export number_format range round floor ceil abs min max rand mt_rand random_int sqrt pow pi
			trim ltrim rtrim nl2br htmlspecialchars htmlentities md5 sha1 crc32 hash base64_encode base64_decode bin2hex urlencode urldecode rawurlencode rawurldecode http_build_query parse_str parse_url serialize phpversion php_uname
			php_sapi_name memory_get_usage gettype is_array is_string is_int is_numeric isset empty unset if while for foreach switch elseif return array list function fn intval floatval strval boolval ucfirst ucwords lcfirst usleep sleep
			uniqid chr ord dechex hexdec bindec decbin octdec decoct base_convert in_array compact extract sort rsort usort ksort asort arsort get_cfg_var ini_get extension_loaded get_loaded_extensions phpinfo getenv checkdate
			date_default_timezone_get wordwrap similar_text levenshtein soundex metaphone money_format nl_langinfo localeconv random_bytes password_hash password_verify exit die and or mb_strlen gethostname sys_get_temp_dir php_ini_loaded_file DateTime new`),
			banned: set("eval assert create_function call_user_func Reflection include require"),
		},
		"lua": {
			partly: map[string]map[string]bool{
				"string": nil, "table": nil, "math": nil, "utf8": nil, "os": set("date time clock getenv difftime"), "io": set("write read stdout stderr lines stdin stdout.write read stderr.write"), "bit32": nil,
			},
			calls:  set("print pairs ipairs tonumber tostring type select next unpack error assert pcall local function end if then else elseif for while do in and or not return repeat until true false nil arg break _VERSION rawget rawset rawlen setmetatable"),
			banned: set("load loadstring dofile loadfile require package debug _G _ENV"),
			bare:   true,
		},
		"lisp": {
			calls: set(`print princ display newline format message println prn pr str progn let letS setq setf defun defn def defvar lambda fn if cond when unless case and or not car cdr first rest second last cons list vector
			nth length count map mapcar mapc map_indexed reduce filter remove range take drop concat append reverse sort apply max min abs mod rem expt sqrt floor ceiling round truncate number_to_string string_to_number number_string
			concatenate string upcase downcase string_upcase string_downcase uppercase lowercase substring subs string_append t nil true false else define begin loop dotimes dolist doseq for iota even odd zero null type_of emacs_version
			lisp_implementation_version version current_time_string assoc hash_map zipmap keys vals get inc dec write_line terpri write write_string quote exact_inexact exact inexact batch output out standard_output in from below to collect sum`),
			bare: true,
		},
		"julia": {
			partly: map[string]map[string]bool{"Base": set("VERSION"), "Dates": nil, "Statistics": nil, "LinearAlgebra": nil},
			calls: set(`println print show display sum prod minimum maximum mean median std length size sqrt exp log abs round floor ceil rand randn range collect map filter reduce zip enumerate sort reverse string parse Int Int64 Float64
			String Dict Array zeros ones VERSION versioninfo for in if else elseif end while do begin let function return true false nothing using Dates Statistics LinearAlgebra Random now today join split replace uppercase
			lowercase typeof pi im repeat isprime div mod rem factorial binomial isodd iseven x y i n`),
			banned: set("eval include ccall run Cmd Meta unsafe_load Libc"),
			bare:   true,
		},
		"groovy": {
			partly: map[string]map[string]bool{"Math": nil, "System": set("currentTimeMillis nanoTime getProperty out out.println"), "Integer": nil, "java": set("time.LocalDate time.LocalDate.now util.Date")},
			calls: set(`println print printf def int long double boolean var String new Date if else for in while return true false null it each collect sum inject size toString toInteger join split sort reverse List Map args x y i n
			let val fun repeat`),
			banned: set("evaluate execute Eval GroovyShell Runtime ProcessBuilder Class forName getClass metaClass invokeMethod ClassLoader exec"),
			bare:   true,
		},
		"tcl": {
			calls:  set(`puts expr set incr string length list lindex llength foreach for if else elseif while proc return format clock seconds join split lsort lrange append lappend info tclversion patchlevel concat toupper tolower range index eq ne sqrt x y i n`),
			banned: set("exec open socket eval source load subst uplevel after interp file package"),
			bare:   true,
		},
		"ocaml": {
			partly: map[string]map[string]bool{"List": nil, "String": nil, "Array": nil, "Printf": set("printf sprintf"), "Sys": set("ocaml_version"), "Float": nil, "Int": nil},
			calls:  set("print_endline print_string print_int print_float print_newline string_of_int string_of_float int_of_string let in rec fun function match with if then else and or not mod true false ignore max min abs sqrt x y i n"),
			banned: set("Obj external Unix Toploop Dynlink"),
			bare:   true,
		},
		"r": {
			calls: set(`print cat mean median sum min max length c seq rep paste paste0 sd var sqrt exp log abs round summary data.frame head tail nrow ncol names str table sort order unique rev rnorm runif sample set.seed matrix apply sapply lapply
			Sys.time Sys.Date date format nchar toupper tolower substr gsub sub grepl sprintf as.numeric as.integer as.character is.na which any all sessionInfo R.version.string library if for while function in quit q factor quantile cor lm
			plot hist installed.packages packageVersion numeric character logical vector list`),
			banned: set("system system2 eval parse source get do.call match.fun shell"),
		},
	}
})

func (r *reading) understood() bool {
	if r.language == "awk" {
		for _, t := range r.toks {
			if t.is("@") || t.text == "getline" {
				return false
			}
		}
		return !r.pours()
	}
	p := pures()[r.language]
	if p == nil || len(r.toks) >= maxTokens {
		return false
	}
	own := r.own()
	for i, t := range r.toks {
		if t.kind == started || t.kind == name && !r.pure(p, own, i) {
			return false
		}
		if t.is("(") && r.language == "php" && strings.HasPrefix(r.peek(i-1).text, "$") && r.peek(i-1).kind == name {
			return false
		}
	}
	return true
}

// pure reports that the name at i only calculates, or that Read lists it.
func (r *reading) pure(p *pure, own map[string]bool, i int) bool {
	full := r.toks[i].text
	if module, ok := strings.CutPrefix(full, importing); ok {
		head, _, _ := strings.Cut(module, ".")
		return p.modules[module] || p.modules[head] || p.partly[head] != nil
	}
	for part := range strings.SplitSeq(full, ".") {
		if p.banned[part] || strings.HasPrefix(part, "__") && part != "__name__" && part != "__file__" && part != "__version__" && part != "__doc__" {
			return false
		}
	}
	if c, ok := r.lookup(i); ok {
		return c.hit.Dimension != "" || c.does == opens
	}
	head, rest, dotted := strings.Cut(full, ".")
	if allowed, ok := p.partly[head]; ok && !own[head] {
		return allowed == nil || !dotted || allowed[rest] || allowed[firstPart(rest)]
	}
	if dotted || r.peek(i-1).is(".") || r.peek(i-1).is(">") && r.peek(i-2).is("-") || own[full] || p.calls[full] || p.modules[head] || full[0] == '$' || full[0] == '@' {
		return true
	}
	if p.bare {
		return r.peek(i+1).is("=") && r.peek(i+2).is(">") || r.peek(i+1).is("}") && r.peek(i-1).is("{") || r.peek(i+1).is(":") && !r.peek(i+2).is(":") || r.peek(i-1).is(":")
	}
	if r.peek(i + 1).is("(") {
		if r.language == "php" {
			return strings.HasPrefix(full, "str") || strings.HasPrefix(full, "array_") || strings.HasPrefix(full, "json_") || strings.HasPrefix(full, "mb_") || strings.HasPrefix(full, "date_") || full == "preg_match" || full == "preg_split" || full == "preg_match_all"
		}
		return false
	}
	return true
}

func firstPart(s string) string {
	head, _, _ := strings.Cut(s, ".")
	return head
}

// own are the names that the code makes itself: functions, variables and the
// parameters of blocks.
func (r *reading) own() map[string]bool {
	m := map[string]bool{}
	for i, t := range r.toks {
		if t.kind != name || strings.Contains(t.text, ".") || !unicode.IsLetter(rune(t.text[0])) && t.text[0] != '_' {
			continue
		}
		before, after := r.peek(i-1), r.peek(i+1)
		switch {
		case before.text == "def" || before.text == "function" || before.text == "class" || before.text == "sub" || before.text == "local" || before.text == "for" || before.text == "as" || before.text == "const" || before.text == "let" || before.text == "var",
			after.is("=") && !r.peek(i+2).is("=") && !r.peek(i+2).is("~"), before.is("|"), after.is("|"), before.is(",") && (after.text == "in" || after.is("=")), after.text == "in":
			m[t.text] = true
		}
	}
	return m
}
