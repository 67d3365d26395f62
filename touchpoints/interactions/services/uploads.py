"""Files of contacts that are uploaded: kept, looked at, and imported by whoever is free."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import msgspec
from django.db import transaction
from django.db.models import F, Q

from cxm.api.errors import DomainError
from cxm.common.clock import now
from cxm.workspaces import audit
from cxm.workspaces.models import Membership, Workspace
from touchpoints.interactions.files import read_rows
from touchpoints.interactions.mapping import InvalidMappingError, Mapping, convert_mapping
from touchpoints.interactions.models import OPEN_JOBS, FileImport, JobStatus
from touchpoints.interactions.records import Record, Refused
from touchpoints.interactions.rows import RawRow, ReadRow, RowReader
from touchpoints.interactions.services.importing import (
    ImportCounts,
    chunks,
    import_chunk,
    import_rows,
    prepare,
)
from touchpoints.interactions.uploading import (
    LARGEST_FILE,
    SAMPLE,
    Choices,
    NotReadableError,
    Table,
    mapping_of,
    read_table,
)

LEASE: Final = timedelta(minutes=2)
MOST_ATTEMPTS: Final = 5
KEPT: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row of the file and what would become of it; `problem` is "" for one that is taken."""

    number: int
    values: Sequence[str]
    record: Record | None
    problem: str


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows, each by itself, and what would become of them together."""

    rows: Sequence[PreviewRow]
    counts: ImportCounts


def keep_file(
    *, workspace: Workspace, name: str, content: bytes, by: Membership | None
) -> FileImport:
    """Keep an uploaded file until its mapping is chosen.

    Raises:
        DomainError: it is too large ("too_large") or no table ("not_readable").
    """
    if len(content) > LARGEST_FILE:
        raise DomainError("The file may have 20 MB; split it.", code="too_large")
    table_of(content)
    return FileImport.objects.create(
        workspace=workspace, file_name=Path(name).name[:200] or "file", content=content, asked_by=by
    )


def table_of(content: bytes) -> Table:
    """Return the table in a file. Raises DomainError ("not_readable")."""
    try:
        return read_table(content)
    except NotReadableError as error:
        raise DomainError(str(error), code="not_readable") from error


def mapping_for(job: FileImport, choices: Choices) -> Mapping:
    """Return the mapping that the choices mean for a file. Raises DomainError ("bad_mapping")."""
    name = f"Contacts: {job.file_name}"[:120]
    try:
        mapping = mapping_of(table_of(bytes(job.content)), choices, name=name)
        return convert_mapping(msgspec.to_builtins(mapping))
    except (NotReadableError, InvalidMappingError) as error:
        raise DomainError(str(error), code="bad_mapping") from error


def preview_of(*, workspace: Workspace, job: FileImport, mapping: Mapping) -> Preview:
    """Say what would become of the first rows; nothing is stored.

    Raises:
        DomainError: the file and the mapping do not fit ("bad_mapping").
    """
    try:
        with _opened(job) as path:
            rows = list(islice(read_rows(path, mapping), SAMPLE))
        counts = import_rows(workspace=workspace, mapping=mapping, rows=rows, dry_run=True)
        reader = RowReader(mapping, timezone=workspace.timezone)
        return Preview([_look(row, reader.read(row)) for row in rows], counts)
    except InvalidMappingError as error:
        raise DomainError(str(error), code="bad_mapping") from error


def _look(row: RawRow, read: ReadRow) -> PreviewRow:
    values = [str(value) for value in row.values.values()]
    item = read.items[0] if read.items else None
    if isinstance(item, Refused):
        return PreviewRow(row.number, values, None, item.detail)
    return PreviewRow(row.number, values, item, "")


@transaction.atomic
def start_import(*, job: FileImport, mapping: Mapping) -> FileImport:
    """Let a file be imported with a mapping, from its first row.

    Raises:
        DomainError: it was begun already ("already_begun").
    """
    found = FileImport.objects.select_for_update().get(pk=job.pk)
    if found.stage != FileImport.Stage.DRAFT:
        raise DomainError("This file was begun already.", code="already_begun")
    with _opened(found) as path:
        found.total = sum(1 for _ in read_rows(path, mapping))
    found.mapping = msgspec.to_builtins(mapping)
    found.stage = FileImport.Stage.STARTED
    found.save(update_fields=["mapping", "stage", "total", "updated_at"])
    audit.record("imported", found, {"rows": (0, found.total)})
    return found


def import_due(*, workspace: Workspace, seconds: float = 60.0) -> int:
    """Go on with files that wait, unless somebody else does; return how many rows were taken."""
    ends = time.monotonic() + seconds
    taken = 0
    waiting = FileImport.objects.for_workspace(workspace).filter(
        stage=FileImport.Stage.STARTED, status__in=OPEN_JOBS
    )
    for job in waiting.defer("content").order_by("created_at", "pk"):
        lease = _claim(job.pk)
        if lease is None:
            continue
        try:
            ended, moved = _go_on(workspace, job.pk, lease, ends)
        except Exception as error:
            _fail(job.pk, lease, error)
            raise
        taken += moved
        if not ended:
            _update(job.pk, lease, leased_until=None)
            break
        # What was imported stands in the interactions; the file itself has done its work.
        _update(
            job.pk, lease, status=JobStatus.DONE, finished_at=now(), leased_until=None, content=b""
        )
    return taken


def forget_files(*, workspace: Workspace) -> int:
    """Delete files whose mapping was never chosen, after a day."""
    old = FileImport.objects.for_workspace(workspace).filter(
        stage=FileImport.Stage.DRAFT, created_at__lt=now() - KEPT
    )
    return old.delete()[0]


def _go_on(workspace: Workspace, pk: UUID, lease: UUID, ends: float) -> tuple[bool, int]:
    """Take rows until the file ends or the time is over.

    Rows that are done are read again and left out: two equal rows are told apart by which comes
    first, so that the reader has to see them all.
    """
    job = FileImport.objects.get(pk=pk)
    mapping = convert_mapping(job.mapping)
    reader = RowReader(mapping, timezone=workspace.timezone)
    source = None
    before, taken = 0, 0
    with _opened(job) as path:
        for chunk in chunks(read_rows(path, mapping)):
            read = [reader.read(row) for row in chunk]
            before += len(read)
            if before <= job.done:
                continue
            with transaction.atomic():
                if not _holds(pk, lease):
                    return False, taken
                source = source or prepare(workspace, mapping, "")
                counts = import_chunk(source, read)
                _update(
                    pk,
                    lease,
                    done=before,
                    stored=F("stored") + counts["stored"],
                    duplicate=F("duplicate") + counts["duplicate"],
                    refused=F("refused") + counts["quarantined"],
                    skipped=F("skipped") + counts["skipped"],
                    leased_until=now() + LEASE,
                    attempts=0,
                )
            taken += len(read)
            if time.monotonic() >= ends:
                return False, taken
    return True, taken


def _claim(pk: UUID) -> UUID | None:
    lease = uuid4()
    free = Q(leased_until=None) | Q(leased_until__lt=now())
    taken = (
        FileImport.objects.filter(pk=pk, status__in=OPEN_JOBS)
        .filter(free)
        .update(
            status=JobStatus.RUNNING,
            lease=lease,
            leased_until=now() + LEASE,
            attempts=F("attempts") + 1,
        )
    )
    return lease if taken else None


def _holds(pk: UUID, lease: UUID) -> bool:
    held: Iterable[UUID] = (
        FileImport.objects.select_for_update()
        .filter(pk=pk, lease=lease)
        .values_list("pk", flat=True)
    )
    return bool(list(held))


def _update(pk: UUID, lease: UUID, **changes: Any) -> None:
    FileImport.objects.filter(pk=pk, lease=lease).update(updated_at=now(), **changes)


def _fail(pk: UUID, lease: UUID, error: Exception) -> None:
    attempts = FileImport.objects.filter(pk=pk, lease=lease).values_list("attempts", flat=True)
    text = str(error)[:500] or type(error).__name__
    if (attempts.first() or 0) >= MOST_ATTEMPTS:
        _update(pk, lease, status=JobStatus.FAILED, error=text, finished_at=now())
    else:
        _update(pk, lease, leased_until=now() + LEASE, error=text)


@contextmanager
def _opened(job: FileImport) -> Iterator[Path]:
    """Lay the file's bytes on disk while they are read: rows are read from a path."""
    with tempfile.TemporaryDirectory(prefix="cxm-import-") as folder:
        path = Path(folder) / "upload.csv"
        path.write_bytes(bytes(job.content))
        yield path
