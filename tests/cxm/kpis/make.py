"""Facts of two invented feeds, kept in memory, and makers of KPIs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from cxm.common.scope import current_workspace_id
from cxm.kpis import services
from cxm.kpis.models import Kpi, Measurement, Target
from cxm.kpis.registry import Tally
from cxm.workspaces.models import Workspace

CHECKOUT = UUID("01900000-0000-7000-8000-000000000001")
DELIVERY = UUID("01900000-0000-7000-8000-000000000002")
NAMES = {CHECKOUT: "Checkout", DELIVERY: "Delivery"}
TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Answer:
    """An NPS and a satisfaction score of one person about a touchpoint; None is relational."""

    touchpoint: UUID | None
    day: date
    nps: int
    stars: int = 4
    segment: str = ""


@dataclass(frozen=True)
class Visit:
    """A visit to a touchpoint, with what happened in it."""

    touchpoint: UUID
    day: date
    views: int = 3
    seconds: float = 60.0
    bought: bool | None = None
    visitor: str = "New"


@dataclass
class Facts:
    """What the invented rooms above would have in their tables."""

    answers: list[Answer] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)

    def add(self, *facts: Answer | Visit) -> None:
        """Add facts and note their days, in one transaction as a real room does."""
        with transaction.atomic():
            for fact in facts:
                (self.answers if isinstance(fact, Answer) else self.visits).append(fact)  # type: ignore[arg-type]
            self.note(facts)

    def remove(self, *facts: Answer | Visit) -> None:
        """Take facts back."""
        with transaction.atomic():
            for fact in facts:
                (self.answers if isinstance(fact, Answer) else self.visits).remove(fact)  # type: ignore[arg-type]
            self.note(facts)

    def note(self, facts: Iterable[Answer | Visit]) -> None:
        """Mark the days of facts as stale."""
        days: dict[str, set[date]] = defaultdict(set)
        for fact in facts:
            days["answers" if isinstance(fact, Answer) else "interactions"].add(fact.day)
        for feed, stale in days.items():
            services.mark_stale(feed, stale)

    def nps(self, days: set[date]) -> list[Tally]:
        """Return promoters and detractors by touchpoint; without one the workspace's."""
        groups: dict[tuple[str, UUID, str, date], list[int]] = defaultdict(lambda: [0, 0, 0])
        for answer in self.answers:
            if answer.day not in days:
                continue
            about = _about(answer.touchpoint)
            for segment in {"", answer.segment}:
                group = groups[*about, segment, answer.day]
                group[0] += 1
                group[1] += answer.nps >= 9
                group[2] += answer.nps <= 6
        return [
            Tally(
                subject_kind=kind,
                subject_id=subject_id,
                day=day,
                n=n,
                successes=promoters,
                failures=detractors,
                dimension="segment" if segment else "",
                dimension_value=segment,
            )
            for (kind, subject_id, segment, day), (n, promoters, detractors) in groups.items()
        ]

    def stars(self, days: set[date]) -> list[Tally]:
        """Return sums of stars by touchpoint."""
        groups: dict[tuple[str, UUID, date], list[int]] = defaultdict(list)
        for answer in self.answers:
            if answer.day in days and answer.touchpoint:
                groups[*_about(answer.touchpoint), answer.day].append(answer.stars)
        return [
            Tally(
                subject_kind=kind,
                subject_id=subject_id,
                day=day,
                n=len(values),
                total=sum(values),
                total_sq=sum(v * v for v in values),
            )
            for (kind, subject_id, day), values in groups.items()
        ]

    def per_visit(self, days: set[date], measure: str) -> list[Tally]:
        """Return tallies of one measure by touchpoint, and for visits by visitor too."""
        groups: dict[tuple[UUID, str, date], list[Visit]] = defaultdict(list)
        for visit in self.visits:
            if visit.day in days:
                groups[visit.touchpoint, "", visit.day].append(visit)
                if measure in {"visits", "success"}:
                    groups[visit.touchpoint, visit.visitor, visit.day].append(visit)
        found = []
        for (touchpoint, visitor, day), visits in groups.items():
            common: dict[str, Any] = {
                "subject_kind": "touchpoint",
                "subject_id": touchpoint,
                "day": day,
                "dimension": "visitor_type" if visitor else "",
                "dimension_value": visitor,
            }
            if measure == "visits":
                found.append(Tally(**common, n=len(visits)))
            elif measure == "success":
                tried = [visit for visit in visits if visit.bought is not None]
                found.append(
                    Tally(**common, n=len(tried), successes=sum(bool(v.bought) for v in tried))
                )
            else:
                values = [getattr(visit, measure) for visit in visits]
                found.append(
                    Tally(
                        **common,
                        n=len(values),
                        total=sum(values),
                        total_sq=sum(v * v for v in values),
                    )
                )
        return found


def _about(touchpoint: UUID | None) -> tuple[str, UUID]:
    if touchpoint is None:
        workspace_id = current_workspace_id()
        assert workspace_id is not None
        return "workspace", workspace_id
    return "touchpoint", touchpoint


def score(workspace: Workspace, now: datetime = NOW) -> services.ScoreResult:
    """Score a workspace as of a moment."""
    return services.score_workspace(workspace=workspace, now=now)


def make_kpi(workspace: Workspace, **overrides: Any) -> Kpi:
    """Make a KPI: by default the NPS of the delivery."""
    fields = {
        "name": "NPS after delivery",
        "metric": "nps",
        "subject_kind": "touchpoint",
        "subject_id": DELIVERY,
        **overrides,
    }
    kpi = Kpi(workspace=workspace, **fields)
    kpi.full_clean()
    kpi.save()
    return kpi


def make_target(kpi: Kpi, value: float, **overrides: Any) -> Target:
    """Make a target of this year for the last 90 days, and note that targets changed."""
    fields = {"period": "90d", "start": date(2025, 1, 1), **overrides}
    target = Target(workspace=kpi.workspace, kpi=kpi, value=value, **fields)
    target.full_clean()
    with transaction.atomic():
        target.save()
        services.mark_targets_stale()
    return target


FIELDS = [
    "metric", "subject_kind", "subject_id", "dimension", "dimension_value", "window", "back",
    "start", "end", "value", "n", "low", "high", "se", "successes", "failures", "total",
    "target", "floor", "attainment", "status", "parts", "missing",
]  # fmt: skip
ORDER = ["metric", "subject_kind", "subject_id", "dimension_value", "window", "back"]


def everything() -> list[tuple[Any, ...]]:
    """Return all measurements, with all that figures are made of."""
    return list(Measurement.objects.order_by(*ORDER).values_list(*FIELDS))
