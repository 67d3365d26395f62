"""QR codes are as large as they say and hold what they should."""

from __future__ import annotations

import re
import struct

import pytest

from touchpoints.tracking import qr

ADDRESS = "https://cxm.example/c/ABCDEFGHJKLMNPQR"


@pytest.mark.parametrize("millimetres", qr.SIZES)
def test_a_drawing_is_as_wide_as_it_says(millimetres: int) -> None:
    text = qr.as_svg(ADDRESS, millimetres).decode()
    found = re.search(r'width="([\d.]+)mm" height="([\d.]+)mm"', text)
    assert found is not None
    assert float(found[1]) == pytest.approx(millimetres, abs=0.01)
    assert ADDRESS in text


@pytest.mark.parametrize("millimetres", qr.SIZES)
def test_a_picture_has_enough_whole_pixels(millimetres: int) -> None:
    data = qr.as_png(ADDRESS, millimetres)
    width, height = struct.unpack(">II", data[16:24])
    modules = qr.make(ADDRESS).symbol_size(border=4)[0]
    assert width == height
    assert width % modules == 0
    assert 0 <= width - millimetres / 25.4 * qr.DPI < modules


def test_a_quarter_may_be_scratched_off() -> None:
    assert qr.make(ADDRESS).error in {"Q", "H"}
