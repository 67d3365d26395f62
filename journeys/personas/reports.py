"""Personas as pages show them: with their segments, their tags and the maps they are on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cxm.common import statistics
from cxm.common.statistics import Difference
from cxm.customers.models import Customer, Segment
from cxm.customers.reports import sizes_of
from cxm.kpis.registry import Subject
from cxm.kpis.reports import Score, figures_of_customers, names_of
from cxm.workspaces.models import Workspace
from journeys.personas.models import Persona
from journeys.personas.sheets import LISTS, Fact, Listing, Row, compare, facts_of, listings_of

NPS: Final = "nps"
RESPONSE_RATE: Final = "response_rate"
PLACE: Final = "touchpoint"
SEARCHED = ("name", "role", "quote", "goals", "needs", "fears", "expectations", "demographics")


@dataclass(frozen=True, slots=True)
class Standing:
    """How many customers a persona stands for; `share` is of all customers, 0…1."""

    customers: int
    everybody: int

    @property
    def share(self) -> float | None:
        """Return the share of all customers, None where there are none."""
        return self.customers / self.everybody if self.everybody else None

    @property
    def percent(self) -> float | None:
        """Return the share in percent."""
        return None if self.share is None else 100 * self.share


@dataclass(frozen=True, slots=True)
class Sheet:
    """A persona with what its texts say and how many customers it stands for."""

    persona: Persona
    standing: Standing | None

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Return the demographics."""
        return facts_of(self.persona.demographics)

    @property
    def listings(self) -> tuple[Listing, ...]:
        """Return goals, needs, fears and what else has entries."""
        return listings_of({key: getattr(self.persona, key) for key, _title, _icon in LISTS})

    @property
    def listed(self) -> dict[str, tuple[str, ...]]:
        """Return the entries by the names of their fields."""
        return {listing.key: listing.entries for listing in self.listings}


@dataclass(frozen=True, slots=True)
class Place:
    """A touchpoint that these customers scored."""

    touchpoint_id: UUID
    name: str
    score: Score


@dataclass(frozen=True, slots=True)
class Said:
    """What the customers of a segment say: of us as a whole, and at each touchpoint.

    The worst touchpoint stands first, those with too few answers last.
    """

    nps: Score | None
    response_rate: Score | None
    places: tuple[Place, ...] = ()

    @property
    def anything(self) -> bool:
        """Say whether anybody of them answered or was asked."""
        whole = [score for score in (self.nps, self.response_rate) if score is not None]
        return bool(self.places) or any(score.figure.n for score in whole)


def said_by(segment: Segment, workspace: Workspace) -> Said:
    """Return what the customers of a segment said in the last 90 days; a few queries."""
    found = figures_of_customers(segment.customers(), (NPS, RESPONSE_RATE))
    whole = Subject("workspace", workspace.pk)
    scored = [score for (subject, key), score in found.items() if subject.kind == PLACE]
    names = names_of({PLACE}) if scored else {}
    places = [Place(score.subject.id, names[score.subject], score) for score in scored]
    return Said(
        found.get((whole, NPS)), found.get((whole, RESPONSE_RATE)), tuple(sorted(places, key=_rank))
    )


def nps_of(persona: Persona, workspace: Workspace) -> Score | None:
    """Return the NPS as a whole of those whom a persona stands for; None without a segment."""
    if persona.segment is None:
        return None
    found = figures_of_customers(persona.segment.customers(), [NPS])
    return found.get((Subject("workspace", workspace.pk), NPS))


def apart(first: Score | None, second: Score | None, workspace: Workspace) -> Difference | None:
    """Return how far two scores lie apart; None unless both stand on enough answers."""
    if first is None or second is None or not (first.shown and second.shown):
        return None
    z = statistics.z_for(workspace.confidence)
    return statistics.difference(first.figure, second.figure, z)


def found_personas(workspace: Workspace, *, words: str = "", tag: str = "") -> QuerySet[Persona]:
    """Return the personas in which each word is found, kept to those with a tag."""
    rows = Persona.objects.for_workspace(workspace)
    for word in words.split():
        test = Q(tags__icontains=word)
        for name in SEARCHED:
            test |= Q(**{f"{name}__icontains": word})
        rows = rows.filter(test)
    if tag:
        rows = rows.filter(tags__contains=[tag])
    return (
        rows.select_related("segment__workspace")
        .prefetch_related("segment__conditions", "maps")
        .order_by("name", "pk")
    )


def tags_of(workspace: Workspace) -> list[tuple[str, int]]:
    """Return the tags in use with how many personas have each, most used first."""
    counted = Counter(
        tag
        for tags in Persona.objects.for_workspace(workspace).values_list("tags", flat=True)
        for tag in tags
    )
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0].lower()))


def sheets_of(workspace: Workspace, personas: Iterable[Persona]) -> list[Sheet]:
    """Return personas with their sizes; 2 queries, none where no persona has a segment.

    Segments and their conditions are fetched by the caller.
    """
    rows = list(personas)
    segments = {row.segment.pk: row.segment for row in rows if row.segment is not None}
    sizes: dict[UUID, int] = sizes_of(segments.values())
    everybody = Customer.objects.for_workspace(workspace).present().count() if segments else 0
    return [
        Sheet(row, Standing(sizes[row.segment.pk], everybody) if row.segment else None)
        for row in rows
    ]


def comparison(first: Sheet, second: Sheet) -> list[Row]:
    """Compare two personas line by line; what neither says is left out."""
    one, other = first.persona, second.persona
    rows = [
        compare(_("Role"), _single(one.role), _single(other.role)),
        compare(_("Quote"), _single(one.quote), _single(other.quote)),
        compare(
            _("Demographics"),
            [_fact(fact) for fact in first.facts],
            [_fact(fact) for fact in second.facts],
        ),
        *(
            compare(title, first.listed.get(key, ()), second.listed.get(key, ()))
            for key, title, _icon in LISTS
        ),
        compare(
            _("Attitude to the brand"), _single(one.brand_attitude), _single(other.brand_attitude)
        ),
        compare(_("Tags"), one.tags, other.tags),
        compare(
            _("Segment"),
            _single(str(one.segment or "")),
            _single(str(other.segment or "")),
        ),
        compare(_("Journeys"), _maps(one), _maps(other)),
    ]
    return [row for row in rows if row.first or row.second]


def _rank(place: Place) -> tuple[bool, float, str]:
    score = place.score
    return not score.shown, -score.figure.n if score.value is None else score.value, place.name


def _single(text: str) -> Sequence[str]:
    return [text] if text.strip() else []


def _fact(fact: Fact) -> str:
    return f"{fact.name}: {fact.value}" if fact.name else fact.value


def _maps(persona: Persona) -> list[str]:
    return [f"{journey.name} ({journey.get_kind_display()})" for journey in persona.maps.all()]
