"""The map's editor under a finger: one that rests lifts, one that moves scrolls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, Page, expect

from cxm.workspaces.models import User
from journeys.maps.models import JourneyMap
from tests.browser.conftest import Visit
from tests.browser.mapping import cell, saved, step_names, texts

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Finger:
    """One finger on the screen, as Chromium gets it from the system."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.devtools = page.context.new_cdp_session(page)
        self.x = self.y = 0.0

    @contextmanager
    def on(self, thing: Locator) -> Iterator[None]:
        """Touch something until the block ends."""
        box = thing.bounding_box()
        assert box is not None
        self.x, self.y = box["x"] + 20, box["y"] + min(box["height"] / 2, 15)
        self._send("touchStart", [{"x": self.x, "y": self.y}])
        yield
        self._send("touchEnd", [])

    def to(self, thing: Locator) -> None:
        """Move there in small steps."""
        box = thing.bounding_box()
        assert box is not None
        self.by(box["x"] + 30 - self.x, box["y"] + 12 - self.y)

    def by(self, right: float, down: float) -> None:
        """Move by so many pixels in small steps."""
        for _step in range(8):
            self.x, self.y = self.x + right / 8, self.y + down / 8
            self._send("touchMove", [{"x": self.x, "y": self.y}])
            self.page.wait_for_timeout(16)

    def _send(self, kind: str, points: list[dict[str, float]]) -> None:
        self.devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def test_a_finger_that_rests_lifts_a_card(visit: Visit, alice: User, journey: JourneyMap) -> None:
    page = visit(journey.get_absolute_url(), alice, width=1180, touch=True)
    saved(page)
    finger = Finger(page)
    with finger.on(cell(page, "Actions", 0).locator("[data-card]")):
        expect(page.locator(".jm-ghost")).to_be_visible()
        finger.to(cell(page, "Thoughts", 1))
    expect(cell(page, "Thoughts", 1)).to_contain_text("Sees a lamp at a friend's home")
    saved(page)
    assert texts(journey, "actions", 0) == []
    assert texts(journey, "thoughts", 1)[0] == "Sees a lamp at a friend's home"


def test_a_finger_that_rests_lifts_a_step(visit: Visit, alice: User, journey: JourneyMap) -> None:
    page = visit(journey.get_absolute_url(), alice, width=1180, touch=True)
    saved(page)
    before = step_names(journey)
    finger = Finger(page)
    steps = page.locator(".jm-step")
    with finger.on(steps.nth(0)):
        expect(page.locator(".jm-ghost")).to_be_visible()
        box = steps.nth(1).bounding_box()
        assert box is not None
        finger.by(box["x"] + box["width"] - finger.x + 4, 0)
    expect(steps.nth(1)).to_contain_text(before[0])
    saved(page)
    assert step_names(journey)[:2] == [before[1], before[0]]


def test_a_finger_that_moves_at_once_scrolls(
    visit: Visit, alice: User, journey: JourneyMap
) -> None:
    page = visit(journey.get_absolute_url(), alice, width=1180, touch=True)
    saved(page)
    finger = Finger(page)
    with finger.on(cell(page, "Actions", 2).locator("[data-card]")):
        finger.by(-160, 0)
        expect(page.locator(".jm-ghost")).to_have_count(0)
    page.wait_for_function("document.getElementById('jm-canvas').scrollLeft > 40")
    assert texts(journey, "actions", 0) == ["Sees a lamp at a friend's home"]
