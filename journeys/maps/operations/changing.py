"""Rows change, move and go; each in a constant number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final
from uuid import UUID

from django.db.models import Q

from cxm.common.clock import now
from journeys.maps.lanes import lane_kind
from journeys.maps.models import Card, Lane, Stage, Step, StepLink
from journeys.maps.operations.board import MODELS, Applied, Board, Cells, Json, gone, renumber
from journeys.maps.operations.findings import BY_SHAPE, card_update, settle, share
from journeys.maps.operations.inserting import links_of
from journeys.maps.operations.judging import (
    SPECIAL,
    column,
    foreign_fields,
    judge_card,
    judge_metric,
    judge_named,
    judge_phases,
    judge_picture,
    judge_span,
    set_value,
    value_of,
)
from journeys.maps.operations.verbs import Delete, Fields, Move, OperationRefused, Update, Value
from journeys.maps.operations.writing import as_json, value_json

# What an update of a card may write, also where it follows from another field.
WRITTEN: Final = tuple(dict.fromkeys(("text", "span", *SPECIAL)))


class Conflict(Exception):
    """Somebody else changed what the sender changed, and the sender had not seen it yet."""

    def __init__(self, kind: str, row: UUID, field: str, theirs: Value) -> None:
        super().__init__(field)
        self.kind = kind
        self.row = row
        self.field = field
        self.theirs = value_json(theirs)


# --- update ------------------------------------------------------------------------------


def update(board: Board, verb: Update) -> Applied:
    """Change fields of a row.

    Raises:
        OperationRefused: the row is gone or the values do not fit.
        Conflict: a text is another than the sender saw, and not what the sender wants either.
    """
    if verb.kind == "card":
        return _update_card(board, verb)
    if verb.kind == "lane":
        return _update_lane(board, verb)
    model = Stage if verb.kind == "stage" else Step
    row = model.objects.filter(pk=verb.id).first() if _is_on(board, verb.kind, verb.id) else None
    if row is None:
        raise gone(verb.kind)
    _compare(verb, {name: getattr(row, name) for name in verb.was})
    fields = dict(verb.fields)
    following = fields.pop("next", None)
    if isinstance(row, Stage):
        phase = fields.pop("phase", row.phase_id)
        judge_phases(board.version, [phase] if isinstance(phase, UUID) else [])
        fields["phase_id"] = phase
    judge_metric(str(fields.get("metric", "")))
    _write(row, fields)
    if isinstance(following, tuple):
        StepLink.objects.filter(step=row.pk).delete()
        StepLink.objects.bulk_create(links_of(board, row.pk, following))
    return Applied(as_json(verb))


def _update_lane(board: Board, verb: Update) -> Applied:
    if not _is_on(board, "lane", verb.id):
        raise gone("lane")
    lane = Lane.objects.get(pk=verb.id)
    _compare(verb, {name: getattr(lane, name) for name in verb.was})
    before = lane.entry
    _write(lane, verb.fields)
    board.kinds[lane.pk] = lane.kind
    applied = Applied(as_json(verb))
    if lane.entry == before:
        return applied
    cards = list(Card.objects.filter(lane=lane).select_related("touchpoint"))
    for card in cards:
        card.lane = lane
    applied.derived = _adapt(board, cards)
    return applied


def _update_card(board: Board, verb: Update) -> Applied:
    card = _card(board, verb.id)
    kind = lane_kind(card.lane.kind)
    before = {name: value_of(card, name) for name in WRITTEN}
    _compare(verb, {name: getattr(card, name) for name in verb.was})
    for name, value in verb.fields.items():
        set_value(card, name, value)
    judge_named([card], verb.fields)
    judge_picture(card)
    derived: list[tuple[UUID, Json]] = []
    shared = BY_SHAPE.get(kind.shape)
    if shared is not None and shared.field in verb.fields:
        derived = [(board.version.pk, one) for one in settle([card])]
    judge_card(card, kind)
    if "span" in verb.fields:
        judge_span(card.span, len(board.stage_of))
    if before["touchpoint"] != card.touchpoint_id:
        cells = Cells.load([(card.lane_id, card.step_id)])
        cells.touchpoints.pop(card.pk, None)
        if card.touchpoint_id is not None:
            cells.touchpoints[card.pk] = card.touchpoint_id
        cells.require_once()
    changed = [name for name in WRITTEN if value_of(card, name) != before[name]]
    _save_card(card, changed)
    if not derived:
        derived = share(card, changed)
    return Applied(as_json(verb), derived)


def _compare(verb: Update, stored: Mapping[str, Value]) -> None:
    """Refuse a text that its sender wrote over another one than there is."""
    for name, seen in verb.was.items():
        there = stored[name]
        if name in verb.fields and there not in (seen, verb.fields[name]):
            raise Conflict(verb.kind, verb.id, name, there)


# --- move --------------------------------------------------------------------------------


def move(board: Board, verb: Move) -> Applied:
    """Put a row elsewhere; a place beyond the end is the last one. Raises OperationRefused."""
    if verb.kind == "card":
        return _move_card(board, verb)
    if not _is_on(board, verb.kind, verb.id):
        raise gone(verb.kind)
    home = {"stage": board.stage_of[verb.id]} if verb.kind == "step" else {}
    old, new = board.siblings(verb.kind, home), board.siblings(verb.kind, verb.to)
    old.remove(verb.id)
    new.insert(verb.at, verb.id)
    if old is not new:
        board.stage_of[verb.id] = verb.to["stage"]
        Step.objects.filter(pk=verb.id).update(stage=verb.to["stage"], updated_at=now())
    renumber(verb.kind, board.moved([old, new]))
    return Applied(as_json(verb))


def _move_card(board: Board, verb: Move) -> Applied:
    card = _card(board, verb.id)
    here, there = (card.lane_id, card.step_id), (verb.to["lane"], verb.to["step"])
    kind = board.kind_of(there[0])
    board.require_step(there[1])
    cells = Cells.load([here, there])
    cells.lists[here].remove(card.pk)
    cells.place(there, card.pk, verb.at)
    cells.require_once()
    derived: list[tuple[UUID, Json]] = []
    if here != there:
        card.lane = Lane(id=there[0], kind=kind.key)
        card.step_id = there[1]
        Card.objects.filter(pk=card.pk).update(lane=there[0], step=there[1], updated_at=now())
        if here[0] != there[0]:
            derived = _adapt(board, [card])
    renumber("card", cells.moved())
    return Applied(as_json(verb), derived)


def _adapt(board: Board, cards: list[Card]) -> list[tuple[UUID, Json]]:
    """Let cards fit the lane in which they are now; returns what follows for them.

    Fields that the lane does not have are emptied, and the text stays; a touchpoint's name
    becomes the text where the lane needs one. 8 queries at most.
    """
    kind = None
    emptied: dict[UUID, Json] = {}
    for card in cards:
        kind = lane_kind(card.lane.kind)
        fields: dict[str, object] = {}
        if not card.text.strip() and card.touchpoint is not None and kind.shape != "touchpoint":
            card.text = fields["text"] = card.touchpoint.name
        for name in foreign_fields(card, kind):
            set_value(card, name, None)
            fields[name] = value_of(card, name)
        if fields:
            emptied[card.pk] = card_update(card.pk, fields)
    if kind is None:
        return []
    settled = {UUID(one["id"]): one for one in settle(cards)}
    for card in cards:
        judge_card(card, board.kind_of(card.lane_id))
    touched = [card for card in cards if card.pk in emptied or card.pk in settled]
    if touched:
        Card.objects.bulk_update(touched, [column(name) for name in WRITTEN])
    return [(board.version.pk, one) for found in (emptied, settled) for one in found.values()]


# --- delete ------------------------------------------------------------------------------


def delete(board: Board, verb: Delete) -> Applied:
    """Remove rows with everything below them; those that are gone already are no error."""
    ids = set(verb.ids)
    if verb.kind == "card":
        _delete_cards(board, ids)
    elif verb.kind == "lane":
        found = ids & set(board.lanes)
        _remove(Card, Q(lane__in=found), found)
        _remove(Lane, Q(pk__in=found), found)
        board.lanes[:] = [lane for lane in board.lanes if lane not in found]
        for lane in found:
            del board.kinds[lane]
        renumber("lane", board.moved([board.lanes]))
    elif verb.kind == "step":
        _delete_steps(board, ids & set(board.stage_of))
    else:
        found = ids & set(board.steps)
        _delete_steps(board, {step for stage in found for step in board.steps[stage]})
        _remove(Stage, Q(pk__in=found), found)
        board.stages[:] = [stage for stage in board.stages if stage not in found]
        for stage in found:
            del board.steps[stage]
        renumber("stage", board.moved([board.stages]))
    return Applied(as_json(verb))


def _delete_steps(board: Board, steps: set[UUID]) -> None:
    _remove(StepLink, Q(step__in=steps) | Q(to__in=steps), steps)
    _remove(Card, Q(step__in=steps), steps)
    _remove(Step, Q(pk__in=steps), steps)
    stages = {board.stage_of.pop(step) for step in steps}
    for stage in stages:
        board.steps[stage][:] = [step for step in board.steps[stage] if step not in steps]
    renumber("step", board.moved(board.steps[stage] for stage in stages))


def _delete_cards(board: Board, ids: set[UUID]) -> None:
    found = Card.objects.filter(pk__in=ids, lane__version=board.version)
    places = {(lane, step) for lane, step in found.values_list("lane_id", "step_id")}
    if not places:
        return
    cells = Cells.load(places)
    _remove(Card, Q(pk__in=ids, lane__in={lane for lane, _step in places}), ids)
    for cell, cards in cells.lists.items():
        cells.lists[cell] = [card for card in cards if card not in ids]
    renumber("card", cells.moved())


def _remove(
    model: type[Stage] | type[Step] | type[Lane] | type[Card] | type[StepLink],
    rows: Q,
    ids: Collection[UUID],
) -> None:
    """Delete rows below which nothing stands any more, in one statement."""
    if ids:
        found = model._default_manager.filter(rows)
        # Django's own deletion would fetch the rows and look below each hundred of them.
        found._raw_delete(found.db)


# --- rows --------------------------------------------------------------------------------


def _is_on(board: Board, kind: str, row: UUID) -> bool:
    """Say whether a stage, step or lane is on the map."""
    known: Mapping[str, Mapping[UUID, object]] = {
        "stage": board.steps,
        "step": board.stage_of,
        "lane": board.kinds,
    }
    return row in known[kind]


def _card(board: Board, pk: UUID) -> Card:
    found = (
        Card.objects.filter(pk=pk, lane__version=board.version)
        .select_related("lane", "touchpoint")
        .first()
    )
    if found is None:
        raise gone("card")
    return found


def _save_card(card: Card, changed: Iterable[str]) -> None:
    fields = {column(name): value_of(card, name) for name in changed}
    if fields:
        Card.objects.filter(pk=card.pk).update(**fields, updated_at=now())


def _write(row: Stage | Step | Lane, fields: Fields) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    MODELS[type(row).__name__.lower()]._default_manager.filter(pk=row.pk).update(
        **fields, updated_at=now()
    )


__all__ = ["Conflict", "OperationRefused", "delete", "move", "update"]
