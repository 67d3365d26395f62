"""Single changes of a draft, for doors that take one row at a time.

Each is an operation, so that windows in which the map is open hear of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from cxm.api.errors import DomainError
from cxm.common.ids import uuid7
from journeys.maps.models import Card, Lane, Stage, Step, Version
from journeys.maps.operations.applying import carry_out
from journeys.maps.operations.judging import value_of
from journeys.maps.operations.verbs import Delete, Insert, Move, Row, Sent, Update, Verb
from touchpoints.catalogue.models import Phase, Touchpoint

Direction = Literal["left", "right"]


class VersionFrozenError(DomainError):
    """Somebody tried to change a version that was published."""

    code = "version_frozen"


def require_draft(version_id: UUID) -> Version:
    """Return the version, locked until the transaction ends.

    Raises:
        VersionFrozenError: it is published or retired.
    """
    version = Version.objects.select_for_update(no_key=True).get(pk=version_id)
    if not version.is_draft():
        raise VersionFrozenError(
            _("This version is published and stays as it is. Start a new draft.")
        )
    return version


def note_change(version_id: UUID) -> None:
    """Say that a draft was changed without an operation: open windows read it anew."""
    Version.objects.filter(pk=version_id).update(revision=F("revision") + 1)


# --- columns -----------------------------------------------------------------------------


def add_stage(*, version: Version, name: str, phase: Phase | None = None) -> Stage:
    """Add a stage after the last one."""
    pk = _insert(version.pk, "stage", {}, {"name": name, "phase": phase and phase.pk})
    return Stage.objects.get(pk=pk)


def delete_stage(*, stage: Stage) -> None:
    """Delete a stage with its steps and their cards."""
    _perform(stage.version_id, Delete("stage", (stage.pk,)))


def add_step(*, stage: Stage, name: str, at: int | None = None, metric: str = "") -> Step:
    """Add a step to a stage, at a position or at its end."""
    fields = {"name": name, "metric": metric}
    at = None if at is None else max(at, 0)
    return Step.objects.get(pk=_insert(stage.version_id, "step", {"stage": stage.pk}, fields, at))


def delete_step(*, step: Step) -> None:
    """Delete a step with its cards."""
    _perform(step.stage.version_id, Delete("step", (step.pk,)))


# --- rows --------------------------------------------------------------------------------


def add_lane(*, version: Version, kind: str, name: str = "") -> Lane:
    """Add a lane below the last one."""
    return Lane.objects.get(pk=_insert(version.pk, "lane", {}, {"kind": kind, "name": name}))


def delete_lane(*, lane: Lane) -> None:
    """Delete a lane with its cards."""
    _perform(lane.version_id, Delete("lane", (lane.pk,)))


def edit_row(*, row: Stage | Step | Lane, fields: Mapping[str, Any]) -> None:
    """Change fields of a stage, step or lane; a foreign key is given by its row."""
    version_id = row.stage.version_id if isinstance(row, Step) else row.version_id
    values = {name: getattr(value, "pk", value) for name, value in fields.items()}
    _perform(version_id, Update(row._meta.model_name or "", row.pk, values, {}))
    row.refresh_from_db()


# --- cells -------------------------------------------------------------------------------


@transaction.atomic
def add_card(
    *,
    lane: Lane,
    step: Step,
    text: str = "",
    touchpoint: Touchpoint | None = None,
    valence: Decimal | None = None,
    severity: int | None = None,
    status: str = "",
    span: int = 1,
) -> Card:
    """Add a card at the end of a cell.

    Raises:
        VersionFrozenError: the map is published.
        ValidationError: the fields do not fit the lane, or the touchpoint is there already.
    """
    require_draft(lane.version_id)
    card = Card(
        workspace_id=lane.workspace_id,
        lane=lane,
        step=step,
        position=Card.objects.filter(lane=lane, step=step).count(),
        text=text,
        touchpoint=touchpoint,
        valence=valence,
        severity=severity,
        status=status,
        span=span,
    )
    card.full_clean(exclude=["workspace"])
    names = ("text", "span", "touchpoint", "valence", "severity", "status")
    values = {name: value for name in names if (value := value_of(card, name)) not in (None, "")}
    where = {"lane": lane.pk, "step": step.pk}
    return Card.objects.get(pk=_insert(lane.version_id, "card", where, values))


@transaction.atomic
def edit_card(*, card: Card, fields: Sequence[str]) -> Card:
    """Save those fields of a card that was changed in memory; raises as ``add_card`` does."""
    require_draft(card.lane.version_id)
    card.full_clean(exclude=["workspace"])
    values: dict[str, Any] = {name: value_of(card, name) for name in fields}
    if values:
        _perform(card.lane.version_id, Update("card", card.pk, values, {}))
        card.refresh_from_db()
    return card


@transaction.atomic
def move_card(*, card: Card, direction: Direction) -> Card:
    """Move a card to the same lane of the neighbouring step; at the edge nothing happens.

    Raises:
        DomainError: the touchpoint is in that cell already ("touchpoint_twice").
    """
    version = require_draft(card.lane.version_id)
    card.refresh_from_db()
    order = list(Step.objects.filter(stage__version=version).in_order())
    there = [step.pk for step in order].index(card.step_id) + (-1 if direction == "left" else 1)
    if 0 <= there < len(order):
        target = {"lane": card.lane_id, "step": order[there].pk}
        end = Card.objects.filter(lane=card.lane_id, step=order[there]).count()
        _perform(version.pk, Move("card", card.pk, target, end))
        card.refresh_from_db()
    return card


def delete_card(*, card: Card) -> None:
    """Delete a card."""
    _perform(card.lane.version_id, Delete("card", (card.pk,)))


# --- operations --------------------------------------------------------------------------


def _insert(
    version_id: UUID,
    kind: str,
    parents: Mapping[str, UUID],
    fields: Mapping[str, Any],
    at: int | None = None,
) -> UUID:
    pk = uuid7()
    _perform(version_id, Insert((Row(kind, pk, pk, at, parents, fields),)))
    return pk


def _perform(version_id: UUID, verb: Verb) -> None:
    """Carry out one operation; a refusal is raised."""
    outcome = carry_out(version_id=version_id, sent=[Sent(uuid7(), verb)])
    for result in outcome.results:
        if result.error is not None and result.error.code == VersionFrozenError.code:
            raise VersionFrozenError(result.error.detail)
        if result.error is not None:
            raise result.error
