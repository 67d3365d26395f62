"""Pain points and opportunities with all the places where they stand.

A finding is counted on the version of each map that the reader sees: who edits sees the draft
where there is one, everybody else what is published.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from uuid import UUID

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cxm.workspaces.models import Workspace
from journeys.maps.models import Card, JourneyMap, Opportunity, PainPoint, Version

Finding = PainPoint | Opportunity
KindKey = Literal["pain", "idea"]
Text = str | Promise


@dataclass(frozen=True, slots=True)
class FindingKind:
    """A kind of finding: `column` names it on cards, `copies` what a card repeats of it."""

    key: KindKey
    model: type[PainPoint] | type[Opportunity]
    column: str
    shape: str
    lane: str
    copies: tuple[str, ...]
    title: Text
    orders: Mapping[str, tuple[Any, ...]]


KINDS: Final[Mapping[str, FindingKind]] = {
    "pain": FindingKind(
        "pain",
        PainPoint,
        "pain_point",
        "pain",
        "pain_points",
        ("title", "severity"),
        _("Pain points"),
        {
            "severity": (F("severity").desc(nulls_last=True), "title", "pk"),
            "title": ("title", "pk"),
            "maps": ("-map_count", "-step_count", "title", "pk"),
        },
    ),
    "idea": FindingKind(
        "idea",
        Opportunity,
        "opportunity",
        "opportunity",
        "opportunities",
        ("title", "status"),
        _("Opportunities"),
        {
            "impact": (
                F("impact").desc(nulls_last=True),
                F("effort").asc(nulls_last=True),
                "title",
                "pk",
            ),
            "effort": (
                F("effort").asc(nulls_last=True),
                F("impact").desc(nulls_last=True),
                "title",
                "pk",
            ),
            "status": ("status_order", "title", "pk"),
            "owner": (F("owner__user__name").asc(nulls_last=True), "title", "pk"),
            "title": ("title", "pk"),
            "maps": ("-map_count", "-step_count", "title", "pk"),
        },
    ),
}

# Where a finding stands: on what the reader sees, nowhere, or only on older versions.
USED, UNUSED, OLDER = "", "unused", "older"
STATUSES: Final = tuple(key for key, _title in Opportunity._meta.get_field("status").choices or ())


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is kept to; an empty value keeps everything."""

    words: str = ""
    map: UUID | None = None
    severity: int | None = None
    status: str = ""
    owner: UUID | None = None
    use: str = USED
    order: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A card on which a finding stands."""

    card: Card

    @property
    def journey(self) -> JourneyMap:
        """Return the map."""
        return self.card.step.stage.version.map

    @property
    def url(self) -> str:
        """Return where the map opens at this card."""
        return f"{self.journey.get_absolute_url()}?card={self.card.pk}"


@dataclass(frozen=True, slots=True)
class Listed:
    """A finding with its places; `kept` are maps whose older versions alone still name it."""

    row: Finding
    places: tuple[Place, ...] = ()
    maps: tuple[JourneyMap, ...] = field(default=())

    @property
    def steps(self) -> int:
        """Return on how many steps it stands."""
        return len({place.card.step_id for place in self.places})


def shown_versions(workspace: Workspace, *, editor: bool) -> QuerySet[Version, Any]:
    """Return the version of each map that the reader sees, as ids for a condition."""
    first = Version.Status.DRAFT if editor else Version.Status.PUBLISHED
    return (
        Version.objects.for_workspace(workspace)
        .filter(status__in=[Version.Status.DRAFT, Version.Status.PUBLISHED])
        .order_by("map_id", Case(When(status=first, then=Value(0)), default=Value(1)))
        .distinct("map_id")
        .values("pk")
    )


def found(
    kind: FindingKind, workspace: Workspace, asked: Asked, *, editor: bool
) -> QuerySet[Any, Any]:
    """Return the findings that were asked for, with `map_count` and `step_count`."""
    shown = Q(cards__lane__version__in=shown_versions(workspace, editor=editor))
    rows: QuerySet[Any, Any] = kind.model.objects.filter(workspace_id=workspace.pk)
    rows = rows.annotate(
        map_count=Count("cards__lane__version__map", filter=shown, distinct=True),
        step_count=Count("cards__step", filter=shown, distinct=True),
        on_cards=Exists(Card.objects.filter(**{kind.column: OuterRef("pk")})),
    )
    for word in asked.words.split():
        rows = rows.filter(Q(title__icontains=word) | Q(description__icontains=word))
    if asked.map is not None:
        there = Card.objects.filter(
            **{kind.column: OuterRef("pk")},
            lane__version__map=asked.map,
            lane__version__in=shown_versions(workspace, editor=editor),
        )
        rows = rows.filter(Exists(there))
    if asked.use == UNUSED:
        rows = rows.filter(on_cards=False)
    elif asked.use == OLDER:
        rows = rows.filter(on_cards=True, map_count=0)
    else:
        rows = rows.filter(Q(map_count__gt=0) | Q(on_cards=False))
    if kind.key == "pain":
        if asked.severity is not None:
            rows = rows.filter(severity=asked.severity)
    else:
        if asked.status:
            rows = rows.filter(status=asked.status)
        if asked.owner is not None:
            rows = rows.filter(owner=asked.owner)
        order = [When(status=key, then=Value(place)) for place, key in enumerate(STATUSES)]
        rows = rows.select_related("owner__user").annotate(
            status_order=Case(*order, default=Value(len(STATUSES)))
        )
    orders = kind.orders
    return rows.order_by(*orders.get(asked.order, next(iter(orders.values()))))


def places_of(
    kind: FindingKind, workspace: Workspace, ids: Collection[UUID], *, editor: bool
) -> dict[UUID, tuple[Place, ...]]:
    """Return the places of some findings, map by map from left to right; one query."""
    cards = (
        Card.objects.for_workspace(workspace)
        .filter(
            **{f"{kind.column}__in": list(ids)},
            lane__version__in=shown_versions(workspace, editor=editor),
        )
        .select_related("step__stage__version__map")
        .order_by(
            "step__stage__version__map__name",
            "step__stage__version__map",
            "step__stage__position",
            "step__position",
            "position",
        )
    )
    found_places: dict[UUID, list[Place]] = defaultdict(list)
    for card in cards:
        found_places[getattr(card, f"{kind.column}_id")].append(Place(card))
    return {pk: tuple(places) for pk, places in found_places.items()}


def listed(
    kind: FindingKind, workspace: Workspace, rows: Collection[Finding], *, editor: bool
) -> list[Listed]:
    """Return findings with their places; one query for all."""
    places = places_of(kind, workspace, [row.pk for row in rows], editor=editor)
    result = []
    for row in rows:
        own = places.get(row.pk, ())
        maps = {place.journey.pk: place.journey for place in own}
        result.append(Listed(row, own, tuple(maps.values())))
    return result


def older_maps(kind: FindingKind, row: Finding) -> list[JourneyMap]:
    """Return the maps whose versions, of whatever age, name a finding."""
    return list(
        JourneyMap.objects.filter(
            **{f"versions__lanes__cards__{kind.column}": row.pk}, workspace_id=row.workspace_id
        )
        .distinct()
        .order_by("name", "kind")
    )
