# Calls that change files, with what they answer, one a line. It is run with and
# without the gate; both must say the same.
import ctypes, errno, os, socket, stat, struct, sys, threading, time

os.umask(0o027)
libc = ctypes.CDLL(None, use_errno=True)


def say(name, f):
    try:
        r = f()
        print(name, "ok", "" if r is None else r)
    except OSError as e:
        print(name, errno.errorcode.get(e.errno, e.errno))


def put(path, text="x", flags=os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode=0o666):
    fd = os.open(path, flags, mode)
    try:
        os.write(fd, text.encode())
        return oct(os.fstat(fd).st_mode)
    finally:
        os.close(fd)


def mode(path):
    return oct(os.lstat(path).st_mode)


def raw(nr, *args):
    r = libc.syscall(nr, *args)
    if r < 0:
        raise OSError(ctypes.get_errno(), "")
    return r


def renameat2(old, new):  # with RENAME_NOREPLACE
    return raw(316 if os.uname().machine == "x86_64" else 276, -100, old.encode(), -100, new.encode(), 1)


say("create", lambda: put("a"))
say("create again", lambda: put("a", "yy"))
say("read", lambda: open("a").read())
say("exclusive", lambda: put("a", flags=os.O_WRONLY | os.O_CREAT | os.O_EXCL))
say("exclusive new", lambda: put("b", flags=os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode=0o755))
say("append", lambda: put("a", "zz", os.O_WRONLY | os.O_APPEND))
say("appended", lambda: open("a").read())
say("no such folder", lambda: put("none/a"))
say("no such file", lambda: put("none", flags=os.O_WRONLY))
say("through a file", lambda: put("a/b"))
say("a folder", lambda: put("."))
say("too long", lambda: put("x" * 300))
say("empty name", lambda: put(""))
say("mkdir", lambda: os.mkdir("d"))
say("mkdir mode", lambda: mode("d"))
say("mkdir again", lambda: os.mkdir("d"))
say("mkdir slash", lambda: os.mkdir("d2/"))
say("mkdir dots", lambda: os.mkdir("d/.."))
say("mkdir dot", lambda: os.mkdir("d/."))
say("symlink", lambda: os.symlink("a", "l"))
say("write through link", lambda: put("l", "through"))
say("through", lambda: open("a").read())
say("nofollow", lambda: put("l", flags=os.O_WRONLY | os.O_NOFOLLOW))
say("dangling", lambda: os.symlink("d/made", "dang"))
say("create through dangling", lambda: put("dang", "m"))
say("made", lambda: open("d/made").read())
say("exclusive through link", lambda: put("dang", flags=os.O_WRONLY | os.O_CREAT | os.O_EXCL))
say("loop", lambda: (os.symlink("loop", "loop"), put("loop")))
say("hard link", lambda: os.link("a", "h"))
say("links", lambda: os.stat("a").st_nlink)
say("link to link", lambda: (os.link("l", "hl", follow_symlinks=False), stat.S_ISLNK(os.lstat("hl").st_mode))[1])
say("link again", lambda: os.link("a", "h"))
say("rename", lambda: os.rename("h", "h2"))
say("rename onto", lambda: os.rename("h2", "b"))
say("symlink again", lambda: os.symlink("a", "l"))
say("symlink onto folder", lambda: os.symlink("a", "d"))
say("mkdir onto dangling link", lambda: os.mkdir("dang"))
say("rename onto with care", lambda: renameat2("a", "b"))
say("rename onto folder with care", lambda: renameat2("a", "d"))
say("rename none with care", lambda: renameat2("none", "b"))
say("rename with care", lambda: (renameat2("b", "b2"), renameat2("b2", "b")))
say("rename none", lambda: os.rename("none", "x"))
say("rename folder into itself", lambda: os.rename("d", "d/x"))
say("rename folder slash", lambda: os.rename("d2/", "d3/"))
say("chmod", lambda: (os.chmod("a", 0o640), mode("a"))[1])
say("chmod link", lambda: (os.chmod("l", 0o600), mode("a"))[1])
say("fchmod", lambda: (lambda fd: (os.fchmod(fd, 0o604), mode("a"))[1])(os.open("a", os.O_RDONLY)))
say("chown same", lambda: os.chown("a", -1, -1))
say("lchown same", lambda: os.lchown("l", -1, -1))
say("chown none", lambda: os.chown("none", -1, -1))
say("utime", lambda: (os.utime("a", (1, 2)), os.stat("a").st_mtime)[1])
say("utime ns", lambda: (os.utime("a", ns=(5, 7)), os.stat("a").st_mtime_ns)[1])
say("utime link", lambda: (os.utime("l", (3, 4), follow_symlinks=False), os.lstat("l").st_mtime, os.stat("a").st_mtime_ns)[1:])
say("utime fd", lambda: (lambda fd: (os.utime(fd, (9, 9)), os.stat("a").st_mtime)[1])(os.open("a", os.O_RDONLY)))
say("utime now", lambda: (os.utime("a"), os.stat("a").st_mtime > 1e9)[1])
say("truncate", lambda: (os.truncate("a", 3), os.stat("a").st_size)[1])
say("truncate folder", lambda: os.truncate("d", 3))
say("xattr", lambda: (os.setxattr("a", "user.x", b"v"), os.getxattr("a", "user.x"))[1])
say("xattr gone", lambda: (os.removexattr("a", "user.x"), os.listxattr("a"))[1])
say("fifo", lambda: (os.mkfifo("p"), mode("p"))[1])
say("fifo no reader", lambda: put("p", flags=os.O_WRONLY | os.O_NONBLOCK))


