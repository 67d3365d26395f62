"""Maps as a whole: which one is the main one, and what goes when one is deleted."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from cxm.api.errors import DomainError
from journeys.maps.models import Card, Comment, JourneyMap, ShareLink, Step, Version


@dataclass(frozen=True, slots=True)
class Contents:
    """What stands on a map and goes with it; `linked_from` are the maps that keep it."""

    versions: int
    published: int
    steps: int
    cards: int
    comments: int
    links: int
    linked_from: tuple[JourneyMap, ...]


def contents_of(journey: JourneyMap) -> Contents:
    """Count what a map holds; 6 queries."""
    versions = list(Version.objects.filter(map=journey).order_by("-number"))
    shown = versions[0] if versions else None
    return Contents(
        versions=len(versions),
        published=sum(not version.is_draft() for version in versions),
        steps=Step.objects.filter(stage__version=shown).count(),
        cards=Card.objects.filter(lane__version=shown).count(),
        comments=Comment.objects.filter(map=journey).count(),
        links=ShareLink.objects.filter(map=journey).count(),
        linked_from=tuple(
            JourneyMap.objects.filter(versions__lanes__cards__linked_map=journey)
            .exclude(pk=journey.pk)
            .distinct()
        ),
    )


@transaction.atomic
def make_main(*, journey: JourneyMap) -> None:
    """Put a map on the home page; the one that was there leaves first, there is only one."""
    others = JourneyMap.objects.filter(workspace_id=journey.workspace_id, is_main=True)
    others.exclude(pk=journey.pk).update(is_main=False)
    journey.is_main = True
    journey.save(update_fields=["is_main", "updated_at"])


@transaction.atomic
def delete_map(*, journey: JourneyMap) -> None:
    """Delete a map with all its versions; the oldest other one takes its place on the home page.

    Raises:
        DomainError: cards of other maps lead to it ("map_linked").
    """
    there = Card.objects.filter(linked_map=journey).exclude(lane__version__map=journey)
    if there.exists():
        raise DomainError(_("Cards of other journeys lead to this one."), code="map_linked")
    was_main, owner = journey.is_main, journey.workspace_id
    # Cards that lead to their own map would keep it.
    Card.objects.filter(lane__version__map=journey).delete()
    journey.delete()
    if was_main:
        following = JourneyMap.objects.filter(workspace_id=owner).order_by("created_at", "pk")
        if (heir := following.first()) is not None:
            make_main(journey=heir)
