"""The programs that the supervisor keeps alive, and the rule by which one is started again."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen, TimeoutExpired

from cxm.local.processes import popen

# Seconds to wait before a program that died is started again: first, factor, most.
_FIRST_WAIT, _FACTOR, _LONGEST_WAIT = 0.5, 2.0, 30.0
# A program that lived this long has proved itself; its next death counts as the first.
_PROVED_SECONDS = 60.0
_LONGEST_LOG_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True)
class Program:
    """A command that runs until told to stop; `pass_fds` are listening sockets that it gets."""

    name: str
    command: tuple[str, ...]
    pass_fds: tuple[int, ...] = ()


@dataclass
class Child:
    """One program with the process that runs it at present."""

    program: Program
    environment: Mapping[str, str]
    directory: Path
    log_path: Path
    process: Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    due: float = field(default_factory=time.monotonic)

    def start(self) -> None:
        """Start the program in a session of its own; its output goes to its log."""
        with self.log_path.open("ab") as log:
            self.process = popen(
                self.program.command,
                die_with_parent=signal.SIGTERM,
                output=log,
                environment=self.environment,
                cwd=self.directory,
                pass_fds=self.program.pass_fds,
            )
        self.started = time.monotonic()

    def exit_status(self) -> int | None:
        """Return how the process ended (negative: by a signal), or None while it lives."""
        return self.process.poll() if self.process else None

    def bury(self) -> float:
        """Clear away what a dead process left; return the seconds until the next start."""
        lived = time.monotonic() - self.started
        self._signal_group(signal.SIGKILL)
        self.process = None
        self.deaths = 1 if lived > _PROVED_SECONDS else self.deaths + 1
        wait = min(_LONGEST_WAIT, _FIRST_WAIT * _FACTOR ** (self.deaths - 1))
        self.due = time.monotonic() + wait
        return wait

    def ask_to_stop(self) -> None:
        """Send SIGTERM to the program only: it ends its own children."""
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def wait_until_stopped(self, deadline: float) -> None:
        """Wait until `deadline` (time.monotonic), then kill the program and all its children."""
        if not self.process:
            return
        with suppress(TimeoutExpired):
            self.process.wait(max(0.0, deadline - time.monotonic()))
        self._signal_group(signal.SIGKILL)
        self.process.wait()
        self.process = None

    def last_words(self) -> str:
        """Return the last line of the log, for the message about a death."""
        try:
            with self.log_path.open("rb") as log:
                log.seek(max(0, self.log_path.stat().st_size - 4096))
                lines = [line.strip() for line in log.read().decode(errors="replace").splitlines()]
        except OSError:
            return ""
        return next((line for line in reversed(lines) if line), "")[:200]

    def trim_log(self) -> None:
        """Keep one older part of a long log and begin again; the writer appends, so it goes on."""
        if not self.log_path.exists() or self.log_path.stat().st_size < _LONGEST_LOG_BYTES:
            return
        older = self.log_path.with_suffix(".log.1")
        older.write_bytes(self.log_path.read_bytes())
        os.truncate(self.log_path, 0)

    def _signal_group(self, number: signal.Signals) -> None:
        """Reach the program and every child that stayed in its process group."""
        if self.process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)


def describe_exit(status: int) -> str:
    """Say how a process ended in the words of the person who reads the terminal."""
    if status >= 0:
        return f"ended with status {status}"
    try:
        return f"was ended by {signal.Signals(-status).name}"
    except ValueError:
        return f"was ended by signal {-status}"