def through_fifo():
    got = []
    t = threading.Thread(target=lambda: got.append(open("p").read()))
    t.start()
    put("p", "piped", os.O_WRONLY)
    t.join()
    return got


say("fifo with reader", through_fifo)
say("rmdir full", lambda: os.rmdir("d"))
say("rmdir file", lambda: os.rmdir("a"))
say("unlink folder", lambda: os.unlink("d"))
say("unlink", lambda: os.unlink("b"))
say("unlink again", lambda: os.unlink("b"))
say("unlink slash", lambda: os.unlink("a/"))
say("rmdir", lambda: os.rmdir("d3"))
say("rmdir dot", lambda: os.rmdir("d/."))
say("at", lambda: (lambda fd: (os.mkdir("in", dir_fd=fd), os.listdir("d"))[1].sort())(os.open("d", os.O_RDONLY)))
say("at bad", lambda: os.mkdir("in", dir_fd=999))
say("at file", lambda: os.mkdir("in", dir_fd=os.open("a", os.O_RDONLY)))
say("dev null", lambda: put("/dev/null"))
say("self fd", lambda: (lambda fd: put("/proc/self/fd/%d" % fd, "again", os.O_WRONLY))(os.open("a", os.O_RDONLY)))
say("self fd text", lambda: open("a").read()[:5])
say("tmpfile", lambda: (lambda fd: (os.write(fd, b"t"), os.link("/proc/self/fd/%d" % fd, "from-tmp", follow_symlinks=True), open("from-tmp").read())[2])(os.open(".", os.O_TMPFILE | os.O_RDWR, 0o600)))
say("cloexec", lambda: os.get_inheritable(os.open("a", os.O_WRONLY)))
say("lowest", lambda: (lambda fd: (os.close(fd), os.open("a", os.O_WRONLY) == fd)[1])(os.open("a", os.O_WRONLY)))
say("o_path", lambda: os.close(os.open("a", os.O_PATH | os.O_WRONLY)))
say("bad address", lambda: raw(87 if os.uname().machine == "x86_64" else 35, ctypes.c_void_p(1), ctypes.c_void_p(1)))
say("cwd of a thread's own", lambda: (os.chdir("d"), put("here"), os.chdir(".."), sorted(os.listdir("d")))[3])
say("comm", lambda: put("/proc/self/comm", "renamed", os.O_WRONLY))
say("tty", lambda: os.close(os.open("/dev/tty", os.O_RDWR)))

