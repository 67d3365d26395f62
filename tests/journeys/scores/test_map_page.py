"""The page, its parts and the list: what they say, and at what price."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cxm.common.statistics import Figure
from cxm.dashboards.registry import Window, panels, render_panels
from cxm.workspaces.models import User, Workspace
from journeys.maps.models import JourneyMap, Lane
from journeys.maps.services import publish_version, start_draft
from journeys.scores.panels import journey_strip
from tests.journeys.make import draft_of, make_map, make_touchpoint, steps_of
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


def test_a_score_is_read_as_one_sentence(reader: Client, story: JourneyMap) -> None:
    shown = html(reader, story.get_absolute_url())
    said = "NPS minus 18, Off target. 95 % interval minus 31 to minus 5, 142 answers, target 20."
    assert f'aria-label="{said}"' in shown
    assert "NPS, Not enough data. n = 12. Shown from n = 30." not in shown
    assert "<b>Delivery is off target.</b> NPS −18 [−31, −5], n 142" in shown


def test_one_failing_step_is_framed_from_its_heading_to_the_last_lane(
    reader: Client, story: JourneyMap
) -> None:
    shown = html(reader, story.get_absolute_url())
    lanes = Lane.objects.filter(version__map=story).exclude(kind="feelings").count()
    assert len(re.findall(r'class="jm-cell is-failing', shown)) == lanes
    assert len(re.findall(r'class="jm-step is-failing', shown)) == 1
    assert len(re.findall(r"is-floor", shown)) == 1


def test_the_inspector_begins_with_the_worst_step_and_follows_the_address(
    reader: Client, story: JourneyMap
) -> None:
    shown = html(reader, story.get_absolute_url())
    assert "Off target since" in shown
    store = steps_of(draft_of(story))[2]
    other = html(reader, f"{story.get_absolute_url()}?step={store.pk}")
    assert "<h2>Visits the store</h2><p>Store advice · Stores</p>" in other
    part = html(reader, f"{story.get_absolute_url()}steps/{store.pk}/")
    assert "<html" not in part
    assert "On target." in part
    assert "measured by" in part.lower()


def test_the_period_is_in_the_address(reader: Client, story: JourneyMap) -> None:
    month = html(reader, f"{story.get_absolute_url()}?period=30")
    assert "Last 30 days" in month
    assert "Nothing is measured yet." in month
    assert "Last 90 days" in html(reader, f"{story.get_absolute_url()}?period=31")


def test_feelings_are_there_in_words_and_as_a_table(reader: Client, story: JourneyMap) -> None:
    shown = html(reader, story.get_absolute_url())
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
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 30


def test_news_come_only_when_there_are_some(reader: Client, story: JourneyMap) -> None:
    shown = html(reader, story.get_absolute_url())
    found = re.search(r'id="jm-poll" hx-get="([^"]+)"', shown)
    assert found is not None
    poll = found.group(1).replace("&amp;", "&")
    assert reader.get(poll).status_code == 204
    mark_scored(story.workspace)
    answer = reader.get(poll)
    assert answer.status_code == 200
    news = answer.content.decode()
    assert 'id="jm-curve" hx-swap-oob="innerHTML"' in news
    assert news.count('hx-swap-oob="innerHTML"') == 3 + 2 * 8
    assert 'role="gridcell"' not in news


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
