"""What is said about a website's code, from what has come in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.touchpoints.make import NOON
from touchpoints.tracking.checks import Facts, Finding, findings

NEW = Facts(now=NOON, seen_at=None)
WELL = replace(NEW, seen_at=NOON - timedelta(minutes=2), stored=100)
OLD = replace(NEW, seen_at=NOON - timedelta(days=3), stored=100)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (NEW, ["nothing"]),
        (WELL, ["working"]),
        (OLD, ["quiet"]),
        (replace(WELL, bot=3, declined=5), ["working"]),
        (replace(WELL, quarantined=1), ["working", "refused"]),
        (replace(NEW, declined=2), ["declined"]),
        (replace(NEW, seen_at=NOON, bot=2), ["bots"]),
        (replace(NEW, seen_at=NOON, bot=2, declined=1), ["declined", "bots"]),
        (replace(NEW, site_secure=False), ["insecure"]),
        (replace(WELL, site_secure=False), ["working"]),
        (replace(NEW, waiting_since=NOON - timedelta(minutes=1)), ["stuck"]),
        (replace(NEW, waiting_since=NOON - timedelta(seconds=1)), ["nothing"]),
        (replace(WELL, waiting_since=NOON - timedelta(minutes=1)), ["working", "stuck"]),
        (replace(OLD, bot=4), ["quiet", "bots"]),
        (replace(WELL, revoked=True, bot=1), ["revoked"]),
    ],
)
def test_findings_follow_from_the_facts(facts: Facts, said: list[str]) -> None:
    assert findings(facts) == tuple(Finding(word) for word in said)
