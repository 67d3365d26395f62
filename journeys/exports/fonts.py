"""The letters of printed maps: Inter, as django-unfold's wheel brings it for the pages.

typst reads TrueType only, and the wheel has WOFF2: it is unpacked once for each process.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from fontTools.ttLib import TTFont

WEIGHTS: Final = ("Regular", "SemiBold")


@cache
def _folder() -> TemporaryDirectory[str]:
    """Return a folder that goes with the process."""
    folder = TemporaryDirectory(prefix="cxm-fonts-", ignore_cleanup_errors=True)
    packed = files("unfold") / "static" / "unfold" / "fonts" / "inter"
    for weight in WEIGHTS:
        with as_file(packed / f"Inter-{weight}.woff2") as path, TTFont(path) as font:
            font.flavor = None
            font.save(Path(folder.name) / f"Inter-{weight}.ttf")
    return folder


def font_folder() -> str:
    """Return the path of a folder with the fonts in it."""
    return _folder().name
