"""How it goes at one touchpoint: the page, the parts that come after it, and its tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cxm.common.export import Cell
from cxm.dashboards import numbers, words
from cxm.kpis.reports import figures, scored_at
from cxm.workspaces.pages import MemberRequest, render_page, workspace_page
from touchpoints.catalogue.drawn import drawn
from touchpoints.catalogue.models import Touchpoint
from touchpoints.catalogue.voices import ask_url, asked
from touchpoints.interactions.campaign_chart import Bars, bars
from touchpoints.interactions.daysums import Compared, Period, Step
from touchpoints.interactions.models import FALLBACK_ICON
from touchpoints.interactions.reports import (
    Criteria,
    GoalLine,
    People,
    PlaceReport,
    breakdowns,
    first_day,
    goals_reached,
    latest,
    people_of,
    phases_beside,
    place_report,
    with_rules,
)
from touchpoints.interactions.views.shared import (
    PERIODS,
    period_of,
    period_query,
    score_window,
    send_table,
)

HEADLINES: Final = ("satisfaction", "task_fulfilment", "nps")
LATEST_HERE: Final = 6
SHOWN_LINES: Final = 8


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure with its change, as a small card shows it."""

    title: str
    value: str
    note: str
    turn: words.Turn | None
    compared: Compared
    # The interval of an estimate stands with the value, not beside its certainty.
    about: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars over time with their words; `gaps` are the places of which nothing is known."""

    drawings: Sequence[tuple[str, Bars]]
    gaps: Sequence[bool]
    summary: str


@require_GET
@workspace_page("catalogue.view_touchpoint")
def touchpoint_page(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show how it goes at one touchpoint."""
    touchpoint = _touchpoint(request, pk)
    period = period_of(request)
    report = place_report(workspace=request.workspace, touchpoint=pk, period=period)
    window = score_window(period)
    scores = figures("touchpoint", [pk], HEADLINES, window)
    by_key = {key: score for (_id, key), score in scores.items()}
    nps = by_key.get("nps")
    return render_page(
        request,
        "interactions/touchpoint.html",
        {
            "touchpoint": touchpoint,
            "icon": touchpoint.icon or touchpoint.channel.icon or FALLBACK_ICON,
            "phases": phases_beside(touchpoint),
            "report": report,
            "period": period,
            "period_query": period_query(period),
            "periods": PERIODS,
            "exports": _exports(touchpoint, period),
            "minimum": request.workspace.min_visits,
            "level": numbers.value(100 * request.workspace.confidence, "percent"),
            "tiles": _tiles(report),
            "people": _people_tile(report.people) if report.people else None,
            "chart": _chart(report),
            "course": [(_label(step), step.conversion) for step in report.course],
            "rows": [_course_row(step) for step in report.course],
            "weekly": period.step > 1,
            "goal_lines": _goal_rows(report.goals) if report.goals is not None else None,
            "channels": report.channels[:SHOWN_LINES],
            "campaigns": report.campaigns[:SHOWN_LINES],
            "more_channels": len(report.channels) - SHOWN_LINES,
            "more_campaigns": len(report.campaigns) - SHOWN_LINES,
            "headlines": [by_key[key] for key in HEADLINES if key in by_key],
            "score_days": int(window.removesuffix("d")),
            "nps": nps,
            "nps_course": [(f"{point.end:%d.%m.}", point.figure) for point in nps.trend]
            if nps
            else [],
            "page": latest(
                workspace=request.workspace, criteria=Criteria(touchpoint=pk), size=LATEST_HERE
            ),
            "breakdowns": breakdowns(workspace=request.workspace, window=window, touchpoint=pk),
            "since": first_day(workspace=request.workspace, touchpoint=pk)
            if not report.sums.contacts
            else None,
            "scored_at": scored_at(),
            "may_change": request.user.has_perm("catalogue.change_touchpoint"),
        },
    )


