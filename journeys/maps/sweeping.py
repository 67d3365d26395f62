"""Removes pictures that nothing shows any more: no card of any version of any map.

The first look notes what is unused, a later one removes what has been so for a day: a card that is
deleted and brought back in between has its picture still.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Final

from cxm.common.clock import now
from cxm.common.scope import directory_scope
from cxm.workspaces.models import Workspace
from journeys.maps.models import Card, UnusedPicture
from journeys.maps.pictures import owners_of_pictures, remove_stored, stored_names

logger = logging.getLogger(__name__)

UNUSED_KEPT: Final = timedelta(days=1)
BATCH: Final = 500


def forget_pictures(*, workspace: Workspace) -> None:
    """Remove a workspace's pictures that no card has named for a day; 4 queries a batch."""
    stored = stored_names(workspace.pk)
    for names in _batches(stored):
        _sweep(workspace, names)
    noted = UnusedPicture.objects.for_workspace(workspace)
    gone = set(noted.values_list("name", flat=True)) - set(stored)
    for names in _batches(sorted(gone)):
        noted.filter(name__in=names).delete()


def forget_pictures_of_nobody() -> None:
    """Remove the pictures of workspaces that are deleted."""
    # Looked for first: a workspace that begins meanwhile is not among them.
    owners = owners_of_pictures()
    with directory_scope():
        there = set(Workspace.objects.values_list("pk", flat=True))
    if not there:
        # Nobody to ask is no reason to remove everything.
        return
    for owner in owners - there:
        names = stored_names(owner)
        for name in names:
            remove_stored(owner, name)
        if names:
            logger.info("Removed %s pictures of the deleted workspace %s", len(names), owner)


def _sweep(workspace: Workspace, names: Sequence[str]) -> None:
    noted = UnusedPicture.objects.for_workspace(workspace).filter(name__in=names)
    # That none is empty tells the database of the index for this.
    cards = Card.objects.for_workspace(workspace).filter(picture__in=names).exclude(picture="")
    used = set(cards.order_by().values_list("picture", flat=True).distinct())
    noted.filter(name__in=used).delete()
    since = dict(noted.values_list("name", "created_at"))
    UnusedPicture.objects.bulk_create(
        [
            UnusedPicture(workspace=workspace, name=name)
            for name in names
            if name not in used and name not in since
        ],
        ignore_conflicts=True,
    )
    moment = now() - UNUSED_KEPT
    for name in [name for name, at in since.items() if at < moment]:
        remove_stored(workspace.pk, name)


def _batches(names: Sequence[str]) -> Iterator[list[str]]:
    left = iter(names)
    while batch := list(islice(left, BATCH)):
        yield batch
