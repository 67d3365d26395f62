"""How fast the collector takes events in, beside what it can be compared with, in one run.

    python -m benchmarks.collector [--seconds 8] [--connections 64] [--events 150000]

Everything runs on a throw-away PostgreSQL that waits for the disk at each commit. The load comes
from wrk (Debian's package of that name) over keep-alive connections; the servers are uvicorn
processes, one each. Compared are, with the same events:

* naive: a plain Django view that stores each event by one `objects.create()`;
* parse: a server that parses the same JSON and answers, and stores nothing;
* COPY: the rows as they end up, copied bare into a partitioned table with one commit for each
  1,000, without an index or any check;
* door: our collector with all it does before it answers (key, consent, checks, one COPY and commit
  for the requests that arrive together);
* through: from the first request until the last event is stored with its visit, channel,
  touchpoint, customer and goals and is counted in the sums of its day, by one drain beside the
  server, with the greatest lag seen on the way.
"""

# Django may be imported only once the server of the run has an address.
# ruff: noqa: PLC0415
from __future__ import annotations

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.collector_through import through
from benchmarks.rows import make_records
from cxm.local.cluster import Cluster

if TYPE_CHECKING:
    from cxm.workspaces.models import Workspace

LUA = """
local batch, name = {batch}, "{name}"
local thread_number, sent = 0, 0
wrk.method = "POST"
wrk.headers["Authorization"] = "Basic {auth}"
wrk.headers["Content-Type"] = "application/json"
function setup(thread) thread:set("number", thread_number); thread_number = thread_number + 1 end
local function event()
  sent = sent + 1
  return '{{"type":"track","event":"Product viewed","anonymousId":"' .. name .. '-' .. (sent % 9973)
    .. '","messageId":"' .. name .. '-' .. number .. '-' .. sent
    .. '","properties":{{"visitor_type":"New","position":' .. (sent % 50)
    .. ',"list":"Coffee"}},"context":{{"locale":"da","page":{{"url":"https://shop.example/products/'
    .. (sent % 997) .. '","title":"Coffee","referrer":"https://www.google.com/"}}}}}}'
end
function request()
  if batch == 1 then return wrk.format(nil, "{single}", nil, event()) end
  local events = {{}}
  for place = 1, batch do events[place] = event() end
  return wrk.format(nil, "/v1/batch", nil, '{{"batch":[' .. table.concat(events, ",") .. ']}}')
end
"""


@dataclass(frozen=True)
class Load:
    """What a load gave."""

    requests: int
    per_second: float
    p50: float
    p99: float
    bad: int