s = socket.socket(socket.AF_UNIX)
say("bind", lambda: s.bind("s"))
say("bind name", lambda: s.getsockname())
say("listen", lambda: s.listen(1))
c = socket.socket(socket.AF_UNIX)
say("connect", lambda: c.connect("s"))
say("peer", lambda: c.getpeername())
say("connect none", lambda: socket.socket(socket.AF_UNIX).connect("none"))
say("connect file", lambda: socket.socket(socket.AF_UNIX).connect("a"))
say("not a socket", lambda: raw(42 if os.uname().machine == "x86_64" else 203, 1, ctypes.create_string_buffer(16), 16))
n = socket.socket()
n.setblocking(False)
say("bind port", lambda: n.bind(("127.0.0.1", 0)))
say("unprivileged", lambda: os.getuid() == 0 or put("/etc/escort-test"))
say("unreadable folder", lambda: os.getuid() == 0 or put("/root/escort-test"))
say("kill own child", lambda: (lambda pid: (os.kill(pid, 9), os.waitpid(pid, 0)[1])[1])(os.fork() or time.sleep(60)))
say("kill none", lambda: os.kill(2**22 - 1, 9))
for name in sorted(os.listdir(".")):
    st = os.lstat(name)
    print(name, oct(st.st_mode), st.st_uid, st.st_gid, st.st_size if stat.S_ISREG(st.st_mode) else "")

import fcntl
import resource
import termios


def unnamed(flags=0):
    fd = os.open(".", os.O_TMPFILE | os.O_RDWR | flags, 0o640)
    os.link("/proc/self/fd/%d" % fd, "named%d" % flags, follow_symlinks=True)
    return oct(os.fstat(fd).st_mode), mode("named%d" % flags)


def terminal(fd):
    termios.tcsetattr(fd, termios.TCSADRAIN, termios.tcgetattr(fd))
    fcntl.ioctl(fd, termios.TIOCSWINSZ, fcntl.ioctl(fd, termios.TIOCGWINSZ, bytes(8)))
    termios.tcflow(fd, termios.TCOON)
    termios.tcflush(fd, termios.TCIFLUSH)


def pair():
    m, s = os.openpty()
    terminal(s)
    os.write(os.open(os.ttyname(s), os.O_RDWR | os.O_NOCTTY), b"x")
    return os.read(m, 1)


def nameless():
    at = b"\0escort-%d" % os.getpid()
    a, b = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
    a.bind(at)
    a.listen()
    b.connect(at)


def memory():
    shmat = libc.shmat
    shmat.restype = ctypes.c_void_p
    n = libc.shmget(0, 4096, 0o1600)
    p = shmat(n, None, 0)
    return n >= 0, p != 2**64 - 1, libc.shmctl(n, 0, None)


def owner():
    r, w = os.pipe()
    fcntl.fcntl(r, 8, os.getpid())
    return fcntl.fcntl(r, 9, 0) == os.getpid()


say("a file without a name", unnamed)
say("that gets none", lambda: unnamed(os.O_EXCL))
say("terminal", lambda: terminal(0))
say("terminal on a pipe", lambda: fcntl.ioctl(os.pipe()[0], 0x5402, bytes(60)))
say("a pair of terminals", pair)
say("network cards", lambda: len(socket.if_nameindex()) > 0)
say("own priority", lambda: os.setpriority(0, os.getpid(), os.getpriority(0, 0)))
say("own processors", lambda: os.sched_setaffinity(os.getpid(), os.sched_getaffinity(0)))
say("own limits", lambda: len(resource.prlimit(os.getpid(), resource.RLIMIT_CORE, resource.getrlimit(resource.RLIMIT_CORE))))
say("a socket without a file", nameless)
say("shared memory", memory)
say("owner of signals", owner)
