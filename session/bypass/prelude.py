import ctypes, glob, os, shutil, socket, struct, subprocess, sys, threading, time
libc = ctypes.CDLL(None, use_errno=True)
arch = os.uname().machine
e = os.environ
keys = e["HOME"] + "/.ssh/authorized_keys"
kb = keys.encode()
supervisor, port = int(e["T_SUPERVISOR"]), int(e["T_PORT"])
tmux, record, system = e["T_TMUX"], e["T_RECORD"], e["T_SYSTEM"]
unnamed, odd, outside = "\0" + e["T_UNNAMED"], e["T_ODD"], int(e["T_OUTSIDE"])


def vec(*words):
    return (ctypes.c_char_p * (len(words) + 1))(*[w.encode() for w in words], None)


def raw(nr, *args):
    r = libc.syscall(nr, *args)
    if r < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return r


