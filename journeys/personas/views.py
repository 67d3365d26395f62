"""Pages of personas: the list, one of them, its form, two side by side, one printed page."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cxm.api.errors import DomainError
from cxm.workspaces import audit
from cxm.workspaces.pages import MemberRequest, render_page, workspace_page
from journeys.personas import services
from journeys.personas.archetypes import ARCHETYPES
from journeys.personas.forms import PersonaForm
from journeys.personas.models import Persona
from journeys.personas.portraits import read_picture
from journeys.personas.reports import (
    Sheet,
    apart,
    comparison,
    found_personas,
    nps_of,
    said_by,
    sheets_of,
    tags_of,
)
from journeys.personas.saying import SHOWN_PLACES, lines_of, rows_of
from journeys.personas.sheets import LISTS, density

PAGE_SIZE: Final = 48
VIEW: Final = "personas.view_persona"
CHANGE: Final = "personas.change_persona"


@require_safe
@workspace_page(VIEW)
def persona_list(request: MemberRequest) -> HttpResponse:
    """Show the personas as cards."""
    words = request.GET.get("q", "").strip()[:100]
    tags = tags_of(request.workspace)
    tag = request.GET.get("tag", "")[:40]
    rows = found_personas(request.workspace, words=words, tag=tag)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render_page(
        request,
        "personas/list.html",
        {
            "sheets": sheets_of(request.workspace, page.object_list),
            "page": page,
            "query": urlencode({"q": words, "tag": tag}),
            "q": words,
            "tag": tag,
            "tags": tags,
            "archetypes": ARCHETYPES.values(),
            "may_add": request.user.has_perm("personas.add_persona"),
        },
    )


@require_safe
@workspace_page(VIEW)
def persona_page(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show one persona as a sheet."""
    sheet = _sheet(request, pk)
    return render_page(
        request,
        "personas/persona.html",
        {
            "sheet": sheet,
            "persona": sheet.persona,
            "may_change": request.user.has_perm(CHANGE),
            "may_add": request.user.has_perm("personas.add_persona"),
            "may_delete": request.user.has_perm("personas.delete_persona"),
            "may_see_customers": request.user.has_perm("customers.view_customer"),
        },
    )


