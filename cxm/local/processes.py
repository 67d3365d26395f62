"""Start programs that die with us, and, for root, as somebody whom PostgreSQL accepts.

PostgreSQL refuses to run as root. Two ways round it, tried in this order:

- "namespace": the child enters a user namespace in which root has another account's number.
  Files keep their owner: nothing is handed over, and private parent folders stay readable.
- "account": the child becomes an ordinary account; the data directory must belong to it.
"""

from __future__ import annotations

import os
import pwd
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from subprocess import DEVNULL, STDOUT, Popen
from typing import IO

from cxm.local.errors import LocalError

_LAUNCHER = Path(__file__).with_name("launch.py")
_ACCOUNTS = ("postgres", "nobody")


class Mode(StrEnum):
    """As whom a child runs."""

    PLAIN = "plain"
    NAMESPACE = "namespace"
    ACCOUNT = "account"


@dataclass(frozen=True)
class Identity:
    """How a child runs: the mode, and the numbers that it shows."""

    mode: Mode
    uid: int
    gid: int

    def hand_over(self, path: Path) -> None:
        """Give a file or folder to the account; only account mode needs it."""
        if self.mode is Mode.ACCOUNT:
            os.chown(path, self.uid, self.gid)


def own_identity() -> Identity:
    """Children are who we are."""
    return Identity(Mode.PLAIN, os.geteuid(), os.getegid())


def postgres_identity() -> Identity:
    """Decide how a PostgreSQL that this user starts has to run."""
    if os.geteuid() != 0:
        return own_identity()
    account = _ordinary_account()
    mode = Mode.NAMESPACE if namespaces_work() else Mode.ACCOUNT
    return Identity(mode, account.pw_uid, account.pw_gid)


def popen(
    command: Sequence[str | Path],
    *,
    identity: Identity | None = None,
    die_with_parent: signal.Signals | None = None,
    output: IO[bytes] | int | None = None,
    environment: Mapping[str, str] | None = None,
    cwd: Path | str | None = None,
    pass_fds: Sequence[int] = (),
) -> Popen[bytes]:
    """Start `command` in a session of its own; the process id returned is the program's.

    `die_with_parent` is the signal that the kernel sends to the child when the calling *thread*
    ends, so call this from a thread that lives as long as the child should. `output` takes stdout
    and stderr.
    """
    who = identity or own_identity()
    tie = int(die_with_parent) if die_with_parent else 0
    launcher: list[str | Path] = [
        sys.executable,
        "-I",
        "-S",
        _LAUNCHER,
        str(tie),
        str(os.getpid()),
        who.mode,
        str(who.uid),
        str(who.gid),
    ]
    return Popen(
        [*launcher, *command],
        stdin=DEVNULL,
        stdout=output,
        stderr=None if output is None else STDOUT,
        env=environment,
        cwd=cwd,
        pass_fds=pass_fds,
        start_new_session=True,
    )


@cache
def namespaces_work() -> bool:
    """Try in a child: containers and hardened kernels often forbid user namespaces."""
    if sys.platform != "linux":
        return False
    account = _ordinary_account()
    identity = Identity(Mode.NAMESPACE, account.pw_uid, account.pw_gid)
    return (
        popen([sys.executable, "-I", "-S", "-c", ""], identity=identity, output=DEVNULL).wait() == 0
    )


def _ordinary_account() -> pwd.struct_passwd:
    for name in _ACCOUNTS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    for account in pwd.getpwall():
        if account.pw_uid != 0:
            return account
    raise LocalError("PostgreSQL does not run as root and this machine has no other account.")
