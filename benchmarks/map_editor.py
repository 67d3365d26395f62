"""How long the map's editor takes with a large map, in the server and in a browser.

    python -m benchmarks.map_editor [--stages 12] [--steps 60] [--lanes 15] [--cards 2000]

On a throw-away PostgreSQL a map is filled by operations. Measured is, in the server's process,
each kind of operation, the answer to a window that asks what is new when nothing is, the page,
the scores and the list for phones (median and 95th percentile). Then the page is opened in
Chromium, in a window of its own each time: from the navigation to `jm-drawn`, which the editor
marks after its first drawing; a keystroke in a card; one step of a drag. The run fails when a
limit is not kept: 1.5 s for the page to be drawn, 50 ms for an operation in the server, for a
keystroke and for a drag step.
"""

# Django may be imported only once the server of the run has an address.
# ruff: noqa: PLC0415
from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from benchmarks.map_editor_browser import LIMITS, browse
from cxm.local.cluster import Cluster

if TYPE_CHECKING:
    from django.test import Client

PASSWORD = "correct horse battery staple"
KINDS = (
    "actions", "touchpoints", "thoughts", "questions", "feelings", "scores", "needs", "pain_points",
    "moments", "opportunities", "content", "notes", "backstage", "systems", "responsible",
)  # fmt: skip
OPERATION_LIMIT = 50.0  # milliseconds
Json = dict[str, Any]


def main() -> None:
    """Start a database, fill it and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stages", type=int, default=12)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--lanes", type=int, default=15)
    parser.add_argument("--cards", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--without-browser", action="store_true")
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
            # Playwright runs an event loop in this thread.
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
            kept = measure(options)
        finally:
            cluster.stop()
    sys.exit(0 if kept else 1)


def measure(options: argparse.Namespace) -> bool:
    """Fill a map, measure the server, then the browser; say whether all limits were kept."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from cxm.common.scope import workspace_scope
    from cxm.workspaces.models import User
    from cxm.workspaces.services import create_workspace

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    owner = User.objects.create_user("bench@example.com", PASSWORD, name="Bench")
    workspace = create_workspace(name="Bench", owner=owner, slug="bench")
    with workspace_scope(workspace.pk):
        address, version = fill(workspace, options)
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(owner)
    kept = serve(client, address, version, options.rounds)
    if options.without_browser:
        return kept
    return judge(browse(client, address, options.rounds)) and kept


