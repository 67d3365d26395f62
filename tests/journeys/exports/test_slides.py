"""Slides: native, editable, nothing beside the slide."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE

from journeys.exports.sheet import Item, Sheet
from journeys.exports.slides import pptx_file
from tests.journeys.exports.make import MARKUP, make_sheet, picture_bytes, with_pictures

PICTURE = MSO_SHAPE_TYPE.PICTURE


def opened(sheet: Sheet) -> Any:
    return Presentation(io.BytesIO(pptx_file(sheet)))


def tables(show: Any) -> list[Any]:
    return [shape.table for slide in show.slides for shape in slide.shapes if shape.has_table]


def text_of(show: Any) -> str:
    found = [s.text_frame.text for slide in show.slides for s in slide.shapes if s.has_text_frame]
    found += [cell.text for table in tables(show) for row in table.rows for cell in row.cells]
    return "\n".join(found)


def test_there_is_an_overview_and_a_slide_for_each_stage() -> None:
    show = opened(make_sheet(4))
    assert show.slide_width / show.slide_height == pytest.approx(16 / 9, rel=1e-3)
    titles = [slide.shapes[0].text_frame.text for slide in show.slides]
    assert titles == ["Buying a lamp", "Scores", "Stage 0", "Stage 2"]
    [chart] = [s.chart for s in show.slides[0].shapes if s.has_chart]
    assert [series.name for series in chart.plots[0].series] == ["We assume", "They say", "They do"]
    assert MARKUP in text_of(show)
    assert "in words" in show.slides[2].notes_slide.notes_text_frame.text


@pytest.mark.parametrize("steps", [0, 1, 9, 30])
def test_nothing_lies_beside_a_slide(steps: int) -> None:
    sheet = make_sheet(steps, per_stage=9)
    many = tuple(
        Item("", "actions", f"step-{n % max(steps, 1) + 1}", words=f"Card {n}. " + "word " * 70)
        for n in range(80)
    )
    show = opened(replace(sheet, items=many if steps else ()))
    for slide in show.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= show.slide_width + 1000
            if shape.has_table:
                bottom = shape.top + sum(row.height for row in shape.table.rows)
                assert bottom <= show.slide_height, slide.shapes[0].text_frame.text
    if steps:
        everything = text_of(show)
        assert all(f"Card {n}." in everything for n in range(80))


def test_without_figures_there_is_no_score() -> None:
    show = opened(replace(make_sheet(2), figures=False, finding=("", "")))
    assert "NPS" not in text_of(show)
    [chart] = [s.chart for s in show.slides[0].shapes if s.has_chart]
    assert [series.name for series in chart.plots[0].series] == ["We assume"]


def test_control_characters_break_no_slide() -> None:
    sheet = replace(make_sheet(1), name="a\x00b\x0bc\ud83d".encode("utf-8", "ignore").decode())
    assert "abc" in text_of(opened(sheet))


def test_pictures_of_a_stage_stand_on_slides_behind_it() -> None:
    contents = [picture_bytes("WEBP", (90, 30), color) for color in ("red", "green", "blue")]
    show = opened(with_pictures(make_sheet(12, per_stage=12), *contents * 4))
    titles = [slide.shapes[0].text_frame.text for slide in show.slides]
    assert titles[-2:] == ["Stage 0: pictures", "Stage 0: pictures"]
    pictures = [[s for s in slide.shapes if s.shape_type == PICTURE] for slide in show.slides]
    assert [len(found) for found in pictures[-2:]] == [8, 4]
    for shape in pictures[-2]:
        assert shape.left + shape.width <= show.slide_width
        assert shape.top + shape.height <= show.slide_height
        assert shape.width / shape.height == pytest.approx(3, rel=1e-2)
    assert "1 Step 1\nSee 0.png" in text_of(show)
