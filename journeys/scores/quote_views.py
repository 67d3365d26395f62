"""Real answers to choose a quote from."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from cxm.workspaces.pages import MemberRequest, workspace_page
from journeys.maps.models import Card, JourneyMap, Step
from journeys.maps.quotes import quote_of
from touchpoints.catalogue.models import Touchpoint
from touchpoints.catalogue.voices import voices

MOST: Final = 20
LONGEST_SEARCH: Final = 100


@require_safe
@workspace_page("maps.view_journeymap")
def map_quotes(request: MemberRequest, map_id: UUID) -> HttpResponse:
    """Answer with the newest words: at a touchpoint, at those of a step, or anywhere.

    `q` keeps those that contain it.
    """
    journey = get_object_or_404(JourneyMap.objects.for_workspace(request.workspace), pk=map_id)
    words = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    found = voices(request.workspace, _places(request, journey), q=words, limit=MOST)
    results = [
        {
            "response_id": str(voice.id),
            "touchpoint": voice.touchpoint_id and str(voice.touchpoint_id),
            **quote_of(voice),
        }
        for voice in found
    ]
    return JsonResponse({"results": results})


def _places(request: MemberRequest, journey: JourneyMap) -> list[UUID] | None:
    """Return the touchpoints asked for; None for all."""
    if wanted := request.GET.get("touchpoint"):
        places = Touchpoint.objects.for_workspace(request.workspace)
        return [get_object_or_404(places, pk=_uuid(wanted)).pk]
    if wanted := request.GET.get("step"):
        step = get_object_or_404(Step.objects.filter(stage__version__map=journey), pk=_uuid(wanted))
        cards = Card.objects.filter(step=step, touchpoint__isnull=False)
        return [pk for pk in cards.values_list("touchpoint", flat=True) if pk is not None]
    return None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