def fill(workspace: Any, options: argparse.Namespace) -> tuple[str, str]:
    """Make the map by operations, as an editor would."""
    from journeys.maps.models import Lane, Version
    from journeys.maps.services import create_map
    from touchpoints.catalogue.models import Channel, Touchpoint

    channel = Channel.objects.order_by("position")[0]
    places = [
        Touchpoint.objects.create(
            workspace=workspace, key=f"p{n}", name=f"Place {n}", channel=channel
        )
        for n in range(options.steps)
    ]
    journey = create_map(workspace=workspace, name="A large journey")
    draft = Version.objects.get(map=journey)
    Lane.objects.filter(version=draft).delete()
    stages = [
        {"kind": "stage", "id": str(uuid4()), "name": f"Stage {n}"} for n in range(options.stages)
    ]
    steps = [
        {
            "kind": "step",
            "id": str(uuid4()),
            "stage": stages[n * options.stages // options.steps]["id"],
            "name": f"Step {n}",
        }
        for n in range(options.steps)
    ]
    kinds = [KINDS[n % len(KINDS)] for n in range(options.lanes)]
    lanes = [{"kind": "lane", "id": str(uuid4()), "lane_kind": kind} for kind in kinds]
    carry_out(draft.pk, {"op": "insert", "rows": [*stages, *steps, *lanes]})
    cards = []
    usable = [lane for lane in lanes if lane["lane_kind"] != "scores"]
    for n in range(options.cards):
        lane = usable[n % len(usable)]
        column = (n // len(usable)) % len(steps)
        card: Json = {
            "kind": "card",
            "id": str(uuid4()),
            "lane": lane["id"],
            "step": steps[column]["id"],
            "text": f"What stands in card number {n} of the map",
        }
        turn = n // len(usable) // len(steps)
        if lane["lane_kind"] == "touchpoints":
            card |= {"text": "", "touchpoint": str(places[(column + turn) % len(places)].pk)}
        elif lane["lane_kind"] == "feelings":
            card |= {"text": "", "valence": (n % 5 - 2) / 1}
        elif lane["lane_kind"] == "pain_points":
            card |= {"severity": 1 + n % 3}
        cards.append(card)
    for begin in range(0, len(cards), 1000):
        started = time.perf_counter()
        part = cards[begin : begin + 1000]
        carry_out(draft.pk, {"op": "insert", "rows": part})
        print(f"{len(part)} cards inserted in {(time.perf_counter() - started) * 1000:.0f} ms")
    return journey.get_absolute_url(), str(draft.pk)


def carry_out(version_id: Any, change: Json) -> None:
    """Carry out one operation by the service."""
    from journeys.maps.operations.applying import carry_out as service
    from journeys.maps.operations.reading import read_operations

    sent = read_operations([{"id": str(uuid4()), "change": change}])
    (result,) = service(version_id=version_id, sent=sent).results
    assert result.number is not None, result.as_json()


# --- the server --------------------------------------------------------------------------


def serve(client: Client, address: str, version: str, rounds: int) -> bool:
    """Measure each question of the editor; say whether the limit of operations was kept."""
    from journeys.maps.models import Version

    document = load(client, address)
    lanes = {lane["kind"]: lane["id"] for lane in document["lanes"]}
    steps = [step["id"] for step in document["steps"]]
    stage = document["stages"][0]["id"]
    by_lane: dict[str, list[Json]] = {}
    for card in document["cards"]:
        by_lane.setdefault(card["lane"], []).append(card)
    actions, pains = by_lane[lanes["actions"]], by_lane[lanes["pain_points"]]
    since = document["version"]["revision"]
    new: list[str] = []

    def insert(number: int) -> Json:
        new.append(str(uuid4()))
        row = {"kind": "card", "id": new[-1], "lane": lanes["actions"], "text": f"New {number}"}
        return {"op": "insert", "rows": [{**row, "step": steps[number % len(steps)]}]}

    def update(card: str, **fields: Any) -> Json:
        return {"op": "update", "kind": "card", "id": card, "fields": fields}

    def move(number: int) -> Json:
        to = {"lane": lanes["actions"], "step": steps[(number * 7) % len(steps)]}
        card = actions[number % len(actions)]["id"]
        return {"op": "move", "kind": "card", "id": card, "to": to, "at": 0}

    changes: dict[str, Callable[[int], Json]] = {
        "insert card": insert,
        "update card": lambda n: update(actions[n % len(actions)]["id"], text=f"Words {n}"),
        "update pain point": lambda n: update(pains[n % len(pains)]["id"], text=f"Hurts {n}"),
        "move card": move,
        "move step": lambda n: {
            "op": "move", "kind": "step", "id": steps[0], "to": {"stage": stage}, "at": n % 3,
        },
        "delete card": lambda _n: {"op": "delete", "kind": "card", "ids": [new.pop()]},
    }  # fmt: skip
    print(f"\nserver, {rounds} times each:")
    kept = True
    for name, change in changes.items():
        seconds = []
        for number in range(rounds):
            since = current(Version, version)
            ops = [{"id": str(uuid4()), "change": change(number)}]
            started = time.perf_counter()
            found = sync(client, address, version, since, ops)
            seconds.append(time.perf_counter() - started)
            assert "number" in found["results"][0], found["results"]
        _middle, late = tell(name, seconds)
        if late > OPERATION_LIMIT:
            kept = False
            print(f"  {name} takes longer than {OPERATION_LIMIT:.0f} ms")
    since = current(Version, version)
    seconds = timed(rounds, lambda: sync(client, address, version, since, []))
    tell("nothing new", seconds)
    tell("page", timed(rounds // 3, lambda: got(client, address)))
    tell("scores", timed(rounds // 3, lambda: got(client, f"{address}scores/")))
    stamp = client.get(f"{address}scores/").json()["stamp"]
    tell("no other scores", timed(rounds, lambda: client.get(f"{address}scores/", {"seen": stamp})))
    tell("list for phones", timed(max(rounds // 10, 2), lambda: got(client, f"{address}read/")))
    size = len(json.dumps(document))
    print(f"document: {size / 1024:.0f} kB, {len(document['cards'])} cards")
    return kept


def current(model: Any, version: str) -> int:
    """Return the number of the last operation."""
    from cxm.common.scope import directory_scope, workspace_scope
    from cxm.workspaces.models import Workspace

    with directory_scope():
        workspace = Workspace.objects.get()
    with workspace_scope(workspace.pk):
        return int(model.objects.values_list("revision", flat=True).get(pk=version))


def sync(client: Client, address: str, version: str, since: int, ops: list[Json]) -> Json:
    """Ask as a window does."""
    body = {"version": version, "since": since, "client": "bench", "place": "", "ops": ops}
    answer = client.post(f"{address}sync/", json.dumps(body), content_type="application/json")
    assert answer.status_code == 200, answer.content
    found: Json = answer.json()
    return found


def load(client: Client, address: str) -> Json:
    """Return the page's document."""
    page = got(client, address)
    begin = page.index('id="jm-document"')
    found: Json = json.loads(page[page.index(">", begin) + 1 : page.index("</script>", begin)])
    return found


def got(client: Client, address: str) -> str:
    """Return what is at an address."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def timed(rounds: int, ask: Callable[[], object]) -> list[float]:
    """Return how long each of several turns took."""
    seconds = []
    for _ in range(rounds):
        started = time.perf_counter()
        ask()
        seconds.append(time.perf_counter() - started)
    return seconds


def tell(name: str, seconds: list[float]) -> tuple[float, float]:
    """Print median and 95th percentile in milliseconds, and return them."""
    ordered = sorted(second * 1000 for second in seconds)
    middle = statistics.median(ordered)
    late = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    print(f"  {name:<20} p50 {middle:7.1f} ms   p95 {late:7.1f} ms", flush=True)
    return middle, late


def judge(found: Json) -> bool:
    """Print what the browser took; say whether the limits were kept."""
    print("\nbrowser:")
    kept = True
    for name, limit in LIMITS.items():
        _middle, late = tell(name, found[name])
        if late > limit:
            kept = False
            print(f"  {name} takes longer than {limit:.0f} ms")
    return kept


if __name__ == "__main__":
    main()
