"""Become another program, after tying our life to our parent's and putting privileges aside.

Run as a file by `cxm.local.processes` in place of a `preexec_fn`, which is unsafe in a program
that has threads:

    python -I -S launch.py SIGNAL PARENT MODE UID GID PROGRAM [ARGUMENT…]

SIGNAL 0 ties nothing. Needs the standard library only; ends with status 126 and one line when it
cannot go on.
"""

from __future__ import annotations

import ctypes
import os
import sys

_CLONE_NEWUSER = 0x10000000
_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Do as the arguments say and never return."""
    death_signal, parent, uid, gid = (int(arguments[i]) for i in (0, 1, 3, 4))
    mode, command = arguments[2], arguments[5:]
    try:
        if mode == "namespace":
            _enter_namespace(uid, gid)
        elif mode == "account":
            os.setgroups([])
            os.setgid(gid)
            os.setuid(uid)
        # After the credentials: the kernel forgets the wish when they change.
        if death_signal and sys.platform == "linux":
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, death_signal)
            if os.getppid() != parent:
                sys.exit(1)
        os.execvp(command[0], command)  # noqa: S606 - a shell would be in the way
    except OSError as error:
        sys.stderr.write(f"{command[0]}: error: {error.strerror}\n")
        sys.exit(126)


def _enter_namespace(uid: int, gid: int) -> None:
    """Enter a user namespace in which root is shown as `uid` and `gid`."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWUSER) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    for name, content in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} 0 1"),
        ("gid_map", f"{gid} 0 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(content)


if __name__ == "__main__":
    main(sys.argv[1:])
