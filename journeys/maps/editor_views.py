"""What the map's editor asks: what is new, touchpoints, journeys and templates, pictures."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cxm.api.errors import problem
from cxm.workspaces import audit
from cxm.workspaces.pages import MemberRequest, workspace_page
from journeys.maps.jsonpages import BadInput, Body, journey_of, json_page
from journeys.maps.models import JourneyMap
from journeys.maps.operations.reading import read_sync
from journeys.maps.operations.verbs import BodyRefused
from journeys.maps.pictures import picture_url, read_stored, store_picture
from journeys.maps.planned_rows import rows_of
from journeys.maps.references import touchpoint_json
from journeys.maps.starters import BLANK, STARTERS
from journeys.maps.syncing import synchronise
from touchpoints.catalogue.models import Channel, Phase, Touchpoint
from touchpoints.catalogue.pictures import LARGEST_PICTURE, PictureRefusedError
from touchpoints.catalogue.services.keys import free_key

VIEW: Final = "maps.view_journeymap"
EDIT: Final = "maps.change_card"
LARGEST_BODY: Final = 1024 * 1024
MOST_FOUND: Final = 20


@require_POST
@json_page(read=VIEW, write=VIEW)
def map_sync(request: MemberRequest, map_id: UUID) -> HttpResponse:
    """Carry out a window's operations and tell it what others did; also a sign of life."""
    journey = journey_of(request, map_id)
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
        return problem(
            status=413,
            code="body_too_large",
            title="Content Too Large",
            detail=_("Send at most 1 MB at once."),
        )
    try:
        sync = read_sync(request.body)
    except BodyRefused as refused:
        raise BadInput(refused.detail, code=refused.code) from None
    if sync.ops and not request.user.has_perm(EDIT):
        raise PermissionDenied
    return JsonResponse(synchronise(journey=journey, sync=sync, member=request.membership))


@require_http_methods(["GET", "POST"])
@json_page(read=VIEW, write=EDIT)
def map_touchpoints(request: MemberRequest, map_id: UUID) -> HttpResponse:
    """Find touchpoints by their name, or add one to the catalogue."""
    journey_of(request, map_id)
    if request.method == "POST":
        return _add_touchpoint(request)
    found = (
        Touchpoint.objects.for_workspace(request.workspace)
        .exclude(status=Touchpoint.Status.RETIRED)
        .select_related("channel")
        .order_by("name", "pk")
    )
    if words := _words(request):
        found = found.filter(Q(name__icontains=words) | Q(channel__name__icontains=words))
    results = [touchpoint_json(place) for place in found[:MOST_FOUND]]
    return JsonResponse({"results": results, "may_add": _may_add(request)})


def _add_touchpoint(request: MemberRequest) -> HttpResponse:
    if not _may_add(request):
        raise PermissionDenied
    body = Body.of(request)
    name = body.text("name", most=120)
    channels = Channel.objects.for_workspace(request.workspace).order_by("position", "name", "pk")
    if "channel" in body:
        channel = channels.filter(key=body.text("channel", most=60)).first()
        if channel is None:
            raise Http404
    else:
        channel = channels.first()
        if channel is None:
            raise BadInput(_("Add a channel first."), code="no_channel")
    # A name in another script leaves nothing for a key.
    key = free_key(Touchpoint, name) or free_key(Touchpoint, "touchpoint")
    place = Touchpoint.objects.create(
        workspace=request.workspace, name=name, key=key, channel=channel
    )
    audit.record("added", place, {})
    return JsonResponse(touchpoint_json(place), status=201)


@require_GET
@json_page(read=VIEW, write=VIEW)
def map_search(request: MemberRequest, map_id: UUID) -> HttpResponse:
    """Find other journeys by their name, to lead there from a card."""
    journey = journey_of(request, map_id)
    found = JourneyMap.objects.for_workspace(request.workspace).exclude(pk=journey.pk)
    if words := _words(request):
        found = found.filter(name__icontains=words)
    return JsonResponse(
        {
            "results": [
                {
                    "id": str(other.pk),
                    "name": other.name,
                    "kind": other.kind,
                    "url": other.get_absolute_url(),
                }
                for other in found.order_by("name", "pk")[:MOST_FOUND]
            ]
        }
    )


@require_POST
@json_page(read=VIEW, write=EDIT)
def map_pictures(request: MemberRequest, map_id: UUID) -> HttpResponse:
    """Keep an uploaded picture; a card shows it by the address in the answer."""
    journey_of(request, map_id)
    file = request.FILES.get("file")
    if file is None:
        raise BadInput(_("Choose a picture."), code="no_picture")
    if (file.size or 0) > LARGEST_PICTURE:
        raise BadInput(_("The picture is larger than 5 MB."), code="picture_too_large")
    try:
        name = store_picture(request.workspace.pk, file)
    except PictureRefusedError as refused:
        words = _("This is no picture. Take a PNG, JPEG, WebP or GIF file.")
        raise BadInput(words, code=refused.code) from None
    return JsonResponse({"picture": picture_url(name)}, status=201)


@require_GET
@json_page(read=EDIT, write=EDIT)
def map_templates(request: MemberRequest, map_id: UUID) -> HttpResponse:
    """List the templates; with `key`, return the rows to insert for one of them."""
    journey = journey_of(request, map_id)
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


@require_GET
@workspace_page(VIEW)
def map_picture(request: MemberRequest, name: str) -> HttpResponse:
    """Send a picture of a card, in a way in which it can do nothing but be shown."""
    found = read_stored(request.workspace.pk, name)
    if found is None:
        raise Http404
    content, content_type = found
    response = HttpResponse(content, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Content-Disposition"] = "inline"
    # A name never shows another picture.
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response


def _may_add(request: MemberRequest) -> bool:
    return request.user.has_perm("catalogue.add_touchpoint")


def _words(request: MemberRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[:100]
