"""Killing PostgreSQL and the importer in the middle: nothing is lost, nothing counts twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString
from urllib.error import URLError
from uuid import UUID

import psycopg
import pytest

from cxm.local.cluster import Cluster
from tests.touchpoints.interactions.server import serving
from tests.touchpoints.interactions.shoppers import MAPPING, ROOT, Shoppers, make_shoppers

SCOPE = "SELECT set_config('cxm.workspace', %s, false)"
SET_UP = """
import django; django.setup()
from cxm.common.scope import workspace_scope
from cxm.workspaces.models import User
from cxm.workspaces.services import create_workspace
from touchpoints.interactions.services import create_source
owner = User.objects.create_user("owner@example.com", name="Owner")
workspace = create_workspace(name="Crash", owner=owner, slug="crash")
with workspace_scope(workspace.pk):
    print(workspace.pk, create_source(workspace=workspace, name="Shop")[1])
"""


DRAIN = """
import django; django.setup()
from touchpoints.interactions.services import drain
drain()
"""


@dataclass
class Place:
    """A server of our own that may be killed, with a workspace and a source in it."""

    cluster: Cluster
    url: str
    workspace: UUID
    key: str

    @property
    def environment(self) -> dict[str, str]:
        return environment(self.url)

    def count(self, statement: LiteralString) -> int:
        with psycopg.connect(self.url) as connection:
            connection.execute(SCOPE, [str(self.workspace)])
            row = connection.execute(statement).fetchone()
        assert row is not None
        return int(row[0])

    def kill_postgres(self) -> None:
        pid = int((self.cluster.data_dir / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGKILL)


def environment(url: str) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "CXM_LOCAL": "1",
        "PYTHONPATH": str(ROOT),
    }


def run_python(url: str, *arguments: str) -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, env=environment(url), cwd=ROOT, check=True, capture_output=True)
    return done.stdout.decode()


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    folder = tempfile.TemporaryDirectory(prefix="cxm-crash-")
    Path(folder.name).chmod(0o755)
    # Durable: what was committed must outlive the server.
    cluster = Cluster(Path(folder.name) / "postgres", durable=True)
    cluster.start(die_with_parent=True)
    try:
        cluster.ensure_database("cxm", "cxm")
        url = cluster.url("cxm", "cxm")
        run_python(url, "manage.py", "migrate", "--verbosity", "0")
        workspace, key = run_python(url, "-c", SET_UP).split()
        yield Place(cluster, url, UUID(workspace), key)
    finally:
        cluster.stop()
        folder.cleanup()


@pytest.mark.timeout(240)
def test_what_was_acknowledged_outlives_a_killed_postgres(place: Place) -> None:
    sent, acknowledged, refused = 300, set(), set()
    with serving(place.url) as server:

        def send(number: int) -> None:
            event = {"event": "Crash", "anonymousId": f"a{number}", "messageId": f"m{number}"}
            for _ in range(60):
                try:
                    answer = server.post("/v1/track", event, key=place.key)
                except URLError:
                    time.sleep(0.5)
                    continue
                if answer.status == 200:
                    acknowledged.add(number)
                    return
                refused.add(answer.status)
                assert answer.headers["retry-after"]
                time.sleep(0.5)

        with ThreadPoolExecutor(8) as threads:
            for number in range(sent):
                threads.submit(send, number)
            while len(acknowledged) < sent // 4:
                time.sleep(0.01)
            place.kill_postgres()
            before = set(acknowledged)
            time.sleep(1)
            place.cluster.start(die_with_parent=True)
    run_python(place.url, "-c", DRAIN)
    assert len(before) < sent
    assert refused <= {503}
    assert len(acknowledged) == sent
    stored = "SELECT count(*) FROM interactions_interaction WHERE event = 'Crash'"
    assert place.count(stored) == sent
    counted = (
        "SELECT sum(stored) FROM interactions_sourceday d JOIN interactions_source s "
        "ON s.id = d.source_id WHERE s.kind = 'segment'"
    )
    assert place.count(counted) == sent


def start_import(place: Place, file: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "manage.py", "import_interactions", str(file)]
    return subprocess.Popen(
        [*command, "--workspace", "crash", "--mapping", str(MAPPING), "--source", file.stem],
        env=place.environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


VISITS = "SELECT count(*) FROM interactions_interaction WHERE event = 'Shop visited'"


def wait_for_rows(place: Place, importer: subprocess.Popen[bytes], more_than: int) -> None:
    deadline = time.monotonic() + 60
    while place.count(VISITS) <= more_than:
        assert importer.poll() is None, importer.communicate()[1].decode()
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("victim", ["importer", "postgres"])
def test_an_import_that_was_killed_goes_on_and_counts_once(
    place: Place, tmp_path: Path, victim: str
) -> None:
    shoppers: Shoppers = make_shoppers(6_000, seed=7)
    for row in shoppers.rows:
        # No row is like one of the other file, which would be a second row of the same content.
        row["PageValues"] = "1" if victim == "importer" else "2"
    file = shoppers.write(tmp_path / f"{victim}.csv")
    before = place.count(VISITS)
    importer = start_import(place, file)
    wait_for_rows(place, importer, before)
    if victim == "importer":
        importer.kill()
        importer.communicate()
    else:
        place.kill_postgres()
        importer.communicate()
        assert importer.returncode != 0
        place.cluster.start(die_with_parent=True)
    stored = place.count(VISITS) - before
    assert 0 < stored < len(shoppers.rows)
    again = start_import(place, file)
    out, errors = again.communicate()
    assert again.returncode == 0, errors.decode()
    counts = json.loads(out)
    assert counts["read"] == len(shoppers.rows)
    assert counts["stored"] == len(shoppers.rows) - stored
    assert place.count(VISITS) - before == len(shoppers.rows)
