"""Pain points and opportunities are the same on all maps that show them."""

from __future__ import annotations

import pytest

from cxm.workspaces.models import Workspace
from journeys.maps.models import Card, Opportunity, PainPoint, Version
from journeys.maps.services import publish_version, start_draft
from tests.journeys.make import draft_of, lane_of, make_map, make_touchpoint, steps_of
from tests.journeys.maps import ops

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(scope: Workspace) -> Version:
    return draft_of(make_map(scope, make_touchpoint(scope)))


@pytest.fixture
def other(scope: Workspace) -> Version:
    return draft_of(make_map(scope, make_touchpoint(scope)))


def pain_of(version: Version) -> Card:
    return Card.objects.get(lane=lane_of(version, "pain_points"))


def linked(version: Version, pain: PainPoint, text: str = "") -> Card:
    """Show an existing pain point on a map."""
    lane, step = lane_of(version, "pain_points"), steps_of(version)[0]
    row = ops.insert(ops.card(lane.pk, step.pk, text, pain_point=str(pain.pk)))
    ops.done(version, row)
    return Card.objects.get(pk=row["rows"][0]["id"])


def test_a_new_card_makes_its_row_and_the_sender_hears_of_it(draft: Version) -> None:
    lane, step = lane_of(draft, "pain_points"), steps_of(draft)[0]
    new = ops.insert(ops.card(lane.pk, step.pk, "No date", severity=3))
    ops.done(draft, new)
    pain = PainPoint.objects.get(title="No date")
    assert pain.severity == 3
    derived = draft.operations.get(number=2)
    assert derived.content["id"] == new["rows"][0]["id"]
    assert derived.content["fields"] == {"pain_point": str(pain.pk)}
    assert derived.client == ""


def test_a_card_that_shows_an_existing_one_says_what_it_says(
    draft: Version, other: Version
) -> None:
    pain = pain_of(draft).pain_point
    assert pain is not None
    card = linked(other, pain, "Something else")
    assert (card.text, card.severity) == ("Nobody knows", 2)
    derived = other.operations.get(number=2).content["fields"]
    assert derived == {"text": "Nobody knows", "severity": 2}


def test_a_change_reaches_the_row_and_the_copies_in_all_drafts(
    draft: Version, other: Version, scope: Workspace
) -> None:
    card = pain_of(draft)
    pain = card.pain_point
    assert pain is not None
    same, copy = linked(draft, pain), linked(other, pain)
    before = Version.objects.get(pk=other.pk).revision
    ops.done(draft, ops.update("card", card.pk, text="Nobody tells us", severity=3))
    for row in (same, copy, pain):
        row.refresh_from_db()
    assert (pain.title, pain.severity) == ("Nobody tells us", 3)
    assert [(c.text, c.severity) for c in (same, copy)] == [("Nobody tells us", 3)] * 2
    there = Version.objects.get(pk=other.pk)
    assert there.revision == before + 1
    last = there.operations.get(number=there.revision)
    assert last.content["fields"] == {"text": "Nobody tells us", "severity": 3}
    here = Version.objects.get(pk=draft.pk)
    assert sorted(draft.operations.values_list("number", flat=True)) == list(
        range(1, here.revision + 1)
    )


def test_what_was_published_keeps_what_it_said(draft: Version, other: Version) -> None:
    pain = pain_of(draft).pain_point
    assert pain is not None
    copy = linked(other, pain)
    publish_version(version=other, by=None)
    again = start_draft(journey=other.map)
    ops.done(draft, ops.update("card", pain_of(draft).pk, text="New words"))
    copy.refresh_from_db()
    assert copy.text == "Nobody knows"
    assert Card.objects.filter(lane__version=again, text="New words").count() == 1


def test_the_status_of_an_opportunity_is_shared_too(draft: Version) -> None:
    card = Card.objects.get(lane=lane_of(draft, "opportunities"))
    ops.done(draft, ops.update("card", card.pk, status="done"))
    assert Opportunity.objects.get().status == "done"
    ops.done(draft, ops.update("card", card.pk, status=None))
    assert Opportunity.objects.get().status == "idea"


def test_a_card_that_lets_go_of_its_row_gets_one_of_its_own(draft: Version, other: Version) -> None:
    pain = pain_of(draft).pain_point
    assert pain is not None
    copy = linked(other, pain)
    ops.done(other, ops.update("card", copy.pk, pain_point=None))
    copy.refresh_from_db()
    assert copy.pain_point not in (None, pain)
    ops.done(other, ops.update("card", copy.pk, text="Ours alone"))
    pain.refresh_from_db()
    assert pain.title == "Nobody knows"
    ops.done(other, ops.update("card", copy.pk, pain_point=str(pain.pk)))
    copy.refresh_from_db()
    assert (copy.text, copy.pain_point) == ("Nobody knows", pain)


def test_cards_that_say_the_same_at_once_share_a_row(draft: Version) -> None:
    lane, step = lane_of(draft, "pain_points"), steps_of(draft)[0]
    ops.done(draft, ops.insert(*[ops.card(lane.pk, step.pk, "Slow") for _ in range(3)]))
    assert PainPoint.objects.filter(title="Slow").count() == 1
    first = Card.objects.filter(text="Slow").order_by("position")[0]
    ops.done(draft, ops.update("card", first.pk, text="Too slow"))
    assert Card.objects.filter(text="Too slow").count() == 3
