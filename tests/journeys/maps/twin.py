"""The rules of the four operations once more, without a database: what the service must agree with.

A refused operation leaves everything as it was; `apply` says whether it was taken.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from journeys.maps.lanes import FIELDS, STATES, lane_kind

Json = dict[str, Any]
PLAIN = {"stage": ("name", "phase"), "step": ("name", "metric"), "lane": ("name", "kind")}
CARD = ("text", "span", "valence", "severity", "status", "answer")
EMPTY: Json = {"text": "", "span": 1, "status": "", "answer": "", "name": "", "metric": ""}


class Refused(Exception):
    pass


class Twin:
    """Rows by kind and id, and lists that say in which order they stand."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Json]] = {k: {} for k in ("stage", "step", "lane", "card")}
        self.lists: dict[Any, list[str]] = {"stage": [], "lane": []}

    def apply(self, change: Json) -> bool:
        """Carry out an operation; False where it is refused."""
        before = deepcopy((self.rows, self.lists))
        try:
            getattr(self, f"_{change['op']}")(change)
        except Refused:
            self.rows, self.lists = before
            return False
        return True

    def home(self, kind: str, row: Json) -> list[str]:
        if kind in ("stage", "lane"):
            return self.lists[kind]
        for parent in ("stage",) if kind == "step" else ("lane", "step"):
            if row.get(parent) not in self.rows[parent]:
                raise Refused
        key = row["stage"] if kind == "step" else (row["lane"], row["step"])
        return self.lists.setdefault(key, [])

    def _insert(self, change: Json) -> None:
        for row in change["rows"]:
            kind, pk = row["kind"], row["id"]
            if pk in self.rows[kind]:
                raise Refused
            kept = {k: v for k, v in row.items() if k not in ("at", "lane_kind")}
            if kind == "lane":
                kept["kind"] = row["lane_kind"]
            siblings = self.home(kind, row)
            siblings.insert(row.get("at", len(siblings)), pk)
            self.rows[kind][pk] = kept
        for row in change["rows"]:
            if row["kind"] == "card":
                self._judge(self.rows["card"][row["id"]])
                if row.get("span", 1) > max(len(self.rows["step"]), 1):
                    raise Refused

    def _update(self, change: Json) -> None:
        row = self.rows[change["kind"]].get(change["id"])
        if row is None:
            raise Refused
        row.update(change["fields"])
        if change["kind"] == "card":
            self._judge(row)
            if "span" in change["fields"] and row["span"] > max(len(self.rows["step"]), 1):
                raise Refused
        elif change["kind"] == "lane":
            for card in self.rows["card"].values():
                if card["lane"] == change["id"]:
                    self._adapt(card)
        elif not row["name"].strip():
            raise Refused

    def _move(self, change: Json) -> None:
        kind, row = change["kind"], self.rows[change["kind"]].get(change["id"])
        if row is None:
            raise Refused
        target = self.home(kind, {**row, **change["to"]})
        self.home(kind, row).remove(change["id"])
        lane = row.get("lane")
        row.update(change["to"])
        target.insert(change["at"], change["id"])
        if kind == "card" and row["lane"] != lane:
            self._adapt(row)

    def _delete(self, change: Json) -> None:
        for pk in change["ids"]:
            self._remove(change["kind"], pk)

    def _remove(self, kind: str, pk: str) -> None:
        row = self.rows[kind].get(pk)
        if row is None:
            return
        below = {"stage": "step", "step": "card", "lane": "card"}.get(kind)
        if below is not None:
            for child in [k for k, r in self.rows[below].items() if r[kind] == pk]:
                self._remove(below, child)
        self.home(kind, row).remove(pk)
        del self.rows[kind][pk]

    def _adapt(self, card: Json) -> None:
        kind = lane_kind(self.rows["lane"][card["lane"]]["kind"])
        own = FIELDS.get(kind.shape, ())
        for name in ("valence", "severity", "status", "answer"):
            if name not in own:
                card.pop(name, None)
        if card.get("status") not in STATES.get(kind.shape, {}):
            card.pop("status", None)
        self._judge(card)

    def _judge(self, card: Json) -> None:
        kind = lane_kind(self.rows["lane"][card["lane"]]["kind"])
        own = FIELDS.get(kind.shape, ())
        if not kind.of_cards:
            raise Refused
        for name in ("valence", "severity", "status", "answer"):
            if card.get(name) not in (None, "") and name not in own:
                raise Refused
        if card.get("status") and card["status"] not in STATES.get(kind.shape, {}):
            raise Refused
        if kind.shape == "feeling":
            if card.get("valence") is None:
                raise Refused
        elif not card.get("text", "").strip():
            raise Refused

    def shown(self) -> Json:
        """Return everything in its order, as far as operations wrote it."""
        stages = self.lists["stage"]
        steps = [step for stage in stages for step in self.lists.get(stage, [])]
        return {
            "stages": [self._row("stage", pk, ("name",)) for pk in stages],
            "steps": [self._row("step", pk, ("stage", "name", "metric")) for pk in steps],
            "lanes": [
                self._row("lane", pk, ("kind", "name", "hidden", "collapsed"))
                for pk in self.lists["lane"]
            ],
            "cells": {
                (lane, step): cards
                for lane in self.lists["lane"]
                for step in steps
                if (
                    cards := [
                        self._row("card", pk, CARD) for pk in self.lists.get((lane, step), [])
                    ]
                )
            },
        }

    def _row(self, kind: str, pk: str, names: tuple[str, ...]) -> Json:
        row = self.rows[kind][pk]
        return {"id": pk, **{name: row.get(name) or EMPTY.get(name) for name in names}}


def shown_of(document: Json) -> Json:
    """Return a document in the same form."""
    cells: dict[tuple[str, str], list[Json]] = {}
    for card in document["cards"]:
        row = {"id": card["id"], **{n: card.get(n) or EMPTY.get(n) for n in CARD}}
        cells.setdefault((card["lane"], card["step"]), []).append(row)
    return {
        "stages": [_only(row, ("id", "name")) for row in document["stages"]],
        "steps": [_only(row, ("id", "stage", "name", "metric")) for row in document["steps"]],
        "lanes": [
            _only(row, ("id", "kind", "name", "hidden", "collapsed")) for row in document["lanes"]
        ],
        "cells": cells,
    }


def _only(row: Json, names: tuple[str, ...]) -> Json:
    return {name: row[name] or EMPTY.get(name) for name in names}
