"""How long the server takes for a touchpoint's page as the table of interactions grows.

    python -m benchmarks.touchpoint_page [--days 10] [--per-day 1000000] [--at 1,2,5,10]

On a throw-away PostgreSQL, days of interactions are written one after the other; touches and sums
of each are worked out by the service that does so in production (`rebuild_days`). After the days
named by --at the page is asked for as a browser asks, a dozen times for each window, and printed
are the median and the slowest, beside the same count taken from the interactions themselves.
"""

# Django may be imported only once the server of the run has an address.
# ruff: noqa: PLC0415
from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxm.local.cluster import Cluster

if TYPE_CHECKING:
    from uuid import UUID

PLACES = 30
PASSWORD = "correct horse battery staple"
# Contacts of a visit, and visits of a visitor in a month.
CONTACTS, VISITS = 6, 3

FILL = """
INSERT INTO interactions_interaction (
    workspace_id, id, occurred_at, received_at, source_id, kind, event, name, touchpoint_id, named,
    customer_id, by_browser, anonymous_id, actor, visit_key, channel_id, channel_version,
    campaign_id, placement_id, quantity, dwell_seconds, dwell_method, value, currency, url,
    properties, context
)
SELECT %(workspace)s, gen_random_uuid(), at, at, %(source)s,
    CASE WHEN n %% 6 < 4 THEN 'page' ELSE 'track' END,
    (ARRAY['Home', 'Search', 'Product', 'Basket', 'Clicked', 'Page left'])[n %% 6 + 1], '',
    (%(places)s::uuid[])[1 + (n / 6 + n) %% %(count)s], false, NULL, false,
    'b' || (n / 6 %% %(visitors)s), md5('b' || (n / 6 %% %(visitors)s))::uuid,
    md5(%(day)s || ':' || (n / 6))::uuid, (%(channels)s::uuid[])[1 + n / 6 %% 5], 1, NULL, NULL, 1,
    CASE WHEN n %% 6 = 5 THEN (n %% 300) / 10.0 END,
    CASE WHEN n %% 6 = 5 THEN 'foreground' ELSE '' END, NULL, '',
    'https://shop.example/products/' || n %% 997, '{"position": 7}', '{"locale": "da"}'
FROM (
    SELECT n, %(start)s::timestamptz + n * interval '1 day' / %(rows)s AS at
    FROM generate_series(0, %(rows)s - 1) AS n
) AS numbers
"""


def main() -> None:
    """Write the days and measure on the way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=10)
    parser.add_argument("--per-day", type=int, default=1_000_000)
    parser.add_argument("--at", default="1,2,5,10")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cxm-bench-") as folder:
        Path(folder).chmod(0o755)
        cluster = Cluster(Path(folder) / "postgres", durable=False)
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
    """Fill day by day, newest last, and ask for the page."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from cxm.common.scope import workspace_scope
    from cxm.workspaces.models import User
    from cxm.workspaces.services import create_workspace
    from touchpoints.catalogue.models import Channel, Touchpoint
    from touchpoints.interactions.services import create_source, rebuild_days

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    owner = User.objects.create_user("bench@example.com", PASSWORD, name="Bench")
    workspace = create_workspace(name="Bench", owner=owner, slug="bench")
    with workspace_scope(workspace.pk):
        source, _key = create_source(workspace=workspace, name="Bench")
        channels = list(Channel.objects.values_list("pk", flat=True)[:5])
        places = [
            Touchpoint.objects.create(
                workspace=workspace, key=f"p{n}", name=f"Place {n}", channel_id=channels[0]
            ).pk
            for n in range(PLACES)
        ]
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(owner)
    wanted = {int(word) for word in options.at.split(",")}
    today = datetime.now(UTC).date()
    for number in range(1, options.days + 1):
        day = today - timedelta(days=options.days - number)
        started = time.perf_counter()
        with workspace_scope(workspace.pk):
            fill(workspace.pk, source.pk, places, channels, day, options.per_day)
            rebuild_days(workspace_id=workspace.pk, timezone="UTC", days=[day])
        print(f"day {number}: {time.perf_counter() - started:.0f} s", flush=True)
        if number in wanted:
            analyze()
            show(client, workspace.pk, places[0], number * options.per_day)


def fill(
    workspace: UUID, source: UUID, places: list[UUID], channels: list[UUID], day: date, rows: int
) -> None:
    """Write one day of interactions."""
    from django.db import connection

    from touchpoints.interactions.partitions import ensure_partitions, month_of_day

    ensure_partitions({month_of_day(day), month_of_day(day + timedelta(days=1))})
    with connection.cursor() as cursor:
        cursor.execute(
            FILL,
            {
                "workspace": workspace,
                "source": source,
                "places": places,
                "count": len(places),
                "channels": channels,
                "visitors": max(1, rows // CONTACTS // VISITS * 10),
                "day": day.isoformat(),
                "start": datetime(day.year, day.month, day.day, tzinfo=UTC),
                "rows": rows,
            },
        )


def analyze() -> None:
    """Tell the planner what has come, as autovacuum does in time."""
    from django.db import connection

    with connection.cursor() as cursor:
        for table in ("interaction", "touch", "touchpointday"):
            cursor.execute(f"VACUUM ANALYZE interactions_{table}")


def show(client: Any, workspace: UUID, place: UUID, rows: int) -> None:
    """Ask for the page in each window, and for the same count from the interactions."""
    from django.db import connection
    from django.urls import reverse

    from cxm.common.scope import workspace_scope

    for window in ("7d", "30d", "90d"):
        seconds = []
        for _ in range(12):
            started = time.perf_counter()
            answer = client.get(reverse("touchpoint", args=[place]), {"window": window})
            assert answer.status_code == 200, answer.status_code
            assert answer.content
            seconds.append(time.perf_counter() - started)
        print(
            f"{rows:>12,} rows, {window:>3}: median {statistics.median(seconds) * 1000:.0f} ms, "
            f"slowest {max(seconds) * 1000:.0f} ms",
            flush=True,
        )
    with workspace_scope(workspace), connection.cursor() as cursor:
        started = time.perf_counter()
        cursor.execute(
            "SELECT count(DISTINCT visit_key), count(DISTINCT actor), count(*) "
            "FROM interactions_interaction WHERE workspace_id = %s AND touchpoint_id = %s",
            [workspace, place],
        )
        print(
            f"{'':>12} from the interactions themselves: "
            f"{(time.perf_counter() - started) * 1000:.0f} ms, {cursor.fetchone()}",
            flush=True,
        )


if __name__ == "__main__":
    main()
