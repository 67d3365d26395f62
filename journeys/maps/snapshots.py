"""Versions as plain snapshots, to be compared; 5 queries, however many and large they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from journeys.maps.diffing import Plain, Snapshot, Thing
from journeys.maps.models import Card, Lane, Stage, Step, StepLink, Version


def load_snapshots(versions: Sequence[Version]) -> dict[UUID, Snapshot]:
    """Return what stands on versions, by the version's id."""
    things: dict[UUID, list[Thing]] = {version.pk: [] for version in versions}
    names: dict[UUID, dict[str, str]] = {version.pk: {} for version in versions}
    stages = {
        stage.pk: stage
        for stage in Stage.objects.filter(version__in=versions)
        .select_related("phase")
        .order_by("position", "pk")
    }
    for stage in stages.values():
        things[stage.version_id].append(_stage(stage))
        if stage.phase is not None:
            names[stage.version_id][str(stage.phase_id)] = str(stage.phase)
    steps = {
        step.pk: step
        for step in Step.objects.filter(stage__version__in=versions).order_by(
            "stage__position", "position", "pk"
        )
    }
    links = _links(versions, steps)
    for step in steps.values():
        stage = stages[step.stage_id]
        things[stage.version_id].append(_step(step, stage, links[step.pk]))
    lanes = {
        lane.pk: lane
        for lane in Lane.objects.filter(version__in=versions).order_by("position", "pk")
    }
    for lane in lanes.values():
        things[lane.version_id].append(_lane(lane))
    for card in _cards(versions):
        lane, step = lanes[card.lane_id], steps[card.step_id]
        things[lane.version_id].append(_card(card, lane, step))
        for row in (card.touchpoint, card.persona, card.linked_map):
            if row is not None:
                names[lane.version_id][str(row.pk)] = row.name
    return {key: Snapshot.of(found, names[key]) for key, found in things.items()}


def _links(
    versions: Sequence[Version], steps: dict[UUID, Step]
) -> defaultdict[UUID, list[tuple[str, str]]]:
    links: defaultdict[UUID, list[tuple[str, str]]] = defaultdict(list)
    for step, to, label in StepLink.objects.filter(step__stage__version__in=versions).values_list(
        "step_id", "to_id", "label"
    ):
        links[step].append((str(steps[to].key), label))
    return links


def _cards(versions: Sequence[Version]) -> Iterable[Card]:
    return (
        Card.objects.filter(lane__version__in=versions)
        .select_related("touchpoint", "persona", "linked_map")
        .order_by("lane__position", "step__stage__position", "step__position", "position", "pk")
    )


def _stage(stage: Stage) -> Thing:
    fields: dict[str, Plain] = {"name": stage.name, "phase": _id(stage.phase_id)}
    return Thing("stage", stage.key, (), (stage.position,), stage.name, fields)


def _step(step: Step, stage: Stage, links: list[tuple[str, str]]) -> Thing:
    fields: dict[str, Plain] = {
        "name": step.name,
        "metric": step.metric,
        "next": tuple(sorted(links)),
    }
    return Thing("step", step.key, (stage.key,), (step.position,), step.name, fields)


def _lane(lane: Lane) -> Thing:
    # Whether it is collapsed is no content: nobody wants to read that in a comparison.
    fields: dict[str, Plain] = {"kind": lane.kind, "name": lane.name, "hidden": lane.hidden}
    return Thing("lane", lane.key, (), (lane.position,), lane.title, fields)


def _card(card: Card, lane: Lane, step: Step) -> Thing:
    fields: dict[str, Plain] = {
        "text": card.text,
        "touchpoint": _id(card.touchpoint_id),
        "valence": None if card.valence is None else float(card.valence),
        "severity": card.severity,
        "status": card.status,
        "persona": _id(card.persona_id),
        "answer": card.answer,
        "response_id": _id(card.response_id),
        "linked_map": _id(card.linked_map_id),
        "picture": card.picture,
        "span": card.span,
    }
    row = card.touchpoint or card.linked_map
    title = card.text or (row.name if row else "") or str(card.valence or "")
    return Thing("card", card.key, (lane.key, step.key), (card.position,), title, fields)


def _id(key: UUID | None) -> str | None:
    return None if key is None else str(key)
