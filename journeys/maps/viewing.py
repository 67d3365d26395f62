"""Changes of the views of a map. Their positions count from 0 without gaps."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cxm.api.errors import DomainError
from journeys.maps.models import JourneyMap, MapView


@transaction.atomic
def add_view(*, journey: JourneyMap, name: str, lanes: Sequence[UUID]) -> MapView:
    """Add a view after the last one.

    Raises:
        DomainError: the map has a view of this name ("name_taken").
    """
    views = _locked(journey.pk)
    _refuse_taken(views, name)
    return MapView.objects.create(
        workspace_id=journey.workspace_id,
        map=journey,
        name=name,
        lanes=list(lanes),
        position=len(views),
    )


@transaction.atomic
def change_view(
    *,
    view: MapView,
    name: str | None = None,
    lanes: Sequence[UUID] | None = None,
    position: int | None = None,
) -> MapView:
    """Change what is given; raises as ``add_view`` does."""
    views = [other for other in _locked(view.map_id) if other.pk != view.pk]
    if name is not None:
        _refuse_taken(views, name)
        view.name = name
    if lanes is not None:
        view.lanes = list(lanes)
    view.save(update_fields=["name", "lanes", "updated_at"])
    if position is not None:
        views.insert(position, view)
        _number(views)
    return view


@transaction.atomic
def delete_view(*, view: MapView) -> None:
    """Delete a view and close the gap."""
    views = [other for other in _locked(view.map_id) if other.pk != view.pk]
    view.delete()
    _number(views)


def _locked(map_id: UUID) -> list[MapView]:
    """Return the views of a map in order; the map's row is the lock for their names and places."""
    JourneyMap.objects.select_for_update(no_key=True).get(pk=map_id)
    return list(MapView.objects.filter(map=map_id).order_by("position", "pk"))


def _refuse_taken(views: Sequence[MapView], name: str) -> None:
    if any(view.name == name for view in views):
        raise DomainError(_("There is a view of this name already."), code="name_taken")


def _number(views: Sequence[MapView]) -> None:
    moved = []
    for position, view in enumerate(views):
        if view.position != position:
            view.position = position
            moved.append(view)
    MapView.objects.bulk_update(moved, ["position"])
