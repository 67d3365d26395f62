"""What PostgreSQL's server process needs and says: environment, messages, process id."""

from __future__ import annotations

import os
import re
from pathlib import Path

from cxm.local.errors import LocalError


def explain(output: str, data_dir: Path) -> str:
    """Turn what initdb or postgres wrote before it failed into one line."""
    known = (
        (
            r"No space left on device|Disk quota exceeded",
            f"The disk that holds {data_dir} is full.",
        ),
        (r"Read-only file system", f"{data_dir} is on a read-only file system."),
        (
            r"Permission denied|has wrong ownership|Operation not permitted",
            f"PostgreSQL may not use {data_dir}: "
            "check the owner and mode of it and of the folders above.",
        ),
        (
            r"database files are incompatible with server",
            f"{data_dir} was made by another version of PostgreSQL: choose another data directory.",
        ),
        (
            r"lock file .* already exists|is another postmaster",
            f"Another server runs on {data_dir}.",
        ),
        (
            r"Cannot allocate memory|could not create shared memory",
            "There is too little memory to start PostgreSQL.",
        ),
    )
    for pattern, message in known:
        if re.search(pattern, output):
            return message
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if re.search(r"FATAL|PANIC|error:", line)] or lines[-1:]
    return f"PostgreSQL did not start: {telling[0] if telling else 'it said nothing'}"


def passes_by_itself(output: str) -> bool:
    """Return whether a failed start is worth another try: a killed server is not quite gone."""
    return bool(re.search(r"lock file .* already exists|pre-existing shared memory block", output))


def file_error(path: Path, error: OSError) -> LocalError:
    """Return the exception for a file that could not be used."""
    return LocalError(explain(f"FATAL: {path}: {os.strerror(error.errno or 0)}", path))


def server_environment() -> dict[str, str]:
    """Return the environment of a server: our shell must not name its port, locale or files."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return kept | {"LC_ALL": "C"}


def is_postgres(pid: int) -> bool:
    """Return whether a living process is a PostgreSQL server."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        if Path("/proc/self").exists():
            return False
        try:  # a system without /proc
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return True
    name_end = status.rindex(")")
    return (
        status[status.index("(") + 1 : name_end] == "postgres" and status[name_end + 2] not in "ZX"
    )
