"""QR codes of addresses, to look at and to print: pure."""

from __future__ import annotations

import io
from typing import Final

import segno

# Edges in millimetres. A phone reads a code from about ten times its edge.
SIZES: Final = (20, 35, 60, 150)
DPI: Final = 300
_QUIET: Final = 4  # modules of white around, as the standard asks
_MM_PER_INCH: Final = 25.4


def make(address: str) -> segno.QRCode:
    """Return the code of an address; a quarter of it may be scratched off (level Q)."""
    return segno.make(address, error="q", micro=False, boost_error=True)


def as_svg(address: str, millimetres: int) -> bytes:
    """Return a drawing that is `millimetres` wide wherever it is printed."""
    code = make(address)
    modules = code.symbol_size(border=_QUIET)[0]
    out = io.BytesIO()
    code.save(
        out,
        kind="svg",
        border=_QUIET,
        light="#fff",
        scale=round(millimetres / modules, 6),
        unit="mm",
        title=address,
        nl=False,
    )
    return out.getvalue()


def as_png(address: str, millimetres: int) -> bytes:
    """Return a picture of whole pixels that is at least `millimetres` wide at 300 dpi."""
    code = make(address)
    modules = code.symbol_size(border=_QUIET)[0]
    pixels = millimetres / _MM_PER_INCH * DPI
    out = io.BytesIO()
    code.save(out, kind="png", border=_QUIET, light="#fff", scale=-(-pixels // modules), dpi=DPI)
    return out.getvalue()
