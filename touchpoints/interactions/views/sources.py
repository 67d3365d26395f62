"""What each source sent on each day, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cxm.common.export import Cell
from cxm.workspaces.pages import MemberRequest, render_page, workspace_page
from touchpoints.interactions.reports import SourceReport, source_reports
from touchpoints.interactions.views.shared import send_table

DAYS: Final = 14
# The parts of a bar, in their order.
PARTS: Final = ("stored", "duplicate", "bot", "quarantined")


@require_GET
@workspace_page("interactions.view_source")
def sources_page(request: MemberRequest) -> HttpResponse:
    """Show every source with its last days; nothing that came is missing in the sum."""
    reports = source_reports(workspace=request.workspace, days=DAYS)
    return render_page(
        request,
        "interactions/sources.html",
        {
            "reports": [(report, _rows(report)) for report in reports],
            "days": DAYS,
            "late": [report.source.name for report in reports if report.late],
            "inbox": sum(report.inbox for report in reports),
            "refused": sum(report.refused for report in reports),
            "exports": [(_("By source and day"), f"{reverse('sources_export')}?")],
            "may_add": request.user.has_perm("interactions.add_source"),
            "may_change": request.user.has_perm("interactions.change_source"),
            "may_enter": request.user.has_perm("interactions.add_staffcontact"),
        },
    )


@require_GET
@workspace_page("interactions.view_source")
def export_sources(request: MemberRequest) -> HttpResponse:
    """Send what each source sent on each day, as CSV or as a workbook."""
    header = (
        "source", "kind", "day", "received", "stored", "duplicate", "bots", "quarantined",
        "declined",
    )  # fmt: skip
    reports = source_reports(workspace=request.workspace, days=DAYS)

    def rows() -> Iterator[Sequence[Cell]]:
        for report in reports:
            for row in report.days:
                if row.counts is not None:
                    n = row.counts
                    yield (
                        report.source.name, report.source.kind, row.day, n.received, n.stored,
                        n.duplicate, n.bot, n.quarantined, n.declined,
                    )  # fmt: skip

    return send_table(request, "sources", header, rows())


def _rows(report: SourceReport) -> list[dict[str, object]]:
    """Return each day with its bar: (part, from, width) in per cent of the fullest day.

    Days without anything that follow each other are one row.
    """
    found: list[dict[str, object]] = []
    empty: list[date] = []
    for row in report.days:
        if row.counts is None:
            empty.append(row.day)
            continue
        _close(found, empty)
        bar: list[tuple[str, float, float]] = []
        place = 0.0
        for part in PARTS:
            width = round(100 * getattr(row.counts, part) / report.most, 2)
            if width:
                bar.append((part, round(place, 2), width))
            place += width
        found.append({"day": row.day, "counts": row.counts, "bar": bar})
    _close(found, empty)
    return found


def _close(found: list[dict[str, object]], empty: list[date]) -> None:
    """Make one row of days on which nothing came and that follow each other, newest first."""
    if empty:
        found.append({"day": empty[0], "first": empty[-1], "n": len(empty), "counts": None})
        empty.clear()
