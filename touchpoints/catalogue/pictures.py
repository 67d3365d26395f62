"""Pictures of touchpoints: what may be one, where it is kept, and how it is told what it is.

The first bytes say what a file is, never its name or what the sender says. It is kept under a
random name without anything of the name that it had.
"""

from __future__ import annotations

import secrets
from typing import Final

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

LARGEST_PICTURE: Final = 5 * 1024 * 1024
FOLDER: Final = "touchpoints"
# No SVG: it can hold scripts.
TYPES: Final = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
}


class PictureRefusedError(ValueError):
    """A file cannot be a picture here; `code` is "picture_too_large" or "no_picture"."""

    def __init__(self, detail: str, *, code: str) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code


def kind_of(head: bytes) -> str | None:
    """Return the ending for a file that begins with these bytes, None if it is no picture."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    return None


def check_picture(file: File[bytes]) -> str:
    """Return the ending that fits a file.

    Raises:
        PictureRefusedError: it is too large or no picture.
    """
    if (file.size or 0) > LARGEST_PICTURE:
        raise PictureRefusedError("The picture is larger than 5 MB.", code="picture_too_large")
    file.seek(0)
    kind = kind_of(file.read(16))
    file.seek(0)
    if kind is None:
        raise PictureRefusedError(
            "This is no picture. Take a PNG, JPEG, WebP or GIF file.", code="no_picture"
        )
    return kind


def store_picture(file: File[bytes]) -> str:
    """Keep a file that was checked, and return the name under which it is kept."""
    kind = check_picture(file)
    name = f"{FOLDER}/{secrets.token_hex(16)}.{kind}"
    return default_storage.save(name, ContentFile(file.read()))


def read_picture(name: str) -> tuple[bytes, str] | None:
    """Return a kept picture and its type, None where the file is gone."""
    try:
        with default_storage.open(name) as file:
            return file.read(), TYPES[name.rpartition(".")[2]]
    except (FileNotFoundError, KeyError):
        return None


def remove_picture(name: str) -> None:
    """Forget a kept picture; one that is gone already is no error."""
    if name:
        default_storage.delete(name)
