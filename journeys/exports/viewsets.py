"""The API's doors through which maps leave and come in."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from cxm.api.errors import DomainError
from cxm.workspaces import audit
from cxm.workspaces.viewsets import ScopedViewSet
from journeys.exports import services
from journeys.exports.formats import FORMATS, file_name
from journeys.exports.incoming import Draft, Refused, read
from journeys.exports.reports import load_sheet
from journeys.exports.serializers import (
    ExportQuerySerializer,
    ImportRequestSerializer,
    ImportResultSerializer,
)
from journeys.maps.models import JourneyMap, Version
from journeys.maps.reports import version_to_show
from journeys.scores.views import PERIODS


class AnyType(DefaultContentNegotiation):
    """Answers whatever the caller accepts: the kind of file is asked for in the address."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> Any:
        """Return the first renderer."""
        return renderers[0], renderers[0].media_type


class MapFileViewSet(ScopedViewSet):
    """Journey maps as files."""

    scope = "journeys"
    room = "maps"
    queryset = JourneyMap.objects.all()
    ordering = ("name", "id")
    content_negotiation_class = AnyType

    @extend_schema(
        parameters=[ExportQuerySerializer],
        responses={
            (200, entry.media_type.partition(";")[0]): OpenApiTypes.BINARY
            for entry in FORMATS.values()
        },
        filters=False,
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def export(self, request: Request, pk: str | None = None) -> HttpResponse:
        """Hand out a map as a file: the draft, else what is published, or a version by number."""
        journey = self.get_object()
        query = ExportQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        version = _version(journey, asked.get("version"))
        sheet = load_sheet(
            version,
            workspace=self.workspace,
            window=f"{asked['period']}d",
            period=str(PERIODS[asked["period"]]),
            figures=asked["figures"],
        )
        if asked.get("lanes"):
            wanted = {str(key) for key in asked["lanes"]}
            if wanted - {lane.key for lane in sheet.lanes}:
                raise ValidationError({"lanes": _("There is no such lane on this version.")})
            sheet = sheet.keep(wanted)
        entry = FORMATS[asked["format"]]
        content = entry.make(sheet, asked["paper"])
        audit.record(
            "exported",
            journey,
            {
                "format": (None, entry.key),
                "version": (None, version.number),
                "figures": (None, asked["figures"]),
            },
        )
        response = HttpResponse(content, content_type=entry.media_type)
        name = content_disposition_header(True, file_name(sheet, entry))
        response["Content-Disposition"] = name
        return response

    @extend_schema(
        request={"multipart/form-data": ImportRequestSerializer},
        responses={201: ImportResultSerializer, 200: ImportResultSerializer},
        filters=False,
    )
    @action(
        detail=False,
        methods=["post"],
        url_path="import",
        parser_classes=[MultiPartParser],
        pagination_class=None,
    )
    def import_file(self, request: Request) -> Response:
        """Make a map from a JSON, XLSX or CSV file, whole or not at all."""
        body = ImportRequestSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        asked = body.validated_data
        try:
            raw = read(asked["file"].read(), asked["file"].name or "")
        except Refused as refused:
            detail = services.in_words(refused.problem)
            raise DomainError(detail, code=refused.problem.code) from refused
        draft = services.preview_map(workspace=self.workspace, raw=raw)
        if asked["dry_run"]:
            return Response(_result(draft, None))
        journey = services.import_map(
            workspace=self.workspace, raw=raw, name=asked["name"], kind=asked.get("kind", "")
        )
        return Response(_result(draft, journey), status=status.HTTP_201_CREATED)


def _version(journey: JourneyMap, number: int | None) -> Version:
    if number is None:
        version = version_to_show(journey, editor=True)
    else:
        version = get_object_or_404(Version, map=journey, number=number)
    version.map = journey
    return version


def _result(draft: Draft, journey: JourneyMap | None) -> dict[str, Any]:
    return dict(
        ImportResultSerializer(
            {
                "id": journey.pk if journey is not None else None,
                "name": journey.name if journey is not None else draft.name,
                "stages": len(draft.plan.stages),
                "steps": draft.steps,
                "cards": draft.cards,
                "blocked": draft.blocked,
                "problems": [
                    {
                        "text": problem.text,
                        "code": problem.code,
                        "blocks": problem.blocks,
                        "page": problem.where.page,
                        "row": problem.where.row,
                        "column": problem.where.column,
                    }
                    for problem in draft.problems
                ],
            }
        ).data
    )
