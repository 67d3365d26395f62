"""From the inbox to interactions: nothing is lost, nothing twice, nobody stops the others."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from uuid import UUID

import pytest
from django.db import connection, transaction

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import Workspace
from tests.touchpoints.make import NOON, make_source, make_touchpoint
from touchpoints.catalogue.services import create_default_channels
from touchpoints.interactions import sql
from touchpoints.interactions.models import (
    Interaction,
    Quarantined,
    Source,
    SourceDay,
    TouchpointDay,
    Visit,
    VisitSalt,
)
from touchpoints.interactions.services import (
    create_source,
    drain,
    forget_salts,
    put_events,
    replay,
)
from touchpoints.interactions.services.inbox import waiting_events
from touchpoints.interactions.services.sources import find_sender

pytestmark = pytest.mark.django_db(transaction=True)

CHROME = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36"
)
CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


def event(number: int = 1, **fields: object) -> dict[str, object]:
    return {
        "type": "page",
        "anonymousId": "a1",
        "messageId": f"m{number}",
        "context": {"page": {"url": "https://shop.example/", "referrer": ""}},
        **fields,
    }


def put(
    workspace: Workspace, source: Source, *events: Mapping[str, object], **about: object
) -> None:
    with workspace_scope(workspace.pk):
        put_events(source=source, events=events, received_at=NOON, **about)  # type: ignore[arg-type]


def counts(workspace: Workspace) -> tuple[int, ...]:
    with workspace_scope(workspace.pk):
        day = SourceDay.objects.get()
        assert day.received == day.stored + day.duplicate + day.bot + day.quarantined
        return day.received, day.stored, day.duplicate, day.bot, day.quarantined, day.declined


@pytest.fixture
def source(workspace: Workspace) -> Source:
    with workspace_scope(workspace.pk):
        create_default_channels(workspace=workspace)
    return make_source(workspace)[0]


def test_what_came_adds_up(workspace: Workspace, source: Source) -> None:
    put(workspace, source, event(1), event(1), event(2), {"type": "track"})
    put(workspace, source, event(3), event(4), user_agent=CRAWLER)
    put(workspace, source, event(5), event(6), declined=True)
    with workspace_scope(workspace.pk):
        assert waiting_events(workspace.pk) == 6
    done = drain()
    assert (done.bodies, done.events, done.busy) == (3, 8, False)
    assert counts(workspace) == (6, 2, 1, 2, 1, 2)
    assert drain().bodies == 0


def test_a_visit_knows_where_it_came_from_and_what_with(
    workspace: Workspace, source: Source
) -> None:
    first = event(
        1,
        context={
            "page": {
                "url": "https://shop.example/?gclid=abc",
                "referrer": "https://www.google.com/",
            },
            "userAgent": CHROME,
            "ip": "203.0.113.7",
        },
    )
    put(workspace, source, first, event(2))
    drain()
    with workspace_scope(workspace.pk):
        visit = Visit.objects.select_related("channel").get()
        rows = list(Interaction.objects.all())
    assert visit.channel is not None
    assert (visit.channel.key, visit.channel_version) == ("paid-search", 1)
    assert (visit.source_name, visit.medium, visit.click_id) == ("google", "cpc", "gclid")
    assert (visit.browser, visit.os, visit.device) == ("Chrome", "Linux", "desktop")
    assert visit.contacts == 2
    assert {row.channel_id for row in rows} == {visit.channel_id}
    assert not any("userAgent" in row.context or "ip" in row.context for row in rows)


def test_who_comes_back_by_themselves_is_marked(workspace: Workspace, source: Source) -> None:
    later = (NOON - timedelta(days=3)).isoformat()
    put(workspace, source, event(1, timestamp=later), event(2))
    drain()
    with workspace_scope(workspace.pk):
        marks = list(
            Visit.objects.order_by("started_at").values_list("returning_direct", flat=True)
        )
    assert marks == [False, True]


def test_events_without_an_id_count_once_each(workspace: Workspace, source: Source) -> None:
    bare = {"type": "track", "event": "A", "userId": "u1"}
    put(workspace, source, bare, bare)
    put(workspace, source, bare)
    drain()
    assert counts(workspace)[:3] == (3, 3, 0)


def test_a_body_that_cannot_be_sorted_in_stops_nobody(workspace: Workspace, source: Source) -> None:
    """What nobody foresaw: the database fails for one body, and for no other."""
    with workspace_scope(workspace.pk), connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF NEW.event = 'Poison' THEN RAISE EXCEPTION 'no such luck'; END IF; "
            "RETURN NEW; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON interactions_interaction "
            "FOR EACH ROW EXECUTE FUNCTION refuse()"
        )
    try:
        for number in range(5):
            put(workspace, source, event(number))
        put(workspace, source, event(90), event(91, type="track", event="Poison"))
        for number in range(5, 9):
            put(workspace, source, event(number))
        drain()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER refuse ON interactions_interaction")
            cursor.execute("DROP FUNCTION refuse")
    assert counts(workspace) == (11, 10, 0, 0, 1, 0)
    with workspace_scope(workspace.pk):
        bad = Quarantined.objects.get()
        assert bad.reason == "failed"
        assert "no such luck" in bad.detail
        # Its cause is mended now.
        replay(workspace=workspace, ids=[bad.pk])
        assert Interaction.objects.count() == 11


def test_a_workspace_that_is_at_work_is_left_alone(
    workspace: Workspace, other_workspace: Workspace, source: Source
) -> None:
    other = make_source(other_workspace)[0]
    put(workspace, source, event(1))
    put(other_workspace, other, event(1))
    locked, done = Event(), Event()

    def hold() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql.LOCK, {"workspace": str(workspace.pk)})
            locked.set()
            done.wait(20)
        connection.close()

    holder = Thread(target=hold)
    holder.start()
    try:
        assert locked.wait(20)
        first = drain()
    finally:
        done.set()
        holder.join()
    assert (first.bodies, first.busy) == (1, True)
    assert counts(other_workspace)[0] == 1
    assert drain().bodies == 1
    assert counts(workspace)[0] == 1


def test_two_drains_at_once_store_everything_once(workspace: Workspace, source: Source) -> None:
    for number in range(60):
        put(workspace, source, event(number), event(number + 1000))

    def work() -> None:
        drain()
        connection.close()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    drain()
    assert counts(workspace)[:3] == (120, 120, 0)
    with workspace_scope(workspace.pk):
        assert Interaction.objects.count() == 120
        assert TouchpointDay.objects.get().contacts == 120


def test_a_visitor_without_consent_has_a_name_for_the_day(workspace: Workspace) -> None:
    with workspace_scope(workspace.pk):
        _web, key = create_source(workspace=workspace, name="Site", kind=Source.Kind.WEB)
    first = find_sender(key)
    again = find_sender(key)
    assert first is not None
    assert again is not None
    assert len(first.salt) == 32
    assert first.salt == again.salt
    with workspace_scope(workspace.pk):
        assert _web.public_key == key
        tomorrow = (datetime.now(UTC) + timedelta(days=1)).date()
        assert forget_salts(workspace=workspace, today=tomorrow) == 1
        assert not VisitSalt.objects.exists()
    renewed = find_sender(key)
    assert renewed is not None
    assert renewed.salt != first.salt


def test_visitors_of_the_day_are_told_apart_and_belong_to_nobody(
    workspace: Workspace, source: Source
) -> None:
    for number, visitor in enumerate(("x" * 32, "x" * 32, "y" * 32)):
        put(workspace, source, {**event(number), "anonymousId": None}, visitor=visitor)
    drain()
    with workspace_scope(workspace.pk):
        assert Visit.objects.count() == 2
        names = set(Interaction.objects.values_list("anonymous_id", flat=True))
    assert names == {f"day:{'x' * 32}", f"day:{'y' * 32}"}


def test_a_placement_code_leads_to_its_touchpoint(workspace: Workspace, source: Source) -> None:
    place = make_touchpoint(workspace, key="poster")
    named = event(1, context={"touchpoint": "poster"})
    put(workspace, source, named, event(2, context={"touchpoint": "nowhere"}))
    drain()
    with workspace_scope(workspace.pk):
        row = Interaction.objects.get()
        assert (row.touchpoint_id, row.named) == (place.pk, True)
        reason = Quarantined.objects.get()
        assert reason.reason == "unknown_touchpoint"
        assert json.loads(reason.raw)["item"]["messageId"] == "m2"


def test_the_inbox_is_read_in_the_order_of_arrival(workspace: Workspace, source: Source) -> None:
    ids: list[UUID] = []
    for number in range(3):
        put(workspace, source, event(number))
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM interactions_inbox ORDER BY id DESC LIMIT 1")
            ids.append(cursor.fetchone()[0])
    assert ids == sorted(ids)
