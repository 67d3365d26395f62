"""Changes within a draft. Each one locks the version first, so that two editors take turns.

Positions count from 0 without gaps. Their constraints are deferred: within a transaction
neighbours may trade places.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from cxm.api.errors import DomainError
from journeys.maps.filling import give_findings
from journeys.maps.lanes import LANE_KINDS
from journeys.maps.models import Card, Lane, Stage, Step, Version
from touchpoints.catalogue.models import Phase, Touchpoint

Direction = Literal["left", "right"]
Row = TypeVar("Row", Stage, Step)


class VersionFrozenError(DomainError):
    """Somebody tried to change a version that was published."""

    code = "version_frozen"


def require_draft(version_id: UUID) -> Version:
    """Return the version, locked until the transaction ends.

    Raises:
        VersionFrozenError: it is published or retired.
    """
    version = Version.objects.select_for_update().get(pk=version_id)
    if not version.is_draft():
        raise VersionFrozenError(
            _("This version is published and stays as it is. Start a new draft.")
        )
    return version


# --- columns -----------------------------------------------------------------------------


@transaction.atomic
def add_stage(*, version: Version, name: str, phase: Phase | None = None) -> Stage:
    """Add a stage after the last one."""
    require_draft(version.pk)
    return Stage.objects.create(
        workspace_id=version.workspace_id,
        version=version,
        name=name,
        phase=phase,
        position=Stage.objects.filter(version=version).count(),
    )


@transaction.atomic
def move_stage(*, stage: Stage, direction: Direction) -> None:
    """Trade places with the neighbour; at the edge nothing happens."""
    require_draft(stage.version_id)
    _trade(Stage.objects.filter(version=stage.version_id), stage, direction)


@transaction.atomic
def delete_stage(*, stage: Stage) -> None:
    """Delete a stage with its steps and their cards, and close the gap."""
    require_draft(stage.version_id)
    stage.refresh_from_db()
    Card.objects.filter(step__stage=stage).delete()
    siblings = Stage.objects.filter(version=stage.version_id, position__gt=stage.position)
    stage.delete()
    siblings.update(position=F("position") - 1)


@transaction.atomic
def add_step(*, stage: Stage, name: str, at: int | None = None) -> Step:
    """Add a step to a stage, at a position or at its end."""
    require_draft(stage.version_id)
    steps = Step.objects.filter(stage=stage)
    end = steps.count()
    position = end if at is None else min(max(at, 0), end)
    steps.filter(position__gte=position).update(position=F("position") + 1)
    return Step.objects.create(
        workspace_id=stage.workspace_id, stage=stage, name=name, position=position
    )


@transaction.atomic
def move_step(*, step: Step, direction: Direction) -> None:
    """Move a step one place; from the edge of its stage it goes into the next stage."""
    require_draft(step.stage.version_id)
    step.refresh_from_db()
    steps = Step.objects.filter(stage=step.stage_id)
    last = steps.count() - 1
    if step.position != (0 if direction == "left" else last):
        _trade(steps, step, direction)
        return
    stage = Stage.objects.get(pk=step.stage_id)
    aside = stage.position + (-1 if direction == "left" else 1)
    neighbour = Stage.objects.filter(version=stage.version_id, position=aside).first()
    if neighbour is None:
        return
    steps.filter(position__gt=step.position).update(position=F("position") - 1)
    there = Step.objects.filter(stage=neighbour)
    if direction == "left":
        step.position = there.count()
    else:
        there.update(position=F("position") + 1)
        step.position = 0
    step.stage = neighbour
    step.save(update_fields=["stage", "position", "updated_at"])


@transaction.atomic
def delete_step(*, step: Step) -> None:
    """Delete a step with its cards and close the gap."""
    require_draft(step.stage.version_id)
    step.refresh_from_db()
    Card.objects.filter(step=step).delete()
    siblings = Step.objects.filter(stage=step.stage_id, position__gt=step.position)
    step.delete()
    siblings.update(position=F("position") - 1)


# --- rows --------------------------------------------------------------------------------


@transaction.atomic
def add_lane(*, version: Version, kind: str, name: str = "") -> Lane:
    """Add a lane below the last one.

    Raises:
        DomainError: there is no such kind of lane ("unknown_lane_kind").
    """
    require_draft(version.pk)
    if kind not in LANE_KINDS:
        raise DomainError(_("There is no such kind of lane."), code="unknown_lane_kind")
    return Lane.objects.create(
        workspace_id=version.workspace_id,
        version=version,
        kind=kind,
        name=name,
        position=Lane.objects.filter(version=version).count(),
    )


@transaction.atomic
def delete_lane(*, lane: Lane) -> None:
    """Delete a lane with its cards and close the gap."""
    require_draft(lane.version_id)
    lane.refresh_from_db()
    Card.objects.filter(lane=lane).delete()
    siblings = Lane.objects.filter(version=lane.version_id, position__gt=lane.position)
    lane.delete()
    siblings.update(position=F("position") - 1)


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
    give_findings(card.workspace_id, [card])
    card.save()
    return card


def add_touchpoint_card(
    *, version: Version, step: Step, touchpoint: Touchpoint, text: str = ""
) -> Card:
    """Put a touchpoint on the map, into the first lane of touchpoints.

    Raises:
        DomainError: the map has no such lane ("no_touchpoint_lane").
    """
    lane = Lane.objects.filter(version=version, kind="touchpoints").order_by("position").first()
    if lane is None:
        raise DomainError(
            _("This map has no lane for touchpoints. Add one first."), code="no_touchpoint_lane"
        )
    return add_card(lane=lane, step=step, touchpoint=touchpoint, text=text)


@transaction.atomic
def edit_card(*, card: Card, fields: Sequence[str]) -> Card:
    """Save those fields of a card that was changed in memory; raises as ``add_card`` does."""
    require_draft(card.lane.version_id)
    card.full_clean(exclude=["workspace"])
    card.save(update_fields=[*fields, "updated_at"])
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
    here = [step.pk for step in order].index(card.step_id)
    there = here + (-1 if direction == "left" else 1)
    if not 0 <= there < len(order):
        return card
    target = order[there]
    cell = Card.objects.filter(lane=card.lane_id, step=target)
    if card.touchpoint_id and cell.filter(touchpoint=card.touchpoint_id).exists():
        raise DomainError(_("This touchpoint is in that cell already."), code="touchpoint_twice")
    left_behind = Card.objects.filter(
        lane=card.lane_id, step=card.step_id, position__gt=card.position
    )
    card.step = target
    card.position = cell.count()
    card.save(update_fields=["step", "position", "updated_at"])
    left_behind.update(position=F("position") - 1)
    return card


@transaction.atomic
def delete_card(*, card: Card) -> None:
    """Delete a card and close the gap in its cell."""
    require_draft(card.lane.version_id)
    card.refresh_from_db()
    below = Card.objects.filter(lane=card.lane_id, step=card.step_id, position__gt=card.position)
    card.delete()
    below.update(position=F("position") - 1)


def _trade(rows: QuerySet[Row], row: Row, direction: Direction) -> None:
    """Let a row and its neighbour trade places."""
    row.refresh_from_db()
    other = rows.filter(position=row.position + (-1 if direction == "left" else 1)).first()
    if other is None:
        return
    row.position, other.position = other.position, row.position
    row.save(update_fields=["position", "updated_at"])
    other.save(update_fields=["position", "updated_at"])
