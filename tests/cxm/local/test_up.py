"""The whole product from one command: the one test in which nothing is cheap."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import psycopg
import pytest

from cxm.local.environment import local_environment
from tests.cxm.local.instance import (
    FOREIGN,
    PROJECT_DIR,
    Instance,
    free_port,
    process_like,
    processes_of,
    until,
)

UP = [sys.executable, "manage.py", "up", "--no-demo"]
PATIENCE = 120.0


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


def readiness(port: int) -> tuple[int, dict[str, dict[str, str]]]:
    """Return the status of /health/ready and what it says of each part."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=15)
    try:
        connection.request("GET", "/health/ready")
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read()).get("checks", {})
    except (OSError, ValueError, http.client.HTTPException):
        return 0, {}
    finally:
        connection.close()


def heartbeats(data_dir: Path) -> Sequence[object]:
    """Return when each canary last came through the queue and the worker."""
    with psycopg.connect(local_environment(data_dir)["DATABASE_URL"]) as connection:
        return connection.execute(
            "SELECT received_at FROM health_heartbeat ORDER BY name"
        ).fetchall()


@pytest.mark.timeout(420)
def test_it_starts_survives_and_stops(data_dir: Path) -> None:
    port = free_port()
    first = Instance(data_dir, port, UP)
    try:
        # 1. From nothing to ready, and it says how to make the first owner.
        first.wait_for("Stop     Ctrl-C", PATIENCE)
        assert until(lambda: readiness(port)[0] == 200, PATIENCE), readiness(port)
        assert "manage.py create_owner" in first.text

        # 2. A command in another terminal works on the running instance.
        environment = {n: v for n, v in os.environ.items() if n not in FOREIGN}
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        made = subprocess.run(
            [
                sys.executable,
                "manage.py",
                "shell",
                "-c",
                "from cxm.workspaces.models import User;"
                "User.objects.create_user('owner@example.com', 'a long password');"
                "from django.core.mail import send_mail;"
                "send_mail('Hello', 'Text', 'a@example.com', ['b@example.com'])",
            ],
            cwd=PROJECT_DIR,
            env={**environment, "DATA_DIR": str(data_dir)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stderr
        assert len(list((data_dir / "outbox").glob("*.eml"))) == 1

        # 3. PostgreSQL is killed: it comes back, and web, worker and beat find it again.
        postmaster = int((data_dir / "postgres/postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
        first.wait_for("PostgreSQL is back")
        before = heartbeats(data_dir)
        assert until(lambda: readiness(port)[0] == 200, PATIENCE), readiness(port)
        assert until(
            lambda: (
                # Asking sends the web's canary.
                readiness(port)[0] == 200
                and all(now != then for now, then in zip(heartbeats(data_dir), before, strict=True))
            ),
            PATIENCE,
        ), readiness(port)

        # 4. A request to stop stops everything.
        assert first.stop() < 10
        assert first.process.returncode == 0
        assert processes_of(data_dir) == {}
    finally:
        first.end()

    # 5. The second start is quick; nothing of the first is lost.
    second = Instance(data_dir, port, UP)
    try:
        begun = time.monotonic()
        second.wait_for("READY", PATIENCE)
        print(f"second start: {time.monotonic() - begun:.1f} s")
        assert "create_owner" not in second.text
        assert "Migrating" not in second.text
        assert until(lambda: readiness(port)[0] == 200, PATIENCE), readiness(port)

        # 6. Killed without a word, it leaves no process: no pool child, no server.
        assert process_like(data_dir, "cxm.local.web")
        os.kill(second.process.pid, signal.SIGKILL)
        assert until(lambda: not processes_of(data_dir), 15), processes_of(data_dir)
    finally:
        second.end()


def test_up_needs_no_settings(tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "manage.py", "up", "--help"],
        cwd=PROJECT_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "no.such.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0
    assert "--data-dir" in answer.stdout
