"""The data directory of one instance: what lies where, who holds it, and how far the demo got."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from cxm.local.environment import cluster_dir, logs_dir, outbox_dir, write_private
from cxm.local.errors import LocalError

# An instance that is on its way out is waited for; the grace is for one whose keeper was killed a
# moment ago.
_STOPPING_SECONDS = 15.0
_GRACE_SECONDS = 1.0
_LEAST_ROOM_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True)
class DemoLogin:
    """Who may log in to the demo workspace."""

    email: str
    password: str

    def environment(self) -> dict[str, str]:
        """Return the variables from which `load_demo` takes the login."""
        return {"DEMO_EMAIL": self.email, "DEMO_PASSWORD": self.password}


class DataDir:
    """Paths and states under `path`."""

    def __init__(self, path: Path) -> None:
        self.path = Path(os.path.abspath(path))
        self.cluster = cluster_dir(self.path)
        self.outbox = outbox_dir(self.path)
        self.logs = logs_dir(self.path)
        self._lock_path = self.path / "lock"
        self._login_path = self.path / "demo_login.json"
        self._unfinished_path = self.path / "demo_unfinished"

    @contextmanager
    def lock(self) -> Iterator[bool]:
        """Hold the directory for one instance; yield whether the last one ended in good order.

        Raise LocalError when another instance has it, or when it cannot be made or written.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(self._lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise LocalError(f"{self.path} cannot be used: {error.strerror}.") from error
        try:
            self._take(descriptor)
            clean = self._state(descriptor)[0] in ("", "stopped")
            self._write_state("running")
            self.check_room()
            for folder in (self.outbox, self.logs):
                folder.mkdir(exist_ok=True, mode=0o700)
            yield clean
            self._write_state("stopped")
        except OSError as error:
            raise LocalError(f"{self.path} cannot be used: {error.strerror}.") from error
        finally:
            os.close(descriptor)

    def mark_stopping(self) -> None:
        """Tell the next instance that it is worth waiting for us."""
        with suppress(OSError):
            self._write_state("stopping")

    def check_room(self) -> None:
        """Raise LocalError when the disk is full."""
        if shutil.disk_usage(self.path).free < _LEAST_ROOM_BYTES:
            raise LocalError(f"The disk that holds {self.path} is full.")

    # -- demo

    @contextmanager
    def loading_demo(self) -> Iterator[DemoLogin]:
        """Yield the login to load with; the next start sees when this was interrupted."""
        login = DemoLogin("demo@example.com", secrets.token_urlsafe(9))
        write_private(self._unfinished_path, "")
        yield login
        write_private(self._login_path, json.dumps(asdict(login)) + "\n")
        self.forget_unfinished_demo()

    def demo_is_unfinished(self) -> bool:
        """Return whether the last load of the demo was cut off."""
        return self._unfinished_path.exists()

    def forget_unfinished_demo(self) -> None:
        """Take the database as it is."""
        self._unfinished_path.unlink(missing_ok=True)

    def demo_login(self) -> DemoLogin | None:
        """Return the login that the demo was loaded with, if it was."""
        try:
            stored = json.loads(self._login_path.read_text(encoding="utf-8"))
            return DemoLogin(str(stored["email"]), str(stored["password"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    # -- lock

    def _take(self, descriptor: int) -> None:
        begun = time.monotonic()
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                state, pid = self._state(descriptor)
            patience = _STOPPING_SECONDS if state == "stopping" else _GRACE_SECONDS
            if time.monotonic() - begun > patience:
                raise LocalError(f"{self.path} is in use by another instance (process {pid}).")
            time.sleep(0.05)

    def _state(self, descriptor: int) -> tuple[str, str]:
        words = os.pread(descriptor, 100, 0).decode(errors="replace").split()
        return (words[0], words[1]) if len(words) == 2 else ("", "unknown")

    def _write_state(self, state: str) -> None:
        # In place: a new file would have a lock of its own.
        with self._lock_path.open("r+") as file:
            file.write(f"{state} {os.getpid()}\n")
            file.truncate()
