"""Rows are added: any number, in a constant number of queries."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from journeys.maps.models import Card, Lane, Stage, Step, StepLink
from journeys.maps.operations.board import Applied, Board, Cells, renumber
from journeys.maps.operations.findings import settle
from journeys.maps.operations.judging import (
    NAMED,
    judge_card,
    judge_metric,
    judge_named,
    judge_phases,
    judge_picture,
    judge_span,
    set_value,
)
from journeys.maps.operations.verbs import Insert, Link, OperationRefused, Row
from journeys.maps.operations.writing import as_json


def insert(board: Board, verb: Insert) -> Applied:
    """Add rows, parents before children; raises OperationRefused."""
    columns = [row for row in verb.rows if row.kind != "card"]
    made = [_place(board, row) for row in columns]
    board.require_room()
    _judge_columns(board, columns)
    cards, cells = _place_cards(board, [row for row in verb.rows if row.kind == "card"])
    derived = _judge_cards(board, cards)
    # What moves aside is found before the new rows are written with their own positions.
    aside = {
        "stage": board.moved([board.stages]),
        "step": board.moved(board.steps.values()),
        "lane": board.moved([board.lanes]),
        "card": cells.moved(),
    }
    for row in made:
        places = aside[type(row).__name__.lower()]
        row.position = places.pop(row.pk, board.positions[row.pk])
    Stage.objects.bulk_create(row for row in made if isinstance(row, Stage))
    Step.objects.bulk_create(row for row in made if isinstance(row, Step))
    Lane.objects.bulk_create(row for row in made if isinstance(row, Lane))
    for card in cards:
        card.position = aside["card"].pop(card.pk)
    Card.objects.bulk_create(cards)
    for kind, places in aside.items():
        renumber(kind, places)
    _link(board, columns)
    version = board.version.pk
    return Applied(as_json(verb), [(version, one) for one in derived])


def _place(board: Board, row: Row) -> Stage | Step | Lane:
    """Put a stage, step or lane into its list and return it, unsaved."""
    siblings = board.siblings(row.kind, row.parents)
    if row.id in board.stage_of or row.id in board.steps or row.id in board.kinds:
        raise OperationRefused(_("There is a row of this id already."), code="id_taken")
    siblings.insert(len(siblings) if row.at is None else row.at, row.id)
    common = {"id": row.id, "key": row.key, "workspace_id": board.workspace_id}
    name = str(row.fields.get("name", ""))
    if row.kind == "stage":
        board.steps[row.id] = []
        phase = row.fields.get("phase")
        phase_id = phase if isinstance(phase, UUID) else None
        return Stage(**common, version=board.version, name=name, phase_id=phase_id)
    if row.kind == "step":
        board.stage_of[row.id] = row.parents["stage"]
        metric = str(row.fields.get("metric", ""))
        return Step(**common, stage_id=row.parents["stage"], name=name, metric=metric)
    board.kinds[row.id] = str(row.fields["kind"])
    shown = {flag: bool(row.fields.get(flag)) for flag in ("hidden", "collapsed")}
    return Lane(**common, version=board.version, kind=board.kinds[row.id], name=name, **shown)


def _place_cards(board: Board, rows: list[Row]) -> tuple[list[Card], Cells]:
    """Put cards into their cells and return them, unsaved."""
    if not rows:
        return [], Cells({}, {}, {})
    lanes: dict[UUID, Lane] = {}
    cards: list[Card] = []
    for row in rows:
        lane_id, step_id = row.parents["lane"], row.parents["step"]
        board.kind_of(lane_id)
        board.require_step(step_id)
        lane = lanes.setdefault(lane_id, Lane(id=lane_id, kind=board.kinds[lane_id]))
        card = Card(
            id=row.id,
            key=row.key,
            workspace_id=board.workspace_id,
            lane=lane,
            step_id=step_id,
        )
        for name, value in row.fields.items():
            set_value(card, name, value)
        cards.append(card)
    cells = Cells.load((card.lane_id, card.step_id) for card in cards)
    for card, row in zip(cards, rows, strict=True):
        cells.place((card.lane_id, card.step_id), card.pk, row.at)
        if card.touchpoint_id is not None:
            cells.touchpoints[card.pk] = card.touchpoint_id
    cells.require_once()
    return cards, cells


def _judge_columns(board: Board, rows: list[Row]) -> None:
    judge_phases(
        board.version,
        (phase for row in rows if isinstance(phase := row.fields.get("phase"), UUID)),
    )
    for row in rows:
        judge_metric(str(row.fields.get("metric", "")))


def _judge_cards(board: Board, cards: list[Card]) -> list[dict[str, object]]:
    """Judge new cards and give them the rows behind them; returns what follows from that."""
    judge_named(cards, NAMED)
    derived = settle(cards)
    for card in cards:
        judge_card(card, board.kind_of(card.lane_id))
        judge_span(card.span, len(board.stage_of))
        judge_picture(card)
    return derived


def _link(board: Board, rows: list[Row]) -> None:
    """Write where steps lead to, once all of them are there."""
    links: list[StepLink] = []
    for row in rows:
        given = row.fields.get("next")
        if isinstance(given, tuple) and given:
            links += links_of(board, row.id, given)
    StepLink.objects.bulk_create(links)


def links_of(board: Board, step: UUID, given: tuple[Link, ...]) -> list[StepLink]:
    """Return links of a step, unsaved; raises OperationRefused."""
    for link in given:
        board.require_step(link.to)
        if link.to == step:
            raise OperationRefused(_("A step does not follow itself."), code="next_is_itself")
    return [
        StepLink(workspace_id=board.workspace_id, step_id=step, to_id=link.to, label=link.label)
        for link in given
    ]
