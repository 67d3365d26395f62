"""One private PostgreSQL server: made on first use, reachable only by a socket in a 0700 folder.

No Django in here: settings and test configuration use it before Django is set up.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from cxm.local.binaries import Installation, find_installation
from cxm.local.errors import LocalError
from cxm.local.postmaster import (
    explain,
    file_error,
    is_postgres,
    passes_by_itself,
    server_environment,
)
from cxm.local.processes import Identity, popen, postgres_identity

SUPERUSER = "postgres"
# Bytes of a unix socket's address on Linux, less its closing zero.
_LONGEST_SOCKET_PATH = 107
_PORT = 5432
_START_SECONDS = 90.0
_MEGABYTE = 1024 * 1024
# An empty cluster takes about 60 MB with its first log segments; a living one needs room for the
# next segments.
_ROOM_FOR_A_NEW_CLUSTER = 160 * _MEGABYTE
_ROOM_FOR_A_START = 32 * _MEGABYTE
_LONGEST_LOG = 16 * _MEGABYTE

_ALWAYS = {
    "listen_addresses": "",
    "port": str(_PORT),
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "jit": "off",
    "logging_collector": "off",
    "log_destination": "stderr",
    "lc_messages": "C",
}
# A throw-away cluster may lose everything when the machine stops; nothing else about it differs.
_THROW_AWAY = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum_naptime": "600",
}


class Cluster:
    """A PostgreSQL server whose files are all in `data_dir`.

    `durable=False` is for tests: no write ever waits for the disk.
    """

    def __init__(self, data_dir: Path, durable: bool = True) -> None:
        self.data_dir = Path(os.path.abspath(data_dir))
        self.durable = durable
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def socket_dir(self) -> Path:
        """The data directory, or a short private folder when the path would be too long."""
        socket_path = os.fsencode(self.data_dir / f".s.PGSQL.{_PORT}")
        if len(socket_path) <= _LONGEST_SOCKET_PATH and b"," not in socket_path:
            return self.data_dir
        digest = hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"cxm-{os.geteuid()}-{digest}"

    @property
    def log_path(self) -> Path:
        """Where the server writes what it has to say."""
        return self.data_dir / "server.log"

    @property
    def running(self) -> bool:
        """True while the server accepts connections."""
        return self._pid() is not None and self._status() == "ready"

    def url(self, database: str, role: str) -> str:
        """Return a postgresql:// address over the private socket; the server need not run."""
        who, what = quote(role, safe=""), quote(database, safe="")
        return f"postgresql://{who}@/{what}?host={quote(str(self.socket_dir))}"

    def start(self, die_with_parent: bool = False) -> None:
        """Make the cluster if it is new, start it, and return when it accepts connections.

        A server that already runs on these files is used as it is. With `die_with_parent` the
        server ends when the calling thread does, and one that was left over by somebody else is
        stopped first. Raise LocalError with one clear line when it cannot start.
        """
        with self._lock():
            if self._pid() is not None:
                if self.running and not die_with_parent:
                    return
                if self._process is not None and self._process.poll() is None and self.running:
                    return
                self._end_server()
            identity = postgres_identity()
            installation = find_installation()
            self.check_room()
            self._initialise(installation, identity)
            self._make_socket_dir(identity)
            self._launch(installation, identity, die_with_parent)

    def stop(self) -> None:
        """Stop the server, whoever started it; open sessions are rolled back and ended."""
        if not self.data_dir.exists():
            return
        with self._lock():
            self._end_server()
            if self.socket_dir != self.data_dir:
                with suppress(OSError):
                    self.socket_dir.rmdir()

    def poll(self) -> int | None:
        """Return None while the server lives, else its exit status (-1 when unknown)."""
        if self._process is not None:
            return self._process.poll()
        return None if self._pid() is not None else -1

    def ensure_database(self, database: str = "cxm", role: str = "cxm") -> None:
        """Create the application's role and the database that it owns, unless they are there.

        The role may not pass row-level security: it is neither a superuser nor has it BYPASSRLS.
        """
        create_role = sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role))
        limit_role = sql.SQL(
            "ALTER ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION CREATEDB"
        ).format(sql.Identifier(role))
        create_database = sql.SQL("CREATE DATABASE {} OWNER {}").format(
            sql.Identifier(database), sql.Identifier(role)
        )
        with psycopg.connect(self.url("postgres", SUPERUSER), autocommit=True) as connection:
            if not connection.execute(
                "SELECT 1 FROM pg_roles WHERE rolname = %s", [role]
            ).fetchone():
                with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
                    connection.execute(create_role)
                connection.execute(limit_role)
            if not connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [database]
            ).fetchone():
                with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                    connection.execute(create_database)

    def drop_database(self, database: str) -> None:
        """Drop a database with everything in it, if it exists; its open sessions are ended."""
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(
            sql.Identifier(database)
        )
        with psycopg.connect(self.url("postgres", SUPERUSER), autocommit=True) as connection:
            connection.execute(statement)

    # -- files

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """Let one process at a time start or stop this cluster."""
        path = self.data_dir.with_name(self.data_dir.name + ".lock")
        try:
            self.data_dir.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise file_error(self.data_dir.parent, error) from error
        deadline = time.monotonic() + _START_SECONDS
        try:
            while True:
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise LocalError(
                            f"Another process is starting or stopping {self.data_dir}."
                        ) from None
                    time.sleep(0.05)
            yield
        finally:
            os.close(descriptor)

    def check_room(self) -> None:
        """Raise LocalError when the disk has too little room for a start."""
        new = not (self.data_dir / "PG_VERSION").exists()
        needed = _ROOM_FOR_A_NEW_CLUSTER if new else _ROOM_FOR_A_START
        free = shutil.disk_usage(self.data_dir.parent).free
        if free < needed:
            raise LocalError(
                f"The disk that holds {self.data_dir} is full: {free // _MEGABYTE} MB are free, "
                f"PostgreSQL needs {needed // _MEGABYTE} MB."
            )

    def _initialise(self, installation: Installation, identity: Identity) -> None:
        """Make the cluster beside its place and move it there whole: never is there half of one."""
        try:
            version = (self.data_dir / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            pass
        except OSError as error:
            raise file_error(self.data_dir, error) from error
        else:
            if version != str(installation.major):
                raise LocalError(
                    f"{self.data_dir} was made by PostgreSQL {version}, "
                    f"but this is PostgreSQL {installation.major}: choose another data directory, "
                    "or carry the data over with pg_upgrade or pg_dump."
                )
            return
        if self.data_dir.exists() and any(self.data_dir.iterdir()):
            raise LocalError(
                f"{self.data_dir} holds other files: choose an empty or new data directory."
            )
        half_made = self.data_dir.with_name(self.data_dir.name + ".new")
        locale = (
            [
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C.UTF-8",
            ]
            if installation.major >= 17
            else ["--locale=C.UTF-8"]
        )
        sync = [] if self.durable else ["--no-sync"]
        try:
            shutil.rmtree(half_made, ignore_errors=True)
            half_made.mkdir(mode=0o700)
            identity.hand_over(half_made)
            initdb = popen(
                [
                    installation.bin_dir / "initdb",
                    f"--pgdata={half_made}",
                    f"--username={SUPERUSER}",
                    "--auth=trust",
                    "--encoding=UTF8",
                    *locale,
                    *sync,
                ],
                identity=identity,
                die_with_parent=signal.SIGTERM,
                output=subprocess.PIPE,
                environment=server_environment(),
                cwd="/",
            )
        except OSError as error:
            raise file_error(half_made, error) from error
        output = initdb.communicate()[0].decode(errors="replace")
        if initdb.returncode != 0:
            shutil.rmtree(half_made, ignore_errors=True)
            raise LocalError(explain(output, self.data_dir))
        half_made.rename(self.data_dir)

    def _make_socket_dir(self, identity: Identity) -> None:
        """Make the short socket folder, and refuse one that somebody else has put there."""
        if self.socket_dir == self.data_dir:
            return
        with suppress(FileExistsError):
            self.socket_dir.mkdir(mode=0o700)
            identity.hand_over(self.socket_dir)
        found = self.socket_dir.lstat()
        private = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
        if not private or found.st_uid not in (os.geteuid(), identity.uid):
            raise LocalError(
                f"{self.socket_dir} is not private to this user: remove it and start again."
            )

    # -- process

    def _launch(
        self, installation: Installation, identity: Identity, die_with_parent: bool
    ) -> None:
        settings = {
            **_ALWAYS,
            "unix_socket_directories": str(self.socket_dir),
            **({} if self.durable else _THROW_AWAY),
        }
        command: list[str | Path] = [
            installation.bin_dir / "postgres",
            "-D",
            self.data_dir,
            *(f"--{name}={value}" for name, value in settings.items()),
        ]
        deadline = time.monotonic() + _START_SECONDS
        while True:
            log_start = self._trim_log()
            with self.log_path.open("ab") as log:
                self._process = popen(
                    command,
                    identity=identity,
                    die_with_parent=signal.SIGINT if die_with_parent else None,
                    output=log,
                    environment=server_environment(),
                    cwd="/",
                )
            while self._process.poll() is None and time.monotonic() < deadline:
                if self._pid() == self._process.pid and self._status() == "ready":
                    return
                time.sleep(0.02)
            if self._process.poll() is None:
                self._end_server()
                raise LocalError(
                    f"PostgreSQL was not ready after {_START_SECONDS:.0f} s: see {self.log_path}"
                )
            output = self._log_since(log_start)
            # What a killed server leaves (lock file, shared memory) goes in about a second.
            if not passes_by_itself(output) or time.monotonic() > deadline:
                raise LocalError(explain(output, self.data_dir))
            time.sleep(0.2)

    def _end_server(self) -> None:
        """Fast shutdown, then immediate, then kill; return when the process is gone."""
        for number, seconds in (
            (signal.SIGINT, 4.0),
            (signal.SIGQUIT, 3.0),
            (signal.SIGKILL, 3.0),
        ):
            pid = self._pid()
            if pid is None:
                break
            with suppress(ProcessLookupError):
                os.kill(pid, number)
            deadline = time.monotonic() + seconds
            while self._pid() is not None and time.monotonic() < deadline:
                time.sleep(0.02)
        if self._process is not None and self._process.poll() is None:
            self._process.wait(timeout=5)
        self._process = None

    def _pid(self) -> int | None:
        """Return the living server process of this data directory, if any."""
        if self._process is not None:
            self._process.poll()  # a zombie would look alive
        pid = self._pid_file_line(0)
        if pid is None or not pid.isdigit():
            return None
        return int(pid) if is_postgres(int(pid)) else None

    def _status(self) -> str | None:
        return self._pid_file_line(7)

    def _pid_file_line(self, number: int) -> str | None:
        try:
            lines = (self.data_dir / "postmaster.pid").read_text().split("\n")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise file_error(self.data_dir, error) from error
        return lines[number].strip() if number < len(lines) else None

    def _trim_log(self) -> int:
        """Begin the log again when it has grown long; return its size now."""
        try:
            size = self.log_path.stat().st_size if self.log_path.exists() else 0
            if size > _LONGEST_LOG:
                os.truncate(self.log_path, 0)
                return 0
        except OSError as error:
            raise file_error(self.data_dir, error) from error
        return size

    def _log_since(self, offset: int) -> str:
        with self.log_path.open("rb") as log:
            log.seek(offset)
            return log.read().decode(errors="replace")
