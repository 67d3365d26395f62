"""The picture of a touchpoint: put, replaced and taken away together with the row that names it."""

from __future__ import annotations

from functools import partial

from django.core.files.base import File
from django.db import transaction

from touchpoints.catalogue.models import Touchpoint
from touchpoints.catalogue.pictures import remove_picture, store_picture


@transaction.atomic
def put_picture(*, touchpoint: Touchpoint, file: File[bytes]) -> Touchpoint:
    """Keep a file as the touchpoint's picture; the one before goes when this is committed.

    Raises:
        PictureRefusedError: the file is too large or no picture.
    """
    before = touchpoint.picture
    touchpoint.picture = store_picture(file)
    touchpoint.save(update_fields=["picture", "updated_at"])
    forget_picture(before)
    return touchpoint


@transaction.atomic
def drop_picture(*, touchpoint: Touchpoint) -> Touchpoint:
    """Take the touchpoint's picture away."""
    before, touchpoint.picture = touchpoint.picture, ""
    touchpoint.save(update_fields=["picture", "updated_at"])
    forget_picture(before)
    return touchpoint


def forget_picture(name: str) -> None:
    """Remove a kept file as soon as no row names it any more."""
    if name:
        transaction.on_commit(partial(remove_picture, name))
