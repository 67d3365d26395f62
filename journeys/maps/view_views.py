"""Doors to the views of a map: which lanes sales, IT or controlling look at."""

from __future__ import annotations

from typing import Final, TypedDict
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from cxm.workspaces import audit
from cxm.workspaces.pages import MemberRequest
from journeys.maps import viewing
from journeys.maps.jsonpages import Body, journey_of, json_page
from journeys.maps.models import JourneyMap, Lane, MapView

READ: Final = "maps.view_journeymap"
EDIT: Final = "maps.change_card"
LONGEST_NAME: Final = 40
LAST: Final = 10_000


class View(TypedDict):
    """A view as the editor knows it."""

    id: str
    name: str
    lanes: list[str]


@require_http_methods(["GET", "HEAD", "POST"])
@json_page(read=READ, write=EDIT)
def map_views(request: MemberRequest, map_id: UUID) -> HttpResponse:
    """List the views of a map, or add one at the end."""
    journey = journey_of(request, map_id)
    if request.method != "POST":
        return JsonResponse({"views": shown_views(journey)})
    body = Body.of(request)
    view = viewing.add_view(
        journey=journey,
        name=body.text("name", most=LONGEST_NAME),
        lanes=_lanes(journey, body),
    )
    audit.record("added", view, {})
    return JsonResponse(_shown(view), status=201)


@require_http_methods(["PATCH", "DELETE"])
@json_page(read=READ, write=EDIT)
def map_view(request: MemberRequest, map_id: UUID, view_id: UUID) -> HttpResponse:
    """Rename a view, choose other lanes, move it to another place, or delete it."""
    journey = journey_of(request, map_id)
    view = get_object_or_404(MapView.objects.filter(map=journey), pk=view_id)
    if request.method == "DELETE":
        audit.record("deleted", view, {})
        viewing.delete_view(view=view)
        return HttpResponse(status=204)
    body = Body.of(request)
    before = (view.name, list(view.lanes), view.position)
    viewing.change_view(
        view=view,
        name=body.text("name", most=LONGEST_NAME) if "name" in body else None,
        lanes=_lanes(journey, body) if "lanes" in body else None,
        position=body.number("position", most=LAST) if "position" in body else None,
    )
    after = (view.name, list(view.lanes), view.position)
    names = ("name", "lanes", "position")
    changes = {n: (a, b) for n, a, b in zip(names, before, after, strict=True) if a != b}
    audit.record("changed", view, changes)
    return JsonResponse(_shown(view))


def shown_views(journey: JourneyMap) -> list[View]:
    """Return the views of a map in their order; one query."""
    return [_shown(view) for view in MapView.objects.filter(map=journey).order_by("position", "pk")]


def _shown(view: MapView) -> View:
    return View(id=str(view.pk), name=view.name, lanes=[str(key) for key in view.lanes])


def _lanes(journey: JourneyMap, body: Body) -> list[UUID]:
    """Return the keys of lanes; a key that no version of the map has is not found."""
    keys = body.ids("lanes")
    known = Lane.objects.filter(version__map=journey, key__in=keys).values_list("key", flat=True)
    if set(keys) - set(known):
        raise Http404
    return keys
