import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from cxm.common.clock import now
from cxm.common.scope import workspace_scope
from cxm.customers import timeline
from cxm.customers.keys import email_key
from cxm.customers.models import Customer
from cxm.customers.reports import family_ids
from cxm.customers.services import merge, record_consent, undo_merge
from cxm.customers.timeline import Cursor, TimelineEntry, Wanted, entries_of, page_of
from cxm.workspaces.models import AuditEntry, User, Workspace
from tests.cxm.customers.make import make_customer
from tests.cxm.customers.queries import queries_of_room
from tests.make import make_member

Browser = Callable[[User], Client]
NOON = datetime(2026, 5, 20, 12, tzinfo=UTC)


@pytest.fixture
def mara(workspace: Workspace) -> Customer:
    return make_customer(workspace, email_key("mara@example.com"), name="Mara")


@pytest.fixture
def no_sources() -> Iterator[None]:
    before = dict(timeline.sources)
    timeline.sources.clear()
    yield
    timeline.sources.clear()
    timeline.sources.update(before)


@pytest.fixture
def two_sources(no_sources: None) -> None:
    @timeline.timeline("visits", "Visits")
    def visits(wanted: Wanted) -> Iterable[TimelineEntry]:
        if wanted.before:
            return []
        return [
            TimelineEntry(now(), UUID(int=1), "web", "Web visit, 6 minutes", "Left without a cart.")
        ]

    @timeline.timeline("answers", "Answers")
    def answers(wanted: Wanted) -> Iterable[TimelineEntry]:
        if wanted.before:
            return []
        at = now() - timedelta(minutes=1)
        return [
            TimelineEntry(
                at, UUID(int=2), "comment", "Survey answer", "Late", "Delivery", "answer", 4
            )
        ]


