"""`manage.py import_interactions FILE --workspace SLUG --mapping FILE`: take a file in."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from cxm.api.errors import DomainError
from cxm.common.scope import workspace_scope
from cxm.workspaces.management.base import workspace_by_slug
from touchpoints.interactions.files import read_rows
from touchpoints.interactions.mapping import InvalidMappingError, Mapping, read_mapping
from touchpoints.interactions.services import ImportCounts, import_rows


class Command(BaseCommand):
    """Imports interactions from CSV or JSONL; importing a file twice changes nothing."""

    help = (
        "Import interactions from a CSV or JSONL file by a mapping. Prints one JSON line: "
        "rows read, stored, duplicate, quarantined and skipped, and new interactions."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("file", type=Path, help="CSV or JSONL")
        parser.add_argument("--workspace", required=True, help="short name of the workspace")
        parser.add_argument("--mapping", required=True, type=Path, help="how rows are read (JSON)")
        parser.add_argument("--source", default="", help="name of the source; the mapping's else")
        parser.add_argument("--dry-run", action="store_true", help="check and count, store nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import the file and print the counts."""
        workspace = workspace_by_slug(options["workspace"])
        path: Path = options["file"]
        mapping = self._mapping(options["mapping"])
        with workspace_scope(workspace.pk), _Progress(path) as progress:
            try:
                counts = import_rows(
                    workspace=workspace,
                    mapping=mapping,
                    rows=read_rows(path, mapping, on_bytes=progress.reached),
                    source_name=options["source"],
                    dry_run=options["dry_run"],
                    on_progress=progress.counted,
                )
            except InvalidMappingError as error:
                raise CommandError(f"{options['mapping']}: {error}") from error
            except DomainError as error:
                raise CommandError(f"{options['mapping']}: {error.detail}") from error
            except OSError as error:
                raise CommandError(f"{path}: {error.strerror or error}") from error
        self.stdout.write(json.dumps(asdict(counts)))

    def _mapping(self, path: Path) -> Mapping:
        try:
            return read_mapping(path.read_bytes())
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror or error}") from error
        except InvalidMappingError as error:
            raise CommandError(f"{path}: {error}") from error


class _Progress:
    """A bar on a terminal, silence elsewhere."""

    def __init__(self, path: Path) -> None:
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TimeRemainingColumn(),
            console=Console(file=sys.stderr),
            disable=not sys.stderr.isatty(),
        )
        size = path.stat().st_size if path.exists() else None
        self._task = self._bar.add_task(path.name, total=size)

    def __enter__(self) -> _Progress:
        self._bar.start()
        return self

    def __exit__(self, *details: object) -> None:
        self._bar.stop()

    def reached(self, position: int) -> None:
        """Move the bar to a position in the file."""
        self._bar.update(self._task, completed=position)

    def counted(self, counts: ImportCounts) -> None:
        """Say how many rows are done."""
        self._bar.update(self._task, description=f"{counts.read:,} rows")
