"""Long lists in parts. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

Row = TypeVar("Row")


def in_batches(rows: list[Row], size: int) -> Iterator[list[Row]]:
    """Return the rows in slices of at most `size`."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
