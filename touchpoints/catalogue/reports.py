"""Reads of the room: what rules do with the newest contacts, and how much touchpoints matter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from cxm.kpis.reports import Score, figures
from cxm.workspaces.models import Workspace
from touchpoints.catalogue.matching import Matchable, Matcher, RuleLike
from touchpoints.catalogue.models import MatchingRule, Touchpoint
from touchpoints.catalogue.recent import Recent, read_recent

MOST_SAMPLES: Final = 8
DRAFT: Final = UUID(int=0)
NOWHERE_YET: Final = UUID(int=0)
SATISFACTION: Final = "satisfaction"


@dataclass(slots=True)
class DraftRule:
    """A rule as it stands in the form; `replaces` is the saved one that it would change."""

    touchpoint_id: UUID
    conditions: list[dict[str, str]]
    replaces: UUID | None = None
    position: int = 0
    is_active: bool = True
    pk: UUID = DRAFT


@dataclass(slots=True)
class _NotChosen:
    """Stands in while the touchpoint of a rule is not chosen."""

    pk: UUID = NOWHERE_YET
    key: str = ""
    status: str = ""
    event_names: list[str] = field(default_factory=list)
    page_prefix: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule would do with the newest contacts.

    Attributes:
        tried: how many it was tried on.
        matched: how many it would take.
        moved: of these, how many belong to another touchpoint now, by its name, most first.
        gained: of these, how many belong to none now.
        shadowed: how many meet its conditions, but go to a rule before it.
        named: how many meet its conditions, but were named by their sender.
    """

    tried: int
    matched: int
    moved: Sequence[tuple[str, int]]
    gained: int
    shadowed: int
    named: int
    samples: Sequence[Recent]

    @property
    def kept(self) -> int:
        """How many belong to its touchpoint already."""
        return self.matched - self.gained - sum(count for _name, count in self.moved)


def try_rule(*, workspace: Workspace, draft: DraftRule) -> Trial:
    """Say what a rule would do with the newest contacts, among the other rules."""
    touchpoints: list[Matchable] = list(Touchpoint.objects.for_workspace(workspace))
    names = {place.pk: str(place) for place in touchpoints}
    if draft.touchpoint_id == NOWHERE_YET:
        touchpoints.append(_NotChosen())
    rules: list[RuleLike] = [
        rule
        for rule in MatchingRule.objects.for_workspace(workspace).order_by("position", "pk")
        if rule.pk != draft.replaces
    ]
    _put_in_place(workspace, draft, rules)
    among, alone = Matcher(touchpoints, rules), Matcher(touchpoints, [draft])
    recent = read_recent()
    matched = shadowed = named = 0
    before: Counter[UUID | None] = Counter()
    samples: list[Recent] = []
    for row in recent:
        if alone.rule_of(row.contact) is None:
            continue
        if row.named:
            named += 1
        elif among.rule_of(row.contact) != draft.pk:
            shadowed += 1
        else:
            matched += 1
            before[row.touchpoint] += 1
            if len(samples) < MOST_SAMPLES:
                samples.append(row)
    moved = [
        (names[place], count)
        for place, count in before.most_common()
        if place is not None and place != draft.touchpoint_id and place in names
    ]
    return Trial(len(recent), matched, moved, before[None], shadowed, named, samples)


def _put_in_place(workspace: Workspace, draft: DraftRule, rules: list[RuleLike]) -> None:
    """Put the draft where the rule that it changes stands, a new one behind all others."""
    if draft.replaces is None:
        draft.position = max((rule.position for rule in rules), default=-1) + 1
    else:
        kept = MatchingRule.objects.for_workspace(workspace).filter(pk=draft.replaces).first()
        draft.position = kept.position if kept else 0
    rules.append(draft)


def rule_counts(*, workspace: Workspace) -> tuple[Mapping[UUID, int], int]:
    """Return how many of the newest contacts each rule takes, and how many were looked at."""
    matcher = Matcher(
        Touchpoint.objects.for_workspace(workspace), MatchingRule.objects.for_workspace(workspace)
    )
    recent = read_recent()
    found = Counter(
        rule
        for row in recent
        if not row.named and (rule := matcher.rule_of(row.contact)) is not None
    )
    return found, len(recent)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A touchpoint with what it matters to the customer and to us, and how satisfied people are."""

    touchpoint: Touchpoint
    score: Score | None

    @property
    def is_weighed(self) -> bool:
        """Whether both importances are set."""
        place = self.touchpoint
        return place.importance_customer is not None and place.importance_business is not None


def weighed(*, workspace: Workspace, window: str) -> list[Weighed]:
    """Return the living touchpoints, most important first, with their satisfaction."""
    places = list(
        Touchpoint.objects.for_workspace(workspace)
        .exclude(status=Touchpoint.Status.RETIRED)
        .select_related("channel", "phase", "owner__user")
    )
    scores = figures("touchpoint", [place.pk for place in places], (SATISFACTION,), window)
    rows = [Weighed(place, scores.get((place.pk, SATISFACTION))) for place in places]
    return sorted(
        rows,
        key=lambda row: (
            -(row.touchpoint.importance_customer or 0) - (row.touchpoint.importance_business or 0),
            row.touchpoint.name,
        ),
    )
