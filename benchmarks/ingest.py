"""How fast interactions come in, against a bare COPY of the same rows in the same run.

    python -m benchmarks.ingest [--rows 100000] [--chunk 5000] [--seconds 5] [--connections 64]

Everything runs on a throw-away PostgreSQL that waits for the disk at each commit. The bare COPY
writes into a partitioned table without indexes or security, and does nothing but that. The
service checks, deduplicates, finds the touchpoint, keeps the days for the figures and counts.
With --seconds 0 the HTTP part is left out.
"""

# Django may be imported only once the server of the run has an address.
# ruff: noqa: PLC0415
from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from cxm.local.cluster import Cluster

if TYPE_CHECKING:
    from touchpoints.interactions.models import Source
    from touchpoints.interactions.records import Record

EVENTS = ("Home", "Search", "Product", "Basket", "Order Completed")


def main() -> None:
    """Measure and print one line for each way in."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--chunk", type=int, default=5_000)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--connections", type=int, default=64)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cxm-bench-") as folder:
        Path(folder).chmod(0o755)
        cluster = Cluster(Path(folder) / "postgres", durable=True)
        cluster.start(die_with_parent=True)
        try:
            cluster.ensure_database("cxm", "cxm")
            os.environ["DATABASE_URL"] = cluster.url("cxm", "cxm")
            os.environ["CXM_LOCAL"] = "1"
            os.environ["DATA_DIR"] = folder
            os.environ["DJANGO_SETTINGS_MODULE"] = "cxm.settings"
            measure(options)
        finally:
            cluster.stop()


def measure(options: argparse.Namespace) -> None:
    """Set the site up and run each measurement."""
    import django

    django.setup()
    from django.core.management import call_command

    from cxm.common.scope import workspace_scope
    from cxm.workspaces.models import User
    from cxm.workspaces.services import create_workspace
    from touchpoints.interactions.services import create_source

    call_command("migrate", verbosity=0)
    owner = User.objects.create_user("bench@example.com", name="Bench")
    workspace = create_workspace(name="Bench", owner=owner, slug="bench")
    with workspace_scope(workspace.pk):
        source, key = create_source(workspace=workspace, name="Bench")
        bare = run_bare(options.rows, options.chunk)
        show("bare COPY", options.rows, bare)
        service = run_service(source, options.rows, options.chunk)
        show("service", options.rows, service, f"{bare / service:.0%} of the bare COPY")
    if options.seconds:
        for batch in (1, 100):
            sent, seconds, waits = asyncio.run(run_http(key, batch, options))
            waits.sort()
            note = (
                f"p50 {waits[len(waits) // 2]:.1f} ms, p99 {waits[int(len(waits) * 0.99)]:.1f} ms"
            )
            show(f"HTTP, {batch} an event batch", sent, seconds, note)


def show(name: str, rows: int, seconds: float, note: str = "") -> None:
    """Print one result."""
    print(
        f"{name:24} {rows:>9,} rows {seconds:7.2f} s {rows / seconds:>10,.0f} rows/s  {note}",
        flush=True,
    )


def make_records(rows: int) -> list[Record]:
    """Return records of one day, with properties as a shop sends them."""
    from touchpoints.interactions.records import Record

    chance = random.Random(1)
    start = datetime.now(UTC) - timedelta(days=1)
    return [
        Record(
            key=f"bench-{number}",
            occurred_at=start + timedelta(milliseconds=number % 86_400_000),
            kind="page",
            event=EVENTS[number % len(EVENTS)],
            anonymous_id=f"browser-{chance.randrange(rows // 5 + 1)}",
            url=f"https://shop.example/products/{number % 997}",
            properties={"visitor_type": "New", "position": number % 50, "list": "Coffee"},
            context={"locale": "da", "page": {"title": "Coffee", "referrer": "https://x.example"}},
        )
        for number in range(rows)
    ]


def run_bare(rows: int, chunk: int) -> float:
    """Copy the rows as the service would write them; return the seconds."""
    from django.db import connection

    from touchpoints.interactions.partitions import month_after, month_of
    from touchpoints.interactions.services.ingest import Batch, Sender, make_row
    from touchpoints.interactions.sql import COPY, INBOX

    at = datetime.now(UTC)
    batch = Batch(Sender(uuid4(), uuid4(), "UTC"), (), at)
    copied = [
        make_row(1, uuid4(), batch, record, touchpoint=None, customer=None, day=at.date())
        for record in make_records(rows)
    ]
    create = INBOX.replace(
        "CREATE TEMPORARY TABLE IF NOT EXISTS interactions_inbox", "CREATE TABLE bare"
    )
    create = create.replace("ON COMMIT DELETE ROWS", "PARTITION BY RANGE (occurred_at)")
    first = month_of(at - timedelta(days=1))
    after = month_after(month_after(first))
    with connection.cursor() as cursor:
        cursor.execute(create)
        cursor.execute(
            f"CREATE TABLE bare_1 PARTITION OF bare FOR VALUES FROM ('{first}') TO ('{after}')"
        )
        started = time.perf_counter()
        for begin in range(0, rows, chunk):
            with cursor.copy(COPY.replace("interactions_inbox", "bare")) as copy:
                for row in copied[begin : begin + chunk]:
                    copy.write_row(row)
        seconds = time.perf_counter() - started
        cursor.execute("DROP TABLE bare")
    return seconds


def run_service(source: Source, rows: int, chunk: int) -> float:
    """Take the rows in; return the seconds."""
    from touchpoints.interactions.services import ingest

    records = make_records(rows)
    at = datetime.now(UTC)
    started = time.perf_counter()
    for begin in range(0, rows, chunk):
        part = records[begin : begin + chunk]
        counts = ingest(source=source, records=part, received_at=at)
        assert counts.stored == len(part)
    return time.perf_counter() - started


async def run_http(
    key: str, batch: int, options: argparse.Namespace
) -> tuple[int, float, list[float]]:
    """Send events over keep-alive connections; return events, seconds, and each wait in ms."""
    with serving() as port:
        deadline = time.perf_counter() + options.seconds
        started = time.perf_counter()
        lanes = [
            asyncio.create_task(lane(port, key, batch, deadline, f"{batch}-{number}"))
            for number in range(options.connections)
        ]
        waits = [wait for found in await asyncio.gather(*lanes) for wait in found]
        return len(waits) * batch, time.perf_counter() - started, waits


async def lane(port: int, key: str, batch: int, deadline: float, name: str) -> list[float]:
    """Send one request after the other until the deadline."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    auth = b64encode(f"{key}:".encode()).decode()
    head = (
        "POST /v1/{} HTTP/1.1\r\nHost: x\r\n"
        f"Authorization: Basic {auth}\r\n"
        "Content-Length: {}\r\n\r\n"
    )
    waits: list[float] = []
    number = 0
    while time.perf_counter() < deadline:
        events = []
        for _ in range(batch):
            number += 1
            events.append(
                {
                    "type": "track",
                    "event": EVENTS[number % len(EVENTS)],
                    "anonymousId": f"{name}-{number % 50}",
                    "messageId": f"{name}-{number}",
                    "properties": {"visitor_type": "New", "position": number % 50},
                }
            )
        body = json.dumps(events[0] if batch == 1 else {"batch": events}).encode()
        started = time.perf_counter()
        path = "track" if batch == 1 else "batch"
        writer.write(head.format(path, len(body)).encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 200"), answer
        length = int(answer.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        waits.append((time.perf_counter() - started) * 1000)
    writer.close()
    return waits


@contextmanager
def serving() -> Iterator[int]:
    """Run one web process on a free port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "cxm.asgi:application", "--port", str(port)]
    options = ["--log-level", "error", "--no-access-log", "--loop", "uvloop", "--http", "httptools"]
    process = subprocess.Popen([*command, *options])
    try:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


if __name__ == "__main__":
    main()
