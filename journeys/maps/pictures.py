"""Pictures on cards: kept with those of touchpoints' rules, under a folder of the workspace.

A picture is uploaded before its card is there, so that what may show it is not the card but the
name: one that holds another workspace's id is none here.
"""

from __future__ import annotations

import re
import secrets
from contextlib import suppress
from typing import Final
from uuid import UUID

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.urls import reverse

from touchpoints.catalogue.pictures import check_picture, read_picture

FOLDER: Final = "maps"
_NAME: Final = re.compile(r"[0-9a-f]{32}\.(?:png|jpg|gif|webp)")


def store_picture(workspace_id: UUID, file: File[bytes]) -> str:
    """Keep a picture and return the name under which a card shows it.

    Raises:
        PictureRefusedError: it is too large or no picture.
    """
    kind = check_picture(file)
    name = f"{secrets.token_hex(16)}.{kind}"
    default_storage.save(_path(workspace_id, name), ContentFile(file.read()))
    return name


def read_stored(workspace_id: UUID, name: str) -> tuple[bytes, str] | None:
    """Return a picture of this workspace and its type; None where there is none of that name."""
    return read_picture(_path(workspace_id, name)) if _NAME.fullmatch(name) else None


def is_stored(workspace_id: UUID, name: str) -> bool:
    """Say whether there is a picture of this name."""
    return bool(_NAME.fullmatch(name)) and default_storage.exists(_path(workspace_id, name))


def stored_names(workspace_id: UUID) -> list[str]:
    """Return the names of all pictures of a workspace, in their order."""
    return [name for name in _listed(f"{FOLDER}/{workspace_id}")[1] if _NAME.fullmatch(name)]


def remove_stored(workspace_id: UUID, name: str) -> None:
    """Remove a picture; one that is gone already is no error."""
    if _NAME.fullmatch(name):
        default_storage.delete(_path(workspace_id, name))


def owners_of_pictures() -> set[UUID]:
    """Return the ids of all workspaces that have, or had, pictures."""
    found = set()
    for name in _listed(FOLDER)[0]:
        with suppress(ValueError):
            found.add(UUID(name))
    return found


def picture_name(address: str) -> str:
    """Return the name in an address of a picture, or the address where it is only a name."""
    return address.rstrip("/").rpartition("/")[2]


def picture_url(name: str) -> str:
    """Return where a picture is shown; "" without one."""
    return reverse("map_picture", args=[name]) if name else ""


def _path(workspace_id: UUID, name: str) -> str:
    return f"{FOLDER}/{workspace_id}/{name}"


def _listed(folder: str) -> tuple[list[str], list[str]]:
    """Return the folders and files in a folder; none where nothing was ever stored."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []
    return sorted(folders), sorted(files)
