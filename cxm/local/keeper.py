"""Run the supervisor as a child, and leave nothing behind whichever of the two is killed.

When we are killed, the kernel tells the supervisor (SIGTERM), which stops everything in good
order. When the supervisor is killed, the kernel tells its programs, and hands us, the subreaper,
whatever they leave.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from subprocess import Popen
from types import FrameType

from cxm.local.processes import popen

_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_PDEATHSIG = 1
_GRACE_SECONDS = 3.0


def keep(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run `command` to its end, pass requests to stop on to it, and return its exit code."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    supervisor: Popen[bytes] | None = None
    asked = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        asked = True
        if supervisor is not None and supervisor.returncode is None:
            supervisor.terminate()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    supervisor = popen(command, die_with_parent=signal.SIGTERM, environment=environment)
    if asked:  # between the fork and the assignment
        supervisor.terminate()
    status = supervisor.wait()
    end_orphans()
    if asked and status == -signal.SIGTERM:
        return 0  # it had not even begun
    if status < 0:
        sys.stderr.write("The supervisor was killed; everything that it had started is stopped.\n")
        return 1
    return status


def tie_to_parent(number: signal.Signals) -> None:
    """Ask the kernel to send us `number` when the process that started us ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)


def end_orphans() -> None:
    """End every process that is our child now: they get a moment for themselves, then SIGKILL."""
    deadline = time.monotonic() + _GRACE_SECONDS
    while _reap():
        if time.monotonic() > deadline:
            for pid in _children():
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)


def _reap() -> bool:
    """Collect the dead; return whether living children remain."""
    while True:
        try:
            pid, _status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return False
        if pid == 0:
            return True


def _children() -> list[int]:
    me = str(os.getpid())
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if fields[1] == me:
                found.append(int(stat.parent.name))
    return found
