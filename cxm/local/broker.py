"""The message queue in PostgreSQL, installed by the application's own role without an extension."""

from __future__ import annotations

import psycopg
from pgmq.install import get_embedded_install_sql
from psycopg import sql

# Any fixed number: it only has to be the same in every process that installs.
_INSTALL_LOCK = 0x63786D71


def install_broker(dsn: str) -> bool:
    """Install the pgmq schema into the database at `dsn` unless it is there.

    Return whether it was installed now.
    """
    with psycopg.connect(dsn) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [_INSTALL_LOCK])
        if connection.execute("SELECT to_regclass('pgmq.meta')").fetchone() != (None,):
            return False
        connection.execute(get_embedded_install_sql().encode())
    return True


def release_messages(dsn: str) -> int:
    """Make every message that some worker holds due at once, and return their number.

    Only right while no worker runs: after a crash nobody is left to finish what was taken, and
    waiting for the visibility timeout would delay it for minutes.
    """
    released = 0
    with psycopg.connect(dsn) as connection:
        for (queue,) in connection.execute("SELECT queue_name FROM pgmq.meta").fetchall():
            table = sql.Identifier("pgmq", f"q_{queue}")
            statement = sql.SQL(
                "UPDATE {} SET vt = clock_timestamp() WHERE vt > clock_timestamp() AND read_ct > 0"
            ).format(table)
            released += connection.execute(statement).rowcount
    return released
