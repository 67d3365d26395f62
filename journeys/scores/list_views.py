"""The list of journeys: found by name, persona and kind, each with how its stages do."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cxm.workspaces.pages import MemberRequest, render_page, workspace_page
from journeys.maps.models import JourneyMap
from journeys.personas.models import Persona
from journeys.scores.personas import scored_journeys


@require_safe
@workspace_page("maps.view_journeymap")
def map_list(request: MemberRequest) -> HttpResponse:
    """Show every journey with its stages and how they do."""
    every = JourneyMap.objects.for_workspace(request.workspace)
    words = request.GET.get("q", "").strip()[:100]
    kind = request.GET.get("kind", "")
    kind = kind if kind in JourneyMap.Kind.values else ""
    people = list(Persona.objects.for_workspace(request.workspace).filter(places__isnull=False))
    people = list(dict.fromkeys(people))
    asked = request.GET.get("persona", "")
    chosen = next((p.pk for p in people if str(p.pk) == asked), None)
    total = every.count()
    journeys = list(_found(request, words, kind, chosen))
    entries = scored_journeys(
        journeys, workspace=request.workspace, editor=request.user.has_perm("maps.change_card")
    )
    return render_page(
        request,
        "scores/list.html",
        {
            "title": _("Journeys"),
            "entries": entries,
            "any": total > 0,
            "total": total,
            "q": words,
            "kind": kind,
            "kinds": JourneyMap.Kind.choices,
            "people": people,
            "chosen": chosen,
            "filtered": bool(words or kind or chosen),
            "may_add": request.user.has_perm("maps.add_journeymap"),
            "may_change": request.user.has_perm("maps.change_journeymap"),
            "may_delete": request.user.has_perm("maps.delete_journeymap"),
        },
    )


def _found(request: MemberRequest, words: str, kind: str, persona: UUID | None) -> list[JourneyMap]:
    rows = JourneyMap.objects.for_workspace(request.workspace)
    for word in words.split():
        rows = rows.filter(Q(name__icontains=word) | Q(personas__name__icontains=word))
    if kind:
        rows = rows.filter(kind=kind)
    if persona is not None:
        rows = rows.filter(personas=persona)
    return list(rows.distinct().order_by("-is_main", "name", "kind", "pk"))
