"""Templates inside the editor: an empty map is filled from one by an operation."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cxm.workspaces.pages import MemberRequest
from journeys.maps.jsonpages import BadInput, json_page
from journeys.maps.models import JourneyMap
from journeys.maps.planned_rows import rows_of
from journeys.maps.starters import BLANK, STARTERS
from touchpoints.catalogue.models import Phase

EDIT = "maps.change_journeymap"


@require_GET
@json_page(read=EDIT, write=EDIT)
def map_templates(request: MemberRequest, map_id: UUID) -> HttpResponse:
    """List the templates; with `key`, return the rows to insert for one of them."""
    journey = get_object_or_404(JourneyMap.objects.for_workspace(request.workspace), pk=map_id)
    key = request.GET.get("key")
    if key is None:
        return JsonResponse(
            {
                "templates": [
                    {"key": one.key, "title": str(one.title), "description": str(one.description)}
                    for one in STARTERS.values()
                    if one is not BLANK
                ]
            }
        )
    if key not in STARTERS:
        raise BadInput(_("There is no such template."), code="unknown_template")
    phases = dict(Phase.objects.filter(model=journey.phase_model_id).values_list("key", "pk"))
    return JsonResponse({"rows": rows_of(STARTERS[key].plan, phases)})
