"""The site as a process, against the test database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.touchpoints.interactions.server import Server, database_address, serving


@pytest.fixture(scope="module")
def server(django_db_setup: None) -> Iterator[Server]:
    """Serve the site; tests that use it need `django_db(transaction=True)`."""
    with serving(database_address()) as found:
        yield found
