"""Start a program so that it dies with us, and, for root, as somebody whom PostgreSQL accepts.

PostgreSQL refuses to run as root. Two ways round it, tried in this order:

- "namespace": the child enters a user namespace in which root is called by another account's number.
  Files keep their owner, so nothing has to be handed over and private parent folders stay readable.
- "account": the child becomes an ordinary account; the data directory must belong to it.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from subprocess import DEVNULL, Popen, SubprocessError
from typing import IO

from cxm.local.errors import LocalError

_CLONE_NEWUSER = 0x10000000
_PR_SET_PDEATHSIG = 1
# Loaded before any fork: the child of a fork must not load libraries.
_LIBC = ctypes.CDLL(None, use_errno=True)
_ACCOUNTS = ("postgres", "nobody")


class Mode(StrEnum):
    PLAIN = "plain"
    NAMESPACE = "namespace"
    ACCOUNT = "account"


@dataclass(frozen=True)
class Identity:
    """How children run: the mode, and the account whose numbers they show (unused in plain mode)."""

    mode: Mode
    uid: int
    gid: int

    def hand_over(self, path: Path) -> None:
        """Give a file or folder to the account; only account mode needs it."""
        if self.mode is Mode.ACCOUNT:
            os.chown(path, self.uid, self.gid)


def current_identity() -> Identity:
    """Decide once for each call how a PostgreSQL of this user has to run."""
    if os.geteuid() != 0:
        return Identity(Mode.PLAIN, os.geteuid(), os.getegid())
    account = _ordinary_account()
    mode = (
        Mode.NAMESPACE
        if _namespaces_work(account.pw_uid, account.pw_gid)
        else Mode.ACCOUNT
    )
    return Identity(mode, account.pw_uid, account.pw_gid)


def popen(
    command: Sequence[str | Path],
    *,
    identity: Identity | None = None,
    die_with_parent: signal.Signals | None = None,
    output: IO[bytes] | int | None = None,
    environment: dict[str, str] | None = None,
    cwd: Path | str | None = None,
) -> Popen[bytes]:
    """Start `command` in a session of its own.

    `die_with_parent` is the signal that the kernel sends to the child when the calling *thread* ends, so call this
    from a thread that lives as long as the child should. `output` takes stdout and stderr.
    """
    as_account = identity is not None and identity.mode is Mode.ACCOUNT
    return Popen(
        list(command),
        stdin=DEVNULL,
        stdout=output,
        stderr=output,
        env=environment,
        cwd=cwd,
        start_new_session=True,
        user=identity.uid if identity and as_account else None,
        group=identity.gid if identity and as_account else None,
        extra_groups=[] if as_account else None,
        preexec_fn=_child_setup(identity, die_with_parent, os.getpid()),
    )


def end_with_parent(number: signal.Signals, parent: int) -> None:
    """Ask the kernel to send us `number` when our parent ends; leave at once when `parent` is gone already."""
    if sys.platform != "linux":
        return
    _LIBC.prctl(_PR_SET_PDEATHSIG, int(number))
    if os.getppid() != parent:
        os._exit(1)


def _child_setup(
    identity: Identity | None, die_with_parent: signal.Signals | None, parent: int
) -> Callable[[], None]:
    def setup() -> None:
        if identity is not None and identity.mode is Mode.NAMESPACE:
            _enter_namespace(identity.uid, identity.gid)
        # Last, because the kernel forgets the wish whenever credentials change.
        if die_with_parent is not None:
            end_with_parent(die_with_parent, parent)

    return setup


def _ordinary_account() -> pwd.struct_passwd:
    for name in _ACCOUNTS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    for account in pwd.getpwall():
        if account.pw_uid != 0:
            return account
    raise LocalError(
        "PostgreSQL does not run as root and this machine has no other account."
    )


def _enter_namespace(uid: int, gid: int) -> None:
    """Move this process into a user namespace where root is shown as `uid` and `gid`."""
    if _LIBC.unshare(_CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    for name, content in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} 0 1"),
        ("gid_map", f"{gid} 0 1"),
    ):
        descriptor = os.open(f"/proc/self/{name}", os.O_WRONLY)
        os.write(descriptor, content.encode())
        os.close(descriptor)


@cache
def _namespaces_work(uid: int, gid: int) -> bool:
    """Try in a child: containers and hardened kernels often forbid user namespaces."""
    if sys.platform != "linux":
        return False
    try:
        child = Popen(
            [sys.executable, "-I", "-S", "-c", "pass"],
            stdin=DEVNULL,
            stdout=DEVNULL,
            stderr=DEVNULL,
            preexec_fn=_child_setup(
                Identity(Mode.NAMESPACE, uid, gid), None, os.getpid()
            ),
        )
    except (OSError, SubprocessError):
        return False
    return child.wait() == 0
