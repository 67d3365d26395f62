"""kombu's pgmq transport, told where PostgreSQL is by one address.

The library takes an address apart and loses what it does not know: sockets, sslmode, certificates.
Here pool and listener use the address as it is (transport option `conn_string`), and a pooled
connection is tried before it is lent, so that a restarted server costs no message.
"""

from __future__ import annotations

from typing import Any

from kombu.transport import pgmq
from pgmq import PGMQueue
from psycopg_pool import ConnectionPool


class Transport(pgmq.Transport):
    """Connects to `conn_string`, any address that libpq understands."""

    @property
    def default_connection_params(self) -> dict[str, Any]:
        """Return nothing: kombu would warn of a host name that it guessed and that nobody uses."""
        return {}

    def _create_pgmq_client(self) -> PGMQueue:
        options = self._options()
        pool = ConnectionPool(
            options["conn_string"],
            min_size=1,
            max_size=int(options.get("pool_size", 10)),
            timeout=float(options.get("pool_timeout", 10)),
            check=ConnectionPool.check_connection,
            open=True,
        )
        client = PGMQueue(pool=pool, vt=int(options["visibility_timeout"]), init_extension=False)
        # Makes the client's close() close the pool, which nobody else holds.
        client._own_pool = True
        return client

    def _get_notify_waiter(self) -> pgmq._NotifyWaiter:
        if self._notify_waiter is None:
            self._notify_waiter = pgmq._NotifyWaiter(self._options()["conn_string"])
        return self._notify_waiter

    def _options(self) -> dict[str, Any]:
        return {} if self.client is None else dict(self.client.transport_options)
