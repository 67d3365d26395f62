"""Copies of a version's contents: the next draft, another map, a restored version."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.db import models, transaction

from journeys.maps.models import Card, Lane, Stage, Step, StepLink, Version
from journeys.maps.operations.findings import repeat_rows

Row = TypeVar("Row", bound=models.Model)


@transaction.atomic
def copy_contents(*, source: Version, target: Version) -> None:
    """Copy everything that stands on one version into an empty draft; 12 queries at most.

    Keys stay as they are: they say what is the same thing in two versions. Pain points and
    opportunities say what they say today, as on every draft.
    """
    stages = _copies(Stage.objects.filter(version=source), version=target)
    Stage.objects.bulk_create(stages.values())
    steps = _copies(Step.objects.filter(stage__version=source))
    for step in steps.values():
        step.stage = stages[step.stage_id]
    Step.objects.bulk_create(steps.values())
    links = _copies(StepLink.objects.filter(step__stage__version=source))
    for link in links.values():
        link.step, link.to = steps[link.step_id], steps[link.to_id]
    StepLink.objects.bulk_create(links.values())
    lanes = _copies(Lane.objects.filter(version=source), version=target)
    Lane.objects.bulk_create(lanes.values())
    cards = _copies(Card.objects.filter(lane__version=source))
    for card in cards.values():
        card.lane, card.step = lanes[card.lane_id], steps[card.step_id]
    repeat_rows(cards.values())
    Card.objects.bulk_create(cards.values())


def _copies(rows: models.QuerySet[Row], **changes: object) -> dict[UUID, Row]:
    """Return unsaved copies of rows by the id of the original, with ids of their own."""
    kept = [
        field.attname
        for field in rows.model._meta.concrete_fields
        if field.attname not in ("id", "created_at", "updated_at") and field.name not in changes
    ]
    return {
        row.pk: rows.model(**{name: getattr(row, name) for name in kept}, **changes)
        for row in rows.order_by()
    }
