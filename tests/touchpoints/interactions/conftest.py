"""The site as a process, against the test database."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.db import connection

from tests.touchpoints.interactions.server import Server, serving


@pytest.fixture(scope="module")
def server(django_db_setup: None) -> Iterator[Server]:
    """Serve the site; tests that use it need `django_db(transaction=True)`."""
    settings = connection.settings_dict
    where = quote(str(settings["HOST"]), safe="/.")
    url = f"postgresql://{settings['USER']}@/{settings['NAME']}?host={where}"
    with serving(url) as found:
        yield found
