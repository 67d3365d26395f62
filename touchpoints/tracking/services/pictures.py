"""Pictures of pages: kept, replaced, forgotten."""

from __future__ import annotations

from django.core.files.base import File
from django.db import transaction

from cxm.api.errors import DomainError
from cxm.workspaces import audit
from cxm.workspaces.models import Workspace
from touchpoints.catalogue.pictures import PictureRefusedError, remove_picture, store_picture
from touchpoints.tracking.models import PagePicture


@transaction.atomic
def put_page_picture(
    *, workspace: Workspace, path: str, device: str, file: File[bytes]
) -> PagePicture:
    """Keep a picture of a page, in the place of the one before.

    Raises:
        DomainError: the file is no picture or too large (code "no_picture", "picture_too_large").
    """
    try:
        name = store_picture(file)
    except PictureRefusedError as error:
        raise DomainError(error.detail, code=error.code) from None
    row, made = PagePicture.objects.for_workspace(workspace).get_or_create(
        path=path, device=device, defaults={"workspace": workspace, "picture": name}
    )
    if not made:
        before, row.picture = row.picture, name
        row.save(update_fields=["picture", "updated_at"])
        # Only when nothing can bring the row back to it any more.
        transaction.on_commit(lambda: remove_picture(before))
    audit.record("put a picture under", row, {})
    return row


@transaction.atomic
def drop_page_picture(*, picture: PagePicture) -> None:
    """Forget a picture of a page."""
    name = picture.picture
    audit.record("removed the picture of", picture, {})
    picture.delete()
    transaction.on_commit(lambda: remove_picture(name))