def page(client: Client, customer: Customer, query: str = "") -> str:
    answer = client.get(customer.get_absolute_url() + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_timeline_joins_its_sources_and_can_show_one(
    mara: Customer, alice: User, client_for: Browser, two_sources: None
) -> None:
    client = client_for(alice)
    whole = page(client, mara)
    assert whole.index("Web visit, 6 minutes") < whole.index("Survey answer")
    assert "Today" in whole
    assert "Here it began" in whole
    part = page(client, mara, "?show=visits")
    assert "Web visit, 6 minutes" in part
    assert "Survey answer" not in part


def test_a_source_is_entered_once(two_sources: None) -> None:
    with pytest.raises(ValueError, match="entered twice"):
        timeline.timeline("visits", "Visits")(lambda wanted: [])


@given(st.datetimes(timezones=st.just(UTC)), st.text("abc-_", max_size=20), st.uuids())
def test_a_cursor_is_read_as_it_was_written(at: datetime, source: str, key: UUID) -> None:
    cursor = Cursor(at, source, key)
    assert Cursor.parse(str(cursor)) == cursor


@pytest.mark.parametrize("text", ["", "x", "YWJj", "ä", "MjAyNi0wNS0yMHx8MA", "=" * 9])
def test_nonsense_is_no_cursor(text: str) -> None:
    with pytest.raises(ValueError, match="no place"):
        Cursor.parse(text)


def test_pages_neither_miss_nor_repeat_though_all_happened_at_once(
    scope: Workspace, mara: Customer
) -> None:
    """Consents and merges at the same moments, walked with pages of every size."""
    others = [make_customer(scope, name=f"O{n}") for n in range(4)]
    for n in range(12):
        record_consent(
            customer=[mara, *others][n % 5],
            purpose="survey",
            channel="email",
            granted=True,
            source=f"s{n}",
            at=NOON - timedelta(hours=n // 4),
        )
    for other in others:
        merge(winner=mara, loser=other)
    made = [merge(winner=mara, loser=other) for other in others]
    for row in made:
        row.created_at = NOON - timedelta(hours=1)
        row.save()
    undone = undo_merge(merge=made[0])
    type(undone).objects.filter(pk=undone.pk).update(undone_at=NOON)
    mara.refresh_from_db()
    family = family_ids(mara)
    whole = list(entries_of(mara, family, limit=1000))
    # Three of twelve consents left with the customer who was taken out again.
    assert len(whole) == 12 - len([n for n in range(12) if n % 5 == 1]) + len(made) + 1
    assert [e.at for e in whole] == sorted((e.at for e in whole), reverse=True)
    for limit in (1, 2, 3, 7):
        assert list(entries_of(mara, family, limit=limit)) == whole
    first = page_of(mara, family, limit=5)
    second = page_of(mara, family, limit=5, before=first.older)
    assert (first.entries + second.entries) == whole[:10]


def test_consents_and_merges_are_told_and_found(
    mara: Customer, workspace: Workspace, alice: User, client_for: Browser
) -> None:
    other = make_customer(workspace, name="Lina", consent=("survey", "email"))
    with workspace_scope(workspace.pk):
        undo_merge(merge=merge(winner=mara, loser=other, by=alice), by=alice)
        merge(winner=mara, loser=other, by=alice)
    client = client_for(alice)
    whole = page(client, mara)
    assert "Agreed: Ask for feedback by e-mail" in whole
    assert f"Merged: {other.number} Lina into {mara.number} Mara" in whole
    assert "Taken apart again" in whole
    assert "Agreed" not in page(client, mara, "?q=taken")
    assert "Taken apart again" in page(client, mara, "?q=taken")
    assert "Agreed" in page(client, mara, "?show=consents&q=FEEDBACK")
    assert "Nothing like this happened" in page(client, mara, "?q=zzz")


def test_one_can_jump_to_a_date(
    mara: Customer, workspace: Workspace, alice: User, client_for: Browser
) -> None:
    with workspace_scope(workspace.pk):
        for n in range(3):
            record_consent(
                customer=mara,
                purpose="survey",
                channel="email",
                granted=True,
                source=f"day {n}",
                at=NOON + timedelta(days=n),
            )
    found = page(client_for(alice), mara, "?until=2026-05-21&show=consents")
    part = found.split('id="timeline"')[1].split('class="stack"')[0]
    assert "day 0" in part
    assert "day 1" in part
    assert "day 2" not in part
    for nonsense in ("?until=9999-12-31", "?until=x", "?before=x", "?show=x", "?q=%00"):
        assert "day 2" in page(client_for(alice), mara, nonsense)


def test_older_entries_come_as_a_part_by_the_cursor_in_the_page(
    mara: Customer, workspace: Workspace, alice: User, client_for: Browser
) -> None:
    with workspace_scope(workspace.pk):
        for n in range(95):
            record_consent(
                customer=mara,
                purpose="survey",
                channel="email",
                granted=bool(n % 2),
                source=f"no. {n:02}",
                at=NOON + timedelta(minutes=n),
            )
    client = client_for(alice)
    seen = []
    text = page(client, mara)
    counts = set()
    while True:
        body = text[text.index("<h3") if "<h3" in text else 0 :]
        timeline_only = body.split("Here it began")[0].split('id="identity"')[0]
        seen += [n for n in range(95) if f"Through no. {n:02}." in timeline_only]
        if 'class="older"' not in text:
            break
        address = text.split('class="older" hx-get="')[1].split('"')[0].replace("&amp;", "&")
        texts: list[str] = []
        counts.add(
            queries_of_room(lambda a=address, t=texts: t.append(client.get(a).content.decode()))  # type: ignore[misc]
        )
        (text,) = texts
        # The day goes on: its name stands there already.
        assert "<h3" not in text
    assert sorted(seen) == list(range(95))
    assert len(counts) == 1


def test_the_part_tells_the_address_of_what_it_shows(
    mara: Customer, alice: User, client_for: Browser
) -> None:
    address = reverse("customer_timeline", args=[mara.pk])
    answer = client_for(alice).get(address + "?show=merges&q=x")
    assert answer["HX-Push-Url"] == mara.get_absolute_url() + "?show=merges&q=x"
    body = answer.content.decode()
    assert "<html" not in body
    # And how much it is, for who does not see it.
    assert '<p id="tl-said" hx-swap-oob="innerHTML">0 entries</p>' in body


def test_the_timeline_can_be_taken_along(
    mara: Customer, workspace: Workspace, alice: User, client_for: Browser
) -> None:
    with workspace_scope(workspace.pk):
        record_consent(
            customer=mara, purpose="survey", channel="email", granted=True, source="=cmd"
        )
    client = client_for(alice)
    address = reverse("customer_timeline_export", args=[mara.pk])
    assert client.get(address).status_code == 405
    answer = client.post(address, {"format": "csv"})
    assert answer["Content-Disposition"] == f'attachment; filename="timeline-{mara.number}.csv"'
    (row,) = csv.DictReader(io.StringIO(answer.content.decode()))
    assert row["title"] == "Agreed: Ask for feedback by e-mail"
    (entry,) = json.loads(client.post(address, {"format": "json"}).content)
    assert entry["detail"] == "Through =cmd."
    assert json.loads(client.post(address, {"format": "json", "show": "merges"}).content) == []
    with workspace_scope(workspace.pk):
        assert AuditEntry.objects.filter(action="exported timeline of").count() == 3
    analyst = client_for(make_member(workspace, "analyst"))
    assert analyst.post(address, {"format": "csv"}).status_code == 403
