"""A sheet as tables: a workbook that comes back whole, a list of cards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from cxm.common.export import CSV, Cell, Page, Picture, encoded, fits_workbook, workbook
from journeys.exports.exchange import words_of
from journeys.exports.paging import cells_of, channels_of
from journeys.exports.pictures import carried_by, drawn
from journeys.exports.sheet import Item, Lane, Measure, Sheet, Step

# Names of the workbook's pages and columns are part of the format: they are never translated.
JOURNEY: Final = ("name", "kind", "cyclic", "cycle_name", "phase_model", "personas")
STAGES: Final = ("key", "name", "phase")
STEPS: Final = ("key", "stage", "name", "metric")
LINKS: Final = ("from", "to", "label")
LANES: Final = ("key", "kind", "name", "hidden", "collapsed")
FINDING: Final = ("description", "impact", "effort", "owner")
CARDS: Final = (
    "key",
    "lane",
    "step",
    "text",
    "touchpoint",
    "touchpoint_key",
    "feeling",
    "severity",
    "status",
    "span",
    "persona",
    "answer",
    "response_id",
    "linked_map",
    "picture",
    *FINDING,
)
LIST: Final = (
    "stage",
    "number",
    "step",
    "lane",
    "kind",
    "text",
    "touchpoint",
    "feeling",
    "severity",
    "status",
    "persona",
    "answer",
    "span",
    "picture",
    *FINDING,
)
# Of pictures that have to be written anew.
LARGEST_SIDE: Final = 4_000
FIGURES: Final = (
    "step",
    "touchpoint",
    "metric",
    "value",
    "low",
    "high",
    "n",
    "target",
    "status",
)


def xlsx_file(sheet: Sheet) -> bytes:
    """Return a workbook: the map to read, and its parts to change and bring back."""
    pages = [
        Page(
            "Map",
            [_("Phase"), *_over_steps(sheet)],
            list(_drawn(sheet)),
            widths=[18, *([28] * len(sheet.steps))],
            wrapped=True,
            fixed=(2, 1),
        ),
        Page(
            "Journey",
            JOURNEY,
            [
                (
                    sheet.name,
                    sheet.kind,
                    _yes(sheet.cyclic),
                    sheet.cycle_name,
                    sheet.phase_model,
                    "\n".join(name for name, _role in sheet.personas),
                )
            ],
            widths=[40, 10, 10, 20, 20, 40],
        ),
        Page("Stages", STAGES, [(s.key, s.name, s.phase) for s in sheet.stages], [38, 30, 20]),
        Page(
            "Steps",
            STEPS,
            [(s.key, s.stage, s.name, s.metric) for s in sheet.steps],
            [38, 38, 40, 16],
        ),
        Page(
            "Links",
            LINKS,
            [(s.key, to, label) for s in sheet.steps for to, label in s.next],
            [38, 38, 30],
        ),
        Page(
            "Lanes",
            LANES,
            [(e.key, e.kind, e.name, _yes(e.hidden), _yes(e.collapsed)) for e in sheet.lanes],
            [38, 18, 30],
        ),
        Page(
            "Cards",
            CARDS,
            [_row(item) for item in sheet.items],
            [38, 38, 38, 60, 30, 24],
            pictures=_pictures(sheet),
        ),
    ]
    if sheet.figures:
        rows = [_figure(step, measure) for step in sheet.steps for measure in step.measures]
        pages.append(Page("Figures", FIGURES, rows, [40, 40, 20]))
    return workbook(pages)


def csv_file(sheet: Sheet) -> bytes:
    """Return one row for each card; a step without a card has a row as well."""
    return encoded(CSV, LIST, _listed(sheet))


def _listed(sheet: Sheet) -> Iterator[tuple[Cell, ...]]:
    for stage in sheet.stages:
        for step in stage.steps:
            here = (stage.name, step.number, step.name)
            filled = False
            for lane in sheet.lanes:
                for i in sheet.cell(lane.key, step.key):
                    filled = True
                    yield (
                        *here,
                        lane.title,
                        lane.kind,
                        i.text,
                        i.place.name if i.place is not None else "",
                        i.valence,
                        i.severity,
                        i.status,
                        i.persona,
                        i.answer,
                        i.span if i.span > 1 else None,
                        i.picture,
                        *_finding(i),
                    )
            if not filled:
                yield here


def _yes(flag: bool) -> str:
    return "yes" if flag else ""


def _row(item: Item) -> tuple[Cell, ...]:
    return (
        item.key,
        item.lane,
        item.step,
        item.text,
        item.place.name if item.place is not None else "",
        item.place.key if item.place is not None else "",
        item.valence,
        item.severity,
        item.status,
        item.span if item.span > 1 else None,
        item.persona,
        item.answer,
        item.response_id,
        item.linked_map,
        item.picture,
        *_finding(item),
    )


def _finding(item: Item) -> tuple[Cell, ...]:
    return (item.description, item.impact, item.effort, item.owner)


def _pictures(sheet: Sheet) -> dict[int, Picture]:
    """Return what lies on rows of cards; a kind that workbooks do not know becomes another."""
    found = {}
    contents = carried_by(sheet)
    for row, item in enumerate(sheet.items):
        content = contents.get(item.picture)
        # Spreadsheets say that a file is damaged when a picture in it is.
        shown = drawn(content, longest=LARGEST_SIDE) if content is not None else None
        if content is not None and shown is not None:
            fits = fits_workbook(content)
            found[row] = Picture(content if fits else shown.content, CARDS.index("picture"))
    return found


def _figure(step: Step, measure: Measure) -> tuple[Cell, ...]:
    return (
        f"{step.number} {step.name}",
        measure.touchpoint,
        measure.title,
        measure.value,
        measure.low,
        measure.high,
        measure.n,
        measure.target,
        measure.status,
    )


def _over_steps(sheet: Sheet) -> list[str]:
    """Return the stage above each step, written once."""
    return [
        stage.name if place == 0 else ""
        for stage in sheet.stages
        for place, _step in enumerate(stage.steps)
    ]


def _drawn(sheet: Sheet) -> Iterator[list[Cell]]:
    yield [_("Step"), *(step.name for step in sheet.steps)]
    for lane in sheet.shown:
        if lane.shape == "line" or (lane.shape == "score" and not sheet.figures):
            continue
        yield [lane.title, *_read(sheet, lane)]


def _read(sheet: Sheet, lane: Lane) -> list[Cell]:
    """Return what one reads in a lane, a text for each step."""
    if lane.shape == "score":
        return [_score(step) for step in sheet.steps]
    if lane.shape == "channel":
        return [", ".join(channels_of(sheet, step.key)) for step in sheet.steps]
    found: list[Cell] = [""] * len(sheet.steps)
    for cell in cells_of(sheet, lane):
        found[cell.start] = "\n".join(words_of(item) for item in cell.items)
    return found


def _score(step: Step) -> str:
    mark = step.mark
    if mark is None or mark.kind == "missing":
        return ""
    return " · ".join(
        part for part in (f"{mark.title} {mark.value}", mark.foot, mark.status_word) if part
    )
