"""Whether a card fits where it stands, and whether what it names is the workspace's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _

from cxm.kpis import registry
from journeys.maps.lanes import FIELDS, LaneKind, states_of
from journeys.maps.models import Card, JourneyMap, Opportunity, PainPoint, Version
from journeys.maps.operations.verbs import OperationRefused
from journeys.maps.pictures import is_stored, picture_name
from journeys.personas.models import Persona
from touchpoints.catalogue.models import Phase, Touchpoint

# Which fields name rows of the workspace, and what an unknown one is called.
NAMED: Final[Mapping[str, tuple[type[models.Model], str]]] = {
    "touchpoint": (Touchpoint, "unknown_touchpoint"),
    "persona": (Persona, "unknown_persona"),
    "pain_point": (PainPoint, "unknown_pain_point"),
    "opportunity": (Opportunity, "unknown_opportunity"),
    "linked_map": (JourneyMap, "unknown_map"),
}
# Everything that a card has in some kind of lane.
SPECIAL: Final = tuple(dict.fromkeys(name for names in FIELDS.values() for name in names))
# Columns of those fields, and what they hold when they are empty.
EMPTY: Final[Mapping[str, object]] = {"status": "", "answer": "", "picture": "", "text": ""}


def column(name: str) -> str:
    """Return the attribute of a card that holds a field."""
    return f"{name}_id" if name in NAMED else name


def value_of(card: Card, name: str) -> object:
    """Return what a card holds in a field."""
    return getattr(card, column(name))


def set_value(card: Card, name: str, value: object) -> None:
    """Let a card hold a value, in the form in which the table keeps it."""
    if name == "picture":
        value = picture_name(str(value or ""))
    setattr(card, column(name), EMPTY.get(name) if value is None else value)


def is_set(value: object) -> bool:
    """Say whether a field holds anything."""
    return value is not None and value != ""


def foreign_fields(card: Card, kind: LaneKind) -> list[str]:
    """Return the fields that a card holds and that its kind of lane does not have."""
    own = FIELDS.get(kind.shape, ())
    found = [name for name in SPECIAL if name not in own and is_set(value_of(card, name))]
    if "status" in own and card.status and card.status not in states_of(kind.key):
        found.append("status")
    return found


def judge_card(card: Card, kind: LaneKind) -> None:
    """Refuse a card that does not fit its lane.

    Raises:
        OperationRefused: "lane_without_cards", "no_status", "field_not_in_lane",
            "touchpoint_needed", "feeling_needed" or "text_needed".
    """
    if not kind.of_cards:
        raise OperationRefused(_("This lane is filled from data."), code="lane_without_cards")
    own = FIELDS.get(kind.shape, ())
    for name in foreign_fields(card, kind):
        if name == "status" and name in own:
            raise OperationRefused(_("This lane has no such status."), code="no_status")
        raise OperationRefused(
            _("Cards of this lane have no “%s”.") % name, code="field_not_in_lane"
        )
    if kind.shape == "touchpoint" and card.touchpoint_id is None:
        raise OperationRefused(_("Choose a touchpoint."), code="touchpoint_needed")
    if kind.shape == "feeling" and card.valence is None:
        raise OperationRefused(_("Say how it feels."), code="feeling_needed")
    if kind.shape in ("touchpoint", "feeling") or card.text.strip():
        return
    if not (card.picture or card.response_id or card.linked_map_id):
        raise OperationRefused(_("Write something."), code="text_needed")


def judge_span(span: int, steps: int) -> None:
    """Refuse a card that is longer than the map."""
    if span > max(steps, 1):
        raise OperationRefused(_("The card would end outside of the map."), code="span_outside")


def judge_picture(card: Card) -> None:
    """Refuse a picture that was not uploaded here."""
    if card.picture and not is_stored(card.workspace_id, card.picture):
        raise OperationRefused(_("There is no such picture."), code="unknown_picture")


def judge_named(cards: Iterable[Card], fields: Iterable[str]) -> None:
    """Refuse ids of rows that this workspace does not have; one query for each field in use."""
    rows = list(cards)
    for name in fields:
        if name not in NAMED:
            continue
        model, code = NAMED[name]
        wanted = {found for card in rows if (found := value_of(card, name)) is not None}
        if wanted and model._default_manager.filter(pk__in=wanted).count() < len(wanted):
            raise OperationRefused(
                _("There is no such %(what)s.") % {"what": model._meta.verbose_name}, code=code
            )


def judge_phases(version: Version, phases: Iterable[UUID]) -> None:
    """Refuse phases that are not of the map's model; one query, none without phases."""
    wanted = set(phases)
    if wanted and Phase.objects.filter(
        pk__in=wanted, model=version.map.phase_model_id
    ).count() < len(wanted):
        raise OperationRefused(_("There is no such phase."), code="unknown_phase")


def judge_metric(metric: str) -> None:
    """Refuse a measure that is not worked out for touchpoints."""
    entry = registry.metrics.get(metric)
    if metric and (entry is None or "touchpoint" not in entry.subjects):
        raise OperationRefused(_("There is no such measure of touchpoints."), code="unknown_metric")
