"""The quarantine's pages: what they say, and how rows are mended."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import AuditEntry, User, Workspace
from tests.touchpoints.make import NOON, make_channel, make_record, make_source
from touchpoints.catalogue.models import Touchpoint
from touchpoints.interactions import services
from touchpoints.interactions.hiding import pretty
from touchpoints.interactions.models import (
    Interaction,
    JobStatus,
    Quarantined,
    Retry,
    Source,
    SourceDay,
)
from touchpoints.interactions.reasons import REASONS, reason_of
from touchpoints.interactions.services import ingest, mending

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
ROOM = Path(services.__file__).parent.parent

# By which call, and as which of its arguments, a reason is named in the code.
NAMED_BY = {"RefusedRecordError": 0, "BadCallError": 0, "Refused": 1, "_refuse": 2, "_whole": 1}


def reasons_in_code() -> Iterator[str]:
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            place = NAMED_BY.get(name)
            if place is None or len(node.args) <= place:
                continue
            said = node.args[place]
            if isinstance(said, ast.Constant) and isinstance(said.value, str):
                yield said.value


def test_every_reason_in_the_code_is_explained() -> None:
    found = set(reasons_in_code()) - {"day", "month", "year", "quantity"}
    assert {"unknown_touchpoint", "no_event", "invalid_json", "time_ahead"} <= found
    assert found - set(REASONS) == set()
    for code in found:
        reason = reason_of(code)
        assert str(reason.title)
        assert str(reason.meaning).endswith(".")
        assert str(reason.advice).endswith(".")


def event(number: int, **changes: object) -> dict[str, object]:
    return {
        "type": "track",
        "event": "Viewed",
        "userId": f"u{number}",
        "messageId": f"m{number}",
        "timestamp": "2026-05-20T10:00:00Z",
        **changes,
    }


@pytest.fixture
def source(scope: Workspace) -> Source:
    """A source that sends."""
    return make_source(scope)[0]


def send(source: Source, *events: dict[str, object]) -> None:
    """Let events come in as a sender's batch."""
    services.put_events(source=source, events=events, received_at=NOON)  # type: ignore[arg-type]
    services.drain()


@time_machine.travel(NOON, tick=False)
def test_rows_are_grouped_by_reason_with_what_to_do(
    scope: Workspace, client_for: Browser, bob: User, source: Source
) -> None:
    send(source, event(1, event=""), event(2, event=""), event(3, context={"touchpoint": "gone"}))
    browser = client_for(bob)
    answer = browser.get(reverse("quarantine"))
    groups = answer.context["groups"]
    assert [(group.code, group.count) for group in groups] == [
        ("no_event", 2),
        ("unknown_touchpoint", 1),
    ]
    html = answer.content.decode()
    assert "A track call does not say what happened." in html
    assert "Try all again" not in html
    other = browser.get(f"{reverse('quarantine')}?day=2026-05-19").context["groups"]
    assert other == []
    here = browser.get(f"{reverse('quarantine')}?day=2026-05-20&source={source.pk}")
    assert len(here.context["groups"]) == 2


@time_machine.travel(NOON, tick=False)
def test_a_sample_hides_contact_data_until_asked(
    scope: Workspace, client_for: Browser, bob: User, source: Source
) -> None:
    send(source, event(1, event="", properties={"email": "ida.holm@shop.example"}))
    browser = client_for(bob)
    page = browser.get(reverse("quarantine_reason", args=["no_event"])).content.decode()
    assert "ida.holm@shop.example" not in page
    assert "@shop.example" in page
    row = Quarantined.objects.get()
    assert "ida.holm" not in browser.get(reverse("quarantine_row", args=[row.pk])).content.decode()
    shown = browser.post(reverse("quarantine_row_shown", args=[row.pk]))
    assert "ida.holm@shop.example" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    assert AuditEntry.objects.filter(action="shown contact data of").exists()


@time_machine.travel(NOON, tick=False)
def test_the_missing_touchpoint_is_made_and_its_rows_are_stored(
    scope: Workspace, client_for: Browser, alice: User, source: Source
) -> None:
    channel = make_channel(scope, key="web")
    send(source, *(event(n, context={"touchpoint": "gone"}) for n in range(3)))
    browser = client_for(alice)
    page = browser.get(reverse("quarantine_reason", args=["unknown_touchpoint"]))
    assert [(one.key, one.count) for one in page.context["keys"]] == [("gone", 3)]
    answer = browser.post(
        reverse("quarantine_touchpoint"),
        {"key": "gone", "name": "Gone page", "channel": str(channel.pk)},
        follow=True,
    )
    assert "3 stored" in answer.content.decode()
    place = Touchpoint.objects.get(key="gone")
    assert Interaction.objects.filter(touchpoint=place).count() == 3
    day = SourceDay.objects.get()
    assert (day.received, day.stored, day.quarantined) == (3, 3, 0)


@time_machine.travel(NOON, tick=False)
def test_one_row_is_mended_by_hand_and_what_came_is_kept(
    scope: Workspace, client_for: Browser, alice: User, source: Source
) -> None:
    send(source, event(1, event=""))
    row = Quarantined.objects.get()
    before = row.raw
    browser, url = client_for(alice), reverse("quarantine_row", args=[row.pk])
    wrong = browser.post(url, {"raw": "{not json"})
    assert wrong.status_code == 422
    assert "not valid JSON" in wrong.content.decode()
    same = browser.post(url, {"raw": before})
    assert "still refused" in same.content.decode()
    content = json.loads(before)
    content["item"]["event"] = "Viewed"
    assert browser.post(url, {"raw": json.dumps(content)}).status_code == 302
    row.refresh_from_db()
    assert row.outcome == Quarantined.Outcome.STORED
    assert row.original == before
    assert Interaction.objects.get().event == "Viewed"
    assert AuditEntry.objects.get(action="mended").changes == {"raw": ["•••", "•••"]}
    assert browser.post(url, {"raw": json.dumps(content)}).status_code == 422


