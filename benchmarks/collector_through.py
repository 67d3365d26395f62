"""From the first request to the last sum: `benchmarks.collector` runs this beside a server."""

# Django may be imported only once the server of the run has an address.
# ruff: noqa: PLC0415
from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager


def through(port: int, key: str, events: int) -> None:
    """Send events at a steady rate of batches while a drain works, and watch the lag."""
    from django.db import connection

    with draining():
        seconds = max(1, round(events / 6_000))
        started = time.perf_counter()
        lags: list[float] = []
        stop = threading.Event()
        watcher = threading.Thread(target=watch, args=(stop, lags))
        watcher.start()
        sent = steady(port, key, 6_000, seconds)
        while waiting():
            time.sleep(0.05)
        total = time.perf_counter() - started
        stop.set()
        watcher.join()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('cxm.workspace', %s, false)", [os.environ["BENCH_WORKSPACE"]]
        )
        cursor.execute(
            "SELECT sum(contacts) FROM interactions_touchpointday "
            "WHERE touchpoint_id = '00000000-0000-0000-0000-000000000000'"
        )
        counted = int(cursor.fetchone()[0] or 0)
    print(
        f"through   {sent / total:>10,.0f} events/s sustained ({sent:,} events in {total:.1f} s, "
        f"{counted:,} counted), greatest lag {max(lags, default=0):.1f} s",
        flush=True,
    )


def steady(port: int, key: str, per_second: int, seconds: int) -> int:
    """Send batches of 100 at a steady rate over one connection; return the events sent."""
    auth = b64encode(f"{key}:".encode()).decode()
    sent = 0
    started = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port)) as wire:
        for number in range(seconds * per_second // 100):
            batch = [
                {
                    "type": "page",
                    "anonymousId": f"through-{(sent + place) // 6}",
                    "messageId": f"through-{sent + place}",
                    "properties": {"visitor_type": "New", "position": place},
                    "context": {
                        "page": {
                            "url": f"https://shop.example/products/{place % 97}",
                            "referrer": "https://www.google.com/",
                        }
                    },
                }
                for place in range(100)
            ]
            body = json.dumps({"batch": batch}).encode()
            wire.sendall(
                f"POST /v1/batch HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {auth}\r\n"
                f"Content-Length: {len(body)}\r\n\r\n".encode()
                + body
            )
            answer = b""
            while not answer.endswith(b"}"):
                answer += wire.recv(65536)
            assert answer.startswith(b"HTTP/1.1 200"), answer
            sent += 100
            ahead = started + (number + 1) * 100 / per_second - time.perf_counter()
            if ahead > 0:
                time.sleep(ahead)
    return sent


def waiting() -> int:
    """Return how many bodies wait."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM interactions_inbox")
        return int(cursor.fetchone()[0])


def watch(stop: threading.Event, lags: list[float]) -> None:
    """Note twice a second how old the oldest body is that waits."""
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as own:
        while not stop.wait(0.5):
            row = own.execute(
                "SELECT extract(epoch FROM now() - min(received_at)) FROM interactions_inbox"
            ).fetchone()
            lags.append(float(row[0]) if row and row[0] is not None else 0.0)


@contextmanager
def draining() -> Iterator[None]:
    """Run what the worker runs, in a process of its own."""
    code = (
        "import django, time; django.setup()\n"
        "from touchpoints.interactions.services import drain\n"
        "while True:\n    drain(); time.sleep(0.2)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code])
    try:
        yield
    finally:
        process.kill()
        process.wait()
