"""Starts PostgreSQL before Django's settings are read; `-p tests.plugin` in pyproject.toml.

Fixtures stand in tests/conftest.py, which pytest loads only after pytest-django has read the
settings.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

from tests.cluster import VARIABLE, ThrowAwayCluster, use

# How long an example takes says how busy the machine is, and nothing about the code.
settings.register_profile("cxm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("cxm")

_started: list[ThrowAwayCluster] = []

if VARIABLE not in os.environ:
    _started.append(ThrowAwayCluster())
    os.environ[VARIABLE] = _started[0].start()
use(os.environ[VARIABLE])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server that this process started."""
    while _started:
        _started.pop().stop()
