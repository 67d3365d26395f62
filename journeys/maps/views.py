"""Pages with which a map is made and changed: plain forms, in a dialog where there is script.

Each form is a page of its own; with htmx it comes alone, and after a change the page is told to
fetch the map anew ("map-changed").
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cxm.api.errors import DomainError
from cxm.workspaces import audit
from cxm.workspaces.pages import MemberRequest, render_page, workspace_page
from journeys.maps import editing, services
from journeys.maps.forms import CardForm, NewMapForm, StageForm, StepForm
from journeys.maps.models import Card, JourneyMap, Lane, Stage, Step, Version
from journeys.maps.starters import STARTERS

EDIT = "maps.change_card"


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_page("maps.add_journeymap")
def map_new(request: MemberRequest) -> HttpResponse:
    """Make a map from a template."""
    form = NewMapForm(request.POST or None, workspace=request.workspace)
    if request.method == "POST" and form.is_valid():
        persona = form.cleaned_data["persona"]
        with transaction.atomic():
            journey = services.create_map(
                workspace=request.workspace,
                name=form.cleaned_data["name"],
                kind=form.cleaned_data["kind"],
                template=form.cleaned_data["template"],
                personas=[persona] if persona else [],
            )
            audit.record("added", journey, {})
        return HttpResponseRedirect(journey.get_absolute_url())
    context = {"form": form, "title": _("New journey"), "starters": STARTERS}
    return render_page(request, "maps/new.html", context)


@require_POST
@workspace_page(EDIT)
def map_publish(request: MemberRequest, map_id: UUID) -> HttpResponse:
    """Publish the draft."""
    journey = _journey(request, map_id)
    draft = get_object_or_404(Version.objects.drafts(), map=journey)
    try:
        with transaction.atomic():
            services.publish_version(version=draft, by=request.membership)
            audit.record("published", draft, {})
    except DomainError as refused:
        messages.error(request, refused.detail)
    else:
        messages.success(request, _("Published. This version stays as it is."))
    return HttpResponseRedirect(journey.get_absolute_url())


@require_POST
@workspace_page(EDIT)
def map_draft(request: MemberRequest, map_id: UUID) -> HttpResponse:
    """Begin a draft from what is published."""
    journey = _journey(request, map_id)
    with transaction.atomic():
        draft = services.start_draft(journey=journey)
        audit.record("started", draft, {})
    return HttpResponseRedirect(journey.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_page(EDIT)
def map_stage_add(request: MemberRequest, map_id: UUID) -> HttpResponse:
    """Add a stage, with its first step."""
    journey = _journey(request, map_id)
    draft = get_object_or_404(Version.objects.drafts(), map=journey)

    def save(form: forms.BaseForm) -> models.Model:
        cleaned = form.cleaned_data
        stage = editing.add_stage(version=draft, name=cleaned["name"], phase=cleaned["phase"])
        if cleaned.get("first_step"):
            editing.add_step(stage=stage, name=cleaned["first_step"])
        return stage

    stage = Stage(workspace=request.workspace, version=draft, position=0)
    form = StageForm(request.POST or None, instance=stage)
    return _answer(request, journey, form, title=_("Add a stage"), save=save, verb="added")


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_page(EDIT)
def map_stage_edit(request: MemberRequest, stage_id: UUID) -> HttpResponse:
    """Change, move or delete a stage."""
    stage = get_object_or_404(
        Stage.objects.for_workspace(request.workspace).select_related("version__map"), pk=stage_id
    )
    journey = stage.version.map

    def save(form: forms.BaseForm) -> models.Model:
        editing.require_draft(stage.version_id)
        stage.save(update_fields=["name", "phase", "updated_at"])
        return stage

    actions: dict[str, Callable[[], object]] = {
        "left": lambda: editing.move_stage(stage=stage, direction="left"),
        "right": lambda: editing.move_stage(stage=stage, direction="right"),
        "delete": lambda: editing.delete_stage(stage=stage),
    }
    form = StageForm(request.POST or None, instance=stage)
    return _answer(
        request,
        journey,
        form,
        title=_("Stage"),
        save=save,
        verb="changed",
        row=stage,
        actions=actions,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_page(EDIT)
def map_step_add(request: MemberRequest, map_id: UUID) -> HttpResponse:
    """Add a step; the first one of a map comes with a stage of the same name."""
    journey = _journey(request, map_id)
    draft = get_object_or_404(Version.objects.drafts(), map=journey)

    def save(form: forms.BaseForm) -> models.Model:
        cleaned = form.cleaned_data
        stage = cleaned.get("stage") or editing.add_stage(version=draft, name=_("First stage"))
        step = editing.add_step(stage=stage, name=cleaned["name"])
        if cleaned["metric"]:
            step.metric = cleaned["metric"]
            step.save(update_fields=["metric", "updated_at"])
        return step

    step = Step(workspace=request.workspace, position=0)
    form = StepForm(
        request.POST or None,
        instance=step,
        version=draft,
        initial={"stage": request.GET.get("stage") or _last_stage(draft)},
    )
    return _answer(request, journey, form, title=_("Add a step"), save=save, verb="added")


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_page(EDIT)
def map_step_edit(request: MemberRequest, step_id: UUID) -> HttpResponse:
    """Change, move or delete a step."""
    step = get_object_or_404(
        Step.objects.for_workspace(request.workspace).select_related("stage__version__map"),
        pk=step_id,
    )
    version = step.stage.version

    def save(form: forms.BaseForm) -> models.Model:
        editing.require_draft(version.pk)
        step.save(update_fields=["name", "metric", "updated_at"])
        return step

    actions: dict[str, Callable[[], object]] = {
        "left": lambda: editing.move_step(step=step, direction="left"),
        "right": lambda: editing.move_step(step=step, direction="right"),
        "delete": lambda: editing.delete_step(step=step),
    }
    form = StepForm(request.POST or None, instance=step, version=version)
    return _answer(
        request,
        version.map,
        form,
        title=_("Step"),
        save=save,
        verb="changed",
        row=step,
        actions=actions,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_page(EDIT)
def map_card_add(request: MemberRequest, lane_id: UUID, step_id: UUID) -> HttpResponse:
    """Add a card to a cell."""
    lane, step = _cell(request, lane_id, step_id)
    return _add_card(request, lane, step)


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_page(EDIT)
def map_feeling(request: MemberRequest, lane_id: UUID, step_id: UUID) -> HttpResponse:
    """Say what we assume a step feels like: one value, made or changed."""
    lane, step = _cell(request, lane_id, step_id)
    card = Card.objects.filter(lane=lane, step=step).order_by("position").first()
    if card is None:
        return _add_card(request, lane, step)
    card.lane, card.step = lane, step
    return _edit_card(request, card)


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_page(EDIT)
def map_card_edit(request: MemberRequest, card_id: UUID) -> HttpResponse:
    """Change, move or delete a card."""
    card = get_object_or_404(
        Card.objects.for_workspace(request.workspace).select_related(
            "lane__version__map", "step__stage__version__map"
        ),
        pk=card_id,
    )
    return _edit_card(request, card)


def _add_card(request: MemberRequest, lane: Lane, step: Step) -> HttpResponse:
    card = Card(workspace=request.workspace, lane=lane, step=step)
    card.position = Card.objects.filter(lane=lane, step=step).count()

    def save(form: forms.BaseForm) -> models.Model:
        return editing.add_card(
            lane=lane,
            step=step,
            **{name: getattr(card, name) for name in form.fields if name != "position"},
        )

    form = CardForm(request.POST or None, instance=card, workspace=request.workspace)
    title = _("Add %(what)s · %(step)s") % {"what": lane.entry.short, "step": step.name}
    return _answer(request, lane.version.map, form, title=title, save=save, verb="added")


def _edit_card(request: MemberRequest, card: Card) -> HttpResponse:
    def save(form: forms.BaseForm) -> models.Model:
        return editing.edit_card(card=card, fields=list(form.fields))

    actions: dict[str, Callable[[], object]] = {
        "left": lambda: editing.move_card(card=card, direction="left"),
        "right": lambda: editing.move_card(card=card, direction="right"),
        "delete": lambda: editing.delete_card(card=card),
    }
    form = CardForm(request.POST or None, instance=card, workspace=request.workspace)
    title = f"{card.lane.title} · {card.step.name}"
    return _answer(
        request,
        card.lane.version.map,
        form,
        title=title,
        save=save,
        verb="changed",
        row=card,
        actions=actions,
    )


def _answer(
    request: MemberRequest,
    journey: JourneyMap,
    form: forms.BaseForm,
    *,
    title: str | Promise,
    save: Callable[[Any], models.Model],
    verb: str,
    row: models.Model | None = None,
    actions: dict[str, Callable[[], object]] | None = None,
) -> HttpResponse:
    """Show the form, or carry out what it asks for; a refusal is shown in the form."""
    wanted = request.POST.get("do", "save")
    if request.method == "POST":
        try:
            with transaction.atomic():
                if actions and row is not None and wanted in actions:
                    audit.record("deleted" if wanted == "delete" else "moved", row, {})
                    actions[wanted]()
                    return _done(request, journey)
                if form.is_valid():
                    changes = {name: (None, form.cleaned_data[name]) for name in form.changed_data}
                    audit.record(verb, save(form), changes)
                    return _done(request, journey)
        except DomainError as refused:
            form.add_error(None, refused.detail)
        except ValidationError as refused:
            form.add_error(None, forms.ValidationError(refused.messages))
    context = {
        "form": form,
        "title": title,
        "journey": journey,
        "actions": bool(actions),
        "address": request.get_full_path(),
    }
    if request.headers.get("HX-Request"):
        return render(request, "maps/_form.html", context)
    return render_page(request, "maps/form.html", context)


def _done(request: HttpRequest, journey: JourneyMap) -> HttpResponse:
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response["HX-Trigger"] = json.dumps({"map-changed": _("Saved")})
        return response
    return HttpResponseRedirect(reverse("map_page", args=[journey.pk]))


def _journey(request: MemberRequest, map_id: UUID) -> JourneyMap:
    return get_object_or_404(JourneyMap.objects.for_workspace(request.workspace), pk=map_id)


def _cell(request: MemberRequest, lane_id: UUID, step_id: UUID) -> tuple[Lane, Step]:
    lane = get_object_or_404(
        Lane.objects.for_workspace(request.workspace).select_related("version__map"), pk=lane_id
    )
    step = get_object_or_404(
        Step.objects.for_workspace(request.workspace).filter(stage__version=lane.version_id),
        pk=step_id,
    )
    return lane, step


def _last_stage(version: Version) -> UUID | None:
    last = Stage.objects.filter(version=version).order_by("-position").first()
    return last.pk if last else None
