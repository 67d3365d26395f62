"""Begin again when PostgreSQL has ended a transaction to break a ring of waiters."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec, TypeVar

from django.db import OperationalError, connection
from psycopg.errors import DeadlockDetected

P = ParamSpec("P")
R = TypeVar("R")

TRIES: Final = 8
# Seconds; those who met once wait for different times, so that they do not meet again.
LONGEST_PAUSE: Final = 0.2


def again_after_deadlock(function: Callable[P, R]) -> Callable[P, R]:
    """Call a function again whose transaction was ended by a deadlock; nothing of it was kept.

    Locks are taken in one order, yet whose family a customer belongs to may change between the
    look and the lock. Inside a transaction of the caller nothing can be begun again here: the
    error goes on to whoever holds the transaction.
    """

    @wraps(function)
    def again(*args: P.args, **kwargs: P.kwargs) -> R:
        for _ in range(TRIES - 1):
            try:
                return function(*args, **kwargs)
            except OperationalError as error:
                if connection.in_atomic_block or not isinstance(error.__cause__, DeadlockDetected):
                    raise
                time.sleep(random.uniform(0, LONGEST_PAUSE))  # noqa: S311 - no secret
        return function(*args, **kwargs)

    return again
