"""Takes files in: rows in batches, each its own transaction, so that a killed import goes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

import msgspec
from django.db import transaction

from cxm.common.clock import now
from cxm.workspaces.models import Workspace
from touchpoints.catalogue.services import apply_catalogue
from touchpoints.interactions.mapping import Mapping
from touchpoints.interactions.models import ImportMapping, Source
from touchpoints.interactions.records import Record, Refused
from touchpoints.interactions.rows import RawRow, ReadRow, RowReader
from touchpoints.interactions.services.ingest import Taken, take
from touchpoints.interactions.services.sources import Sender, source_called
from touchpoints.interactions.services.storing import Batch

ROWS_AT_A_TIME: Final = 2000


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What became of a file's rows: read = stored + duplicate + quarantined + skipped.

    A row is stored when one of its interactions is new, skipped when it yields none.
    `interactions` counts the new interactions.
    """

    read: int = 0
    stored: int = 0
    duplicate: int = 0
    quarantined: int = 0
    skipped: int = 0
    interactions: int = 0


def import_rows(
    *,
    workspace: Workspace,
    mapping: Mapping,
    rows: Iterable[RawRow],
    source_name: str = "",
    dry_run: bool = False,
    on_progress: Callable[[ImportCounts], None] = lambda counts: None,
) -> ImportCounts:
    """Import rows inside the workspace's scope; a dry run leaves everything as it is.

    What the mapping's catalogue names is made first, and the mapping is kept under its name, so
    that refused rows can be tried again.

    Raises:
        InvalidMappingError: its time zone, or a column that the file lacks.
        DomainError: its catalogue is not valid.
    """
    reader = RowReader(mapping, timezone=workspace.timezone)
    total: Counter[str] = Counter()
    for number, chunk in enumerate(chunks(rows)):
        with transaction.atomic():
            if number == 0 or dry_run:
                source = prepare(workspace, mapping, source_name)
            total += import_chunk(source, [reader.read(row) for row in chunk])
            transaction.set_rollback(dry_run)
        on_progress(ImportCounts(**total))
    return ImportCounts(**total)


def prepare(workspace: Workspace, mapping: Mapping, source_name: str) -> Source:
    """Make what the mapping's catalogue names, keep the mapping, and return the source."""
    apply_catalogue(workspace=workspace, spec=mapping.catalogue)
    ImportMapping.objects.for_workspace(workspace).update_or_create(
        name=mapping.name,
        defaults={"content": msgspec.to_builtins(mapping)},
        create_defaults={"workspace": workspace, "content": msgspec.to_builtins(mapping)},
    )
    return source_called(
        workspace=workspace, name=source_name or mapping.name, kind=Source.Kind.IMPORT
    )


def chunks(rows: Iterable[RawRow]) -> Iterator[list[RawRow]]:
    """Yield rows in parts, each for one transaction."""
    remaining = iter(rows)
    while chunk := list(islice(remaining, ROWS_AT_A_TIME)):
        yield chunk


def import_chunk(source: Source, rows: list[ReadRow]) -> Counter[str]:
    """Take some rows in and count what became of them, by the names of ImportCounts."""
    items: list[Record | Refused] = [item for row in rows for item in row.items]
    taken = take([Batch(Sender.of(source), items, now())])[0]
    total = Counter(_outcome(row, taken) for row in rows)
    total["read"] = len(rows)
    total["interactions"] = len(taken.stored)
    return total


def _outcome(row: ReadRow, taken: Taken) -> str:
    keys = {item.key for item in row.items}
    if not keys:
        return "skipped"
    if keys & taken.quarantined:
        return "quarantined"
    return "stored" if keys & taken.stored else "duplicate"
