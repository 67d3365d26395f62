"""What our maps say of a touchpoint, for its own page."""

from __future__ import annotations

from uuid import UUID

from cxm.workspaces.models import Workspace
from journeys.maps.lanes import SEVERITIES
from journeys.maps.models import Card, Version
from touchpoints.catalogue.drawn import Drawn, Pain, Place, draws


def drawn_at(workspace: Workspace, touchpoint_id: UUID) -> Drawn:
    """Return the steps on which a touchpoint stands, and the pain points there; 2 queries.

    A map with a draft and a published version counts once, by what is published.
    """
    cards = (
        Card.objects.for_workspace(workspace)
        .filter(touchpoint=touchpoint_id)
        .exclude(lane__version__status=Version.Status.RETIRED)
        .select_related("step__stage__version__map")
        .order_by("lane__version__map__name", "-lane__version__status", "step__position")
    )
    steps: dict[tuple[UUID, UUID], Card] = {}
    shown: dict[UUID, UUID] = {}
    for card in cards:
        version = card.step.stage.version
        # "published" sorts behind "draft", and so stands first here.
        if shown.setdefault(version.map_id, version.pk) == version.pk:
            steps.setdefault((version.pk, card.step_id), card)
    places = [
        Place(
            journey=card.step.stage.version.map.name,
            step=card.step.name,
            url=f"{card.step.stage.version.map.get_absolute_url()}?step={card.step_id}",
        )
        for card in steps.values()
    ]
    return Drawn(places, _pains([card.step_id for card in steps.values()]))


def _pains(steps: list[UUID]) -> list[Pain]:
    rows = (
        Card.objects.filter(step__in=steps, pain_point__isnull=False)
        .select_related("step__stage__version__map")
        .order_by("pain_point_id", "pk")
        .distinct("pain_point_id")
    )
    found = [
        Pain(
            title=card.text,
            severity=card.severity,
            word=str(SEVERITIES.get(card.severity or 0, "")),
            url=f"{card.step.stage.version.map.get_absolute_url()}?card={card.pk}",
        )
        for card in rows
    ]
    return sorted(found, key=lambda pain: (-(pain.severity or 0), pain.title))


draws("maps", drawn_at)
