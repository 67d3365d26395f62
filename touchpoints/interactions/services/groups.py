"""Takes in what arrived at the same moment, of any workspaces, in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from django.db import Error, InterfaceError, OperationalError, connection, transaction

from cxm.common.scope import workspace_scope
from touchpoints.interactions.partitions import ensure_partitions, month_of
from touchpoints.interactions.records import Record
from touchpoints.interactions.services.ingest import Batch, take

logger = logging.getLogger(__name__)

# Once more after a lost connection or a deadlock. That is safe even when the commit went through
# and only its answer was lost: the keys of the records make the second time a duplicate.
ATTEMPTS: Final = 3


class UnavailableError(Exception):
    """The database cannot be reached; nothing of the group may be acknowledged."""


def take_group(batches: Sequence[Batch]) -> list[Exception | None]:
    """Commit the batches and return for each None, or why it is not stored.

    When something unforeseen goes wrong, each batch is tried alone, so that it takes nobody
    with it.

    Raises:
        UnavailableError: the database is lost.
    """
    try:
        _commit(batches)
    except UnavailableError:
        raise
    except Exception as error:
        if len(batches) == 1:
            logger.exception("A batch of %d could not be stored", len(batches[0].records))
            return [error]
        return [take_group([batch])[0] for batch in batches]
    return [None] * len(batches)


def _commit(batches: Sequence[Batch]) -> None:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            _take_all(batches)
        except (OperationalError, InterfaceError) as error:
            connection.close()
            if attempt == ATTEMPTS:
                raise UnavailableError(str(error)) from error
            logger.warning("The database was lost or busy; trying again: %s", error)
        else:
            return


@transaction.atomic
def _take_all(batches: Sequence[Batch]) -> None:
    """Take all in, workspaces in one order in every process: nobody waits in a circle."""
    ensure_partitions(
        {
            month_of(record.occurred_at)
            for batch in batches
            for record in batch.records
            if isinstance(record, Record)
        }
    )
    ordered = sorted(batches, key=lambda batch: batch.sender.workspace_id)
    for workspace_id, group in groupby(ordered, key=lambda batch: batch.sender.workspace_id):
        with workspace_scope(workspace_id):
            take(list(group))


def close() -> None:
    """Give the thread's connection back."""
    try:
        connection.close()
    except Error:
        logger.warning("The connection could not be closed", exc_info=True)
