"""`manage.py up`: the whole product on this machine, from one command."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand

from cxm.local.command import SUMMARY, add_arguments, up


class Command(BaseCommand):
    """Keep the supervisor, which keeps everything else."""

    help = SUMMARY
    # Nothing of ours runs yet: checks and migrations are the children's business.
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        add_arguments(parser)

    def handle(
        self, *, host: str, port: int, data_dir: Path, no_demo: bool, **_options: object
    ) -> None:
        """Run until the supervisor ends, with its exit code."""
        sys.exit(up(host=host, port=port, data_dir=data_dir, no_demo=no_demo))
