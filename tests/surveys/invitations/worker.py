"""A worker process of its own: `python -m tests.surveys.invitations.worker WORKSPACE_ID`."""

from __future__ import annotations

import os
import subprocess
import sys
from urllib.parse import urlsplit

import django


def start(workspace_id: object, database: str, port: int) -> subprocess.Popen[bytes]:
    """Start a process that sends what is due in a workspace, and ends.

    Args:
        database: name of the test's database on the run's server.
        port: where the mail server listens.
    """
    address = urlsplit(os.environ["TEST_DATABASE_URL"])._replace(path=f"/{database}").geturl()
    environment = {
        **os.environ,
        "TEST_DATABASE_URL": address,
        "DATABASE_URL": address,
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    command = [sys.executable, "-m", "tests.surveys.invitations.worker", str(workspace_id)]
    return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)


def main() -> None:
    """Run the task as Celery would."""
    django.setup()
    from surveys.invitations.tasks import send_due  # noqa: PLC0415 - needs Django to be ready

    send_due(sys.argv[1])


if __name__ == "__main__":
    main()
