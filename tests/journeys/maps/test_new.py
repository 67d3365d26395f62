"""A map begins with a template, another map or nothing; the shelf of maps is kept in order."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import AuditEntry, User, Workspace
from journeys.maps.models import Card, JourneyMap, Stage, Version
from journeys.maps.services import publish_version, start_draft
from tests.journeys.counting import queries_of
from tests.journeys.make import (
    draft_of,
    lane_of,
    make_map,
    make_persona,
    make_touchpoint,
    steps_of,
    texts_of,
)
from touchpoints.catalogue.models import PhaseModel
from touchpoints.catalogue.services import create_default_phases

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
NEW = "/app/journeys/new/"


@pytest.fixture
def journey(scope: Workspace) -> JourneyMap:
    return make_map(scope, make_touchpoint(scope), make_touchpoint(scope, "Store"), name="Buying")


def test_a_template_alone_is_enough(editor: Client, scope: Workspace) -> None:
    answer = editor.post(NEW, {"template": "bank", "kind": "as_is"})
    journey = JourneyMap.objects.get()
    assert answer.headers["Location"] == journey.get_absolute_url()
    assert journey.name == "Changing to a new account"
    assert journey.is_main
    assert len(steps_of(draft_of(journey))) == 11


def test_a_second_map_of_a_template_gets_a_number(editor: Client, scope: Workspace) -> None:
    for _round in range(2):
        editor.post(NEW, {"template": "bank", "kind": "as_is"})
    assert sorted(JourneyMap.objects.values_list("name", flat=True)) == [
        "Changing to a new account",
        "Changing to a new account 2",
    ]


def test_personas_kind_and_phases_are_chosen(editor: Client, scope: Workspace) -> None:
    create_default_phases(workspace=scope)
    clara, omar = make_persona(scope, name="Clara"), make_persona(scope, name="Omar")
    model = PhaseModel.objects.get(key="decision")
    editor.post(
        NEW,
        {
            "template": "e-commerce",
            "name": "Buying a lamp",
            "kind": "to_be",
            "personas": [str(omar.pk), str(clara.pk)],
            "phases": str(model.pk),
        },
    )
    journey = JourneyMap.objects.get()
    assert (journey.kind, journey.phase_model) == ("to_be", model)
    assert [place.persona for place in journey.places.all()] == [clara, omar]
    # A phase that both models have stays; the others are open.
    phases = Stage.objects.filter(version=draft_of(journey)).order_by("position")
    assert [stage.phase.key if stage.phase else "" for stage in phases] == [
        "awareness", "consideration", "", "", "", "",
    ]  # fmt: skip


def test_a_free_journey_has_no_phases(editor: Client, scope: Workspace) -> None:
    create_default_phases(workspace=scope)
    editor.post(NEW, {"template": "travel", "kind": "as_is", "phases": "none"})
    journey = JourneyMap.objects.get()
    assert journey.phase_model is None
    assert not Stage.objects.filter(version__map=journey).exclude(phase=None).exists()


def test_a_map_starts_from_what_another_one_publishes(editor: Client, journey: JourneyMap) -> None:
    published = publish_version(version=draft_of(journey), by=None)
    draft = start_draft(journey=journey)
    Card.objects.filter(lane__version=draft, text="Does 1").update(text="Changed since")
    shown = editor.get(f"{NEW}?source={published.pk}").content.decode()
    assert f'<option value="{published.pk}" selected>Buying · As-is · Published' in shown
    editor.post(NEW, {"template": "map", "source": str(published.pk), "kind": "to_be"})
    made = JourneyMap.objects.get(kind="to_be")
    assert made.name == "Buying"
    assert texts_of(lane_of(draft_of(made), "actions")) == [
        ("Step 1", 0, "Does 1"),
        ("Step 2", 0, "Does 2"),
    ]


def test_a_version_of_another_workspace_is_no_choice(
    editor: Client, other_workspace: Workspace, journey: JourneyMap
) -> None:
    with workspace_scope(other_workspace.pk):
        foreign = draft_of(make_map(other_workspace))
    answer = editor.post(NEW, {"template": "map", "source": str(foreign.pk), "kind": "as_is"})
    assert "Choose the journey to start from." in answer.content.decode()
    assert JourneyMap.objects.count() == 1


def test_a_name_is_taken_once_for_each_kind(editor: Client, journey: JourneyMap) -> None:
    values = {"template": "blank", "name": "Buying"}
    answer = editor.post(NEW, {**values, "kind": "as_is"})
    assert "There is a journey of this name already." in answer.content.decode()
    assert editor.post(NEW, {**values, "kind": "to_be"}).status_code == 302


def test_the_page_costs_the_same_with_more_maps(editor: Client, journey: JourneyMap) -> None:
    editor.get(NEW)
    before = queries_of(editor, NEW)
    for _round in range(5):
        make_map(journey.workspace, personas=[make_persona(journey.workspace)])
    assert queries_of(editor, NEW) == before


def test_the_address_asks_for_template_and_persona(editor: Client, scope: Workspace) -> None:
    clara = make_persona(scope, name="Clara")
    shown = editor.get(f"{NEW}?template=health&persona={clara.pk.hex}").content.decode()
    assert 'value="health" checked' in shown
    assert f'value="{clara.pk}" checked' in shown
    assert editor.get(f"{NEW}?template=x&persona=x&source=x").status_code == 200


# --- the list ----------------------------------------------------------------------------


def test_an_empty_shelf_offers_a_template(editor: Client, scope: Workspace) -> None:
    shown = editor.get("/app/journeys/").content.decode()
    assert "Start with what the customer does first." in shown
    assert "Use a template" in shown


def test_the_list_is_found_by_words_persona_and_kind(editor: Client, scope: Workspace) -> None:
    clara = make_persona(scope, name="Clara")
    make_map(scope, name="Buying a lamp", personas=[clara])
    make_map(scope, name="Moving house", kind="to_be")
    for query, there, away in (
        ("q=lamp", "Buying a lamp", "Moving house"),
        ("q=clara", "Buying a lamp", "Moving house"),
        (f"persona={clara.pk}", "Buying a lamp", "Moving house"),
        ("kind=to_be", "Moving house", "Buying a lamp"),
    ):
        shown = editor.get(f"/app/journeys/?{query}").content.decode()
        assert f">{there}</a>" in shown, query
        assert f">{away}</a>" not in shown, query
    assert "No journey fits." in editor.get("/app/journeys/?q=nothing").content.decode()


def test_the_list_costs_the_same_with_more_maps(editor: Client, scope: Workspace) -> None:
    make_map(scope, make_touchpoint(scope), personas=[make_persona(scope)])
    editor.get("/app/journeys/")
    before = queries_of(editor, "/app/journeys/")
    for _round in range(6):
        make_map(scope, make_touchpoint(scope), personas=[make_persona(scope)])
    assert queries_of(editor, "/app/journeys/") == before


def test_a_copy_says_the_same_under_another_name(editor: Client, journey: JourneyMap) -> None:
    answer = editor.post(f"/app/journeys/{journey.pk}/copy/")
    copied = JourneyMap.objects.get(name="Buying 2")
    assert answer.headers["Location"] == copied.get_absolute_url()
    assert not copied.is_main
    assert texts_of(lane_of(draft_of(copied), "actions")) == texts_of(
        lane_of(draft_of(journey), "actions")
    )


def test_one_map_is_on_the_home_page(editor: Client, journey: JourneyMap) -> None:
    other = make_map(journey.workspace)
    editor.post(f"/app/journeys/{other.pk}/main/")
    assert list(JourneyMap.objects.filter(is_main=True)) == [other]


def test_deleting_says_what_goes_and_takes_versions_along(
    editor: Client, journey: JourneyMap
) -> None:
    heir = make_map(journey.workspace)
    publish_version(version=draft_of(journey), by=None)
    start_draft(journey=journey)
    shown = editor.get(f"/app/journeys/{journey.pk}/delete/").content.decode()
    assert "2 versions" in shown
    assert "1 was published" in shown
    assert "2 steps" in shown
    editor.post(f"/app/journeys/{journey.pk}/delete/")
    assert list(JourneyMap.objects.filter(is_main=True)) == [heir]
    assert Version.objects.filter(map_id=journey.pk).count() == 0
    assert AuditEntry.objects.filter(action="deleted", object_name="Buying").exists()


def test_a_map_to_which_others_lead_stays(editor: Client, journey: JourneyMap) -> None:
    other = make_map(journey.workspace, make_touchpoint(journey.workspace), name="Whole")
    draft = draft_of(other)
    lane = lane_of(draft, "actions")
    lane.kind = "journeys"
    lane.save()
    Card.objects.filter(lane=lane).update(linked_map=journey)
    shown = editor.post(f"/app/journeys/{journey.pk}/delete/").content.decode()
    assert "cannot be deleted yet" in shown
    assert "Whole" in shown
    assert JourneyMap.objects.filter(pk=journey.pk).exists()


def test_a_viewer_may_only_look(client_for: ClientFor, bob: User, journey: JourneyMap) -> None:
    viewer = client_for(bob)
    assert viewer.get(NEW).status_code == 403
    for path in ("copy", "main", "delete"):
        assert viewer.post(f"/app/journeys/{journey.pk}/{path}/").status_code == 403
    assert "/delete/" not in viewer.get("/app/journeys/").content.decode()


def test_a_stranger_finds_nothing(
    client_for: ClientFor, mallory: User, journey: JourneyMap
) -> None:
    stranger = client_for(mallory)
    for path in ("copy", "main", "delete"):
        assert stranger.post(f"/app/journeys/{journey.pk}/{path}/").status_code == 404
