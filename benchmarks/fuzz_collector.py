"""Sends the collector what nobody should, and counts what becomes of it.

    python -m benchmarks.fuzz_collector [--payloads 100000] [--seed 1]

Hypothesis makes the payloads (tests/touchpoints/interactions/payloads.py): good events beside
malformed, oversized, ancient, future and deeply nested ones, replays, wrong encodings and keys,
gzip bombs. They go over HTTP to a real server with a throw-away PostgreSQL behind it, and one
drain sorts in what was taken. After each thousand payloads it is checked that

* each answer was the one that the payload should get: 200, or a 4xx where it is refused,
* each good event is stored, and once,
* received = stored + duplicate + bot + quarantined, and received is what was acknowledged.
"""

# Django may be imported only once the server of the run has an address.
# ruff: noqa: PLC0415
from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import warnings
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisWarning

from cxm.local.cluster import Cluster

if TYPE_CHECKING:
    from cxm.workspaces.models import Workspace
    from tests.touchpoints.interactions.payloads import Payload
    from tests.touchpoints.interactions.wire import Wire

ROUND = 1000
SHOWN = 10


def main() -> None:
    """Send, check, print the result; the exit code says whether all was well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payloads", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    warnings.simplefilter("ignore", HypothesisWarning)
    with tempfile.TemporaryDirectory(prefix="cxm-bench-") as folder:
        Path(folder).chmod(0o755)
        cluster = Cluster(Path(folder) / "postgres", durable=False)
        cluster.start(die_with_parent=True)
        try:
            cluster.ensure_database("cxm", "cxm")
            os.environ["DATABASE_URL"] = cluster.url("cxm", "cxm")
            os.environ["CXM_LOCAL"] = "1"
            os.environ["DATA_DIR"] = folder
            os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
            bad = run(options.payloads, options.seed)
        finally:
            cluster.stop()
    sys.exit(1 if bad else 0)


class Rounds:
    """Payloads on their way, and what must become of them."""

    def __init__(self, wire: Wire, workspace: Workspace) -> None:
        self.wire = wire
        self.workspace = workspace
        self.statuses: Counter[int] = Counter()
        self.sent = self.received = self.declined = 0
        self.good: set[str] = set()
        self.seen: set[str] = set()
        self.since = datetime.now(UTC)
        self.wrong: list[str] = []

    def send(self, payload: Payload) -> None:
        """Send one and look at the answer."""
        status = self.wire.send(payload.method, payload.path, payload.headers, payload.body)
        self.sent += 1
        self.statuses[status] += 1
        if status != 200 if payload.taken else not 400 <= status < 500:
            self.wrong.append(f"{status} for {payload}")
        if not payload.taken:
            return
        if payload.declined:
            self.declined += payload.events
        else:
            self.received += payload.events
            self.good |= payload.good

    def check(self) -> None:
        """Sort in what waits, and compare."""
        from tests.touchpoints.interactions.tally import tally_of
        from touchpoints.interactions.services import drain

        drain(seconds=600)
        tally = tally_of(self.workspace)
        if not tally.is_complete or tally.came != (self.received, self.declined):
            self.wrong.append(f"received {self.received}, declined {self.declined}, but {tally}")
        # Those of earlier rounds may have come again; all are looked at in the end.
        self.compare(self.good - self.seen, self.since)
        self.seen |= self.good
        self.good.clear()
        self.since = datetime.now(UTC)

    def compare(self, good: set[str], since: datetime) -> None:
        """Look whether each of these is stored, and once."""
        from django.db.models import Count

        from cxm.common.scope import workspace_scope
        from tests.touchpoints.interactions.payloads import MARKER
        from touchpoints.interactions.models import Interaction

        name = f"properties__{MARKER}"
        with workspace_scope(self.workspace.pk):
            found = Interaction.objects.filter(received_at__gte=since).order_by()
            stored = {row[name]: row["n"] for row in found.values(name).annotate(n=Count("pk"))}
        for each in good:
            if stored.get(each) != 1:
                self.wrong.append(f"{each} is stored {stored.get(each, 0)} times")


def run(payloads: int, first_seed: int) -> int:
    """Send that many payloads and return how many things went wrong."""
    import django

    django.setup()
    from django.core.management import call_command

    from cxm.common.scope import workspace_scope
    from tests.make import make_workspace
    from tests.touchpoints.interactions.payloads import payloads as payloads_for
    from tests.touchpoints.interactions.server import serving
    from tests.touchpoints.interactions.tally import tally_of
    from tests.touchpoints.interactions.wire import Wire
    from touchpoints.interactions.services import create_source

    call_command("migrate", verbosity=0)
    workspace = make_workspace(name="Fuzz", slug="fuzz")
    with workspace_scope(workspace.pk):
        key = create_source(workspace=workspace, name="Fuzz")[1]
    strategy = st.lists(payloads_for(key), min_size=4, max_size=8)
    before = time.monotonic()
    with serving(os.environ["DATABASE_URL"]) as server, Wire(server.url) as wire:
        rounds = Rounds(wire, workspace)
        number = first_seed
        while rounds.sent < payloads and len(rounds.wrong) < SHOWN:
            target = min(rounds.sent + ROUND, payloads)
            while rounds.sent < target:
                _examples(strategy, rounds, number, target)
                number += 1
            rounds.check()
            if not rounds.sent % (ROUND * 10) or rounds.sent >= payloads:
                passed = time.monotonic() - before
                print(f"{rounds.sent:>9,} payloads in {passed:,.0f} s", flush=True)
        rounds.compare(rounds.seen, datetime.min.replace(tzinfo=UTC))
    print("answers   ", ", ".join(f"{n:,} × {s}" for s, n in sorted(rounds.statuses.items())))
    print("events    ", tally_of(workspace))
    print("wrong     ", len(rounds.wrong))
    for line in rounds.wrong[:SHOWN]:
        print("  ", line[:2000])
    return len(rounds.wrong)


def _examples(
    strategy: st.SearchStrategy[list[Payload]], rounds: Rounds, number: int, target: int
) -> None:
    # A seed for each piece: hypothesis remembers what it has tried, and slows down with it.
    @seed(number)
    @settings(
        max_examples=50,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def send_all(payloads: list[Payload]) -> None:
        for payload in payloads:
            if rounds.sent < target:
                rounds.send(payload)

    send_all()


if __name__ == "__main__":
    main()
