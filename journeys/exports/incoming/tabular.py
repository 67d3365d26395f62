"""Reads tables that people write: a grid of steps and lanes, or a list of cards.

- **Grid**: steps in the first row, lanes in the first column, a card on each line of a cell. A row
  of stages may stand above the steps when it begins with "Stage" or "Phase".
- **List**: a row for each card; the headings name stage, step, lane, text and so on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _

from journeys.exports.incoming.problems import Problem, Refused, Where
from journeys.exports.incoming.raw import Raw, RawCard, RawLane, RawStage, RawStep, Value

Table = Sequence[Sequence[Value]]

# How people head the columns, in English and German.
ALIASES: Final[dict[str, tuple[str, ...]]] = {
    "stage": ("stage", "phase", "stufe", "abschnitt"),
    "number": ("number", "no", "nr", "nr.", "nummer"),
    "step": ("step", "schritt"),
    "lane": ("lane", "row", "layer", "zeile", "spur", "ebene"),
    "kind": ("kind", "type", "art", "typ"),
    "text": ("text", "card", "content", "karte", "inhalt", "beschreibung", "description"),
    "touchpoint": ("touchpoint", "kontaktpunkt"),
    "feeling": ("feeling", "emotion", "valence", "gefühl"),
    "severity": ("severity", "schwere", "schweregrad"),
    "status": ("status", "state", "stand"),
    "persona": ("persona",),
    "answer": ("answer", "antwort"),
    "span": ("span", "steps covered"),
    "picture": ("picture", "bild"),
    "description": ("description", "beschreibung"),
    "impact": ("impact", "wirkung"),
    "effort": ("effort", "aufwand"),
    "owner": ("owner", "verantwortlich", "zuständig"),
}
_STAGE_WORDS: Final = frozenset({*ALIASES["stage"], "stages", "phases", "phasen"})
_BULLETS: Final = ("• ", "- ", "* ", "– ", "· ")


def read(table: Table, *, page: str = "") -> Raw:
    """Return what a table says.

    Raises:
        Refused: there is neither a step nor a card in it.
    """
    rows = [(number, row) for number, row in enumerate(table, start=1) if _filled(row)]
    if not rows:
        raise Refused(_("The table is empty."), code="empty")
    names = _headings(rows[0][1])
    if "step" in names and ("lane" in names or "kind" in names):
        return _list(rows[1:], names, page)
    return _grid(rows, page)


def text(cell: Value) -> str:
    """Return a cell as text; 3.0 is "3"."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def truth(cell: Value) -> bool:
    """Say whether a cell says yes."""
    return text(cell).strip().lower() in {"yes", "true", "1", "x", "ja", "wahr"}


def _filled(row: Sequence[Value]) -> bool:
    return any(text(cell).strip() for cell in row)


def _headings(row: Sequence[Value]) -> dict[str, int]:
    """Return the columns that are headed as a list of cards is."""
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        word = text(cell).strip().casefold()
        for name, aliases in ALIASES.items():
            if word in aliases:
                found.setdefault(name, place)
    if found.get("description") == found.get("text"):
        # The only text that there is stands on the cards.
        found.pop("description", None)
    return found


def _list(rows: Sequence[tuple[int, Sequence[Value]]], names: dict[str, int], page: str) -> Raw:
    stages: dict[str, RawStage] = {}
    steps: dict[tuple[str, str, str], RawStep] = {}
    lanes: dict[tuple[str, str], RawLane] = {}
    cards: list[RawCard] = []
    problems: list[Problem] = []
    for number, row in rows:
        cells = {name: row[place] if place < len(row) else None for name, place in names.items()}

        def of(name: str, cells: dict[str, Value] = cells) -> str:
            return text(cells.get(name)).strip()

        where = Where(page, number)
        if not of("step"):
            problems.append(
                Problem(_("This row names no step; it was left out."), where, "no_step")
            )
            continue
        stage = stages.setdefault(
            of("stage"), RawStage(f"s{len(stages)}", of("stage"), where=where)
        )
        step = steps.setdefault(
            (stage.ref, of("number"), of("step")),
            RawStep(f"t{len(steps)}", stage.ref, of("step"), where=where),
        )
        if not of("lane") and not of("kind"):
            continue
        lane = lanes.setdefault(
            (of("kind"), of("lane")),
            RawLane(f"l{len(lanes)}", of("kind"), of("lane"), where=Where(page, number, "lane")),
        )
        fields = {
            name: cells[name]
            for name in names
            if name not in {"stage", "number", "step", "lane", "kind"}
        }
        if any(text(value).strip() for value in fields.values()):
            cards.append(RawCard(lane.ref, step.ref, fields, where, loose=True))
    return Raw(
        tuple(stages.values()),
        tuple(steps.values()),
        tuple(lanes.values()),
        tuple(cards),
        problems=tuple(problems),
    )


def _grid(rows: Sequence[tuple[int, Sequence[Value]]], page: str) -> Raw:
    stages: list[RawStage] = []
    over: dict[int, str] = {}
    number, first = rows[0]
    if text(first[0]).strip().casefold() in _STAGE_WORDS and len(rows) > 1:
        for place, cell in enumerate(first[1:], start=1):
            if text(cell).strip() or not stages:
                name = text(cell).strip()
                stages.append(RawStage(f"s{len(stages)}", name, where=Where(page, number)))
            over[place] = stages[-1].ref
        rows = rows[1:]
    number, heads = rows[0]
    steps: dict[int, RawStep] = {}
    for place, cell in enumerate(heads[1:], start=1):
        if text(cell).strip():
            if not stages:
                stages.append(RawStage("s0", "", where=Where(page, number)))
            where = Where(page, number, _letter(place))
            stage = over.get(place, stages[-1].ref)
            steps[place] = RawStep(f"t{place}", stage, text(cell).strip(), where=where)
    lanes: list[RawLane] = []
    cards: list[RawCard] = []
    problems: list[Problem] = []
    for number, row in rows[1:]:
        title = text(row[0]).strip()
        lane = RawLane(f"l{number}", "", title, where=Where(page, number, _letter(0)))
        if not title:
            words = _("This row has no heading; it became a lane of notes.")
            problems.append(Problem(words, lane.where))
        lanes.append(lane)
        for place, cell in enumerate(row[1:], start=1):
            where = Where(page, number, _letter(place))
            if place in steps:
                cards += _cell(lane.ref, steps[place].ref, cell, where)
            elif text(cell).strip():
                words = _("There is no step above this cell; it was left out.")
                problems.append(Problem(words, where))
    used = {step.stage for step in steps.values()}
    return Raw(
        tuple(stage for stage in stages if stage.name or stage.ref in used),
        tuple(steps.values()),
        tuple(lanes),
        tuple(cards),
        problems=tuple(problems),
    )


def _cell(lane: str, step: str, cell: Value, where: Where) -> list[RawCard]:
    """Return the cards of a cell, one on each line."""
    lines = (_without_bullet(line.strip()) for line in text(cell).splitlines())
    return [RawCard(lane, step, {"text": line}, where, loose=True) for line in lines if line]


def _without_bullet(line: str) -> str:
    for bullet in _BULLETS:
        if line.startswith(bullet):
            return line[len(bullet) :].strip()
    return line


def _letter(place: int) -> str:
    """Return how a spreadsheet names a column: A, B, … AA."""
    found = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        found = chr(65 + rest) + found
    return found
