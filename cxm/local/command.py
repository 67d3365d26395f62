"""The command line of `manage.py up`, without Django: nothing that it needs is in settings.

`manage.py` comes here straight away, which makes the start a second faster; the command of the
same name is there for `manage.py help`.
"""

from __future__ import annotations

import os
import signal
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from cxm.local.keeper import keep, tie_to_parent

PROJECT_DIR = Path(__file__).resolve().parents[2]
SUMMARY = (
    "Start PostgreSQL, web, worker, beat and a mail catcher on this machine, "
    "and keep them running until Ctrl-C."
)


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of `up`."""
    parser.add_argument("--port", type=int, default=8000, help="port of the site (default 8000)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument(
        "--data-dir",
        type=Path,
        default=Path(os.environ.get("DATA_DIR") or PROJECT_DIR / ".data"),
        help="folder of the database, mails and logs (default .data)",
    )
    parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")


def up(*, host: str, port: int, data_dir: Path, no_demo: bool) -> int:
    """Run everything until told to stop; return the exit code."""
    if os.environ.get("CXM_TIED"):
        # `make up` asks for this: whoever kills make means all of it.
        tie_to_parent(signal.SIGTERM)
    command = [sys.executable, "-m", "cxm.local.supervisor", "--host", host, "--port", str(port)]
    command += ["--data-dir", str(data_dir.absolute())] + (["--no-demo"] if no_demo else [])
    search_path = filter(None, [str(PROJECT_DIR), os.environ.get("PYTHONPATH")])
    return keep(command, {**os.environ, "PYTHONPATH": os.pathsep.join(search_path)})


def main(arguments: Sequence[str]) -> int:
    """Do as the arguments after `manage.py up` say."""
    parser = ArgumentParser(prog="manage.py up", description=SUMMARY)
    add_arguments(parser)
    options = parser.parse_args(arguments)
    return up(
        host=options.host, port=options.port, data_dir=options.data_dir, no_demo=options.no_demo
    )
