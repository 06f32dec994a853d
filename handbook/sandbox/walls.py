"""The walls that the Linux kernel puts around a program: network, processes, files.

`network` is a set of namespaces: no host but the machine itself can be reached, and the program
sees and outlives no process but its own. `files` is Landlock: the program writes to its own folder
and reads no more than the system, the interpreter and the packages. Each stands or is missing as a
whole. Neither needs root, and a program cannot take either down.

Sources: namespaces(7), user_namespaces(7), pid_namespaces(7), landlock(7), mount_setattr(2).
"""

import contextlib
import ctypes
import fcntl
import os
import pathlib
import signal
import socket
import struct
import sys

WALLS = (
    "network",
    "files",
)

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER = 0x00020000, 0x08000000, 0x10000000
CLONE_NEWPID, CLONE_NEWNET = 0x20000000, 0x40000000
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 0x2, 0x4, 0x8, 0x4000, 0x40000
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 36, 38
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1
LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, TRUNCATE = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 14
# Bits of access that each version of Landlock knows, and the bytes of its first argument.
ACCESS_BITS = {1: 13, 2: 14, 3: 15}
ATTRIBUTE_BYTES = {1: 8, 2: 8, 3: 8, 4: 16, 5: 16}
SCOPES = 0b11  # No signal and no abstract socket to a process outside.

READABLE = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/etc", "/proc", "/sys", "/dev")
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty")


def die_with_parent() -> None:
    """Ask the kernel to end this process when the one that started it ends."""
    if sys.platform == "linux":
        _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends, so that none is lost."""
    if sys.platform == "linux":
        _prctl(PR_SET_CHILD_SUBREAPER, 1)


def leave_network() -> None:
    """Give the children of this process a network, a process table and queues of their own.

    Loopback is up. The first child becomes process 1 of the new table: when it ends, the kernel
    ends all the others.

    Raises:
        OSError: the kernel does not permit it, or is not Linux.
    """
    _need_linux()
    user, group = os.getuid(), os.getgid()
    flags = CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWIPC
    _check(_libc().unshare(flags), "unshare")
    pathlib.Path("/proc/self/setgroups").write_text("deny", "ascii")
    pathlib.Path("/proc/self/uid_map").write_text(f"{user} {user} 1", "ascii")
    pathlib.Path("/proc/self/gid_map").write_text(f"{group} {group} 1", "ascii")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(control, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


def mount_own(folder: pathlib.Path, size: int) -> None:
    """Show this process its own process table, and give it empty disks of bounded size.

    Args:
        folder: becomes an empty disk in memory, and so does /dev/shm.
        size: bytes that each of them holds.

    Raises:
        OSError: the kernel does not permit it; it does after `leave_network`.
    """
    _check(_libc().unshare(CLONE_NEWNS), "unshare")
    safe = MS_NOSUID | MS_NODEV
    _mount(b"none", "/", None, MS_REC | MS_PRIVATE)
    _mount(b"proc", "/proc", b"proc", safe | MS_NOEXEC)
    for place in ("/dev/shm", str(folder)):  # The folder may lie below the other.
        if os.path.isdir(place) or place == str(folder):
            os.makedirs(place, exist_ok=True)
            _mount(b"tmpfs", place, b"tmpfs", safe, f"size={size},mode=0700".encode())


def close_files(writable: pathlib.Path) -> None:
    """Forbid this process, for good, to write elsewhere and to read what it does not need.

    Args:
        writable: the folder it may do anything in; it may use /dev/shm too.

    Raises:
        OSError: the kernel has no Landlock, or is not Linux.
    """
    _need_linux()
    version = _syscall(LANDLOCK_CREATE_RULESET, None, 0, 1)
    # Starting programs is allowed everywhere: what they may touch is bounded in the same way.
    handled = (1 << ACCESS_BITS.get(version, 15)) - 1 & ~EXECUTE
    attributes = struct.pack("QQQ", handled, 0, SCOPES if version >= 6 else 0)
    size = ATTRIBUTE_BYTES.get(version, len(attributes))
    ruleset = _syscall(LANDLOCK_CREATE_RULESET, attributes, size, 0)
    read = READ_FILE | READ_DIR
    own = {str(writable): handled, "/dev/shm": handled}
    own |= dict.fromkeys(DEVICES, handled & (READ_FILE | WRITE_FILE | TRUNCATE))
    own |= dict.fromkeys((*READABLE, sys.prefix, sys.base_prefix), read)
    for path, access in own.items():
        with contextlib.suppress(FileNotFoundError):
            _allow(ruleset, path, access)
    _prctl(PR_SET_NO_NEW_PRIVS, 1)
    _syscall(LANDLOCK_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _allow(ruleset: int, path: str, access: int) -> None:
    beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
    rule = struct.pack("=Qi", access, beneath)
    try:
        _syscall(LANDLOCK_ADD_RULE, ruleset, 1, rule, 0)
    finally:
        os.close(beneath)


def _mount(what: bytes, place: str, kind: bytes | None, flags: int, options: bytes = b"") -> None:
    done = _libc().mount(what, os.fsencode(place), kind, ctypes.c_ulong(flags), options)
    _check(done, place)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _prctl(option: int, value: int) -> None:
    _check(_libc().prctl(option, *(ctypes.c_ulong(v) for v in (value, 0, 0, 0))), "prctl")


def _syscall(number: int, *arguments: bytes | int | None) -> int:
    longs = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return _check(_libc().syscall(ctypes.c_long(number), *longs), "landlock")


def _check(returned: int, what: str) -> int:
    if returned < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), what)
    return returned


def _need_linux() -> None:
    if sys.platform != "linux":
        raise OSError("only Linux has these walls")