@require_GET
@workspace_page("catalogue.view_touchpoint")
def touchpoint_visitors(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Send the number of visitors alone, where there are too many for the page to wait."""
    _touchpoint(request, pk)
    people = people_of(workspace=request.workspace, touchpoint=pk, period=period_of(request))
    return render(request, "interactions/_place_tile.html", {"tile": _people_tile(people)})


@require_GET
@workspace_page("catalogue.view_touchpoint")
def touchpoint_goals(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Send the goals reached alone, where there are too many for the page to wait."""
    _touchpoint(request, pk)
    found = goals_reached(workspace=request.workspace, touchpoint=pk, period=period_of(request))
    return render(request, "interactions/_place_goals.html", {"goal_lines": _goal_rows(found)})


@require_GET
@workspace_page("catalogue.view_touchpoint")
def touchpoint_around(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Send what maps and surveys say of it: nothing that the page's figures wait for."""
    _touchpoint(request, pk)
    context = {
        "drawn": drawn(request.workspace, pk),
        "asked": asked(request.workspace, [pk]),
        "ask_url": ask_url(pk) if request.user.has_perm("questionnaires.add_survey") else "",
    }
    return render(request, "interactions/_place_maps.html", context)


@require_GET
@workspace_page("catalogue.view_touchpoint")
def export_touchpoint(request: MemberRequest, pk: UUID, table: str) -> HttpResponse:
    """Send one of the page's tables as CSV or as a workbook."""
    touchpoint = _touchpoint(request, pk)
    period = period_of(request)
    if table == "goals":
        found = goals_reached(workspace=request.workspace, touchpoint=pk, period=period)
        header, rows = _goals_table(found)
    else:
        report = place_report(workspace=request.workspace, touchpoint=pk, period=period)
        if table == "figures":
            header, rows = _figures_table(report)
        elif table == "days":
            header, rows = _days_table(report)
        elif table in ("channels", "campaigns"):
            header, rows = _lines_table(report, table)
        else:
            raise Http404
    name = f"{touchpoint.key}-{table}-{period.start}-{period.end}"
    return send_table(request, name, header, rows)


def _touchpoint(request: MemberRequest, pk: UUID) -> Touchpoint:
    return get_object_or_404(
        with_rules(
            Touchpoint.objects.for_workspace(request.workspace).select_related(
                "channel", "phase__model", "owner__user"
            )
        ),
        pk=pk,
    )


def _exports(touchpoint: Touchpoint, period: Period) -> list[tuple[str, str]]:
    """Return title and address of each table of the page."""
    titles = {
        "figures": _("Figures"),
        "days": _("By day"),
        "channels": _("By channel"),
        "campaigns": _("By campaign"),
        "goals": _("Goals reached"),
    }
    return [
        (title, f"{reverse('touchpoint_export', args=[touchpoint.pk, key])}?{period_query(period)}")
        for key, title in titles.items()
    ]


# --- words ------------------------------------------------------------------------------


def _tiles(report: PlaceReport) -> list[Tile]:
    tiles = [
        _count_tile(_("Visits"), report.visits),
        _count_tile(_("Views"), report.views),
        _count_tile(_("Clicks"), report.clicks),
        _tile(
            _("Time per visit"),
            report.dwell,
            "seconds",
            _("No time in the foreground was measured.") if not report.sums.seconds else "",
        ),
    ]
    if report.goal is not None:
        tiles.append(_tile(_("Conversion"), report.conversion, "percent", ""))
    return tiles


def _count_tile(title: str, compared: Compared) -> Tile:
    turn = words.turn(compared.change, "count", lower_is_better=False)
    return Tile(title, numbers.number(compared.figure.value or 0), _("full count"), turn, compared)


def _tile(title: str, compared: Compared, unit: str, missing: str) -> Tile:
    figure = compared.figure
    places = numbers.decimals_for(unit, figure)
    if not compared.shown:
        note = missing or _("Not enough data (n = %s)") % numbers.number(figure.n)
        return Tile(title, numbers.DASH, note, None, compared)
    turn = words.turn(compared.change, unit, lower_is_better=False)
    note = f"{numbers.interval(figure, unit)}, {numbers.count(figure.n)}"
    return Tile(title, numbers.value(figure.value, unit, places), note, turn, compared)


def _people_tile(people: People) -> Tile:
    figure = people.compared.figure
    turn = words.turn(people.compared.change, "count", lower_is_better=False)
    value = numbers.number(figure.value or 0)
    if not people.estimated:
        return Tile(_("Visitors"), value, _("full count"), turn, people.compared)
    note = _("about, %s by a sixteenth of them") % numbers.interval(figure, "count")
    return Tile(_("Visitors"), value, note, turn, people.compared, about=True)


def _goal_rows(lines: Sequence[GoalLine]) -> list[tuple[GoalLine, list[str]]]:
    return [
        (
            line,
            [
                f"{numbers.number(float(worth))} {currency}".strip()
                for currency, worth in line.values.items()
            ],
        )
        for line in lines
    ]


def _label(step: Step) -> str:
    return date_format(step.start, "j M")


def _course_row(step: Step) -> dict[str, object]:
    name = date_format(step.start, "j M Y")
    if step.end != step.start:
        name = f"{date_format(step.start, 'j M')} – {date_format(step.end, 'j M Y')}"
    return {"name": name, "sums": step.sums, "conversion": step.conversion}


def _chart(report: PlaceReport) -> Chart | None:
    values = [step.sums.visits if step.sums else 0 for step in report.course]
    labels = [_label(step) for step in report.course]
    wide = bars(values, labels, width=640, height=150)
    narrow = bars(values, labels, width=330, height=150)
    if wide is None or narrow is None:
        return None
    known = [(step, step.sums.visits) for step in report.course if step.sums is not None]
    most = max(known, key=lambda entry: entry[1])
    return Chart(
        (("wide", wide), ("narrow", narrow)),
        [step.sums is None for step in report.course],
        _("Visits from %(first)s to %(last)s. Most on %(day)s: %(n)s.")
        % {
            "first": labels[0],
            "last": labels[-1],
            "day": _label(most[0]),
            "n": numbers.number(most[1]),
        },
    )


# --- tables -----------------------------------------------------------------------------

Table = tuple[Sequence[str], Iterator[Sequence[Cell]]]


def _figures_table(report: PlaceReport) -> Table:
    header = ("figure", "unit", "value", "low", "high", "n", "before", "change", "clear")
    people = report.people.compared if report.people else None
    entries: list[tuple[str, str, Compared | None]] = [
        ("visitors", "count", people),
        ("visits", "count", report.visits),
        ("views", "count", report.views),
        ("clicks", "count", report.clicks),
        ("time per visit", "seconds", report.dwell),
        ("conversion", "percent", report.conversion),
    ]

    def rows() -> Iterator[Sequence[Cell]]:
        for name, unit, found in entries:
            if found is None:
                continue
            figure, change = found.figure, found.change
            yield (
                name, unit, figure.value if found.shown else None,
                figure.low if found.shown else None, figure.high if found.shown else None,
                figure.n, found.before.value if found.before else None,
                change.value if change else None,
                None if change is None else ("yes" if change.clear else "no"),
            )  # fmt: skip

    return header, rows()


def _days_table(report: PlaceReport) -> Table:
    header = ("day", "visits", "views", "clicks", "contacts", "seconds", "conversions")
    return header, (
        (day, sums.visits, sums.views, sums.clicks, sums.contacts, sums.seconds, sums.won)
        for day, sums in sorted(report.by_day.items())
        if report.period.holds(day)
    )


def _lines_table(report: PlaceReport, table: str) -> Table:
    what = "channel" if table == "channels" else "campaign"
    header = (
        what, "visits", "views", "clicks", "contacts", "conversions", "conversion", "low", "high",
    )  # fmt: skip
    lines = report.channels if table == "channels" else report.campaigns
    return header, (
        (
            line.name, line.sums.visits, line.sums.views, line.sums.clicks, line.sums.contacts,
            line.sums.won, line.conversion.value, line.conversion.low, line.conversion.high,
        )
        for line in lines
    )  # fmt: skip


def _goals_table(lines: Sequence[GoalLine]) -> Table:
    def rows() -> Iterator[Sequence[Cell]]:
        for line in lines:
            for currency, worth in line.values.items() or [("", None)]:
                yield line.goal.name, line.reached, line.visits, worth, currency

    return ("goal", "reached", "visits", "value", "currency"), rows()
