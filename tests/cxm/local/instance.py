"""Run an instance as a person at a terminal would, and look at what is left of it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parents[3]
CHEAP_SUPERVISOR = PROJECT_DIR / "tests/cxm/local/cheap_supervisor.py"
KEEP = """
import os, sys
from cxm.local.keeper import keep
sys.exit(keep(sys.argv[1:], os.environ))
"""
# What would lead a local instance to another database.
FOREIGN = {"DATABASE_URL", "CELERY_BROKER_URL", "SECRET_KEY", "SITE_URL", "CXM_LOCAL", "EMAIL_URL"}


def free_port() -> int:
    """Return a port that nobody had a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Wait for a condition; return whether it came true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def processes_of(data_dir: Path) -> dict[int, str]:
    """Return the living processes of an instance: by arguments, environment or folder."""
    mark = os.fsencode(data_dir)
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if process.name == str(os.getpid()):
                continue
            if (process / "stat").read_text().rpartition(")")[2].split()[0] in "ZX":
                continue
            command = (process / "cmdline").read_bytes()
            traces = [command, (process / "environ").read_bytes()]
            with suppress(OSError):
                traces.append(os.fsencode(os.readlink(process / "cwd")))
            if any(mark in trace for trace in traces):
                found[int(process.name)] = command.replace(b"\0", b" ").decode(errors="replace")
    return found


def process_like(data_dir: Path, part: str) -> int:
    """Return the one process of an instance whose command line has `part` in it."""
    (pid,) = (pid for pid, command in processes_of(data_dir).items() if part in command)
    return pid


class Instance:
    """`manage.py up`, or its cheap twin, with its output in a file."""

    def __init__(
        self,
        data_dir: Path,
        port: int,
        command: list[str] | None = None,
        output: str = "instance.out",
    ) -> None:
        self.data_dir, self.port = data_dir, port
        self.output = data_dir.with_name(output)
        command = command or [sys.executable, "-c", KEEP, sys.executable, str(CHEAP_SUPERVISOR)]
        kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        kept.pop("DJANGO_SETTINGS_MODULE", None)
        self.begun = time.monotonic()
        with self.output.open("wb") as file:
            self.process = subprocess.Popen(
                [*command, "--port", str(port), "--data-dir", str(data_dir)],
                stdout=file,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd=PROJECT_DIR,
                env={**kept, "PYTHONPATH": str(PROJECT_DIR), "DATA_DIR": str(data_dir)},
            )

    @property
    def text(self) -> str:
        """Everything printed so far."""
        return self.output.read_text()

    def wait_for(self, words: str, seconds: float = 30.0) -> None:
        """Wait until the instance has printed `words`."""
        assert until(lambda: words in self.text or self.process.poll() is not None, seconds), (
            self.text
        )
        assert words in self.text, self.text

    def stop(self, number: signal.Signals = signal.SIGTERM) -> float:
        """Ask it to stop; return the seconds that it took."""
        begun = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(timeout=30)
        return time.monotonic() - begun

    def end(self) -> None:
        """Leave nothing behind, whatever the test found."""
        for pid in [self.process.pid, *processes_of(self.data_dir)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
