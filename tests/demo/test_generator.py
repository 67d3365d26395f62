"""The made-up history is the same every time, and tells its story."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from demo import story
from demo.generator import History, Opinion, generate

TODAY = date(2026, 5, 20)


def nps(opinions: list[Opinion]) -> float:
    """Return promoters minus detractors in points."""
    balance = sum((o.score >= 9) - (o.score <= 6) for o in opinions)
    return 100 * balance / len(opinions)


def at_parcels(history: History) -> tuple[list[Opinion], list[Opinion]]:
    """Return what was said about parcels before and after the carrier changed."""
    change = TODAY - timedelta(days=story.CARRIER_CHANGED)
    said = [o for o in history.opinions if o.place == story.PARCEL]
    return [o for o in said if o.at.date() < change], [o for o in said if o.at.date() > change]


def test_the_same_day_makes_the_same_history() -> None:
    first = generate(today=TODAY, days=20, scale=0.1)
    assert first == generate(today=TODAY, days=20, scale=0.1)
    assert first != generate(today=TODAY, days=20, scale=0.1, seed=1)


def test_nothing_happens_today_or_later() -> None:
    history = generate(today=TODAY, days=20, scale=0.1)
    assert max(c.at for c in history.contacts).date() < TODAY
    assert max(o.at for o in history.opinions).date() < TODAY


def test_nobody_is_asked_twice_within_ninety_days() -> None:
    history = generate(today=TODAY)
    asked = sorted(
        [(o.person, o.asked_at) for o in history.opinions]
        + [(person, at) for _place, person, at in history.silent]
    )
    for (person, at), (other, later) in pairwise(asked):
        assert person != other or (later.date() - at.date()).days >= 90


def test_the_new_carrier_is_the_story() -> None:
    before, after = at_parcels(generate(today=TODAY))
    assert len(before) > 100 < len(after) + 50
    assert nps(before) - nps(after) > 40


def test_every_event_has_a_name_for_people() -> None:
    history = generate(today=TODAY, days=30, scale=0.3)
    assert {c.event for c in history.contacts} <= set(story.EVENT_NAMES)
