"""Which contacts make one visit; the rule without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from touchpoints.catalogue.classification import Origin
from touchpoints.interactions.visits import LONGEST, PAUSE, Sight, Stay, assign

NOON = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)
LANE = UUID(int=7)
MAIL = Origin(source="news", medium="email", campaign="spring")
DIRECT = Origin()


def seen(number: int, minutes: float, **fields: object) -> Sight:
    return Sight(UUID(int=number), LANE, NOON + timedelta(minutes=minutes), **fields)  # type: ignore[arg-type]


def visits(*sights: Sight, known: tuple[Stay, ...] = ()) -> list[int]:
    """Return the visit of each contact, as the number of the contact that opened it."""
    chosen, _touched = assign(sights, {LANE: known})
    return [chosen[sight.id].id.int for sight in sights]


def test_thirty_minutes_make_a_visit_and_a_minute_more_does_not() -> None:
    assert visits(seen(1, 0), seen(2, 30), seen(3, 60), seen(4, 91)) == [1, 1, 1, 4]


def test_the_order_of_arrival_does_not_matter() -> None:
    assert visits(seen(3, 40), seen(1, 0), seen(2, 20)) == [1, 1, 1]


def test_another_campaign_begins_a_visit_and_the_same_does_not() -> None:
    assert visits(
        seen(1, 0, origin=DIRECT),
        seen(2, 5, origin=MAIL, tagged=True),
        seen(3, 6, origin=DIRECT),
        seen(4, 7, origin=MAIL, tagged=True),
    ) == [1, 2, 2, 2]


def test_nobody_stays_longer_than_a_day() -> None:
    minutes = [25 * step for step in range(70)]
    found = visits(*(seen(place + 1, minute) for place, minute in enumerate(minutes)))
    assert len(set(found)) == 2
    assert found[0] == 1


def test_saying_who_one_is_begins_no_visit() -> None:
    chosen, touched = assign([seen(1, 0, begins=False)], {})
    assert (chosen, touched) == ({}, [])
    assert visits(seen(1, 0), seen(2, 3, begins=False)) == [1, 1]


def test_a_named_visit_is_one_however_long_it_takes() -> None:
    found = visits(seen(1, 0, named=True), seen(2, 60 * 50, named=True))
    assert found == [LANE.int, LANE.int]


def test_a_late_contact_joins_the_nearer_of_two_visits() -> None:
    def two() -> tuple[Stay, Stay]:
        later = NOON + timedelta(minutes=60)
        return Stay(UUID(int=90), LANE, NOON, NOON), Stay(UUID(int=91), LANE, later, later)

    assert visits(seen(1, 29), known=two()) == [90]
    assert visits(seen(2, 32), known=two()) == [91]


def test_a_visit_learns_where_it_came_from() -> None:
    _chosen, (stay,) = assign([seen(1, 0), seen(2, 1, origin=MAIL)], {})
    assert stay.origin == MAIL


@given(st.lists(st.integers(0, 4000), min_size=1, max_size=40))
def test_a_visit_has_no_pause_longer_than_the_rule_says(minutes: list[int]) -> None:
    sights = [seen(place + 1, minute) for place, minute in enumerate(minutes)]
    chosen, touched = assign(sights, {})
    assert set(chosen) == {sight.id for sight in sights}
    assert sum(stay.contacts for stay in touched) == len(sights)
    for stay in touched:
        times = sorted(sight.at for sight in stay.sights)
        assert (times[0], times[-1]) == (stay.started_at, stay.last_at)
        assert all(later - earlier <= PAUSE for earlier, later in pairwise(times))
        assert times[-1] - times[0] <= LONGEST
    opened = sorted((stay.started_at, stay.last_at) for stay in touched)
    for (begun, ended), (next_begun, next_ended) in pairwise(opened):
        assert next_begun - ended > PAUSE or next_ended - begun > LONGEST


@given(st.lists(st.integers(0, 300), min_size=1, max_size=20))
def test_in_two_batches_or_in_one_the_visits_are_the_same(minutes: list[int]) -> None:
    """Batches that come in the order of time give what one batch gives."""
    sights = sorted(
        (seen(place + 1, minute) for place, minute in enumerate(minutes)),
        key=lambda sight: (sight.at, sight.id),
    )
    whole, _touched = assign(sights, {})
    expected = {key: stay.id for key, stay in whole.items()}
    cut = len(sights) // 2
    first, touched = assign(sights[:cut], {})
    found = {key: stay.id for key, stay in first.items()}
    stored = tuple(Stay(s.id, s.lane, s.started_at, s.last_at, s.origin) for s in touched)
    second, _touched = assign(sights[cut:], {LANE: stored})
    found |= {key: stay.id for key, stay in second.items()}
    assert found == expected


def test_what_begins_no_visit_joins_one_that_begins_with_it() -> None:
    assert visits(seen(1, 0, begins=False), seen(2, 3)) == [2, 2]
