"""The environment of local mode, for the supervisor's children and commands in other terminals.

No Django in here: settings call this while they are being loaded.
"""

from __future__ import annotations

import json
import os
import secrets
from contextlib import suppress
from pathlib import Path

from cxm.local.cluster import Cluster
from cxm.local.errors import LocalError

DEFAULT_DATA_DIR = Path(".data")
DATABASE = "cxm"
ROLE = "cxm"
_SECRET_BYTES = 48


def cluster_dir(data_dir: Path) -> Path:
    """Where PostgreSQL keeps its files."""
    return data_dir / "postgres"


def outbox_dir(data_dir: Path) -> Path:
    """Where caught mails lie."""
    return data_dir / "outbox"


def logs_dir(data_dir: Path) -> Path:
    """Where the programs write their logs."""
    return data_dir / "logs"


def local_environment(data_dir: Path) -> dict[str, str]:
    """Return the variables under which commands work with the local instance in `data_dir`.

    While `manage.py up` runs these are the ones that it gave to its own children, so that a
    command in another terminal uses the same database, secret and mail catcher. Without an
    instance they name the places where one would be, and a secret that is good for this process
    only. Nothing is written or started.
    """
    data_dir = Path(os.path.abspath(data_dir))
    with suppress(OSError, ValueError):
        stored = json.loads((data_dir / "env.json").read_text(encoding="utf-8"))
        # The folder may have been moved since: addresses inside it are worked out again.
        return {str(name): str(value) for name, value in stored.items()} | _places(data_dir)
    return {**_places(data_dir), "SECRET_KEY": secrets.token_urlsafe(_SECRET_BYTES)}


def write_environment(data_dir: Path, *, site_url: str, email_url: str) -> dict[str, str]:
    """Store and return the environment of an instance that is about to start."""
    variables = {
        **_places(data_dir),
        "SECRET_KEY": _secret_key(data_dir),
        "SITE_URL": site_url,
        "EMAIL_URL": email_url,
    }
    write_private(data_dir / "env.json", json.dumps(variables, indent=2) + "\n")
    return variables


def write_private(path: Path, text: str) -> None:
    """Replace a file that only its owner may read, whole or not at all."""
    temporary = path.with_name(path.name + ".new")
    try:
        temporary.unlink(missing_ok=True)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise LocalError(f"{path} cannot be written: {error.strerror}.") from error


def _places(data_dir: Path) -> dict[str, str]:
    return {
        "CXM_LOCAL": "1",
        "DATA_DIR": str(data_dir),
        "DATABASE_URL": Cluster(cluster_dir(data_dir)).url(DATABASE, ROLE),
        "CELERY_BROKER_URL": "pgmq://",
    }


def _secret_key(data_dir: Path) -> str:
    path = data_dir / "secret_key"
    try:
        stored = path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        stored = ""
    except OSError as error:
        raise LocalError(f"{path} cannot be read: {error.strerror}.") from error
    if not stored:
        stored = secrets.token_urlsafe(_SECRET_BYTES)
        write_private(path, stored + "\n")
    return stored
