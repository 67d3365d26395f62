"""Counts the queries that a page makes to the tables of this room, apart from the shell's own."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext


def queries_of_room(work: Callable[[], object]) -> int:
    """Return how many statements named a table of the room, and print them for a failure."""
    with CaptureQueriesContext(connection) as captured:
        work()
    found = [q["sql"] for q in captured.captured_queries if "customers_" in q["sql"]]
    print("\n".join(found))
    return len(found)
