"""What a website's code is doing, told from what has come in: a pure rule.

When nothing comes, the page cannot tell us why. But what came instead (bots, people who asked not
to be tracked, rows that were refused, a queue that nobody empties) often does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

QUIET: Final = timedelta(hours=24)
# Work that waits longer than this has nobody who does it.
SLOW: Final = timedelta(seconds=30)


class Finding(StrEnum):
    """What can be said about a website's code, the most telling first."""

    WORKING = "working"
    QUIET = "quiet"
    REVOKED = "revoked"
    INSECURE = "insecure"
    STUCK = "stuck"
    REFUSED = "refused"
    DECLINED = "declined"
    BOTS = "bots"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a source. Counts are of the last seven days.

    Attributes:
        seen_at: when something of it was last sorted in, be it a bot's.
        waiting_since: since when the oldest event of the workspace waits; None when none does.
        site_secure: whether this site has an address that pages over https may load from.
    """

    now: datetime
    seen_at: datetime | None
    revoked: bool = False
    stored: int = 0
    bot: int = 0
    declined: int = 0
    quarantined: int = 0
    waiting_since: datetime | None = None
    site_secure: bool = True


def findings(facts: Facts) -> tuple[Finding, ...]:
    """Return what is to be said, in order; never empty. The first one is the headline."""
    if facts.revoked:
        return (Finding.REVOKED,)
    found = []
    if facts.waiting_since is not None and facts.now - facts.waiting_since > SLOW:
        found.append(Finding.STUCK)
    recent = facts.seen_at is not None and facts.now - facts.seen_at <= QUIET
    working = recent and facts.stored > 0
    if working:
        found.insert(0, Finding.WORKING)
    elif facts.seen_at is not None and not recent:
        found.append(Finding.QUIET)
    if facts.quarantined:
        found.append(Finding.REFUSED)
    if not working:
        if facts.declined:
            found.append(Finding.DECLINED)
        if facts.bot:
            found.append(Finding.BOTS)
        if not facts.site_secure:
            found.append(Finding.INSECURE)
    return tuple(found) or (Finding.NOTHING,)
