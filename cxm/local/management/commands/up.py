"""`manage.py up`: the whole product on this machine, from one command."""

from __future__ import annotations

import os
import signal
import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand

from cxm.local.keeper import keep, tie_to_parent
from cxm.local.supervisor import PROJECT_DIR


class Command(BaseCommand):
    """Keep the supervisor, which keeps everything else."""

    help = (
        "Start PostgreSQL, web, worker, beat and a mail catcher on this machine, "
        "and keep them running until Ctrl-C."
    )
    # Nothing of ours runs yet: checks and migrations are the children's business.
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--port", type=int, default=8000, help="port of the site (default 8000)"
        )
        parser.add_argument(
            "--host",
            default="127.0.0.1",
            help="address to listen on (default 127.0.0.1)",
        )
        parser.add_argument(
            "--data-dir",
            type=Path,
            default=Path(os.environ.get("DATA_DIR") or PROJECT_DIR / ".data"),
            help="folder of the database, mails and logs (default .data)",
        )
        parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")

    def handle(
        self, *, host: str, port: int, data_dir: Path, no_demo: bool, **_options: object
    ) -> None:
        """Run until the supervisor ends, with its exit code."""
        command = [
            sys.executable,
            "-m",
            "cxm.local.supervisor",
            "--host",
            host,
            "--port",
            str(port),
        ]
        command += ["--data-dir", str(data_dir.absolute())] + (["--no-demo"] if no_demo else [])
        if os.environ.get("CXM_TIED"):
            # `make up` asks for this: whoever kills make means all of it.
            tie_to_parent(signal.SIGTERM)
        search_path = os.pathsep.join(
            filter(None, [str(PROJECT_DIR), os.environ.get("PYTHONPATH")])
        )
        sys.exit(keep(command, {**os.environ, "PYTHONPATH": search_path}))