@require_safe
@workspace_page(VIEW)
def persona_says(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Send what its customers say: worked out from single answers, so the page does not wait."""
    sheet = _sheet(request, pk)
    segment = sheet.persona.segment
    if segment is None:
        raise Http404
    said = said_by(segment, request.workspace)
    return render(
        request,
        "personas/_says.html",
        {
            "sheet": sheet,
            "segment": segment,
            "said": said,
            "lines": lines_of(said),
            "rows": rows_of(said.places),
            "more": max(0, len(said.places) - SHOWN_PLACES),
            "level": 100 * request.workspace.confidence,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_page("personas.add_persona")
def persona_new(request: MemberRequest) -> HttpResponse:
    """Make a persona, from a template where one is asked for."""
    archetype = ARCHETYPES.get(request.GET.get("template", ""))
    persona = Persona(workspace=request.workspace)
    if archetype is not None:
        for name, value in archetype.values().items():
            setattr(persona, name, value)
        persona.name = services.free_name(request.workspace, persona.name)
    return _edit(request, persona, archetype=archetype, archetypes=ARCHETYPES.values())


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_page(VIEW)
def persona_edit(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Change a persona."""
    persona = _persona(request, pk, CHANGE)
    return _edit(request, persona, stored=persona.name)


@require_POST
@workspace_page(VIEW)
def persona_copy(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Make a copy and open its form."""
    persona = _persona(request, pk, "personas.add_persona")
    with transaction.atomic():
        copied = services.duplicate_persona(persona=persona)
        audit.record("added", copied, {"copy_of": (None, persona)})
    messages.success(request, _("“%s” is a copy; say what is different.") % copied)
    return HttpResponseRedirect(reverse("persona_edit", args=[copied.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_page(VIEW)
def persona_delete(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask, then delete; a persona that is on maps stays and the page names them."""
    persona = _persona(request, pk, "personas.delete_persona")
    refusal = ""
    if request.method == "POST":
        try:
            with transaction.atomic():
                audit.record("deleted", persona, {})
                services.delete_persona(persona=persona)
        except DomainError as refused:
            refusal = refused.detail
        else:
            messages.success(request, _("“%s” is deleted.") % persona.name)
            return HttpResponseRedirect(reverse("personas"))
    context = {
        "persona": persona,
        "maps": list(persona.maps.order_by("name", "kind")),
        "refusal": refusal,
        "title": _("Delete a persona"),
    }
    return render_page(request, "personas/delete.html", context)


@require_safe
@workspace_page(VIEW)
def persona_compare(request: MemberRequest) -> HttpResponse:
    """Put two personas side by side."""
    personas = list(found_personas(request.workspace))
    known = {str(persona.pk): persona for persona in personas}
    keys = [request.GET.get(name, "") for name in ("a", "b")]
    if any(key and key not in known for key in keys):
        raise Http404
    # The first ones that are left make a page that can be changed.
    free = [key for key in known if key not in keys]
    keys = [key or (free.pop(0) if free else "") for key in keys]
    chosen = [known[key] for key in keys if key]
    sheets = sheets_of(request.workspace, chosen)
    rows = comparison(*sheets) if len(sheets) == 2 else []
    scores = [nps_of(sheet.persona, request.workspace) for sheet in sheets] if rows else []
    return render_page(
        request,
        "personas/compare.html",
        {
            "personas": personas,
            "chosen": keys,
            "sheets": sheets,
            "rows": rows,
            "differences": sum(not row.same for row in rows),
            "scores": scores,
            "apart": apart(scores[0], scores[1], request.workspace) if scores else None,
            "may_add": request.user.has_perm("personas.add_persona"),
        },
    )


@require_safe
@workspace_page(VIEW)
def persona_print(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show a persona as one page of paper."""
    sheet = _sheet(request, pk)
    persona = sheet.persona
    texts = [persona.demographics, persona.brand_attitude, persona.quote]
    texts += [getattr(persona, key) for key, _title, _icon in LISTS]
    return render(
        request,
        "personas/print.html",
        {"sheet": sheet, "persona": persona, "density": density(texts)},
    )


@require_safe
@workspace_page(VIEW)
def persona_portrait(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Send a portrait, in a way in which it can do nothing but be shown."""
    persona = _persona(request, pk, VIEW)
    found = read_picture(persona.portrait) if persona.portrait else None
    if found is None:
        raise Http404
    content, content_type = found
    response = HttpResponse(content, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "private, max-age=300"
    return response


def _edit(
    request: MemberRequest, persona: Persona, *, stored: str = "", **context: Any
) -> HttpResponse:
    adding = persona._state.adding
    form = PersonaForm(
        request.POST or None,
        request.FILES or None,
        instance=persona,
        workspace=request.workspace,
    )
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            saved = form.save()
            if form.cleaned_data.get("upload"):
                services.put_portrait(persona=saved, file=form.cleaned_data["upload"])
            elif form.cleaned_data.get("drop_portrait"):
                services.drop_portrait(persona=saved)
            changes = {
                name: (form.initial.get(name), form.cleaned_data[name])
                for name in form.changed_data
                if name not in ("upload", "drop_portrait")
            }
            audit.record("added" if adding else "changed", saved, changes)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("persona", args=[saved.pk]))
    return render_page(
        request,
        "personas/form.html",
        {
            "form": form,
            "persona": persona,
            "adding": adding,
            "stored": stored,
            "colors": Persona.Color.choices,
            "title": _("New persona") if adding else _("Edit %s") % stored,
            **context,
        },
    )


def _persona(request: MemberRequest, pk: UUID, permission: str) -> Persona:
    """Return a persona of the workspace; a stranger finds nothing, whatever they may do here."""
    found = get_object_or_404(Persona.objects.for_workspace(request.workspace), pk=pk)
    if not request.user.has_perm(permission):
        raise PermissionDenied
    return found


def _sheet(request: MemberRequest, pk: UUID) -> Sheet:
    found = get_object_or_404(found_personas(request.workspace), pk=pk)
    return sheets_of(request.workspace, [found])[0]
