"""Pain points and opportunities behind cards: several maps share one row, each card has a copy.

Whoever comes here holds the locks that `locking.py` takes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import models
from django.db.models import Q

from journeys.maps.filling import give_findings
from journeys.maps.lanes import lane_kind
from journeys.maps.models import Card, Opportunity, PainPoint, Version
from journeys.maps.operations.board import Json
from journeys.maps.operations.judging import value_of
from journeys.maps.operations.writing import fields_json


@dataclass(frozen=True, slots=True)
class Shared:
    """A kind of finding: `copies` says which field of a card repeats which of the row."""

    shape: str
    field: str
    model: type[PainPoint] | type[Opportunity]
    copies: Mapping[str, str]


SHARED: Final = (
    Shared("pain", "pain_point", PainPoint, {"text": "title", "severity": "severity"}),
    Shared("opportunity", "opportunity", Opportunity, {"text": "title", "status": "status"}),
)
BY_SHAPE: Final = {shared.shape: shared for shared in SHARED}


def card_update(card: UUID, fields: Mapping[str, object]) -> Json:
    """Return an operation that follows from another one."""
    written = fields_json(fields)  # type: ignore[arg-type]  # values of cards
    return {"op": "update", "kind": "card", "id": str(card), "fields": written}


def repeat_rows(cards: Collection[Card]) -> None:
    """Let cards that name a row say, in memory, what the row says; 2 queries at most."""
    for shared in SHARED:
        named = [c for c in cards if _shape(c) == shared.shape and value_of(c, shared.field)]
        wanted = {value_of(card, shared.field) for card in named}
        rows: dict[object, PainPoint | Opportunity] = {}
        if named:
            rows = {row.pk: row for row in shared.model.objects.filter(pk__in=wanted)}
        for card in named:
            row = rows[value_of(card, shared.field)]
            for own, theirs in shared.copies.items():
                if not _same(getattr(card, own), getattr(row, theirs)):
                    setattr(card, own, getattr(row, theirs))


def settle(cards: Collection[Card]) -> list[Json]:
    """Give cards the row behind them; 4 queries at most, none without such cards.

    A card that names a row says what the row says. What the sender cannot know follows as
    further operations. The cards are changed in memory.
    """
    before = {card.pk: _copied(card) for card in cards}
    repeat_rows(cards)
    give_findings_to = [c for c in cards if _shape(c) in BY_SHAPE]
    if give_findings_to:
        give_findings(give_findings_to[0].workspace_id, give_findings_to)
    return [
        card_update(card.pk, changed)
        for card in cards
        if (changed := _changed(before[card.pk], _copied(card)))
    ]


def share(card: Card, changed: Collection[str]) -> list[tuple[UUID, Json]]:
    """Let the row behind a card and its copies in all drafts say what the card says now.

    Three queries, none where nothing shared was changed. Published versions keep what they said.
    """
    shared = BY_SHAPE.get(_shape(card))
    if shared is None or not set(changed) & set(shared.copies):
        return []
    row_id = value_of(card, shared.field)
    values = {own: getattr(card, own) for own in shared.copies}
    shared.model.objects.filter(pk=row_id).update(
        **{theirs: _in_row(own, values[own]) for own, theirs in shared.copies.items()}
    )
    others = (
        Card.objects.filter(**{shared.field: row_id}, lane__version__status=Version.Status.DRAFT)
        .exclude(pk=card.pk)
        .select_related("lane")
        .order_by("lane__version", "pk")
    )
    found: list[tuple[UUID, Json]] = []
    for other in others:
        differs = {own: new for own, new in values.items() if not _same(getattr(other, own), new)}
        if differs and _shape(other) == shared.shape:
            found.append((other.lane.version_id, card_update(other.pk, differs)))
    if found:
        Card.objects.filter(pk__in=[one["id"] for _version, one in found]).update(**values)
    return found


def drafts_with(pains: Iterable[UUID], ideas: Iterable[UUID]) -> set[UUID]:
    """Return the drafts that show one of these findings; one query."""
    shown = Q(pain_point__in=set(pains)) | Q(opportunity__in=set(ideas))
    drafts: models.QuerySet[Card, UUID] = (
        Card.objects.filter(shown, lane__version__status=Version.Status.DRAFT)
        .order_by()
        .values_list("lane__version_id", flat=True)
        .distinct()
    )
    return set(drafts)


def _shape(card: Card) -> str:
    return lane_kind(card.lane.kind).shape


def _copied(card: Card) -> dict[str, object]:
    names = {"text", "severity", "status", "pain_point", "opportunity"}
    return {name: value_of(card, name) for name in names}


def _changed(before: Mapping[str, object], now: Mapping[str, object]) -> dict[str, object]:
    return {name: now[name] for name in sorted(now) if now[name] != before[name]}


def _same(copy: object, shared: object) -> bool:
    """Say whether a copy says what its row says; without a status, the usual one is meant."""
    return copy == shared or {copy, shared} == {"", "idea"}


def _in_row(name: str, value: object) -> object:
    return "idea" if name == "status" and value == "" else value
