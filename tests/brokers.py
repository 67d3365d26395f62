"""Real brokers, and real Celery workers on them, for tests of delivery."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from cxm.local.broker import install_broker

SEND = """
import json, sys, django
django.setup()
from celery import current_app
name, arguments = json.loads(sys.argv[1])
current_app.send_task(name, arguments)
"""


@dataclass
class Broker:
    """A broker with the environment in which programs use it."""

    name: str
    url: str
    environment: dict[str, str]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    server: subprocess.Popen[bytes] | None = None

    def start_worker(self, log: Path) -> subprocess.Popen[bytes]:
        """Start `celery worker` with one child, in a process group of its own."""
        command = [sys.executable, "-m", "celery", "-A", "cxm", "worker"]
        options = ["-c", "1", "-n", "w@t", "-l", "INFO", "--without-gossip", "--without-mingle"]
        with log.open("ab") as output:
            worker = subprocess.Popen(
                [*command, *options],
                env=self.environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.workers.append(worker)
        return worker

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """Kill a worker and its children at once, as a power cut would."""
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait(10)

    def send(self, task: str, *arguments: str) -> None:
        """Put a task on the broker from a process that uses it as the site does."""
        call = json.dumps([task, arguments])
        subprocess.run(
            [sys.executable, "-c", SEND, call], env=self.environment, check=True, timeout=60
        )

    def lose_everything(self) -> None:
        """Lose every message that waits."""
        if self.server is None:
            with psycopg.connect(self.environment["DATABASE_URL"]) as found:
                found.execute("SELECT pgmq.purge_queue(queue_name) FROM pgmq.meta")
        else:
            port = urlsplit(self.url).port
            subprocess.run(["redis-cli", "-p", str(port), "FLUSHALL"], check=True, timeout=20)

    def stop(self) -> None:
        """End what is still running."""
        for worker in self.workers:
            if worker.poll() is None:
                self.kill(worker)
        if self.server is not None and self.server.poll() is None:
            self.server.kill()
            self.server.wait(10)


@contextmanager
def broker(name: str, *, database: str, mail_port: int, folder: Path) -> Iterator[Broker]:
    """Run the broker ``name`` ("pgmq" or "redis") beside a test's database."""
    address = urlsplit(os.environ["TEST_DATABASE_URL"])._replace(path=f"/{database}").geturl()
    environment = {
        **os.environ,
        "TEST_DATABASE_URL": address,
        "DATABASE_URL": address,
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    if name == "redis":
        running = Broker(name, "", environment)
        running.url = environment["CELERY_BROKER_URL"] = _start_redis(running, folder)
    else:
        install_broker(address)
        running = Broker(name, "pgmq://", {**environment, "CELERY_BROKER_URL": "pgmq://"})
    try:
        yield running
    finally:
        running.stop()


def has_redis() -> bool:
    """Say whether a Redis server is installed."""
    return shutil.which("redis-server") is not None


def _start_redis(running: Broker, folder: Path) -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    running.server = subprocess.Popen(
        [*command, "--dir", str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline, "redis-server does not answer"
            time.sleep(0.05)
        else:
            return f"redis://127.0.0.1:{port}/0"
