"""Pages on maps as a whole: make one, copy one, choose the main one, delete one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cxm.workspaces import audit
from cxm.workspaces.pages import MemberRequest, render_page, workspace_page
from journeys.maps import services, shelf
from journeys.maps.models import JourneyMap, Version
from journeys.maps.new_forms import ANOTHER_MAP, AS_GIVEN, NewMapForm
from journeys.maps.phasing import use_phases
from journeys.maps.reports import version_to_show
from journeys.maps.restoring import duplicate_map, free_name
from journeys.maps.starters import STARTERS


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_page("maps.add_journeymap")
def map_new(request: MemberRequest) -> HttpResponse:
    """Make a map from a template or from another map."""
    form = NewMapForm(
        request.POST or None, workspace=request.workspace, initial=_asked_for(request)
    )
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            journey = _make(request, form)
            audit.record("added", journey, {})
        return HttpResponseRedirect(journey.get_absolute_url())
    context = {
        "form": form,
        "title": _("New journey"),
        "starters": STARTERS.values(),
        "another": ANOTHER_MAP,
        "chosen": [str(pk) for pk in form["personas"].value() or []],
    }
    return render_page(request, "maps/new.html", context)


@require_POST
@workspace_page("maps.view_journeymap")
def map_copy(request: MemberRequest, map_id: UUID) -> HttpResponse:
    """Make a copy of a map under a name of its own."""
    journey = _journey(request, map_id, "maps.add_journeymap")
    version = version_to_show(journey, editor=True)
    version.map = journey
    name = free_name(request.workspace.pk, journey.name, journey.kind)
    with transaction.atomic():
        made = duplicate_map(source=version, name=name)
        audit.record("added", made, {"copy_of": (None, journey)})
    messages.success(request, _("“%(name)s” is a copy; give it its own name.") % {"name": name})
    return HttpResponseRedirect(made.get_absolute_url())


@require_POST
@workspace_page("maps.view_journeymap")
def map_make_main(request: MemberRequest, map_id: UUID) -> HttpResponse:
    """Show this map on the home page instead of the one that was there."""
    journey = _journey(request, map_id, "maps.change_journeymap")
    with transaction.atomic():
        shelf.make_main(journey=journey)
        audit.record("changed", journey, {"is_main": (False, True)})
    messages.success(request, _("“%s” stands on the home page now.") % journey.name)
    return HttpResponseRedirect(reverse("map_list"))


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_page("maps.view_journeymap")
def map_delete(request: MemberRequest, map_id: UUID) -> HttpResponse:
    """Say what goes with a map; delete it when that is confirmed."""
    journey = _journey(request, map_id, "maps.delete_journeymap")
    contents = shelf.contents_of(journey)
    if request.method == "POST" and not contents.linked_from:
        with transaction.atomic():
            audit.record("deleted", journey, {})
            shelf.delete_map(journey=journey)
        messages.success(request, _("“%s” is deleted.") % journey.name)
        return HttpResponseRedirect(reverse("map_list"))
    context = {"journey": journey, "contents": contents, "title": _("Delete a journey")}
    return render_page(request, "maps/delete.html", context)


def _make(request: MemberRequest, form: NewMapForm) -> JourneyMap:
    cleaned = form.cleaned_data
    kind = cleaned["kind"]
    # In the order in which the form lists them; the first one gives the map its face.
    personas = list(cleaned["personas"])
    if cleaned["template"] == ANOTHER_MAP:
        source: Version = cleaned["source"]
        journey = duplicate_map(
            source=source,
            name=cleaned["name"] or free_name(request.workspace.pk, source.map.name, kind),
            kind=kind,
            personas=[persona.pk for persona in personas] or None,
        )
    else:
        starter = STARTERS[cleaned["template"]]
        journey = services.create_map(
            workspace=request.workspace,
            name=cleaned["name"] or free_name(request.workspace.pk, str(starter.example), kind),
            kind=kind,
            template=starter.key,
            personas=personas,
        )
    if cleaned["phases"] != AS_GIVEN:
        draft = services.draft_of(journey)
        use_phases(journey=journey, version=draft, model=form.phase_model)
    return journey


def _asked_for(request: MemberRequest) -> dict[str, Any]:
    """Return what the address asks for: a template, a map to copy, a persona."""
    asked: dict[str, Any] = {}
    if request.GET.get("template") in STARTERS:
        asked["template"] = request.GET["template"]
    if (source := _id(request.GET.get("source", ""))) is not None:
        asked |= {"template": ANOTHER_MAP, "source": source}
    if (persona := _id(request.GET.get("persona", ""))) is not None:
        asked["personas"] = [persona]
    return asked


def _journey(request: MemberRequest, map_id: UUID, permission: str) -> JourneyMap:
    """Return a map of the workspace; a stranger finds nothing, whatever they may do here."""
    found = get_object_or_404(JourneyMap.objects.for_workspace(request.workspace), pk=map_id)
    if not request.user.has_perm(permission):
        raise PermissionDenied
    return found


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
