"""Becomes a program under what deploy/sayso.service forbids: its filter of system calls, no memory that is both written and
run, no families of sockets but those it names, no new privileges. There is no systemd in the tests that would do it."""

import ctypes
import os
import pathlib
import re
import struct
import subprocess
import sys

unit = pathlib.Path(__file__).parents[2].joinpath("deploy/sayso.service").read_text()
libc = ctypes.CDLL(None, use_errno=True)


def prctl(*arguments):
    if libc.prctl(*(ctypes.c_ulong(argument) if isinstance(argument, int) else argument for argument in arguments)):
        sys.exit(f"prctl{arguments}: {os.strerror(ctypes.get_errno())}")


def lines(name):
    return re.findall(rf"^{name}=(.*)$", unit, re.M)


def members(word):
    """The system calls of a set such as @system-service, sets within it included."""
    if not word.startswith("@"):
        return {word}
    said = subprocess.run(["systemd-analyze", "--no-pager", "syscall-filter", word], capture_output=True, text=True, check=True)
    found = set()
    for line in said.stdout.splitlines()[1:]:
        if line.strip() and not line.strip().startswith("#"):
            found |= members(line.strip())
    return found


allowed = set()
for line in lines("SystemCallFilter"):
    for word in line.lstrip("~").split():
        allowed = allowed - members(word) if line.startswith("~") else allowed | members(word)
assert "read" in allowed and "mount" not in allowed, allowed

header = next(path for path in ("/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "/usr/include/asm/unistd_64.h",
                                "/usr/include/aarch64-linux-gnu/asm/unistd.h", "/usr/include/asm-generic/unistd.h")
              if os.path.exists(path))
numbers = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", pathlib.Path(header).read_text()))
families = {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10}
(wanted,) = lines("RestrictAddressFamilies")

ALLOW, EPERM = 0x7FFF0000, 0x00050001
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
program = [(LOAD, 0, 0, 0)]
# socket(2): its first argument must be one of the families.
checks = [(LOAD, 0, 0, 16)]
for family in wanted.split():
    checks += [(EQUAL, 0, 1, families[family]), (RETURN, 0, 0, ALLOW)]
checks += [(RETURN, 0, 0, 0x00050061)]
program += [(EQUAL, 0, len(checks), int(numbers["socket"]))] + checks
for name in sorted(allowed - {"socket"}):
    if name in numbers:
        program += [(EQUAL, 0, 1, int(numbers[name])), (RETURN, 0, 0, ALLOW)]
program += [(RETURN, 0, 0, EPERM)]
code = b"".join(struct.pack("HBBI", *step) for step in program)


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]


assert lines("MemoryDenyWriteExecute") == ["yes"] and lines("NoNewPrivileges") == ["yes"]
# PR_SET_NO_NEW_PRIVS, PR_SET_MDWE, PR_SET_SECCOMP
prctl(38, 1, 0, 0, 0)
prctl(65, 1, 0, 0, 0)
prctl(22, 2, ctypes.byref(Program(len(program), code)), 0, 0)
os.execvp(sys.argv[1], sys.argv[1:])
