"""Production refuses to start on a default secret or an open list of hosts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = {"SECRET_KEY", "CXM_LOCAL", "ALLOWED_HOSTS", "SITE_URL", "DATABASE_URL", "DEBUG"}
GOOD = {
    "DATABASE_URL": "postgresql://cxm@db/cxm",
    "CELERY_BROKER_URL": "redis://redis/0",
    "SECRET_KEY": "k7" * 30,
    "ALLOWED_HOSTS": "cx.example.com",
    "SITE_URL": "https://cx.example.com",
    "EMAIL_URL": "smtp://mail:25",
    "DEFAULT_FROM_EMAIL": "cx@example.com",
}


def start(**changes: str) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process of its own, as production does."""
    kept = {k: v for k, v in os.environ.items() if k not in OURS}
    environment = {**kept, **GOOD, **changes, "DJANGO_SETTINGS_MODULE": "cxm.settings"}
    code = "from django.conf import settings as s; print(s.LOCAL, s.SESSION_COOKIE_SECURE)"
    return subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_complete_environment_starts_in_production_mode() -> None:
    assert start().stdout.split() == ["False", "True"]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SECRET_KEY", "", "Set SECRET_KEY"),
        ("SECRET_KEY", "short", "Set SECRET_KEY"),
        ("SECRET_KEY", "change-me" * 10, "Set SECRET_KEY"),
        ("SECRET_KEY", "django-insecure-" + "x" * 50, "Set SECRET_KEY"),
        ("ALLOWED_HOSTS", "", "Set ALLOWED_HOSTS"),
        ("ALLOWED_HOSTS", "cx.example.com,*", "Set ALLOWED_HOSTS"),
        ("SITE_URL", "", "Set SITE_URL"),
        ("DEBUG", "true", "DEBUG is for local mode"),
    ],
)
def test_what_is_not_safe_is_refused(name: str, value: str, says: str) -> None:
    found = start(**{name: value})
    assert found.returncode != 0
    assert says in found.stderr.splitlines()[-1]


def test_proxies_are_counted_not_guessed() -> None:
    assert start(TRUSTED_PROXIES="1").returncode == 0
    assert start(TRUSTED_PROXIES="all").returncode != 0
