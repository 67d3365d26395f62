"""Scoring: which days are stale, working them out, and everything that follows from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from cxm.common import clock
from cxm.common.clock import day_of
from cxm.common.scope import current_workspace_id
from cxm.kpis import registry, tallies
from cxm.kpis.measuring import Measuring
from cxm.kpis.models import DailyTally, FulfilmentComponent, Measurement, ScoreState, StaleDay
from cxm.kpis.registry import Key, Rules, Subject
from cxm.kpis.windows import Span, all_spans, touching
from cxm.workspaces.models import Workspace

# A stale "day" of this feed says: targets or components changed, measure everything again.
TARGETS_FEED = "targets"
# Days of one feed taken on at a time: a run stays far below the time limit of a task.
MOST_DAYS = 1000


class NoScopeError(RuntimeError):
    """A write was tried without a workspace, or outside the transaction it belongs to."""


@dataclass(frozen=True, slots=True)
class ScoreResult:
    """What a scoring did. `busy`: another one is at work. `more`: stale days are left."""

    days: int = 0
    tallies: int = 0
    measurements: int = 0
    busy: bool = False
    more: bool = False


@dataclass(frozen=True, slots=True)
class ComponentSpec:
    """One component of task fulfilment: a metric between its floor (0) and its target (100)."""

    component: str
    floor: float
    target: float
    weight: float


def mark_stale(feed: str, days: Iterable[date]) -> None:
    """Note that the facts of some days changed, in the same transaction as the facts.

    Days are those of the workspace's timezone. Raises NoScopeError outside a workspace scope or a
    transaction, where a crash could part the note from its facts, and UnknownEntryError for a feed
    that no room registered.
    """
    workspace_id = _workspace_in_scope()
    if not connection.in_atomic_block:
        raise NoScopeError("Stale days are noted in the transaction of the facts they are about.")
    if feed not in registry.feeds and feed != TARGETS_FEED:
        raise registry.UnknownEntryError(f"No feed is registered as {feed!r}.")
    StaleDay.objects.bulk_create(
        StaleDay(workspace_id=workspace_id, feed=feed, day=day) for day in sorted(set(days))
    )


def mark_targets_stale() -> None:
    """Note that a KPI, a target or a component changed; call it in the same transaction."""
    mark_stale(TARGETS_FEED, [clock.now().date()])


@transaction.atomic
def score_workspace(*, workspace: Workspace, now: datetime) -> ScoreResult:
    """Work out what is stale, in one transaction, and say what was done.

    1. Take the workspace's lock; if somebody has it, leave the work to them.
    2. Read the ids of the stale days. Days noted later keep their own rows.
    3. Replace the tallies of those days; measure the windows that contain them, or all
       windows when the day has turned or the workspace's rules have changed.
    4. Delete exactly the rows read in step 2.

    A crash rolls everything back and leaves the stale days for the next run. Runs inside
    `workspace_scope(workspace.pk)`.
    """
    if not _lock(workspace.pk, wait=False):
        return ScoreResult(busy=True)
    state = ScoreState.objects.for_workspace(workspace).first()
    if state is not None and state.timezone != workspace.timezone:
        return _recompute(workspace, now)
    stale, more = _claim(workspace)
    today = day_of(now, workspace.timezone)
    whole = state is None or _out_of_date(state, workspace, today) or TARGETS_FEED in stale.days
    if not whole and not stale.ids:
        return ScoreResult()
    refreshed = tallies.Refreshed()
    for feed, days in sorted(stale.days.items()):
        done = tallies.refresh(
            workspace_id=workspace.pk, entries=registry.base_metrics(feed), days=days
        )
        refreshed.keys |= done.keys
        refreshed.rows += done.rows
    spans = all_spans(today)
    if not whole:
        spans = touching(spans, set().union(*stale.days.values()))
    measured = _measure(workspace, spans, None if whole else refreshed.keys)
    StaleDay.objects.filter(id__in=stale.ids).delete()
    _note_state(workspace, today, now)
    return ScoreResult(
        days=sum(len(days) for days in stale.days.values()),
        tallies=refreshed.rows,
        measurements=measured,
        more=more,
    )


@transaction.atomic
def recompute(*, workspace: Workspace, now: datetime) -> ScoreResult:
    """Throw all tallies and measurements away and work them out from the facts again.

    Waits for a scoring that is at work. The figures are the same as those of `score_workspace`.
    """
    _lock(workspace.pk, wait=True)
    return _recompute(workspace, now)


@transaction.atomic
def set_components(*, subject: Subject, components: Sequence[ComponentSpec]) -> None:
    """Replace the components of a subject's task fulfilment; an empty list removes them.

    Raises ValidationError when the weights do not sum to 1, or a component is unknown, doubled,
    or has its floor at its target.
    """
    workspace_id = _workspace_in_scope()
    kind = registry.subject_kinds.get(subject.kind)
    if kind is None or subject.id not in kind.names():
        raise ValidationError(_("There is no such subject."), code="unknown_subject")
    if components and abs(sum(spec.weight for spec in components) - 1) > 1e-6:
        raise ValidationError(_("The weights sum to 1."), code="weights")
    known = {entry.key for entry in registry.base_metrics()}
    rows = [
        FulfilmentComponent(
            workspace_id=workspace_id,
            subject_kind=subject.kind,
            subject_id=subject.id,
            component=spec.component,
            floor=spec.floor,
            target=spec.target,
            weight=spec.weight,
        )
        for spec in components
    ]
    if any(row.component not in known for row in rows):
        raise ValidationError(_("There is no such measure."), code="unknown_metric")
    if len({row.component for row in rows}) < len(rows):
        raise ValidationError(_("A measure is a component once."), code="doubled")
    FulfilmentComponent.objects.filter(subject_kind=subject.kind, subject_id=subject.id).delete()
    for row in rows:
        row.full_clean(exclude=["workspace"])
    FulfilmentComponent.objects.bulk_create(rows)
    mark_targets_stale()


@transaction.atomic
def remove_orphans(*, workspace: Workspace) -> int:
    """Delete tallies, measurements and components of subjects that are gone; return how many.

    A registered subject kind says what exists; kinds that nobody registers keep their rows.
    """
    removed = 0
    for kind in registry.subject_kinds.values():
        existing = list(kind.names())
        for model in (DailyTally, Measurement, FulfilmentComponent):
            removed += (
                model.objects.filter(workspace_id=workspace.pk, subject_kind=kind.key)
                .exclude(subject_id__in=existing)
                .delete()[0]
            )
    if removed:
        mark_targets_stale()
    return removed


def _workspace_in_scope() -> UUID:
    workspace_id = current_workspace_id()
    if workspace_id is None:
        raise NoScopeError("No workspace is set.")
    return workspace_id


@dataclass(frozen=True, slots=True)
class _Stale:
    ids: list[UUID]
    days: dict[str, set[date]]


def _claim(workspace: Workspace) -> tuple[_Stale, bool]:
    """Return the stale rows to work on, at most MOST_DAYS days of a feed, and whether more wait."""
    ids: list[UUID] = []
    days: dict[str, set[date]] = defaultdict(set)
    more = False
    rows = StaleDay.objects.for_workspace(workspace).order_by("feed", "day", "id")
    for row_id, feed, day in rows.values_list("id", "feed", "day"):
        if day not in days[feed] and len(days[feed]) >= MOST_DAYS:
            more = True
            continue
        ids.append(row_id)
        days[feed].add(day)
    return _Stale(ids, dict(days)), more


def _recompute(workspace: Workspace, now: datetime) -> ScoreResult:
    stale = list(StaleDay.objects.for_workspace(workspace).values_list("id", flat=True))
    DailyTally.objects.for_workspace(workspace).delete()
    Measurement.objects.for_workspace(workspace).delete()
    rows = days_done = 0
    for feed in sorted(registry.feeds.values(), key=lambda feed: feed.key):
        days = set(feed.days())
        done = tallies.refresh(
            workspace_id=workspace.pk, entries=registry.base_metrics(feed.key), days=days
        )
        rows += done.rows
        days_done += len(days)
    today = day_of(now, workspace.timezone)
    measured = _measure(workspace, all_spans(today), None)
    StaleDay.objects.filter(id__in=stale).delete()
    _note_state(workspace, today, now)
    return ScoreResult(days=days_done, tallies=rows, measurements=measured)


def _measure(workspace: Workspace, spans: Sequence[Span], keys: set[Key] | None) -> int:
    return Measuring(
        workspace_id=workspace.pk, rules=rules_of(workspace), spans=spans, keys=keys
    ).run()


def rules_of(workspace: Workspace) -> Rules:
    """Return the settings of a workspace that figures depend on."""
    return Rules(workspace.confidence, workspace.min_answers, workspace.min_visits)


def _out_of_date(state: ScoreState, workspace: Workspace, today: date) -> bool:
    rules = Rules(state.confidence, state.min_answers, state.min_visits)
    return state.measured_on != today or rules != rules_of(workspace)


def _note_state(workspace: Workspace, today: date, now: datetime) -> None:
    ScoreState.objects.update_or_create(
        workspace=workspace,
        defaults={
            "measured_on": today,
            "scored_at": now,
            "timezone": workspace.timezone,
            "confidence": workspace.confidence,
            "min_answers": workspace.min_answers,
            "min_visits": workspace.min_visits,
        },
    )


def _lock(workspace_id: UUID, *, wait: bool) -> bool:
    """Take the scoring lock of a workspace until the transaction ends; say whether we have it."""
    # The last eight bytes of a UUIDv7 are random: enough to tell workspaces apart.
    number = int.from_bytes(workspace_id.bytes[8:], signed=True)
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
            return True
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        return bool(cursor.fetchone()[0])