@time_machine.travel(NOON, tick=False)
def test_discarded_rows_keep_the_counts_and_the_note(
    scope: Workspace, client_for: Browser, alice: User, source: Source
) -> None:
    send(source, event(1, event=""), event(2, event=""), event(3, event=""))
    first = Quarantined.objects.order_by("pk")[0]
    browser, url = client_for(alice), reverse("quarantine_reason", args=["no_event"])
    without = browser.post(url, {"action": "discard", "row": str(first.pk)}, follow=True)
    assert "Say why" in without.content.decode()
    browser.post(url, {"action": "discard", "row": str(first.pk), "note": "agency test"})
    first.refresh_from_db()
    assert (first.outcome, first.note) == ("discarded", "agency test")
    browser.post(url, {"action": "discard", "scope": "all", "note": "all of it"})
    assert Quarantined.objects.filter(outcome="discarded").count() == 3
    day = SourceDay.objects.get()
    assert (day.received, day.quarantined) == (3, 3)
    assert "Discarded" in browser.get(reverse("quarantine")).content.decode()


@time_machine.travel(NOON, tick=False)
def test_chosen_rows_are_tried_again(
    scope: Workspace, client_for: Browser, alice: User, source: Source
) -> None:
    ahead = [make_record(key=f"r{n}", touchpoint="late") for n in range(2)]
    ingest(source=source, records=ahead, received_at=NOON)
    rows = list(Quarantined.objects.all())
    url = reverse("quarantine_reason", args=["unknown_touchpoint"])
    browser = client_for(alice)
    assert (
        "Choose at least one" in browser.post(url, {"action": "try"}, follow=True).content.decode()
    )
    answer = browser.post(url, {"action": "try", "row": [str(rows[0].pk), "nonsense"]}, follow=True)
    assert "1 tried again" in answer.content.decode()


def test_many_rows_are_work_for_later_that_survives_who_does_it(
    scope: Workspace, client_for: Browser, alice: User, source: Source,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(mending, "MOST_AT_ONCE", 3)
    monkeypatch.setattr(mending, "AT_A_TIME", 2)
    browser, url = client_for(alice), reverse("quarantine_reason", args=["no_event"])
    send(source, *(event(n, event="") for n in range(5)))
    for row in Quarantined.objects.order_by("pk")[:3]:
        content = json.loads(row.raw)
        content["item"]["event"] = "Viewed"
        Quarantined.objects.filter(pk=row.pk).update(raw=json.dumps(content))
    browser.post(url, {"action": "try", "scope": "all"})
    browser.post(url, {"action": "try", "scope": "all"})
    job = Retry.objects.get()
    assert (job.status, job.total) == (JobStatus.QUEUED, 5)
    # A worker takes two rows and dies; its lease runs out.
    lease = mending._claim(job)
    assert lease is not None
    assert mending._claim(job) is None
    assert mending._some(scope, job, lease) == 2
    Retry.objects.update(leased_until=NOON)
    assert services.retry_due(workspace=scope) == 3
    job.refresh_from_db()
    assert (job.status, job.done, job.stored, job.refused) == (JobStatus.DONE, 5, 3, 2)
    assert Interaction.objects.count() == 3
    part = browser.get(reverse("retry_progress", args=[job.pk])).content.decode()
    assert "3 stored" in part
    assert "hx-trigger" not in part
    assert services.retry_due(workspace=scope) == 0


def test_who_may_only_look_changes_nothing(
    scope: Workspace, client_for: Browser, bob: User, mallory: User, source: Source
) -> None:
    send(source, event(1, event=""))
    row = Quarantined.objects.get()
    url = reverse("quarantine_reason", args=["no_event"])
    assert client_for(bob).post(url, {"action": "try", "scope": "all"}).status_code == 403
    assert client_for(bob).post(reverse("quarantine_row", args=[row.pk])).status_code == 403
    assert client_for(mallory).get(reverse("quarantine_row", args=[row.pk])).status_code == 404
    unknown = reverse("quarantine_reason", args=["no-such-reason"])
    assert client_for(bob).get(unknown).status_code == 404
    with workspace_scope(scope.pk):
        assert Quarantined.objects.get().outcome == "open"


@pytest.mark.parametrize(
    ("raw", "hidden", "left"),
    [
        ('{"traits": {"name": "Ida Holm"}}', "Holm", "name"),
        ('{"item": {"name": "Product page"}}', "Ida", "Product page"),
        ('{"row": {"Customer Email": "a.bcdef@x.example"}}', "bcdef", "x.example"),
        ('{"note": "call +45 70 10 20 30 today"}', "70 10 20", "today"),
        ("broken a.bcdef@x.example", "bcdef", "broken"),
        ('{"list": [{"phone": "12345678"}], "n": 3}', "12345678", '"n": 3'),
    ],
)
def test_contact_data_is_masked_wherever_it_stands(raw: str, hidden: str, left: str) -> None:
    masked = pretty(raw, shown=False)
    assert hidden not in masked
    assert left in masked
    assert left in pretty(raw, shown=True)
