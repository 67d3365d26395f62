"""Portraits of personas: checked, kept and read as pictures of touchpoints are."""

from __future__ import annotations

import secrets
from typing import Final

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from touchpoints.catalogue.pictures import (
    TYPES,
    PictureRefusedError,
    check_picture,
    read_picture,
    remove_picture,
)

FOLDER: Final = "personas"


def store_portrait(file: File[bytes]) -> str:
    """Keep a picture under a random name and return that name; raises PictureRefusedError."""
    kind = check_picture(file)
    name = f"{FOLDER}/{secrets.token_hex(16)}.{kind}"
    return default_storage.save(name, ContentFile(file.read()))


def copy_portrait(name: str) -> str:
    """Keep a copy of a kept portrait under a name of its own; "" where the file is gone."""
    found = read_picture(name) if name else None
    if found is None:
        return ""
    copied = f"{FOLDER}/{secrets.token_hex(16)}.{name.rpartition('.')[2]}"
    return default_storage.save(copied, ContentFile(found[0]))


__all__ = [
    "TYPES",
    "PictureRefusedError",
    "check_picture",
    "copy_portrait",
    "read_picture",
    "remove_picture",
    "store_portrait",
]
