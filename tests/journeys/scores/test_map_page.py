"""The page, its parts and the list: what they say, and at what price."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cxm.common.statistics import Figure
from cxm.dashboards.registry import Window, panels, render_panels
from cxm.workspaces.models import User, Workspace
from journeys.maps.models import JourneyMap
from journeys.maps.services import publish_version, start_draft
from journeys.scores.panels import journey_strip
from tests.journeys.make import draft_of, make_map, make_touchpoint, steps_of
from tests.journeys.maps import ops
from tests.journeys.measures import mark_scored, measure_nps, store
from tests.journeys.story import make_story

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]


@pytest.fixture
def story(scope: Workspace) -> JourneyMap:
    return make_story(scope)


@pytest.fixture
def reader(client_for: ClientFor, alice: User) -> Client:
    return client_for(alice)


def html(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def scores(client: Client, journey: JourneyMap, **query: str) -> Any:
    answer = client.get(f"{journey.get_absolute_url()}scores/", query)
    assert answer.status_code == 200
    return answer.json()


def document(client: Client, path: str) -> Any:
    found = re.search(
        r'id="jm-document" type="application/json">(.*?)</script>', html(client, path)
    )
    assert found is not None
    return json.loads(found.group(1))


def test_a_score_is_read_as_one_sentence(reader: Client, story: JourneyMap) -> None:
    found = scores(reader, story)
    said = "NPS minus 18, Off target. 95 % interval minus 31 to minus 5, 142 answers, target 20."
    shown = "".join(step["score_html"] for step in found["steps"].values())
    assert f'aria-label="{said}"' in shown
    assert "NPS, Not enough data. n = 12. Shown from n = 30." not in shown
    assert found["finding"] == ["Delivery is off target.", "NPS −18 [−31, −5], n 142"]
    assert said in html(reader, f"{story.get_absolute_url()}read/")


def test_one_failing_step_is_framed(reader: Client, story: JourneyMap) -> None:
    found = scores(reader, story)
    delivery = steps_of(draft_of(story))[5]
    assert [pk for pk, step in found["steps"].items() if step["framed"]] == [str(delivery.pk)]
    assert [pk for pk, step in found["steps"].items() if step["failing"]] == [str(delivery.pk)]
    assert found["callout"]["step"] == str(delivery.pk)
    assert found["callout"]["head"] == "Delivery"


def test_feelings_come_as_numbers(reader: Client, story: JourneyMap) -> None:
    found = scores(reader, story)
    steps = [found["steps"][str(step.pk)] for step in steps_of(draft_of(story))]
    assert steps[5]["said"]["value"] == pytest.approx(-0.366, abs=0.01)
    assert steps[5]["said"]["low"] < steps[5]["said"]["value"] < steps[5]["said"]["high"]
    assert steps[5]["labels"] == {"value": "−0.4", "n": "n 142"}
    assert (steps[0]["said"], steps[0]["few_n"]) == (None, 12)
    assert steps[0]["labels"] == {"value": "", "n": "n = 12"}
    assert steps[0]["does"] == pytest.approx(0.0)
    assert steps[7]["does"] is None


def test_the_inspector_follows_the_address(reader: Client, story: JourneyMap) -> None:
    worst, store = steps_of(draft_of(story))[5], steps_of(draft_of(story))[2]
    assert "Off target since" in html(reader, f"{story.get_absolute_url()}steps/{worst.pk}/")
    part = html(reader, f"{story.get_absolute_url()}steps/{store.pk}/")
    assert "<h2>Visits the store</h2>" in part
    assert "<html" not in part
    assert "On target." in part
    assert "measured by" in part.lower()


def test_the_period_is_in_the_address(reader: Client, story: JourneyMap) -> None:
    month = scores(reader, story, period="30")
    assert month["period"] == "30"
    assert month["finding"][0] == "Nothing is measured yet."
    assert "Last 30 days" in html(reader, f"{story.get_absolute_url()}?period=30")
    assert "Last 90 days" in html(reader, f"{story.get_absolute_url()}?period=31")


def test_feelings_are_there_in_words_and_as_a_table(reader: Client, story: JourneyMap) -> None:
    shown = scores(reader, story)["summary"] + scores(reader, story)["table_html"]
    assert "Customers said: Reads reviews plus 1.0" in shown
    assert "Delivery minus 0.4" in shown
    assert '<th scope="row">Delivery</th><td>+0.7</td><td>−0.4</td>' in shown


def test_the_page_takes_the_same_queries_for_any_size(reader: Client, scope: Workspace) -> None:
    counts = []
    for size in (1, 9):
        places = [make_touchpoint(scope, f"Place {size} {n}") for n in range(size)]
        for place in places:
            measure_nps(scope, place, (60, 20, 20), target=20)
        journey = make_map(scope, *places)
        reader.get(journey.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            html(reader, journey.get_absolute_url())
        with CaptureQueriesContext(connection) as asked:
            scores(reader, journey)
        counts.append((len(queries), len(asked)))
    assert counts[0] == counts[1]
    # The frame around every page asks for what waits; the map itself:
    assert len([q for q in queries if 'FROM "maps_' in q["sql"]]) <= 12
    assert counts[0][1] <= 20


def test_scores_come_only_when_there_are_others(reader: Client, story: JourneyMap) -> None:
    address = f"{story.get_absolute_url()}scores/"
    seen = scores(reader, story)["stamp"]
    assert reader.get(address, {"seen": seen}).status_code == 204
    assert reader.get(address, {"seen": seen, "period": "30"}).status_code == 200
    mark_scored(story.workspace)
    later = scores(reader, story, seen=seen)["stamp"]
    assert later != seen
    ops.done(draft_of(story), ops.delete("step", steps_of(draft_of(story))[0].pk))
    assert len(scores(reader, story, seen=later)["steps"]) == 7


def test_an_older_version_is_looked_at_by_its_id(
    client_for: ClientFor, reader: Client, bob: User, story: JourneyMap
) -> None:
    first = draft_of(story)
    publish_version(version=first, by=None)
    draft = start_draft(journey=story)
    ops.done(draft, ops.update("step", steps_of(draft)[0].pk, name="Renamed"))
    old = document(reader, f"{story.get_absolute_url()}?version={first.pk}")
    assert (old["version"]["id"], old["may"]["edit"]) == (str(first.pk), False)
    assert old["steps"][0]["name"] == "Notices lamps"
    assert set(reader.get(old["urls"]["scores"]).json()["steps"]) == {
        step["id"] for step in old["steps"]
    }
    step = old["steps"][2]["id"]
    assert "Visits the store" in html(reader, f"{old['urls']['inspector']}{step}/")
    now = document(reader, story.get_absolute_url())
    assert (now["steps"][0]["name"], now["may"]["edit"]) == ("Renamed", True)
    other = make_map(story.workspace)
    for wrong in (draft_of(other).pk, "x"):
        assert reader.get(story.get_absolute_url(), {"version": str(wrong)}).status_code == 404
    viewer = client_for(bob)
    assert viewer.get(story.get_absolute_url(), {"version": str(first.pk)}).status_code == 200
    assert viewer.get(story.get_absolute_url(), {"version": str(draft.pk)}).status_code == 404


def test_the_list_for_phones_is_a_part_and_a_page(reader: Client, story: JourneyMap) -> None:
    address = f"{story.get_absolute_url()}read/"
    assert "<html" not in html(reader, address)
    assert "<html" in html(reader, f"{address}?page")
    opened = reader.get(address, headers={"Sec-Fetch-Dest": "document"}).content.decode()
    assert "<html" in opened
    assert "Waits, tracks, calls us" in opened


def test_readers_see_what_is_published_and_editors_the_draft(
    client_for: ClientFor, alice: User, bob: User, story: JourneyMap
) -> None:
    publish_version(version=draft_of(story), by=None)
    draft = start_draft(journey=story)
    step = steps_of(draft)[0]
    step.name = "Renamed in the draft"
    step.save()
    assert "Renamed in the draft" in html(client_for(alice), story.get_absolute_url())
    assert "Renamed in the draft" not in html(client_for(bob), story.get_absolute_url())


def test_the_list_shows_every_journey_with_its_stages(reader: Client, story: JourneyMap) -> None:
    shown = html(reader, "/app/journeys/")
    assert "Buying a lamp" in shown
    assert shown.count('class="nm"') == 5
    assert "[71, 78], n 388" in shown


def test_an_empty_list_says_what_to_do(reader: Client, scope: Workspace) -> None:
    shown = html(reader, "/app/journeys/")
    assert "Start with what the customer does first." in shown
    assert "/app/journeys/new/" in shown


def test_the_strip_on_the_home_page_states_the_finding(scope: Workspace) -> None:
    places = [make_touchpoint(scope, name) for name in ("Shop", "Delivery")]
    measure_nps(scope, places[0], (60, 20, 20), target=20)
    measure_nps(scope, places[1], (35, 46, 61), target=40)
    make_map(scope, *places)
    window = Window.ending(date(2026, 11, 22), 90)
    context = journey_strip(scope, window)
    assert context is not None
    assert context["finding"] == "Stage 2 fails: satisfaction 41, 29 below target of 70"
    assert "journey-strip" in [panel.key for panel in panels("journey")]


def test_the_strip_asks_for_what_is_missing(scope: Workspace) -> None:
    window = Window.ending(date(2026, 11, 22), 90)

    def shown() -> str:
        return "".join(render_panels("journey", scope, window, lambda permission: True, None))

    assert "No journey yet" in shown()
    make_map(scope, name="Empty one")
    assert "No touchpoints yet" in shown()


def test_the_home_page_shows_the_strip(reader: Client, story: JourneyMap, scope: Workspace) -> None:
    figure = Figure(64, 900, 61, 67, 1.5)
    store(scope, scope.pk, "satisfaction", figure, None, subject_kind="workspace")
    assert "Open the journey map" in html(reader, "/admin/")
