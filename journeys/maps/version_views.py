"""Doors to the versions of a map: publish, compare, restore, begin a to-be journey."""

from __future__ import annotations

from typing import Final, TypedDict
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cxm.api.errors import DomainError
from cxm.workspaces import audit
from cxm.workspaces.pages import MemberRequest, workspace_page
from journeys.maps import restoring, services
from journeys.maps.comment_views import Person, person
from journeys.maps.diff_json import cells, comparison, counts
from journeys.maps.diffing import compare
from journeys.maps.histories import Entry, load_history
from journeys.maps.jsonpages import BadInput, Body, id_in_query, journey_of, json_page
from journeys.maps.models import Version
from journeys.maps.readiness import Notice, readiness_of
from journeys.maps.reports import version_to_show
from journeys.maps.snapshots import load_snapshots

READ: Final = "maps.view_journeymap"
EDIT: Final = "maps.change_card"
LONGEST_NOTE: Final = 240


class VersionShown(TypedDict):
    """A version without its contents."""

    id: str
    number: int
    status: str
    published_at: str | None
    published_by: Person | None
    note: str
    revision: int
    window: list[str] | None


class VersionInHistory(VersionShown):
    """A version with how many cards it has and how many the version before has otherwise."""

    cards: int
    changed: int


class NoticeShown(TypedDict):
    """Something to know before publishing."""

    code: str
    detail: str
    where: list[str]


@require_http_methods(["GET", "HEAD", "POST"])
def map_publish(request: HttpRequest, map_id: UUID) -> HttpResponse:
    """Say what publishing would change, or publish: as JSON, or by a plain form."""
    if request.method == "POST" and request.content_type != "application/json":
        return _publish_by_form(request, map_id)
    return _publish(request, map_id)


@json_page(read=EDIT, write=EDIT)
def _publish(request: MemberRequest, map_id: UUID) -> HttpResponse:
    journey = journey_of(request, map_id)
    versions = Version.objects.filter(map=journey)
    draft = get_object_or_404(versions.drafts())
    if request.method == "POST":
        note = Body.of(request).text("note", most=LONGEST_NOTE, required=False)
        published = services.publish_version(version=draft, by=request.membership, note=note)
        audit.record("published", published, {})
        return JsonResponse({"version": _shown(published), "url": journey.get_absolute_url()})
    live = versions.published().first()
    ready = readiness_of(draft, live)
    return JsonResponse(
        {
            "number": draft.number,
            "live": None if live is None else live.number,
            "changes": {
                **counts(ready.diff.totals),
                "cells": cells(ready.diff, ready.before, ready.after),
            },
            "blockers": [_notice(notice) for notice in ready.blockers],
            "warnings": [_notice(notice) for notice in ready.warnings],
        }
    )


@workspace_page(EDIT)
def _publish_by_form(request: MemberRequest, map_id: UUID) -> HttpResponse:
    journey = journey_of(request, map_id)
    draft = get_object_or_404(Version.objects.drafts(), map=journey)
    note = request.POST.get("note", "").replace("\x00", "").strip()[:LONGEST_NOTE]
    try:
        with transaction.atomic():
            services.publish_version(version=draft, by=request.membership, note=note)
            audit.record("published", draft, {})
    except DomainError as refused:
        messages.error(request, refused.detail)
    else:
        messages.success(request, _("Published. This version stays as it is."))
    return HttpResponseRedirect(journey.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
@json_page(read=READ, write=EDIT)
def map_versions(request: MemberRequest, map_id: UUID) -> HttpResponse:
    """List the versions, newest first; restore one, or make the to-be journey of the map."""
    journey = journey_of(request, map_id)
    if request.method != "POST":
        below = request.GET.get("below", "")
        if below and not (below.isascii() and below.isdigit() and len(below) < 10):
            raise BadInput(_("below: must be a whole number"))
        entries = load_history(journey, below=int(below) if below else None)
        return JsonResponse({"versions": [_in_history(entry) for entry in entries]})
    body = Body.of(request)
    if "to_be" in body and body.flag("to_be"):
        to_be = restoring.to_be_of(version=version_to_show(journey, editor=True))
        audit.record("made to-be", journey, {"counterpart": (journey.counterpart_id, to_be.pk)})
        return JsonResponse({"id": str(to_be.pk), "url": to_be.get_absolute_url()}, status=201)
    version_id = body.id("restore")
    if version_id is None:
        raise BadInput(_("Say which version to restore."), code="nothing_to_do")
    version = get_object_or_404(Version.objects.filter(map=journey), pk=version_id)
    draft = restoring.restore_version(version=version, by=request.membership)
    audit.record("restored", draft, {"contents of version": (None, version.number)})
    return JsonResponse({"version": _shown(draft), "url": journey.get_absolute_url()}, status=201)


@require_http_methods(["GET", "HEAD"])
@json_page(read=READ, write=READ)
def map_diff(request: MemberRequest, map_id: UUID) -> HttpResponse:
    """Compare two versions: what has changed from ?a= to ?b=."""
    journey = journey_of(request, map_id)
    first, second = id_in_query(request, "a"), id_in_query(request, "b")
    if first is None or second is None:
        raise BadInput(_("Say which two versions to compare."), code="two_versions_needed")
    versions = Version.objects.filter(map=journey).select_related("published_by__user")
    found = versions.in_bulk([first, second])
    old, new = _get(found, first), _get(found, second)
    snapshots = load_snapshots(list(found.values()))
    before, after = snapshots[old.pk], snapshots[new.pk]
    diff = compare(before, after)
    return JsonResponse({"a": _shown(old), "b": _shown(new), **comparison(diff, before, after)})


def _get(found: dict[UUID, Version], key: UUID) -> Version:
    """Return a version that was fetched; raises Http404."""
    if key not in found:
        raise Http404
    return found[key]


def _shown(version: Version) -> VersionShown:
    window = None
    if version.window_start is not None and version.window_end is not None:
        window = [version.window_start.isoformat(), version.window_end.isoformat()]
    return VersionShown(
        id=str(version.pk),
        number=version.number,
        status=version.status,
        published_at=version.published_at.isoformat() if version.published_at else None,
        published_by=person(version.published_by) if version.published_by else None,
        note=version.note,
        revision=version.revision,
        window=window,
    )


def _in_history(entry: Entry) -> VersionInHistory:
    return VersionInHistory(**_shown(entry.version), cards=entry.cards, changed=entry.changed)


def _notice(notice: Notice) -> NoticeShown:
    return NoticeShown(
        code=notice.code, detail=notice.detail, where=[str(key) for key in notice.where]
    )
