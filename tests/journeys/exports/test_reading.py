"""Tables that people write, and files that should not be read."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any
from uuid import UUID

import openpyxl
import pytest

from cxm.common.export import Page, workbook
from journeys.exports.exchange import json_file
from journeys.exports.incoming import Draft, Known, Refused, read, resolve
from journeys.exports.incoming.headings import kind_of
from journeys.exports.tables import csv_file
from tests.journeys.exports.make import make_sheet

TILL = UUID(int=1)
BOMB = b'<!DOCTYPE x [<!ENTITY a "b">]>'
KNOWN = Known(touchpoints={"Till": TILL}, metrics=frozenset({"nps"}))
GRID = (
    "Stage;Before;;After\n"
    "Step;Hears;Compares;Gets it\n"
    'Actions;Sees an ad;"• Reads\n- Asks";\n'
    "Touchpoints;Till;Nowhere;\n"
    "Feelings;+0,5;−1;great\n"
    "Gedanken;Hm;;\n"
    "My row;;x;\n"
)


def draft_of(content: bytes | str, name: str = "a.csv") -> Draft:
    return resolve(read(content.encode() if isinstance(content, str) else content, name), KNOWN)


def cards_of(draft: Draft) -> dict[tuple[str, str], list[str]]:
    kinds = {lane.ref: lane.kind for lane in draft.plan.lane_plans}
    return {
        (kinds[ref], str(step.name)): [str(c.text) or str(c.valence or c.touchpoint) for c in cards]
        for stage in draft.plan.stages
        for step in stage.steps
        for ref, cards in step.cards.items()
    }


def test_a_grid_of_steps_and_lanes_is_read() -> None:
    draft = draft_of(GRID)
    assert [(s.name, [t.name for t in s.steps]) for s in draft.plan.stages] == [
        ("Before", ["Hears", "Compares"]),
        ("After", ["Gets it"]),
    ]
    cards = cards_of(draft)
    assert cards["actions", "Compares"] == ["Reads", "Asks"]
    assert cards["touchpoints", "Hears"] == [str(TILL)]
    assert cards["feelings", "Compares"] == ["-1.0"]
    assert cards["thoughts", "Hears"] == ["Hm"]
    assert [(lane.kind, lane.name) for lane in draft.plan.lane_plans[-2:]] == [
        ("notes", "My row"),
        ("notes", ""),
    ], "what fits nowhere has a lane of its own"
    steps = [step for stage in draft.plan.stages for step in stage.steps]
    noted = {ref: [str(c.text) for c in cards] for ref, cards in steps[1].cards.items()}
    assert noted[draft.plan.lane_plans[-1].ref] == ["Nowhere"]
    assert noted[draft.plan.lane_plans[-2].ref] == ["x"]
    told = [(p.code, p.where.row, p.where.column, p.blocks) for p in draft.problems]
    assert told == [
        ("unknown_lane", 7, "A", False),
        ("unknown_touchpoint", 4, "C", False),
        ("no_feeling", 5, "D", False),
    ]
    assert "There is no touchpoint called “Nowhere”" in draft.problems[1].text


def test_stages_may_be_left_out() -> None:
    draft = draft_of("Step,One,Two\nActions,a,b\n")
    assert [str(stage.name) for stage in draft.plan.stages] == ["First stage"]
    assert draft.steps == 2


def test_a_list_of_cards_is_read() -> None:
    draft = draft_of(
        "Stage,Step,Lane,Text,Severity,Status\n"
        "A,One,Pain points,Slow,Critical,\n"
        "A,One,Opportunities,Faster,,Planned\n"
        "A,Two,Pain points,Late,9,\n"
        ",,Actions,lost,,\n"
    )
    steps = [step for stage in draft.plan.stages for step in stage.steps]
    [slow] = next(cards for cards in steps[0].cards.values() if cards[0].text == "Slow")
    assert slow.severity == 3
    [faster] = next(cards for cards in steps[0].cards.values() if cards[0].text == "Faster")
    assert faster.status == "planned"
    assert [(p.code, p.where.row) for p in draft.problems] == [("no_step", 5), ("no_severity", 4)]


def test_our_list_comes_back_with_formulas_undone() -> None:
    sheet = make_sheet(2)
    draft = draft_of(csv_file(sheet))
    cards = cards_of(draft)
    assert cards["actions", "Step 1"] == ["Does 1"]
    assert draft.steps == 2
    assert draft_of("Step,One\nActions,'=1+1\n").plan.stages[0].steps[0].cards


def test_a_workbook_that_somebody_wrote_is_read() -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append([None, "Hears", "Buys"])
    page.append(["Actions", "Sees an ad", 42])
    page.append(["Feelings", 1, -1.5])
    buffer = io.BytesIO()
    book.save(buffer)
    cards = cards_of(draft_of(buffer.getvalue(), "mine.xlsx"))
    assert cards["actions", "Buys"] == ["42"]
    assert cards["feelings", "Buys"] == ["-1.5"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"x" * (5 * 1024 * 1024 + 1), "too_large"),
        (b"\xd0\xcf\x11\xe0old", "old_excel"),
        (b"PK\x03\x04broken", "unreadable"),
        (b"\x00\x01\x02\xff", "unreadable"),
        (b'{"format": "other"}', "unknown_format"),
        (b'{"format": "cxm-journey-map", "format_version": 9}', "unknown_version"),
        (b"{" * 100_000, "unreadable"),
        (b"[" * 100_000, "unreadable"),
        (b'{"format": "cxm-journey-map", "format_version": 1, "cards": 5}', "unreadable"),
        (b'{"format": "cxm-journey-map", "format_version": 1, "steps": [7]}', "unreadable"),
        (b"a," * 400, "too_large"),
    ],
)
def test_what_is_no_map_is_refused_with_a_reason(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read(content, "a")
    assert refused.value.problem.code == code


def test_a_zip_bomb_is_never_unpacked() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(8):
            archive.writestr(f"xl/sheet{number}.xml", b"0" * (10 * 1024 * 1024))
    assert len(buffer.getvalue()) < 200_000
    with pytest.raises(Refused) as refused:
        read(buffer.getvalue(), "bomb.xlsx")
    assert refused.value.problem.code == "too_large"


def test_a_workbook_with_entities_of_its_own_is_refused() -> None:
    book = workbook([Page("Map", ["a"], [["b"]])])
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book)) as old,
        zipfile.ZipFile(buffer, "w") as new,
    ):
        for part in old.infolist():
            written = old.read(part)
            if part.filename == "xl/workbook.xml":
                written = written.replace(b"<workbook", BOMB + b"<workbook", 1)
            new.writestr(part, written)
    with pytest.raises(Refused):
        read(buffer.getvalue(), "x.xlsx")


def test_too_much_blocks() -> None:
    wide = "Step," + ",".join(f"s{n}" for n in range(201)) + "\nActions,a\n"
    draft = draft_of(wide)
    assert draft.blocked
    assert [p.code for p in draft.problems if p.blocks] == ["too_many"]
    long = "Stage,Step,Lane,Text\n" + "\n".join(f"A,One,Actions,c{n}" for n in range(2001))
    assert draft_of(long).blocked


def test_a_step_without_its_stage_blocks_and_a_card_without_its_step_is_left_out() -> None:
    written = json.loads(json_file(make_sheet(2)))
    written["steps"][0]["stage"] = "gone"
    draft = draft_of(json.dumps(written), "a.json")
    assert [(p.code, p.blocks) for p in draft.problems if p.blocks] == [("unknown_stage", True)]
    assert any(p.code == "unknown_cell" for p in draft.problems)


def test_values_of_any_type_break_nothing() -> None:
    written = json.loads(json_file(make_sheet(1)))
    values: tuple[Any, ...] = (True, 1e400, -1e308, "\ud800", "\u0000", "x" * 5000, [], {}, None)
    for value in values:
        for name in ("feeling", "severity", "status", "span", "text", "persona", "response_id"):
            card = {"lane": "pain_points", "step": "step-1", "text": "t", name: value}
            written["cards"] = [card]
            draft = draft_of(json.dumps(written), "a.json")
            for stage in draft.plan.stages:
                for step in stage.steps:
                    for cards in step.cards.values():
                        assert all(1 <= c.span <= 200 and len(str(c.text)) <= 400 for c in cards)


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Pain points", "pain_points"),
        ("pain point", "pain_points"),
        ("Thinking", "thoughts"),
        ("GEFÜHLE", "feelings"),
        ("backstage", "backstage"),
        ("Behind it", "backstage"),
    ],
)
def test_lanes_are_known_by_their_usual_names(heading: str, kind: str) -> None:
    assert kind_of("", heading) == (kind, True)
    assert kind_of(heading, "") == (kind, True)


def test_an_unknown_heading_is_no_kind() -> None:
    assert kind_of("", "Weather") == ("", False)
