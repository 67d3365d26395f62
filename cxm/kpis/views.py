"""HTML doors: the table of KPIs, its export, and the components of task fulfilment."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseFormSet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from cxm.common import clock
from cxm.common.export import Cell, csv_lines
from cxm.kpis import registry, reports, services
from cxm.kpis.forms import ComponentForm, ComponentFormSet
from cxm.kpis.models import FulfilmentComponent
from cxm.kpis.registry import Subject
from cxm.kpis.reports import KpiRow, KpiTable
from cxm.workspaces import audit
from cxm.workspaces.pages import MemberRequest, render_page, workspace_page

# In the order of the page; each word with how many KPIs it holds.
_FILTERS = ("bad", "watch", "unsure", "good", "none")


@require_GET
@workspace_page("kpis.view_kpi")
def kpis(request: MemberRequest) -> HttpResponse:
    """Show every KPI against its target."""
    table = _table(request)
    status = request.GET.get("status", "")
    shown = table.only(status) if status in {*_FILTERS, "risk"} else table
    return render_page(
        request,
        "kpis/kpis.html",
        {
            "table": table,
            "shown": shown,
            "status": status,
            "chips": [(word, table.counts[word]) for word in _FILTERS if table.counts[word]],
            "groups": [(group, _group_summary(group)) for group in shown.groups],
            "finding": _finding(table),
            "fact": _fact(table),
            "may_add": request.user.has_perm("kpis.add_kpi"),
            "scored_at": reports.scored_at(),
            "query": urlencode({"status": status}) if status else "",
        },
    )


@require_GET
@workspace_page("kpis.view_kpi")
def export_kpis(request: MemberRequest) -> HttpResponse:
    """Send the table as CSV."""
    header = [
        "kpi", "definition", "about", "measure", "unit", "period", "from", "to", "status", "value",
        "low", "high", "n", "target", "attainment", "forecast", "forecast_low", "forecast_high",
        "owner",
    ]  # fmt: skip
    rows = (_row_cells(row) for row in _table(request).rows)
    response = HttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    day = clock.day_of(clock.now(), request.workspace.timezone)
    response["Content-Disposition"] = f'attachment; filename="kpis-{day.isoformat()}.csv"'
    return response


@require_http_methods(["GET", "POST"])
@workspace_page("kpis.view_kpi")
def components(request: MemberRequest, kind: str, subject_id: UUID) -> HttpResponse:
    """Edit what the task fulfilment of a subject without a goal event is made of."""
    entry = registry.subject_kinds.get(kind)
    name = entry.names().get(subject_id) if entry else None
    if name is None:
        raise Http404
    subject = Subject(kind, subject_id)
    may_change = request.user.has_perm("kpis.change_fulfilmentcomponent")
    rows = FulfilmentComponent.objects.filter(subject_kind=kind, subject_id=subject_id)
    if request.method == "POST":
        if not may_change:
            raise PermissionDenied
        formset = ComponentFormSet(request.POST)
        if formset.is_valid():
            _save_components(subject, name, formset)
            messages.success(request, _("Saved. Scores update within a minute."))
            return HttpResponseRedirect(request.path)
    else:
        initial = rows.values("component", "floor", "target", "weight")
        formset = ComponentFormSet(initial=list(initial))
    return render_page(
        request,
        "kpis/components.html",
        {"formset": formset, "name": name, "may_change": may_change, "kept": rows.exists()},
    )


def _save_components(subject: Subject, name: str, formset: BaseFormSet[ComponentForm]) -> None:
    specs = [
        services.ComponentSpec(
            component=data["component"],
            floor=data["floor"],
            target=data["target"],
            weight=data["weight"],
        )
        for form in formset.forms
        if (data := form.cleaned_data).get("component")
    ]
    services.set_components(subject=subject, components=specs)
    audit.record("changed", FulfilmentComponent(component=name, weight=1), {})


def _table(request: MemberRequest) -> KpiTable:
    return reports.kpi_table(clock.day_of(clock.now(), request.workspace.timezone))


def _finding(table: KpiTable) -> str:
    total = len(table.rows)
    good = table.counts["good"]
    if not total:
        return ""
    return ngettext(
        "%(good)d of %(total)d KPI is on target.",
        "%(good)d of %(total)d KPIs are on target.",
        total,
    ) % {"good": good, "total": total}


def _fact(table: KpiTable) -> str:
    if bad := table.counts["bad"]:
        return ngettext("%d is off target.", "%d are off target.", bad) % bad
    if table.at_risk:
        return (
            ngettext(
                "%d will miss its target at this pace.", "%d will miss at this pace.", table.at_risk
            )
            % table.at_risk
        )
    if unsure := table.counts["unsure"] + table.counts["none"]:
        return ngettext("%d cannot be told yet.", "%d cannot be told yet.", unsure) % unsure
    return ""


def _group_summary(group: reports.KpiGroup) -> str:
    counts, total = group.counts, len(group.rows)
    for word, text in (
        ("bad", _("%(n)d of %(total)d off target")),
        ("watch", _("%(n)d of %(total)d to watch")),
        ("good", _("%(n)d of %(total)d on target")),
    ):
        if counts[word]:
            return text % {"n": counts[word], "total": total}
    return ""


def _row_cells(row: KpiRow) -> list[Cell]:
    score = row.score
    shown = score.figure if score.shown else None
    forecast = row.forecast.figure if row.forecast else None
    return [
        row.name, row.description, row.subject_name, score.metric.key, score.metric.unit,
        row.period, score.start, score.end, row.status.value if row.status else "",
        shown.value if shown else None, shown.low if shown else None,
        shown.high if shown else None, score.figure.n, score.target, row.attained,
        forecast.value if forecast else None, forecast.low if forecast else None,
        forecast.high if forecast else None, row.owner,
    ]  # fmt: skip
