"""Things one does with a map now and then: a picture from a file, an older version back."""

from __future__ import annotations

import io
from uuid import uuid4

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, expect

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import User
from journeys.maps.models import Card, JourneyMap
from journeys.maps.services import publish_version, start_draft
from tests.browser.conftest import Visit
from tests.browser.mapping import cell, saved, texts
from tests.journeys.make import draft_of
from tests.journeys.maps import ops

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_picture_is_chosen_shown_and_taken_back(
    visit: Visit, alice: User, journey: JourneyMap
) -> None:
    with workspace_scope(journey.workspace_id):
        lane = {
            "kind": "lane",
            "id": str(uuid4()),
            "lane_kind": "pictures",
            "name": "Seen",
            "at": 0,
        }
        ops.done(draft_of(journey), ops.insert(lane))
    drawn = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(drawn, "PNG")
    file = FilePayload(name="lamp.png", mimeType="image/png", buffer=drawn.getvalue())
    page = visit(journey.get_absolute_url(), alice, width=1600)
    # Playwright takes over the dialog only a moment after it was asked to: not beside the key.
    page.on("filechooser", lambda chooser: chooser.set_files(file))
    saved(page)
    place = cell(page, "Seen", 1)
    place.focus()
    page.keyboard.press("Enter")

    shown = place.locator("img")
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("naturalWidth", 64)
    saved(page)
    with workspace_scope(journey.workspace_id):
        assert Card.objects.exclude(picture="").count() == 1
    # Another one, from the panel beside the map.
    before = shown.get_attribute("src")
    page.get_by_role("tab", name="Details").click()
    page.locator(".jm-inspector input[type=file]").set_input_files(file)
    expect(shown).not_to_have_attribute("src", before or "")
    place.focus()
    for _step in range(2):
        page.keyboard.press("Control+z")
    expect(shown).to_have_count(0)
    saved(page)
    with workspace_scope(journey.workspace_id):
        assert not Card.objects.exclude(picture="").exists()


def test_an_older_version_is_brought_back_from_the_history(
    visit: Visit, alice: User, journey: JourneyMap
) -> None:
    with workspace_scope(journey.workspace_id):
        publish_version(version=draft_of(journey), by=None)
        start_draft(journey=journey)
    page = visit(journey.get_absolute_url(), alice, width=1600)
    cell(page, "Actions", 1).focus()
    page.keyboard.press("Enter")
    page.keyboard.type(" in vain")
    page.keyboard.press("Escape")
    saved(page)
    page.get_by_role("button", name="History").click()
    page.get_by_role("dialog").get_by_role("button", name="Restore").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Restore", exact=True).last.click()

    expect(cell(page, "Actions", 1)).to_have_text("Compares three brands")
    saved(page)
    assert texts(journey, "actions", 1) == ["Compares three brands"]
