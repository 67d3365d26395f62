"""The printed map: pages, headings, and text that stays text."""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import replace

import pytest
from PIL import Image

from journeys.exports import typesetting
from journeys.exports.palette import TOKENS, light
from journeys.exports.pictures import LONGEST_SIDE, drawn, drawn_on
from journeys.exports.sheet import Item, Sheet
from tests.journeys.exports.make import MARKUP, make_sheet, picture_bytes, with_pictures

needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext")


def pages_of(pdf: bytes) -> list[str]:
    """Return the text of each page."""
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return done.stdout.decode().split("\f")[:-1]


def flat(text: str) -> str:
    return "".join(text.replace("\u200b", "").split())


@needs_poppler
def test_markup_on_cards_is_printed_as_it_was_written() -> None:
    [page] = pages_of(typesetting.pdf(make_sheet(1)))
    assert flat(MARKUP) in flat(page)


@needs_poppler
def test_each_page_repeats_its_headings_and_counts_pages() -> None:
    pages = pages_of(typesetting.pdf(make_sheet(60, per_stage=7), paper="a4"))
    assert len(pages) >= 10
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        for word in ("Phase", "Step", "Buying a lamp", "Version 3", "Clara"):
            assert word in page, (number, word)
    everything = "".join(pages)
    assert all(f"Does {number}" in everything for number in range(1, 61))


@needs_poppler
def test_a_cell_with_more_cards_than_a_page_goes_on_on_the_next() -> None:
    sheet = make_sheet(1)
    many = tuple(
        Item("", "actions", "step-1", words=f"Card number {number}. " + "word " * 30)
        for number in range(60)
    )
    pages = pages_of(typesetting.pdf(replace(sheet, items=many), paper="a4"))
    everything = "".join(pages)
    assert len(pages) > 1
    assert all(f"number {number}." in everything for number in range(60))
    assert "continued" in pages[1]


@needs_poppler
def test_without_figures_nothing_measured_is_printed() -> None:
    sheet = replace(make_sheet(2), figures=False, finding=("", ""))
    sheet = replace(
        sheet,
        stages=tuple(
            replace(
                stage,
                steps=tuple(
                    replace(s, mark=None, measures=(), values=replace(s.values, said=None))
                    for s in stage.steps
                ),
            )
            for stage in sheet.stages
        ),
    )
    [page] = pages_of(typesetting.pdf(sheet))
    assert "142" not in page
    assert "Scores" not in page
    assert "On target" not in page


@pytest.mark.parametrize("steps", [0, 1, 5])
def test_every_picture_can_be_opened(steps: int) -> None:
    sheet = make_sheet(steps)
    with Image.open(io.BytesIO(typesetting.png(sheet))) as picture:
        assert picture.width > picture.height or steps < 2
    assert typesetting.svg(sheet).startswith(b"<svg")
    assert typesetting.pdf(sheet).startswith(b"%PDF-")


def test_a_very_long_map_stays_a_picture_that_can_be_opened() -> None:
    with Image.open(io.BytesIO(typesetting.png(make_sheet(200, per_stage=10)))) as picture:
        assert picture.width * picture.height < 60_000_000


def test_hidden_lanes_are_drawn_when_they_are_chosen() -> None:
    sheet = make_sheet(1)
    hidden = replace(sheet, lanes=tuple(replace(e, hidden=True) for e in sheet.lanes))
    assert hidden.shown == ()
    kept: Sheet = hidden.keep(["actions"])
    assert [lane.kind for lane in kept.shown] == ["actions"]
    assert {item.lane for item in kept.items} == {"actions"}


def test_colours_are_those_of_the_light_theme() -> None:
    assert light()["bad"] == "#a82314"
    assert light()["ink"] == "#13222b"
    assert TOKENS.exists()


@pytest.mark.skipif(shutil.which("pdfimages") is None, reason="no pdfimages")
def test_pictures_of_cards_are_printed() -> None:
    pictures = [picture_bytes("PNG", (60, 40)), picture_bytes("WEBP"), b"\x89PNG\r\n\x1a\nbroken"]
    pdf = typesetting.pdf(with_pictures(make_sheet(3), *pictures))
    listed = subprocess.run(
        ["pdfimages", "-list", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    sizes = sorted(line.split()[3:5] for line in listed.splitlines()[2:])
    assert sizes == [["120", "80"], ["60", "40"]]
    [page] = pages_of(pdf)
    # What can not be drawn is still said.
    assert all(f"See {number}.png" in page for number in range(3))


def test_pictures_of_cards_are_in_the_one_picture() -> None:
    sheet = with_pictures(make_sheet(1), picture_bytes(color="#12ab34"))
    colors = Image.open(io.BytesIO(typesetting.png(sheet))).convert("RGB").getcolors(1 << 24) or []
    assert (0x12, 0xAB, 0x34) in {color for count, color in colors if count > 1000}
    assert b"<image" in typesetting.svg(sheet)


def test_a_hidden_lane_hands_out_no_picture() -> None:
    sheet = with_pictures(make_sheet(1), picture_bytes())
    hidden = replace(sheet, lanes=tuple(replace(e, hidden=True) for e in sheet.lanes))
    assert drawn_on(hidden) == {}


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_large_pictures_become_smaller_in_a_kind_that_all_programs_show(kind: str) -> None:
    found = drawn(picture_bytes(kind, (2400, 1200)))
    assert found is not None
    assert (found.width, found.height) == (LONGEST_SIDE, LONGEST_SIDE // 2)
    assert Image.open(io.BytesIO(found.content)).format in {"PNG", "JPEG"}


def test_a_picture_that_unpacks_to_too_many_points_is_not_drawn() -> None:
    buffer = io.BytesIO()
    Image.new("1", (10_000, 8_000)).save(buffer, "PNG")
    assert len(buffer.getvalue()) < 50_000
    assert drawn(buffer.getvalue()) is None
