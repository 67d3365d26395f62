"""The admin: a whole map can be built there, and what is published can only be looked at."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cxm.workspaces.models import User, Workspace
from journeys.maps.models import Card, JourneyMap
from journeys.maps.services import publish_version
from tests.journeys.make import (
    draft_of,
    lane_of,
    make_map,
    make_persona,
    make_touchpoint,
    steps_of,
)

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]


@pytest.fixture
def staff(client_for: ClientFor, alice: User) -> Client:
    return client_for(alice)


def inline(prefix: str, *rows: dict[str, str]) -> dict[str, str]:
    fields = {
        f"{prefix}-TOTAL_FORMS": str(len(rows)),
        f"{prefix}-INITIAL_FORMS": "0",
        f"{prefix}-MIN_NUM_FORMS": "0",
        f"{prefix}-MAX_NUM_FORMS": "1000",
    }
    for number, row in enumerate(rows):
        fields |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return fields


def test_a_map_is_built_with_forms_alone(staff: Client, scope: Workspace) -> None:
    persona, place = make_persona(scope), make_touchpoint(scope)
    staff.post(
        "/admin/maps/journeymap/add/",
        {
            "name": "Buying",
            "kind": "as_is",
            **inline("places", {"persona": str(persona.pk), "position": "0"}),
            **inline("versions"),
        },
    )
    journey = JourneyMap.objects.get(name="Buying")
    assert [p.persona for p in journey.places.all()] == [persona]
    draft = draft_of(journey)
    assert draft.lanes.count() == 11
    answer = staff.post(
        f"/admin/maps/version/{draft.pk}/change/",
        {
            **inline("stages", {"position": "0", "name": "Before", "phase": ""}),
            **_unchanged_lanes(draft),
        },
    )
    assert answer.status_code == 302, answer.content.decode()[:2000]
    stage = draft.stages.get()
    staff.post(
        f"/admin/maps/stage/{stage.pk}/change/",
        {
            "name": "Before",
            "phase": "",
            **inline("steps", {"position": "0", "name": "Looks", "metric": ""}),
        },
    )
    step = stage.steps.get()
    answer = staff.post(
        f"/admin/maps/step/{step.pk}/change/",
        {
            "name": "Looks",
            "metric": "",
            **inline(
                "cards",
                {
                    "lane": str(lane_of(draft, "touchpoints").pk),
                    "position": "0",
                    "touchpoint": str(place.pk),
                    "span": "1",
                },
            ),
        },
    )
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert Card.objects.get().touchpoint == place


def test_a_published_version_can_only_be_looked_at(staff: Client, scope: Workspace) -> None:
    journey = make_map(scope, make_touchpoint(scope))
    draft = publish_version(version=draft_of(journey), by=None)
    step = steps_of(draft)[0]
    for path in (f"version/{draft.pk}", f"stage/{step.stage_id}", f"step/{step.pk}"):
        shown = staff.get(f"/admin/maps/{path}/change/")
        assert shown.status_code == 200
        assert 'name="_save"' not in shown.content.decode()
    refused = staff.post(f"/admin/maps/step/{step.pk}/change/", {"name": "Renamed"})
    assert refused.status_code == 403


def test_a_card_offers_the_lanes_of_its_own_map(staff: Client, scope: Workspace) -> None:
    make_map(scope, make_touchpoint(scope), name="Another")
    step = steps_of(draft_of(make_map(scope, make_touchpoint(scope))))[0]
    shown = staff.get(f"/admin/maps/step/{step.pk}/change/").content.decode()
    empty_form = shown[shown.index('name="cards-__prefix__-lane"') :]
    assert empty_form[: empty_form.index("</select>")].count("Actions") == 1


def test_the_lists_take_as_many_queries_for_any_number_of_rows(
    staff: Client, scope: Workspace
) -> None:
    for path in ("/admin/maps/journeymap/", "/admin/personas/persona/"):
        counts = []
        for _round in range(2):
            make_map(scope, make_touchpoint(scope), personas=[make_persona(scope)])
            staff.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert staff.get(path).status_code == 200
            counts.append(len(queries))
        assert counts[0] == counts[1], path


def test_a_touchpoint_on_a_map_is_kept_and_the_map_is_named(
    staff: Client, scope: Workspace
) -> None:
    place = make_touchpoint(scope)
    make_map(scope, place, name="Buying")
    shown = staff.get(f"/admin/catalogue/touchpoint/{place.pk}/delete/").content.decode()
    assert "“Delivery” at the step “Step 1” of “Buying, version 1”" in shown
    staff.post(f"/admin/catalogue/touchpoint/{place.pk}/delete/", {"post": "yes"})
    place.refresh_from_db()


def _unchanged_lanes(draft: object) -> dict[str, str]:
    lanes = list(draft.lanes.order_by("position"))  # type: ignore[attr-defined]
    fields = {
        "lanes-TOTAL_FORMS": str(len(lanes)),
        "lanes-INITIAL_FORMS": str(len(lanes)),
        "lanes-MIN_NUM_FORMS": "0",
        "lanes-MAX_NUM_FORMS": "1000",
    }
    for number, lane in enumerate(lanes):
        fields |= {
            f"lanes-{number}-id": str(lane.pk),
            f"lanes-{number}-version": str(lane.version_id),
            f"lanes-{number}-position": str(lane.position),
            f"lanes-{number}-kind": lane.kind,
            f"lanes-{number}-name": lane.name,
        }
    return fields
