"""Starts PostgreSQL before Django's settings are read; `-p tests.plugin` in pyproject.toml.

Fixtures stand in tests/conftest.py, which pytest loads only after pytest-django has read the
settings.
"""

from __future__ import annotations

import os

import pytest

from tests.cluster import VARIABLE, ThrowAwayCluster, use

_started: list[ThrowAwayCluster] = []

if VARIABLE not in os.environ:
    _started.append(ThrowAwayCluster())
    os.environ[VARIABLE] = _started[0].start()
use(os.environ[VARIABLE])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server that this process started."""
    while _started:
        _started.pop().stop()
