package script

import (
	"strings"
	"sync"

	"escort/explain/effect"
)

// call is what a function does to the first of its arguments.
type call struct {
	languages string // separated by spaces; empty: any
	names     string // separated by spaces; ".x" is a method of anything
	does      does
	hit       Hit
}

// does says what more there is to a call than its effect.
type does byte

const (
	plainly does = iota
	shells       // its first literal is a command for a shell
	execs        // its literals are the words of a command
	evals        // its first literal is code
	opens        // a file; its second literal says whether it is written
	gets         // a page, where its first literal is the address of one
	nets         // it makes a connection that a shell could be tied to
	passes       // gives the number of a connection, which a process can be tied to
	wires        // ties a process to something else
)

var (
	runHit = Hit{Verb: "execute", Shell: true, Role: effect.RoleCommand, Say: "code.runs-the-command", Dimension: effect.Control, Risk: effect.Caution}
	// startHit stands where the command is not known.
	startHit  = Hit{Verb: "execute", Role: effect.RoleCommand, Say: "code.starts-other-programs", Dimension: effect.Control, Risk: effect.High}
	madeHit   = Hit{Verb: "execute", Role: effect.RoleCommand, Say: "code.runs-code-that-is-made", Dimension: effect.Uncertainty, Risk: effect.High}
	netHit    = Hit{Verb: "connect", Role: effect.RoleHost, Say: "code.talks-to-other-machines", Dimension: effect.Disclosure, Risk: effect.Caution}
	listenHit = Hit{Verb: "listen", Role: effect.RolePort, Say: "code.waits-for-connections-from-other", Dimension: effect.Control, Risk: effect.High}
	allHit    = Hit{Verb: "delete", Role: effect.RoleFolder, Say: "files.deletes-everything-in-it", Dimension: effect.Damage, Risk: effect.High}
	deleteHit = Hit{Verb: "delete", Role: effect.RolePath, Say: "code.deletes", Dimension: effect.Damage, Risk: effect.Caution}
	writeHit  = Hit{Verb: "write", Role: effect.RolePath, Say: "code.writes-to", Dimension: effect.Damage, Risk: effect.Low}
	changeHit = Hit{Verb: "write", Role: effect.RolePath, Say: "code.writes-to", Dimension: effect.Damage, Risk: effect.Caution}
	readHit   = Hit{Verb: "read", Role: effect.RolePath, Say: "code.reads", Dimension: effect.Disclosure, Risk: effect.Safe}
	shadowHit = Hit{ID: "secrets-read", Verb: "expose", Role: effect.RolePath, Say: "code.reads-the-password-hashes", Dimension: effect.Disclosure, Risk: effect.High, Technique: "T1003.008"}
	dateHit   = Hit{ID: "forged-date", Verb: "disguise", Role: effect.RolePath, Say: "code.gives-a-false-date", Dimension: effect.Hiding, Risk: effect.Caution, Technique: "T1070.006"}
	permitHit = Hit{Verb: "permit", Role: effect.RolePath, Say: "code.changes-permissions-or-the-account", Dimension: effect.Control, Risk: effect.High}
	killHit   = Hit{Verb: "kill", Role: effect.RoleProcess, Say: "code.ends-processes", Dimension: effect.Damage, Risk: effect.Caution}
	rawHit    = Hit{Verb: "execute", Role: effect.RoleCommand, Say: "code.calls-the-system-directly-past", Dimension: effect.Uncertainty, Risk: effect.High}
	shellHit  = Hit{ID: "reverse-shell", Verb: "grant", Role: effect.RoleHost, Say: "code.lets-others-type-commands-on", Dimension: effect.Control, Risk: effect.Critical, Technique: "T1059"}
	hiddenHit = Hit{ID: "decoded-code", Verb: "execute", Role: effect.RoleCommand, Say: "code.hides-what-it-runs", Dimension: effect.Hiding, Risk: effect.High, Technique: "T1027"}
	codedHit  = Hit{ID: "decoded-code", Verb: "execute", Role: effect.RoleCommand, Say: "code.runs-code-that-is-hidden", Dimension: effect.Hiding, Risk: effect.High, Technique: "T1027"}
	fetchHit  = Hit{ID: "runs-fetched-code", Verb: "execute", Role: effect.RoleURL, Say: "code.runs-code-fetched-from-elsewhere", Dimension: effect.Control, Risk: effect.High, Technique: "T1105"}
	webHit    = Hit{ID: "web-shell", Verb: "grant", Role: effect.RoleHost, Say: "code.runs-what-visitors-of-a", Dimension: effect.Control, Risk: effect.Critical, Technique: "T1505.003"}
	forkHit   = Hit{ID: "floods-machine", Verb: "execute", Role: effect.RoleCommand, Say: "code.starts-itself-again-and-again", Dimension: effect.Damage, Risk: effect.Critical, Technique: "T1499.001"}
)

