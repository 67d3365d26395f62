"""Run the whole product on one machine: PostgreSQL, mail catcher, web, worker and beat.

Started by `manage.py up` (through `cxm.local.keeper`); knows no Django, so that it needs no
settings and no database in its own process: `python -m cxm.local.supervisor --port 8000 --host
127.0.0.1 --data-dir .data [--no-demo]`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import FrameType

import psycopg

from cxm.local.broker import install_broker, release_messages
from cxm.local.cluster import SUPERUSER, Cluster
from cxm.local.command import PROJECT_DIR
from cxm.local.datadir import DataDir
from cxm.local.environment import DATABASE, ROLE, write_environment
from cxm.local.errors import LocalError
from cxm.local.health import Health, health
from cxm.local.migrations_state import MigrationsState
from cxm.local.processes import popen
from cxm.local.programs import Child, Program, describe_exit
from cxm.local.sockets import listen, loopback_for, visible_host

_MAIL_CATCHER = Path(__file__).with_name("mail_catcher.py")
# Programs get this long for their shutdown, PostgreSQL what is left of ten seconds.
STOP_SECONDS = 5.0
# Less when our keeper was killed: then nobody waits for a shutdown in good order.
_HASTY_STOP_SECONDS = 2.0
_LOOP_SECONDS = 0.1
_HEALTH_SECONDS = 0.25
_TRIM_SECONDS = 30.0
# How long the web may take to answer, and then the worker and the beat to show a sign of life.
_LIVE_SECONDS = 120.0
_READY_SECONDS = 30.0
# A short node name: the broker's queue names are limited to 47 characters.
_WORKER_OPTIONS = (
    *("-n", "w@cxm", "--concurrency", "2", "--loglevel", "WARNING"),
    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
)
_BEAT_OPTIONS = ("--max-interval", "5", "--pidfile", "", "--loglevel", "WARNING")
_ROOM_FOR_THE_DEMO = 512 * 1024 * 1024


class StopRequested(Exception):
    """SIGTERM or Ctrl-C came in."""


class Supervisor:
    """One running instance; `run` returns the exit code."""

    def __init__(self, *, host: str, port: int, data_dir: Path, demo: bool) -> None:
        self.host, self.port, self.demo = host, port, demo
        self.data = DataDir(data_dir)
        self.cluster = Cluster(self.data.cluster)
        self.site_url = f"http://{visible_host(host)}:{port}"
        self.environment: dict[str, str] = {}
        self.children: list[Child] = []
        self.begun = time.monotonic()
        self._stop = False
        self._keeper = os.getppid()

    def run(self) -> int:
        """Start everything, watch it until told to stop, and stop it."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        with ExitStack() as stack:
            clean = stack.enter_context(self.data.lock())
            web = stack.enter_context(self._listen(patient=not clean))
            mail = stack.enter_context(listen("127.0.0.1", 0))
            stack.callback(self._end)
            try:
                self._start_database(mail)
                self.prepare()
                self._start_programs(self.programs(web, mail))
                self._announce(self._wait_until_ready())
                self._watch()
            except StopRequested:
                pass
            except psycopg.Error as error:
                raise LocalError(
                    f"PostgreSQL: {str(error).splitlines()[0] if str(error) else error!r}"
                ) from error
        say("Stopped.")
        return 0

    # -- start

    def _listen(self, *, patient: bool) -> socket.socket:
        """Take the port; after a crash what is left of the last instance may still let it go."""
        deadline = time.monotonic() + (5.0 if patient else 0.0)
        while True:
            try:
                return listen(self.host, self.port)
            except LocalError:
                if time.monotonic() >= deadline:
                    raise
                time.sleep(0.1)

    def _start_database(self, mail: socket.socket) -> None:
        variables = write_environment(
            self.data.path,
            site_url=self.site_url,
            email_url=f"smtp://127.0.0.1:{mail.getsockname()[1]}",
        )
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        self.environment = {**inherited, **variables, "PYTHONUNBUFFERED": "1"}
        self.cluster.check_room()
        if not self.data.cluster.exists():
            say("Making the database …")
        self.cluster.start(die_with_parent=True)
        if self.data.demo_is_unfinished():
            say("Loading the demo was interrupted: beginning again.")
            self.cluster.drop_database(DATABASE)
        self.cluster.ensure_database(DATABASE, ROLE)
        install_broker(self._database_url)
        # No worker can be running: whatever the last one had taken is due now.
        release_messages(self._database_url)
        self._check_stop()

    def prepare(self) -> None:
        """Migrate, and load the demo into an empty database."""
        migrations = MigrationsState(PROJECT_DIR, self.data.path / "migrated")
        if not migrations.complete(self._database_url):
            say("Migrating …")
            self._manage("migrate", "--no-input", "--skip-checks", "--verbosity", "0")
            migrations.record()
        if self.demo and self.is_empty():
            free = shutil.disk_usage(self.data.path).free
            if free < _ROOM_FOR_THE_DEMO:
                raise LocalError(
                    f"The disk that holds {self.data.path} is nearly full: {free >> 20} MB left, "
                    f"the demo needs {_ROOM_FOR_THE_DEMO >> 20} MB. Start with --no-demo."
                )
            say("Loading the demo …")
            with self.data.loading_demo() as login:
                self._manage("load_demo", environment=login.environment())
        else:
            self.data.forget_unfinished_demo()

    def _manage(self, *arguments: str, environment: dict[str, str] | None = None) -> None:
        """Run one manage.py command to its end; its output is the terminal's."""
        command = [sys.executable, "manage.py", *arguments]
        process = popen(
            command,
            die_with_parent=signal.SIGKILL,
            environment={**self.environment, **(environment or {})},
            cwd=PROJECT_DIR,
        )
        while process.poll() is None:
            if self._stop:
                process.kill()
                process.wait()
                raise StopRequested
            time.sleep(0.02)
        if process.returncode != 0:
            self.data.check_room()
            raise LocalError(f"`manage.py {arguments[0]}` {describe_exit(process.returncode)}.")

    def is_empty(self) -> bool:
        """True when there is neither a workspace nor a user yet."""
        # As superuser: row-level security hides them from the application's role.
        with psycopg.connect(self.cluster.url(DATABASE, SUPERUSER)) as connection:
            row = connection.execute(
                "SELECT EXISTS (SELECT FROM workspaces_workspace)"
                " OR EXISTS (SELECT FROM workspaces_user)"
            ).fetchone()
        return row == (False,)

    def programs(self, web: socket.socket, mail: socket.socket) -> list[Program]:
        """Return what has to run beside PostgreSQL."""
        python, celery = sys.executable, (sys.executable, "-m", "celery", "-A", "cxm")
        return [
            Program(
                "mail",
                (
                    # As a file: the package would load Celery, which it does not need.
                    *(python, "-P", str(_MAIL_CATCHER)),
                    str(mail.fileno()),
                    str(self.data.outbox),
                ),
                (mail.fileno(),),
            ),
            Program(
                "web",
                (python, "-m", "cxm.local.web", str(web.fileno())),
                (web.fileno(),),
            ),
            Program("worker", (*celery, "worker", *_WORKER_OPTIONS)),
            Program("beat", (*celery, "beat", *_BEAT_OPTIONS)),
        ]

    def _start_programs(self, programs: Sequence[Program]) -> None:
        for program in programs:
            self._check_stop()
            child = Child(
                program,
                self.environment,
                PROJECT_DIR,
                self.data.logs / f"{program.name}.log",
            )
            self.children.append(child)
            child.start()

    def _wait_until_ready(self) -> Health:
        """Return as soon as all parts are well, or the web at least when the others take long."""
        begun = time.monotonic()
        answer = Health(live=False)
        live_since: float | None = None
        while True:
            self._tend()
            answer = health(loopback_for(self.host), self.port, visible_host(self.host))
            now = time.monotonic()
            if answer.live and live_since is None:
                live_since = now
            if answer.ready or (live_since is not None and now - live_since > _READY_SECONDS):
                return answer
            if live_since is None and now - begun > _LIVE_SECONDS:
                raise LocalError(
                    f"The web server does not answer: see {self.data.logs / 'web.log'}."
                )
            time.sleep(_LOOP_SECONDS)

    def _announce(self, answer: Health) -> None:
        seconds = time.monotonic() - self.begun
        prefix = f"DATA_DIR={self.data.path} " if self.data.path != (PROJECT_DIR / ".data") else ""
        login = self.data.demo_login()
        if login:
            entry = f"{login.email}, password {login.password}"
        elif self.is_empty():
            command = f"{prefix}{sys.executable} manage.py create_owner EMAIL --workspace NAME"
            entry = f"nobody yet; make the first owner with: {command}"
        else:
            entry = "with your e-mail address and password"
        lines = [
            "",
            f"READY in {seconds:.1f} s",
            f"  Address  {self.site_url}/",
            f"  Log in   {entry}",
            f"  Mail     {self.site_url}/app/outbox/ (files in {self.data.outbox})",
            f"  Logs     {self.data.logs}",
            "  Stop     Ctrl-C",
        ]
        if not answer.ready:
            lines.append(
                f"  Not yet well: {', '.join(answer.unwell) or 'no answer from /health/ready'}"
            )
        say("\n".join([*lines, ""]))

    # -- run

    def _watch(self) -> None:
        trim_due = time.monotonic() + _TRIM_SECONDS
        while True:
            self._tend()
            if time.monotonic() > trim_due:
                for child in self.children:
                    child.trim_log()
                trim_due = time.monotonic() + _TRIM_SECONDS
            time.sleep(_LOOP_SECONDS)

    def _tend(self) -> None:
        """Look once at everything that should be alive, and start what is not."""
        self._check_stop()
        status = self.cluster.poll()
        if status is not None:
            self._restart_database(status)
        for child in self.children:
            status = child.exit_status()
            if status is not None:
                words = child.last_words()
                wait = child.bury()
                say(
                    f"{child.program.name} {describe_exit(status)}; "
                    f"starting it again in {wait:.1f} s"
                    + (f" (its last line: {words})" if words else "")
                )
            if child.process is None and time.monotonic() >= child.due:
                if child.program.name == "worker":
                    # Its pool is dead with it, so nobody works on what it had taken.
                    with suppress(psycopg.Error):
                        release_messages(self._database_url)
                child.start()

    def _restart_database(self, status: int) -> None:
        say(f"PostgreSQL {describe_exit(status)}; starting it again.")
        wait = 0.5
        while True:
            try:
                self.cluster.start(die_with_parent=True)
                break
            except LocalError as error:
                say(f"{error} Trying again in {wait:.0f} s.")
            deadline = time.monotonic() + wait
            while time.monotonic() < deadline:
                self._check_stop()
                time.sleep(_LOOP_SECONDS)
            wait = min(30.0, wait * 2)
        say("PostgreSQL is back.")

    # -- stop

    def _end(self) -> None:
        """Stop all within ten seconds, the database last."""
        self.data.mark_stopping()
        if self.children:
            say("Stopping …")
        for child in self.children:
            child.ask_to_stop()
        kept = os.getppid() == self._keeper
        deadline = time.monotonic() + (STOP_SECONDS if kept else _HASTY_STOP_SECONDS)
        for child in self.children:
            child.wait_until_stopped(deadline)
        self.cluster.stop()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stop = True

    def _check_stop(self) -> None:
        if self._stop:
            raise StopRequested

    @property
    def _database_url(self) -> str:
        return self.cluster.url(DATABASE, ROLE)


def say(text: str) -> None:
    """Print for the person at the terminal; one who has closed it does not stop us."""
    with suppress(OSError):
        print(text, flush=True)


def main() -> int:
    """Read the arguments and run; a LocalError becomes one line and exit code 1."""
    parser = argparse.ArgumentParser(prog="python -m cxm.local.supervisor")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--data-dir", type=Path, default=Path(".data"))
    parser.add_argument("--no-demo", action="store_true")
    options = parser.parse_args()
    supervisor = Supervisor(
        host=options.host,
        port=options.port,
        data_dir=options.data_dir,
        demo=not options.no_demo,
    )
    try:
        return supervisor.run()
    except LocalError as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
