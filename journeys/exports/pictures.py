"""Pictures of cards as documents take them: small, upright, in a kind that programs show. Pure.

What people upload is never handed to another program as it came: what cannot be drawn here, or has
too many points to be drawn, is none.
"""

from __future__ import annotations

import base64
import io
import warnings
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps

from journeys.exports.sheet import Sheet

# As many points as a large photograph has; a small file can claim to have far more.
MOST_POINTS: Final = 50_000_000
# Of the longer side, so that a picture as wide as a step is sharp on paper.
LONGEST_SIDE: Final = 900
# So many pictures are drawn on a map; nobody makes out more, and they take their time.
MOST_DRAWN: Final = 200
# A file of data has so many bytes of pictures at most; those behind them are only named.
MOST_CARRIED: Final = 20 * 1024 * 1024
_QUALITY: Final = 85


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture to put into a document, as PNG or JPEG."""

    content: bytes
    media_type: str
    width: int
    height: int

    @property
    def svg(self) -> str:
        """Return it as a picture of lines that holds nothing but it."""
        data = base64.b64encode(self.content).decode()
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" '
            f'width="{self.width}" height="{self.height}">'
            f'<image width="{self.width}" height="{self.height}" '
            f'href="data:{self.media_type};base64,{data}"/></svg>'
        )


def drawn_on(sheet: Sheet) -> dict[str, Drawn]:
    """Return the pictures of the lanes shown by the names that cards give them, ready to draw."""
    lanes = {lane.key for lane in sheet.shown if lane.shape == "picture"}
    names = dict.fromkeys(i.picture for i in sheet.items if i.picture and i.lane in lanes)
    found = {}
    for name in list(names)[:MOST_DRAWN]:
        content = sheet.picture_of(name)
        picture = drawn(content) if content is not None else None
        if picture is not None:
            found[name] = picture
    return found


def carried_by(sheet: Sheet) -> dict[str, bytes]:
    """Return the pictures of cards by their names as they were uploaded, as many as fit a file."""
    found: dict[str, bytes] = {}
    room = MOST_CARRIED
    for name in dict.fromkeys(item.picture for item in sheet.items if item.picture):
        content = sheet.picture_of(name)
        if content is not None and len(content) <= room:
            found[name] = content
            room -= len(content)
    return found


def drawn(content: bytes, *, longest: int = LONGEST_SIDE) -> Drawn | None:
    """Return a picture that is not larger, None where it cannot be drawn; the first of several."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content)) as opened:
                if opened.width * opened.height > MOST_POINTS:
                    return None
                opened.draft("RGB", (longest, longest))
                # Photographs come as JPEG or WebP; what was drawn stays sharp.
                sharp = opened.format in {"PNG", "GIF"}
                return _encoded(ImageOps.exif_transpose(opened), longest, sharp=sharp)
    except Exception:
        # The library names no family of errors for a broken file: it may raise anything.
        return None


def _encoded(image: Image.Image, longest: int, *, sharp: bool) -> Drawn:
    clear = "A" in image.getbands() or "transparency" in image.info
    made = image.convert("RGBA" if clear else "RGB")
    made.thumbnail((longest, longest))
    buffer = io.BytesIO()
    if clear or sharp:
        made.save(buffer, "PNG")
        return Drawn(buffer.getvalue(), "image/png", *made.size)
    made.save(buffer, "JPEG", quality=_QUALITY)
    return Drawn(buffer.getvalue(), "image/jpeg", *made.size)