// calls is what functions do, by name.
var calls = []call{
	{"", "os.system os.popen subprocess.getoutput subprocess.getstatusoutput commands.getoutput popen2.popen3 asyncio.create_subprocess_shell platform.popen posix.system os.popen2 os.popen3 os.popen4 popen2.popen2 commands.getstatusoutput nt.system", shells, runHit},
	{"", "subprocess.run subprocess.call subprocess.Popen.__init__ subprocess.check_output subprocess.check_call subprocess.Popen asyncio.create_subprocess_exec sp.run sp.Popen", execs, runHit},
	{"python", "pty.spawn os.execl os.execle os.execlp os.execv os.execve os.execvp os.spawnl os.spawnlp os.spawnv os.spawnvp os.posix_spawn os.posix_spawnp", execs, runHit},
	{"node", "child_process.exec child_process.execSync .execSync", shells, runHit},
	{"node", "Bun.spawnSync Bun.$ child_process.spawn child_process.spawnSync child_process.execFile child_process.execFileSync child_process.fork .spawnSync .execFileSync Bun.spawn Deno.Command", execs, runHit},
	{"perl ruby php r awk julia c haskell crystal", "system exec", execs, runHit},
	{"php", "shell_exec passthru popen proc_open pcntl_exec", execs, runHit},
	{"ruby", "syscall IO.popen4 Open3.pipeline Open3.popen2 Open3.popen2e Process.exec Kernel.spawn spawn IO.popen Open3.capture2 Open3.capture3 Open3.popen3 Kernel.system Kernel.exec Process.spawn PTY.spawn Open3.capture2e", execs, runHit},
	{"lua", "os.execute io.popen vim.fn.system vim.fn.jobstart vim.fn.termopen vim.system ngx.pipe.spawn", shells, runHit},
	{"perl", "IPC.Open3.open3 open3 open2 readpipe", execs, runHit},
	{"r", "system2 shell", execs, runHit},
	{"tcl", "exec spawn", execs, runHit},
	{"julia", "run", plainly, startHit},
	{"groovy java node", ".exec .execute java.lang.ProcessBuilder ProcessBuilder", execs, runHit},
	{"rust", "Command.new", execs, runHit},
	{"rust", "TcpStream.connect TcpListener.bind UdpSocket.bind UnixStream.connect", nets, netHit},
	{"csharp", "Process.Start System.Diagnostics.Process.Start Process System.Diagnostics.Process ProcessStartInfo", execs, runHit},
	{"csharp", "TcpClient TcpListener Socket System.Net.Sockets.TcpClient System.Net.Sockets.TcpListener System.Net.Sockets.Socket", nets, netHit},
	{"ocaml", "Unix.execv Unix.execvp Unix.execve execv execvp execve Unix.create_process create_process Unix.open_process Sys.command", execs, runHit},
	{"ocaml", "Unix.socket Unix.connect socket connect Unix.open_connection open_connection", nets, netHit},
	{"ocaml", "Unix.dup2", wires, Hit{}},
	{"scala", "Process .! .!! java.lang.ProcessBuilder ProcessBuilder .exec", execs, runHit},
	{"scala", "java.net.Socket Socket", nets, netHit},
	{"scala", "sys.process scala.sys.process sys.process._ scala.sys.process._", plainly, startHit},
	{"nim", "execCmd execProcess execShellCmd startProcess osproc.execCmd", execs, runHit},
	{"nim", "newSocket dial connect", nets, netHit},
	{"go", "exec.Command exec.CommandContext syscall.Exec", execs, runHit},
	{"c", "execl execle execlp execv execve execvp popen posix_spawn", execs, runHit},
	{"dart crystal", "Process.start Process.run Process.runSync Process.new", execs, runHit},
	{"haskell", "callCommand callProcess createProcess readProcess spawnCommand spawnProcess runCommand", execs, runHit},
	{"", "System.cmd os.cmd Process.launchedProcess NSTask.launchedTask Command.new std.process.Command", execs, runHit},
	{"", "gen_tcp.connect gen_tcp.listen", nets, netHit},
	{"pwsh", "iex Invoke Process.Start", plainly, startHit},
	{"lisp", "system shell_command shell_command_to_string async_shell_command call_process_shell_command start_process_shell_command os.shell shell ext.shell run_shell_command", shells, runHit},
	{"lisp", "systemS run_program uiop.run_program uiop.launch_program uiop.launch_program ext.run_program sb_ext.run_program ccl.run_program call_process call_process_region start_process start_file_process make_process process processS process_execute " +
		"sh clojure.java.shell.sh shell.sh java.lang.ProcessBuilder ProcessBuilder os.execute os.spawn subprocess execl execlp execle primitive_fork open_pipe open_pipeS open_input_pipe babashka.process.shell babashka.process.process p.shell babashka.process.sh", execs, runHit},
	{"lisp", "eval eval_string load_string read_string primitive_eval read_eval_print_loop", evals, madeHit},
	{"lisp", "load load_file require_file load_library primitive_load", plainly, madeHit},
	{"lisp", "make_network_process open_network_stream socket connect tcp_connect socket_connect usocket.socket_connect java.net.Socket Socket net.connect sb_bsd_sockets.socket_connect", nets, netHit},
	{"lisp", "delete_directory directory_delete delete_directory.files uiop.delete_directory_tree fs.delete_tree babashka.fs.delete_tree", plainly, allHit},
	{"lisp", "delete_file clojure.java.io.delete_file io.delete_file fs.delete os.rm", plainly, deleteHit},
	{"lisp", "rename_file copy_file make_directory make_symbolic_link copy_directory", plainly, changeHit},
	{"lisp", "spit write_file append_to_file with_output_to_file call_with_output_file open_output_file", plainly, writeHit},
	{"lisp", "slurp find_file insert_file_contents find_file_literally insert_file_contents_literally with_input_from_file call_with_input_file open_input_file file_string file_lines read_file_into_string uiop.read_file_string", plainly, readHit},
	{"lisp", "url_retrieve url_retrieve_synchronously url_copy_file request http.get client.get curl.get", plainly, netHit},
	{"lisp", "set_file_modes chmod setuid setgid", plainly, permitHit},

	{"python", "exec eval compile", evals, madeHit},
	{"node", "eval Function vm.runInThisContext vm.runInNewContext setTimeout", evals, madeHit},
	{"perl php ruby r lua tcl julia", "eval load loadstring dofile assert create_function instance_eval class_eval module_eval evaluate", evals, madeHit},
	{"", "importlib.import_module __import__ importlib.reload runpy.run_path runpy.run_module pickle.loads pickle.load marshal.loads builtins.exec builtins.eval", plainly, madeHit},
	{"", "os.utime utime File.utime fs.utimesSync fs.utimes .utime", plainly, dateHit},
	{"python", "spwd.getspnam spwd.getspall", plainly, shadowHit},
	{"python", "code.interact code.InteractiveConsole code.InteractiveInterpreter pdb.set_trace", plainly, startHit},
	{"python", "getattr globals vars setattr sys.settrace builtins.getattr", plainly, madeHit},
	{"php", "include require include_once require_once call_user_func call_user_func_array", plainly, madeHit},
	{"ruby", ".send .__send__ .public_send send .const_get binding .instance_eval ObjectSpace Kernel.const_get", plainly, madeHit},

	{"", "socket.socket socket.create_connection socket.create_server socketserver.TCPServer IO.Socket.INET.new IO.Socket.INET IO.Socket.new IO.Socket.SSL IO.Socket.INET6 " +
		"TCPSocket.new TCPSocket.open TCPSocket Socket.tcp UDPSocket.new TCPServer.new TCPServer fsockopen pfsockopen stream_socket_client stream_socket_server socket_create socket_connect " +
		"socket.tcp net.connect net.createConnection net.Socket net.createServer tls.connect dgram.createSocket socketConnection java.net.Socket java.net.ServerSocket asyncio.open_connection telnetlib.Telnet websocket.create_connection websocket.WebSocketApp websockets.connect WebSocket ssl.wrap_socket tls.createServer IO.Socket.SSL.new IO.Socket.INET6.new IO.Socket.IP.new IO.Socket.UNIX.new OpenSSL.SSL.SSLSocket.new UNIXSocket.new Socket.new Bun.connect Bun.listen Deno.connect Deno.connectTls Deno.listen socket.connect socket.connect4 socket.bind socket.udp ssl.SSLSocket pwn.remote pwnlib.tubes.remote.remote asyncio.start_server Socket.tcp_server_loop TCPServer.open", nets, netHit},
	{"perl c tcl", "socket socket_INET connect", nets, netHit},
	{"groovy java", "Socket ServerSocket", nets, netHit},
	{"go", "net.Dial net.Listen tls.Dial net.DialTCP", nets, netHit},
	{"julia", "connect listen", nets, netHit},
	{"dart crystal", "Socket.connect ServerSocket.bind TCPSocket.new Socket.tcp", nets, netHit},
	{"haskell", "Network.Socket socket connect connectTo", nets, netHit},
	{"pwsh", "System.Net.Sockets.TCPClient Net.Sockets.TCPClient System.Net.Sockets.TcpClient Net.Sockets.TcpClient", nets, netHit},
	{"", "http.server.HTTPServer http.server.ThreadingHTTPServer flask.Flask Flask bottle.run Sinatra.new express http.server.test SimpleHTTPServer.test TCPServer.serve_forever .serve_forever http.createServer HTTP.Server WEBrick.HTTPServer.new socketserver.ThreadingTCPServer", plainly, listenHit},
	{"", "os.dup2 dup2 .dup2 .reopen", wires, Hit{}},
	{"", ".fdopen .fileno as_raw_fd", passes, Hit{}},
	{"", "urllib.request.urlopen urllib.urlopen urllib2.urlopen urllib.request.urlretrieve requests.get requests.post requests.put requests.request requests.Session http.client.HTTPConnection http.client.HTTPSConnection " +
		"ftplib.FTP smtplib.SMTP paramiko.SSHClient httpx.get httpx.post aiohttp.ClientSession fetch http.get http.request https.get https.request axios axios.get axios.post Net.HTTP.get Net.HTTP.start Net.HTTP.post " +
		"Net.HTTP.get_response URI.open LWP.Simple.get LWP.UserAgent.new HTTP.Tiny.new curl_init curl_exec http.Get download.file url socket.http.request xmlrpc.client.ServerProxy Net.HTTP.post_form Net.HTTP.new HTTParty.get Faraday.get RestClient.get urllib3.PoolManager dns.resolver.resolve dns.resolver.query Resolv.DNS.open dns.resolveTxt dns.promises.resolveTxt dns_get_record got.get undici.fetch XMLHttpRequest http.getStore ", plainly, netHit},
	{"perl", "LWP.Simple.getstore HTTP.Tiny.new", plainly, netHit},
	{"perl", "get getstore getprint", gets, netHit},
	{"node", "ws", nets, netHit},

	{"", "shutil.rmtree FileUtils.rm_rf FileUtils.rm_r FileUtils.remove_dir FileUtils.remove_entry FileUtils.rm_tree rimraf os.RemoveAll Deno.remove Deno.removeSync fs.rmSync fs.rm fs.rmdirSync fs.promises.rm fse.removeSync remove_tree rmtree File.Path.rmtree File.Path.remove_tree fs.rmdir rm_rf", plainly, allHit},
	{"", "os.remove os.unlink os.rmdir os.removedirs fs.unlinkSync fs.unlink fs.promises.unlink File.delete File.unlink FileUtils.rm FileUtils.rm_f Dir.rmdir Dir.delete file.remove .unlink .rmdir os.truncate File.truncate", plainly, deleteHit},
	{"perl php r lua", "unlink rmdir truncate ftruncate", plainly, deleteHit},
	{"", "os.rename os.replace os.renames shutil.move shutil.copy shutil.copyfile shutil.copy2 shutil.copytree os.symlink os.link os.mkdir os.makedirs fs.renameSync fs.copyFileSync fs.mkdirSync fs.rename fs.copyFile fs.mkdir " +
		"fs.symlinkSync FileUtils.cp FileUtils.mv FileUtils.mkdir_p FileUtils.touch File.rename Dir.mkdir os.mknod os.mkfifo file.copy file.rename dir.create .symlink_to .rename .mkdir .touch copy tempfile.mkstemp shutil.unpack_archive shutil.make_archive .extractall", plainly, changeHit},
	{"perl php", "rename mkdir symlink link move_uploaded_file touch", plainly, changeHit},
	{"", "fs.writeFileSync fs.writeFile fs.appendFileSync fs.appendFile fs.createWriteStream fs.promises.writeFile file_put_contents File.write IO.write .write_text .write_bytes write.csv saveRDS write.table", plainly, writeHit},
	{"", "fs.readFileSync fs.readFile fs.createReadStream fs.promises.readFile file_get_contents readfile File.read File.readlines IO.read IO.readlines File.foreach readLines read.csv io.lines .read_text .read_bytes pathlib.Path Path linecache.getline highlight_file show_source", plainly, readHit},
	{"python ruby php perl lua julia r groovy", "open io.open codecs.open gzip.open File.open File.new fopen sysopen file os.open", opens, readHit},
	{"", "os.chmod os.chown os.lchown os.setuid os.setgid os.setreuid os.setresuid os.seteuid os.setgroups fs.chmodSync fs.chownSync fs.chmod fs.chown process.setuid process.setgid posix_setuid File.chmod File.chown FileUtils.chmod FileUtils.chmod_R FileUtils.chown " +
		"FileUtils.chown_R Process.UID.change_privilege Process.Sys.setuid POSIX.setuid POSIX.setgid POSIX::setuid .chmod os.fchmod Sys.chmod", plainly, permitHit},
	{"perl php c", "chmod chown setuid setgid setreuid seteuid", plainly, permitHit},
	{"", "os.kill os.killpg process.kill posix_kill Process.kill os.abort signal.raise_signal", plainly, killHit},
	{"perl", "kill", plainly, killHit},
	{"", "ctypes ctypes.CDLL ctypes.cdll ctypes.util cffi process.binding process.dlopen Fiddle DL.Importer syscall FFI.cdef dl ffi.cdef ffi.load mmap.mmap", plainly, rawHit},
}

// call reports what the function named full does in a language.
type known struct {
	languages []string
	does      does
	hit       Hit
}

var callTable = sync.OnceValue(func() map[string][]known {
	m := make(map[string][]known)
	for _, c := range calls {
		for _, n := range strings.Fields(c.names) {
			m[n] = append(m[n], known{strings.Fields(c.languages), c.does, c.hit})
		}
	}
	return m
})
