"""A brand's colour is taken where it is legible, else petrol."""

from __future__ import annotations

import pytest

from cxm.common.colour import (
    PETROL,
    SURFACE_DARK,
    TEXT_CONTRAST,
    WHITE,
    brand_of,
    contrast,
    mix,
)


def test_contrast_of_black_and_white_is_the_largest_there_is() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#ffffff", "#000000") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


def test_a_dark_brand_colour_is_taken() -> None:
    brand = brand_of("#1D3A5F")

    assert brand.custom
    assert brand.color == "#1d3a5f"
    assert brand.on_color == WHITE


@pytest.mark.parametrize("color", ["", "#ffd400", "#777777", "red", "#12345", "#0a5c78;}"])
def test_a_pale_missing_or_malformed_colour_becomes_petrol(color: str) -> None:
    brand = brand_of(color)

    assert brand.color == PETROL
    assert not brand.custom


@pytest.mark.parametrize(
    "color", ["#000000", "#1d3a5f", "#7a0026", "#0a5c78", "#767676", "#00008b"]
)
def test_text_and_background_are_legible_in_light_and_dark(color: str) -> None:
    brand = brand_of(color)

    assert contrast(brand.color, brand.on_color) >= TEXT_CONTRAST
    assert contrast(brand.dark, brand.on_dark) >= TEXT_CONTRAST
    assert contrast(brand.dark, SURFACE_DARK) >= TEXT_CONTRAST


def test_mixing_goes_from_one_colour_to_the_other() -> None:
    assert mix("#000000", "#ffffff", 0) == "#000000"
    assert mix("#000000", "#ffffff", 1) == "#ffffff"
    assert mix("#000000", "#ffffff", 0.5) == "#808080"


def test_contrast_refuses_what_is_no_colour() -> None:
    with pytest.raises(ValueError, match="rrggbb"):
        contrast("red", "#ffffff")
