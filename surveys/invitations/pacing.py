"""When to try again: pure rules."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

# A worker that says nothing for this long is given up. Far above the server's time limit for
# one step, so that a slow answer is waited for.
LEASE: Final = timedelta(minutes=3)
# While nobody answers at the mail server, no attempt is used up.
SERVER_DOWN_PAUSE: Final = timedelta(minutes=1)
PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))
MOST_ATTEMPTS: Final = len(PAUSES) + 1
# Links out of a mail must work as long as somebody may find it in a mailbox.
UNSUBSCRIBE_WORKS: Final = timedelta(days=3 * 365)


def pause_after(attempt: int) -> timedelta | None:
    """Return how long to wait after the ``attempt``-th attempt failed; None means give up."""
    return PAUSES[attempt - 1] if 1 <= attempt < MOST_ATTEMPTS else None
