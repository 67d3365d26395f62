"""The throw-away PostgreSQL server of a test run.

The controlling process starts it and hands its address to the workers of pytest-xdist by the
environment. `TEST_DATABASE_URL` names a server of your own instead; its role may create databases.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from cxm.local.cluster import Cluster

VARIABLE = "TEST_DATABASE_URL"


class ThrowAwayCluster:
    """Starts with the run, leaves nothing behind."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="cxm-test-"))
        self.folder.chmod(0o755)
        self.cluster = Cluster(self.folder / "postgres", durable=False)

    def start(self) -> str:
        """Start the server and return the address of its application role."""
        self.cluster.start(die_with_parent=True)
        self.cluster.ensure_database("cxm", "cxm")
        return self.cluster.url("cxm", "cxm")

    def stop(self) -> None:
        """Stop the server and remove its files."""
        self.cluster.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def use(url: str) -> None:
    """Point the settings, which are not loaded yet, at a server."""
    os.environ[VARIABLE] = url
    os.environ["DATABASE_URL"] = url
    os.environ.setdefault("CXM_LOCAL", "1")
    os.environ.setdefault("SITE_URL", "http://testserver")
    os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="cxm-data-"))
