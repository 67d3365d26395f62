"""Pages that begin something on a map; what changes it stands in editor_views.py."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from cxm.workspaces import audit
from cxm.workspaces.pages import MemberRequest, workspace_page
from journeys.maps import services
from journeys.maps.models import JourneyMap


@require_POST
@workspace_page("maps.change_card")
def map_draft(request: MemberRequest, map_id: UUID) -> HttpResponse:
    """Begin a draft from what is published."""
    journey = get_object_or_404(JourneyMap.objects.for_workspace(request.workspace), pk=map_id)
    with transaction.atomic():
        draft = services.start_draft(journey=journey)
        audit.record("started", draft, {})
    return HttpResponseRedirect(journey.get_absolute_url())