def main() -> None:
    """Measure and print one line for each way in."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--events", type=int, default=150_000)
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("Install wrk first: apt-get install wrk")
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
    from django.db import connection

    from cxm.common.scope import workspace_scope
    from cxm.workspaces.models import User
    from cxm.workspaces.services import create_workspace
    from touchpoints.interactions.partitions import ensure_partitions, month_of
    from touchpoints.interactions.services import create_source

    call_command("migrate", verbosity=0)
    owner = User.objects.create_user("bench@example.com", name="Bench")
    workspace = create_workspace(name="Bench", owner=owner, slug="bench")
    ensure_partitions({month_of(datetime.now(UTC))})
    with workspace_scope(workspace.pk):
        make_catalogue(workspace)
        source, key = create_source(workspace=workspace, name="Bench")
        os.environ["BENCH_SOURCE"] = str(source.pk)
        os.environ["BENCH_WORKSPACE"] = str(workspace.pk)
        bare = run_bare(100_000, 1_000)
    print(f"COPY      {100_000 / bare:>10,.0f} rows/s, one commit for each 1,000", flush=True)

    naive = load("benchmarks.peers:naive", key, 1, options, single="/naive")
    show("naive", naive)
    parse = load("benchmarks.peers:parse", key, 1, options)
    show("parse", parse)
    door = load("cxm.asgi:application", key, 1, options)
    show("door", door)
    print(
        f"          {door.per_second / naive.per_second:.1f} times naive, "
        f"{door.per_second / parse.per_second:.0%} of parse",
        flush=True,
    )
    for batch in (100, 1000):
        found = load("cxm.asgi:application", key, batch, options)
        rate = found.per_second * batch
        show(f"door {batch}", found)
        print(f"          {rate:,.0f} events/s, {rate * bare / 100_000:.0%} of COPY", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE interactions_inbox")
    with serving("cxm.asgi:application") as port:
        through(port, key, options.events)


def make_catalogue(workspace: Workspace) -> None:
    """Give the workspace touchpoints, rules to ask, a goal and a campaign, as one in use has."""
    from touchpoints.campaigns.models import Campaign
    from touchpoints.catalogue.models import Channel, Goal, MatchingRule, Touchpoint

    web = Channel.objects.get(key="direct")
    for number in range(30):
        place = Touchpoint.objects.create(
            workspace=workspace,
            key=f"place-{number}",
            name=f"Place {number}",
            channel=web,
            page_prefix=f"/products/{number}",
        )
        if number < 10:
            MatchingRule.objects.create(
                workspace=workspace,
                touchpoint=place,
                name=place.name,
                position=number,
                conditions=[
                    {"field": "event", "name": "", "operator": "is", "value": f"Event {number}"}
                ],
            )
    Goal.objects.create(
        workspace=workspace, key="buy", name="Buy", event_name="Bought", is_primary=True
    )
    Campaign.objects.create(
        workspace=workspace, key="spring", name="Spring", starts_on=datetime.now(UTC).date()
    )


def show(name: str, found: Load) -> None:
    """Print one result."""
    print(
        f"{name:9} {found.per_second:>10,.0f} requests/s  p50 {found.p50:.1f} ms  "
        f"p99 {found.p99:.1f} ms  {found.requests:,} requests"
        + (f"  {found.bad:,} NOT GOOD" if found.bad else ""),
        flush=True,
    )


def load(
    application: str, key: str, batch: int, options: argparse.Namespace, single: str = "/v1/track"
) -> Load:
    """Let wrk send for some seconds to one server process."""
    with serving(application) as port:
        run_wrk(port, key, batch, 1, options.connections, "warm", single)
        return run_wrk(port, key, batch, options.seconds, options.connections, f"b{batch}", single)


def run_wrk(
    port: int, key: str, batch: int, seconds: int, connections: int, name: str, single: str
) -> Load:
    """Run wrk and read what it prints."""
    auth = b64encode(f"{key}:".encode()).decode()
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(LUA.format(batch=batch, name=name, auth=auth, single=single))
        script.flush()
        done = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "30s",
             "-s", script.name, f"http://127.0.0.1:{port}"],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
    text = done.stdout
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    return Load(
        requests=int(found(r"(\d+) requests in", text)),
        per_second=float(found(r"Requests/sec:\s+([\d.]+)", text)),
        p50=milliseconds(found(r"(?m)^\s+50%\s+(\S+)", text)),
        p99=milliseconds(found(r"(?m)^\s+99%\s+(\S+)", text)),
        bad=int(bad.group(1)) if bad else 0,
    )


def found(pattern: str, text: str) -> str:
    """Return what a pattern finds in wrk's words."""
    match = re.search(pattern, text)
    assert match is not None, text
    return match.group(1)


def milliseconds(text: str) -> float:
    """Read wrk's "4.05ms", "812.00us" or "1.20s"."""
    for unit, factor in (("us", 0.001), ("ms", 1.0), ("s", 1000.0)):
        if text.endswith(unit):
            return float(text.removesuffix(unit)) * factor
    raise ValueError(text)


def run_bare(rows: int, chunk: int) -> float:
    """Copy the rows as they end up; return the seconds."""
    from uuid import uuid4

    from django.db import connection

    from touchpoints.interactions.partitions import month_after, month_of
    from touchpoints.interactions.services.sources import Sender
    from touchpoints.interactions.services.storing import Batch, make_row
    from touchpoints.interactions.services.visiting import Placed
    from touchpoints.interactions.sql import BATCH, COPY

    at = datetime.now(UTC)
    batch = Batch(Sender(uuid4(), uuid4(), "UTC"), (), at)
    copied = [
        make_row(1, uuid4(), batch, Placed(uuid4(), record, uuid4(), at, None), at.date())
        for record in make_records(rows)
    ]
    create = BATCH.replace(
        "CREATE TEMPORARY TABLE IF NOT EXISTS interactions_batch", "CREATE TABLE bare"
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
            with cursor.copy(COPY.replace("interactions_batch", "bare")) as copy:
                for row in copied[begin : begin + chunk]:
                    copy.write_row(row)
        seconds = time.perf_counter() - started
        cursor.execute("DROP TABLE bare")
    return seconds


@contextmanager
def serving(application: str) -> Iterator[int]:
    """Run one web process on a free port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", application, "--port", str(port)]
    options = [
        "--log-level",
        "critical",
        "--no-access-log",
        "--loop",
        "uvloop",
        "--http",
        "httptools",
    ]
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
