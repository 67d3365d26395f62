"""What customers answered: the results of one survey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Max, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cxm.common.clock import day_of, now
from cxm.common.export import Cell, csv_lines
from cxm.common.statistics import Difference, Figure, difference
from cxm.common.targets import Status
from cxm.dashboards import numbers
from cxm.kpis.reports import figure, figures
from cxm.workspaces import audit
from cxm.workspaces.models import Workspace
from cxm.workspaces.pages import MemberRequest, render_page, workspace_page
from surveys.questionnaires.models import Survey
from surveys.responses.drawings import forest
from surveys.responses.models import Response
from surveys.responses.reports import (
    Distribution,
    Funnel,
    PlaceFigure,
    Span,
    by_month,
    by_touchpoint,
    distribution,
    export_rows,
    funnel,
    quotes_of,
    responses_in,
    with_score,
    z_of,
)

WINDOWS: Final = (30, 90, 365)
COMMENTS: Final = 6
MORE_COMMENTS: Final = 20
MOST_COMMENTS: Final = 500
_KEYS: Final = frozenset(str(days) for days in WINDOWS)
_GROUPS: Final = {"detractor": (0, 6), "passive": (7, 8), "promoter": (9, 10)}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The NPS of the page with what it is compared with."""

    figure: Figure
    shown: bool
    change: Difference | None
    target: float | None
    status: Status | None


@require_safe
@workspace_page("responses.view_response")
def overview(request: MemberRequest) -> HttpResponse:
    """Go to the survey that was answered last; say what to do where there is none."""
    surveys = _surveys()
    if not surveys:
        return render_page(request, "responses/no_results.html", {})
    return HttpResponseRedirect(reverse("results_survey", args=[surveys[0].pk]))


@require_safe
@workspace_page("responses.view_response")
def survey_results(request: MemberRequest, survey_id: UUID) -> HttpResponse:
    """Show the response funnel, NPS, its course, touchpoints and comments of a survey."""
    survey = get_object_or_404(Survey.objects.select_related("touchpoint"), pk=survey_id)
    workspace, span = request.workspace, _span(request)
    zone, z = workspace.timezone, z_of(workspace)
    responses = responses_in(survey, span, zone)
    spread = distribution(responses)
    before = distribution(responses_in(survey, span.before, zone))
    verdict = _verdict(workspace, survey, spread, before, days=_days(request))
    found, found_before = funnel(survey, span, zone), funnel(survey, span.before, zone)
    kept, chip = _kept(responses, request.GET.get("show", ""))
    wanted = _whole(request.GET.get("n", ""), COMMENTS)
    comments = quotes_of(kept, wanted + 1)
    rest = len(comments) > wanted and wanted < MOST_COMMENTS
    places = by_touchpoint(span, zone, z)
    return render_page(
        request,
        "responses/results.html",
        {
            "survey": survey,
            "surveys": _surveys(),
            "days": _days(request),
            "windows": WINDOWS,
            "finding": _finding(verdict),
            "verdict": verdict,
            "spread": spread,
            "bars": _bars(spread),
            "funnel": found,
            "rate": found.rate(z),
            "rate_before": found_before.rate(z),
            "shares": _shares(found),
            "course": [
                (date_format(month, "M"), of) for month, of in by_month(survey, span.end, zone, z)
            ],
            "few": workspace.min_answers,
            "forest": forest(places, targets=_targets(places), few=workspace.min_answers),
            "comments": comments[:wanted],
            "more": wanted + MORE_COMMENTS if rest else 0,
            "show": chip,
            "chips": _chips(),
        },
    )


