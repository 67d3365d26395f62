"""Reading the map's editor: its cells by lane and step, and what the database holds of them."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from cxm.common.scope import workspace_scope
from journeys.maps.models import Card, JourneyMap
from tests.journeys.make import draft_of, lane_of, steps_of


def cell(page: Page, lane: str, step: int) -> Locator:
    """Return a cell: the lane by its heading, the step by its place from the left."""
    name = page.locator(".jm-lane-name", has_text=re.compile(f"^{re.escape(lane)}$"))
    return page.locator(".jm-body > [role=row]", has=name).locator(".jm-cell").nth(step)


def saved(page: Page) -> None:
    """Wait until everything is saved."""
    expect(page.locator("#jm-state")).to_have_text("Draft · saved")


def texts(journey: JourneyMap, kind: str, step: int) -> list[str]:
    """Return what stands in a cell in the database."""
    with workspace_scope(journey.workspace_id):
        draft = draft_of(journey)
        cards = Card.objects.filter(lane=lane_of(draft, kind), step=steps_of(draft)[step])
        return list(cards.order_by("position").values_list("text", flat=True))


def step_names(journey: JourneyMap) -> list[str]:
    """Return the names of the steps in the database, from the left."""
    with workspace_scope(journey.workspace_id):
        return [step.name for step in steps_of(draft_of(journey))]
