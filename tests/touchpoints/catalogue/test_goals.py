"""What reaches a goal: an event, an address, a touchpoint, or all that it names."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from touchpoints.catalogue.goals import GoalMatcher

STORE, STAND = uuid4(), uuid4()


@dataclass
class Aim:
    key: str
    event_name: str = ""
    page_pattern: str = ""
    touchpoint_id: UUID | None = None
    is_primary: bool = False
    once_per_visit: bool = True
    value: Decimal | None = None
    currency: str = ""
    pk: UUID = field(default_factory=uuid4)


ORDER = Aim("order", "Order Completed", is_primary=True)
THANKS = Aim("thanks", page_pattern="/thanks")
DONE = Aim("done", page_pattern="*.example/orders/*/done")
VISIT = Aim("visit", touchpoint_id=STORE)
BROCHURE = Aim("brochure", "File Downloaded", "*brochure*", None)
NOTHING = Aim("nothing")
GOALS = GoalMatcher([VISIT, THANKS, BROCHURE, DONE, NOTHING, ORDER])


@pytest.mark.parametrize(
    ("kind", "event", "url", "touchpoint", "reached"),
    [
        ("track", "order  completed", "", None, [ORDER]),
        ("page", "Thanks", "https://shop.example/thanks/", None, [THANKS]),
        ("page", "", "https://shop.example/thanks?order=1", None, [THANKS]),
        ("page", "", "https://shop.example/thanks/again", None, []),
        ("screen", "", "https://shop.example/orders/17/done", None, [DONE]),
        # A click on the page of an address is not a second view of it.
        ("track", "Clicked", "https://shop.example/thanks", None, []),
        ("offline", "Talked", "", STORE, [VISIT]),
        ("offline", "Talked", "", STAND, []),
        ("track", "File Downloaded", "https://shop.example/brochure.pdf", None, [BROCHURE]),
        ("track", "File Downloaded", "https://shop.example/prices.pdf", None, []),
        ("identify", "Order Completed", "", STORE, []),
        ("track", "Order Completed", "", STORE, [ORDER, VISIT]),
        ("track", "", "", None, []),
    ],
)
def test_what_reaches_which_goal(
    kind: str, event: str, url: str, touchpoint: UUID | None, reached: list[Aim]
) -> None:
    found = GOALS.match(kind=kind, event=event, url=url, touchpoint=touchpoint)
    assert list(found) == reached


def test_without_goals_nothing_is_reached() -> None:
    assert GoalMatcher([]).match(kind="page", event="a", url="/", touchpoint=STORE) == ()
