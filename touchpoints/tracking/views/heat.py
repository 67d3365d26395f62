"""Heat maps: where people click on a page, and how far they scroll."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from cxm.common.export import Cell, csv_lines
from cxm.workspaces import audit
from cxm.workspaces.pages import MemberRequest, render_page, workspace_page
from touchpoints.catalogue.models import Touchpoint
from touchpoints.interactions.models import Source
from touchpoints.tracking.drawing import Drawing, draw
from touchpoints.tracking.forms import HeatForm
from touchpoints.tracking.models import PagePicture
from touchpoints.tracking.palette import resolved
from touchpoints.tracking.reports import PageHeat, page_heat, page_paths

WINDOWS: Final = (
    (7, gettext_lazy("7 days")),
    (30, gettext_lazy("30 days")),
    (90, gettext_lazy("90 days")),
)
DEVICE_NAMES: Final = {
    "desktop": gettext_lazy("Desktop"),
    "tablet": gettext_lazy("Tablet"),
    "phone": gettext_lazy("Phone"),
}
# Rules of the picture for a file of its own; the page has the same in tracking.css.
_STYLE: Final = """
text { font: 11px sans-serif; fill: var(--ink-2); }
.page { fill: var(--surface); stroke: var(--edge); }
.spot { fill: var(--said); }
.l1 { opacity: .2; } .l2 { opacity: .36; } .l3 { opacity: .52; }
.l4 { opacity: .68; } .l5 { opacity: .84; } .l6 { opacity: 1; }
.outline rect { fill: none; stroke: var(--line-strong); stroke-width: .8; }
.outline text { fill: var(--ink); font-size: 10px; }
.fold { stroke: var(--ink); stroke-dasharray: 6 4; }
.band { fill: var(--said-band); } .tick { stroke: var(--line); } .b { fill: var(--ink); }
"""


@require_GET
@workspace_page("interactions.view_interaction")
def heat_page(request: MemberRequest) -> HttpResponse:
    """Show the figure of a page, or send it as a table (`?export=csv`) or picture (`svg`)."""
    workspace = request.workspace
    websites = list(Source.objects.for_workspace(workspace).filter(kind=Source.Kind.WEB))
    question = HeatForm(request.GET).question()
    paths = page_paths(workspace, question)
    if not question.path and paths.paths:
        question = question.at(paths.paths[0].path)
    found = page_heat(workspace, question)
    shown = found.heat.views >= workspace.min_visits
    drawing = draw(found.heat, found.device, bars=shown)
    wanted = request.GET.get("export")
    if wanted == "csv":
        return _table(request, found)
    if wanted == "svg" and drawing is not None:
        return _picture(request, found, drawing)
    return render_page(
        request,
        "tracking/heat.html",
        {
            "question": question,
            "paths": paths,
            "found": found,
            "heat": found.heat,
            "drawing": drawing,
            "shown": shown,
            "websites": websites,
            "picture": PagePicture.objects.for_workspace(workspace)
            .filter(path=question.path, device=found.device)
            .first(),
            "may_change": request.user.has_perm("interactions.change_source"),
            "touchpoints": Touchpoint.objects.for_workspace(workspace),
            "windows": [(days, name, _query(request, days=days)) for days, name in WINDOWS],
            "devices": [
                (device, DEVICE_NAMES[device], n, _query(request, device=device))
                for device, n in found.devices
            ],
            "exports": [
                (kind, _query(request, path=question.path, device=found.device, export=kind))
                for kind in ("csv", "svg")
            ],
            "device_name": DEVICE_NAMES[found.device],
            "ladder": range(1, 7),
        },
    )


def _table(request: MemberRequest, found: PageHeat) -> HttpResponse:
    """Send what was clicked and how far people came as CSV."""
    heat = found.heat
    rows: list[tuple[Cell, ...]] = [
        ("element", each.kind, each.text, each.href, each.clicks, heat.clicks, None, None)
        for each in heat.elements
    ]
    rows += [
        ("cell", f"{cell.column + 1}/{cell.row + 1}", "", "", cell.clicks, heat.clicks, None, None)
        for cell in heat.cells
    ]
    rows += [
        (
            "reached",
            f"{each.tenth} %",
            "",
            "",
            None if each.figure.value is None else round(each.figure.value, 1),
            each.figure.n,
            None if each.figure.low is None else round(each.figure.low, 1),
            None if each.figure.high is None else round(each.figure.high, 1),
        )
        for each in heat.reach
    ]
    header = (
        _("What"),
        _("Which"),
        _("Text"),
        _("Leads to"),
        _("Value"),
        _("n"),
        _("From"),
        _("To"),
    )
    return _file(request, found, "".join(csv_lines(header, rows)), "csv", "text/csv")


def _picture(request: MemberRequest, found: PageHeat, drawing: Drawing) -> HttpResponse:
    """Send the figure as a drawing that stands for itself."""
    context: dict[str, Any] = {
        "drawing": drawing,
        "found": found,
        "heat": found.heat,
        "device_name": DEVICE_NAMES[found.device],
        "style": resolved(_STYLE),
        "alone": True,
    }
    text = render_to_string("tracking/_heat.svg", context, request)
    return _file(request, found, text, "svg", "image/svg+xml")


def _file(
    request: MemberRequest, found: PageHeat, text: str, extension: str, kind: str
) -> HttpResponse:
    audit.record("exported a heat map of", request.workspace, {"path": (None, found.path[:200])})
    name = f"{slugify(found.path.replace('/', ' ')) or 'start'}-{found.device}.{extension}"
    response = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="heat-map-{name}"'
    return response


def _query(request: HttpRequest, **changes: object) -> str:
    kept = {name: value for name, value in request.GET.dict().items() if name != "export"}
    return urlencode({**kept, **{name: str(value) for name, value in changes.items()}})
