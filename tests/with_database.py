"""`python -m tests.with_database COMMAND…`: run a command beside a throw-away PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.cluster import ThrowAwayCluster


def main() -> int:
    """Run the command and return its exit code."""
    server = ThrowAwayCluster()
    try:
        environment = {**os.environ, "DATABASE_URL": server.start(), "CXM_LOCAL": "1"}
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
