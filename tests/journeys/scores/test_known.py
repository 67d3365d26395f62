"""What the inspector says of a touchpoint besides its scores, and the answers to quote."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cxm.workspaces.models import User, Workspace
from journeys.maps.models import JourneyMap
from surveys.responses.services import submit_response
from tests.journeys.make import draft_of, make_map, make_touchpoint, steps_of
from tests.journeys.measures import measure_nps
from tests.make import make_member
from tests.surveys.make import make_invited, make_reachable, make_survey
from tests.touchpoints.make import NOON, make_record, make_source
from touchpoints.catalogue.models import MatchingRule, Touchpoint
from touchpoints.interactions.reports import events
from touchpoints.interactions.reports.events import events_at
from touchpoints.interactions.services import ingest

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
_numbers = count(1)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def place(scope: Workspace) -> Touchpoint:
    return make_touchpoint(
        scope, "Delivery", event_names=["order.shipped", "parcel.delivered", "parcel.lost"]
    )


@pytest.fixture
def journey(scope: Workspace, place: Touchpoint) -> JourneyMap:
    return make_map(scope, place, make_touchpoint(scope, "Store"))


def inspector(client: Client, journey: JourneyMap, step: int = 0, **query: str) -> str:
    step_id = steps_of(draft_of(journey))[step].pk
    answer = client.get(f"{journey.get_absolute_url()}steps/{step_id}/", query)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def collect(workspace: Workspace, **counts: int) -> None:
    source, _key = make_source(workspace, f"Shop {next(_numbers)}")
    records = [
        make_record(event=event.replace("_", "."), anonymous_id=f"browser-{number}")
        for event, n in counts.items()
        for number in range(n)
    ]
    ingest(source=source, records=records, received_at=NOON)


def comment(place: Touchpoint, workspace: Workspace, text: str, score: int, days_ago: int) -> None:
    survey = make_survey(workspace, kind="transactional", touchpoint=place, name=f"After {text}")
    submit_response(survey=survey, score=score, comment=text, at=NOON - timedelta(days=days_ago))


def test_events_are_counted_by_name_with_those_that_never_came(
    client_for: ClientFor, alice: User, scope: Workspace, journey: JourneyMap
) -> None:
    collect(scope, order_shipped=3, parcel_delivered=2)
    shown = inspector(client_for(alice), journey)
    for name, n in (("order.shipped", 3), ("parcel.delivered", 2), ("parcel.lost", 0)):
        assert f'<code>{name}</code><span class="num">{n}</span>' in shown
    assert "Edit rules" in shown
    assert "Counted among" not in shown


def test_counting_stops_somewhere_and_says_so(
    scope: Workspace, place: Touchpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    collect(scope, order_shipped=3, parcel_delivered=2)
    since = NOON - timedelta(days=9)
    found = events_at(workspace=scope, touchpoint=place.pk, since=since)
    assert (found.total, found.whole) == (5, True)
    monkeypatch.setattr(events, "MOST_COUNTED", 4)
    with CaptureQueriesContext(connection) as queries:
        found = events_at(workspace=scope, touchpoint=place.pk, since=since)
    assert (found.total, found.whole, len(queries)) == (4, False, 1)
    assert not events_at(
        workspace=scope, touchpoint=place.pk, since=NOON + timedelta(days=1)
    ).events


def test_rules_are_told_in_words(
    client_for: ClientFor, alice: User, bob: User, place: Touchpoint, journey: JourneyMap
) -> None:
    rule = MatchingRule.objects.create(
        touchpoint=place,
        conditions=[{"field": "event", "name": "", "operator": "is", "value": "lost"}],
    )
    assert f'/app/touchpoints/rules/{rule.pk}/">Event is “lost”' in inspector(
        client_for(alice), journey
    )
    read = inspector(client_for(bob), journey)
    assert "Event is “lost”" in read
    assert "/app/touchpoints/rules/" not in read


def test_surveys_say_how_many_answered_of_whom(
    client_for: ClientFor, alice: User, scope: Workspace, place: Touchpoint, journey: JourneyMap
) -> None:
    survey = make_survey(scope, kind="transactional", touchpoint=place, name="After delivery")
    for number in range(4):
        invited, *_ = make_invited(survey, make_reachable(scope))
        if number == 0:
            submit_response(invitation=invited, score=1, comment="I took a day off.", at=NOON)
    shown = inspector(client_for(alice), journey)
    assert f'<a href="/app/results/{survey.pk}/">After delivery</a>' in shown
    assert "<b>1</b><small>of 4, 25 %</small>" in shown
    assert "Ask another" in shown
    assert "All 1" in shown
    other = inspector(client_for(alice), journey, step=1)
    assert "No survey asks about this touchpoint." in other


def test_the_newest_three_words_stand_with_their_score_and_day(
    client_for: ClientFor, alice: User, scope: Workspace, place: Touchpoint, journey: JourneyMap
) -> None:
    for number, score in enumerate((1, 7, 10, 3), start=1):
        comment(place, scope, f"<b>Words {number}", score, days_ago=number)
    answer = client_for(alice).get(
        f"{journey.get_absolute_url()}steps/{steps_of(draft_of(journey))[0].pk}/"
    )
    shown = answer.content.decode()
    assert '<blockquote class="jm-voice detractor"><p>&lt;b&gt;Words 1</p>' in shown
    assert "NPS 1 · 19 May" in shown
    assert '<blockquote class="jm-voice promoter">' in shown
    assert "Words 4</p>" not in shown
    month = inspector(client_for(alice), journey, period="30")
    assert "Words 1" in month


def test_a_touchpoint_that_nobody_measures_offers_three_ways(
    client_for: ClientFor, alice: User, bob: User, scope: Workspace, journey: JourneyMap
) -> None:
    shown = inspector(client_for(alice), journey, step=1)
    store = Touchpoint.objects.get(name="Store")
    assert "Not measured yet." in shown
    ways = shown.split('class="jm-measure"', 1)[1].split("</p>", 1)[0]
    assert f"/app/touchpoints/rules/new/?touchpoint={store.pk}" in ways
    assert f"/admin/questionnaires/survey/add/?kind=transactional&touchpoint={store.pk}" in ways
    assert f"/admin/kpis/kpi/add/?metric=nps&subject_id=touchpoint%3A{store.pk}" in ways
    assert "data-connecting" in shown
    analyst = inspector(client_for(make_member(scope, "analyst")), journey, step=1)
    assert "Connect an event" in analyst
    assert "Ask a survey here" not in analyst
    for reader in (bob, make_member(scope, "commenter")):
        read = inspector(client_for(reader), journey, step=1)
        assert "Not measured yet." in read
        for offer in ("Connect an event", "Ask a survey here", "Set a target", "<form"):
            assert offer not in read


def test_the_links_lead_to_forms_that_know_the_touchpoint(
    client_for: ClientFor, alice: User, journey: JourneyMap
) -> None:
    shown = inspector(client_for(alice), journey, step=1)
    store = Touchpoint.objects.get(name="Store")
    client = client_for(alice)
    for part in shown.split('class="jm-measure"', 1)[1].split("</p>", 1)[0].split('href="')[1:]:
        form = client.get(part.split('"', 1)[0])
        assert form.status_code == 200
        chosen = [
            option
            for option in form.content.decode().split("<option")
            if "selected" in option and str(store.pk) in option
        ]
        assert chosen, part


def test_a_measure_without_a_target_says_where_to_set_one(
    client_for: ClientFor, alice: User, scope: Workspace, journey: JourneyMap
) -> None:
    store = Touchpoint.objects.get(name="Store")
    measure_nps(scope, store, (60, 20, 20))
    assert "Set target" in inspector(client_for(alice), journey, step=1)


def test_the_small_form_tries_and_saves_a_rule_in_place(
    client_for: ClientFor, alice: User, scope: Workspace, journey: JourneyMap
) -> None:
    collect(scope, store_entered=3)
    store = Touchpoint.objects.get(name="Store")
    fields = {
        "touchpoint": str(store.pk),
        "name": "",
        "is_active": "on",
        "conditions-TOTAL_FORMS": "1",
        "conditions-INITIAL_FORMS": "0",
        "conditions-0-name": "",
        "conditions-0-field": "event",
        "conditions-0-operator": "is",
        "conditions-0-value": "store.entered",
    }
    shown = inspector(client_for(alice), journey, step=1)
    for name in fields:
        assert f'name="{name}"' in shown
    client = client_for(alice)
    tried = client.post("/app/touchpoints/rules/try/", fields).content.decode()
    assert "Would take <b>3</b> of the last 3 interactions." in tried
    assert client.post("/app/touchpoints/rules/new/", fields).status_code == 302
    assert "Event is “store.entered”" in inspector(client, journey, step=1)


def test_the_inspector_takes_the_same_queries_however_much_is_known(
    client_for: ClientFor, alice: User, scope: Workspace, place: Touchpoint, journey: JourneyMap
) -> None:
    client, counts = client_for(alice), []
    for number in (1, 2):
        for more in range(number * number):
            comment(place, scope, f"Words {number} {more}", 3, days_ago=more)
            collect(scope, order_shipped=number)
        inspector(client, journey)
        with CaptureQueriesContext(connection) as queries:
            inspector(client, journey)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_answers_to_quote_are_found_at_the_step_or_anywhere(
    client_for: ClientFor, alice: User, scope: Workspace, place: Touchpoint, journey: JourneyMap
) -> None:
    store = Touchpoint.objects.get(name="Store")
    comment(place, scope, "Nobody knows the day.", 2, days_ago=1)
    comment(store, scope, "Kind people.", 9, days_ago=2)
    client = client_for(alice)
    address = f"{journey.get_absolute_url()}quotes/"
    first, second = steps_of(draft_of(journey))

    def texts(**query: str) -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            found = client.get(address, query).json()["results"]
        assert len(queries) <= 8
        return [row["text"] for row in found]

    assert texts() == ["Nobody knows the day.", "Kind people."]
    assert texts(step=str(first.pk)) == ["Nobody knows the day."]
    assert texts(touchpoint=str(store.pk), step=str(second.pk)) == ["Kind people."]
    assert texts(q="KIND") == ["Kind people."]
    assert texts(q="\x00") == ["Nobody knows the day.", "Kind people."]
    row = client.get(address, {"q": "kind"}).json()["results"][0]
    assert set(row) == {"response_id", "touchpoint", "text", "score", "at", "survey"}
    assert (row["score"], row["survey"]) == (9, "After Kind people.")


def test_a_strangers_ids_find_nothing_to_quote(
    client_for: ClientFor, alice: User, mallory: User, scope: Workspace, journey: JourneyMap
) -> None:
    other = make_map(scope, make_touchpoint(scope, "Elsewhere"))
    address = f"{journey.get_absolute_url()}quotes/"
    client = client_for(alice)
    for query in (
        {"step": str(steps_of(draft_of(other))[0].pk)},
        {"step": "x"},
        {"touchpoint": str(journey.pk)},
        {"touchpoint": "x"},
    ):
        assert client.get(address, query).status_code == 404, query
    assert client_for(mallory).get(address).status_code == 404
