"""Invented facts for figures, and registry entries that go away again."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from cxm.dashboards import registry
from tests.cxm.kpis.conftest import facts

__all__ = ["facts", "own_key"]

Own = Callable[[str], str]


@pytest.fixture
def own_key() -> Iterator[Own]:
    """Return a function that hands back a registry key and takes its entry out after the test."""
    keys: list[str] = []

    def key(name: str) -> str:
        keys.append(name)
        return name

    yield key
    registry.clear(keys)