@require_safe
@workspace_page("responses.view_response")
def export(request: MemberRequest, survey_id: UUID) -> HttpResponse:
    """Answer the responses of the page's period as CSV; the export is audited."""
    survey = get_object_or_404(Survey, pk=survey_id)
    span = _span(request)
    rows = responses_in(survey, span, request.workspace.timezone)
    table: list[Sequence[Cell]] = list(export_rows(rows))
    audit.record("exported answers", survey, {"answers": (None, len(table))})
    header = (
        "response",
        "submitted_at",
        "customer",
        "touchpoint",
        "score",
        "comment",
        "language",
        "via",
        "wants_reply",
        "replied_at",
    )
    name = f"{slugify(survey.name) or 'answers'}-{span.start}-{span.end}.csv"
    answer = HttpResponse("".join(csv_lines(header, table)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _surveys() -> list[Survey]:
    """Return the surveys, those answered last before the others."""
    found: QuerySet[Any] = Survey.objects.annotate(
        last=Max("responses__submitted_at"), n=Count("responses")
    )
    return sorted(
        found, key=lambda survey: (survey.last is not None, survey.last or now()), reverse=True
    )


def _days(request: MemberRequest) -> int:
    return _whole(request.GET.get("days", ""), 90) if request.GET.get("days") in _KEYS else 90


def _span(request: MemberRequest) -> Span:
    return Span.ending(day_of(now(), request.workspace.timezone), _days(request))


def _targets(places: Sequence[PlaceFigure]) -> dict[UUID, float | None]:
    """Return the NPS target of each touchpoint; a constant number of queries."""
    found = figures("touchpoint", [place.touchpoint_id for place in places], ["nps"])
    return {subject: score.target for (subject, _metric), score in found.items()}


def _verdict(
    workspace: Workspace,
    survey: Survey,
    spread: Distribution,
    before: Distribution,
    *,
    days: int,
) -> Verdict:
    """Compare the survey's NPS with the period before and with the target of its subject."""
    z = z_of(workspace)
    of = spread.figure(z)
    kind, subject = (
        ("touchpoint", survey.touchpoint_id)
        if survey.touchpoint_id
        else ("workspace", workspace.pk)
    )
    score = figure(kind, subject, "nps", f"{days}d")
    shown = of.n >= workspace.min_answers
    # The status is the subject's, and shown only where this survey is all that it stands on.
    same = score.figure.n == of.n
    return Verdict(
        figure=of,
        shown=shown,
        change=difference(of, before.figure(z), z) if before.n >= workspace.min_answers else None,
        target=score.target,
        status=score.status if shown and same else None,
    )


def _finding(verdict: Verdict) -> tuple[str, str]:
    """Return the sentence under the title: the finding, and one more fact."""
    n = numbers.number(verdict.figure.n)
    if not verdict.figure.n:
        return _("No answers yet."), ""
    if not verdict.shown:
        return _("Too few answers to say (n = %s).") % n, ""
    value = numbers.value(verdict.figure.value, "points")
    change = verdict.change
    if change is not None and change.clear and change.value < 0:
        first = _("NPS fell to %s") % value
    elif change is not None and change.clear:
        first = _("NPS rose to %s") % value
    else:
        first = _("NPS is %s") % value
    if verdict.target is not None and verdict.figure.value is not None:
        gap = round(verdict.figure.value) - round(verdict.target)
        if gap < 0:
            first = _("%(first)s, %(gap)s below its target") % {"first": first, "gap": -gap}
        elif gap > 0:
            first = _("%(first)s, %(gap)s above its target") % {"first": first, "gap": gap}
    more = "" if change is None or change.clear else _("No clear change to the period before.")
    return f"{first}.", more


def _bars(spread: Distribution) -> list[dict[str, object]]:
    """Return the histogram as places in a box of 400 × 84."""
    return [
        {
            "score": score,
            "n": n,
            "group": group,
            "x": 3 + 36 * score,
            "y": round(64 - 60 * share, 1),
            "height": round(60 * share, 1),
        }
        for score, n, group, share in spread.bars
    ]


def _shares(found: Funnel) -> dict[str, float]:
    """Return each step as a share of the step before, 0…1."""
    return {
        "sent": found.sent / found.chosen if found.chosen else 0.0,
        "answered": found.answered / found.sent if found.sent else 0.0,
    }


def _chips() -> list[tuple[str, str]]:
    return [
        ("", _("All")),
        ("detractor", _("Detractors")),
        ("passive", _("Passives")),
        ("promoter", _("Promoters")),
        ("reply", _("Wants a reply")),
    ]


def _kept(responses: QuerySet[Response], show: str) -> tuple[QuerySet[Response], str]:
    """Keep the comments that a chip stands for."""
    if show == "reply":
        return responses.filter(wants_reply=True, replied_at=None), show
    if show in _GROUPS:
        return with_score(responses, *_GROUPS[show]), show
    return responses, ""


def _whole(text: str, otherwise: int) -> int:
    return min(int(text), MOST_COMMENTS) if text.isascii() and text.isdigit() else otherwise
