"""Cards whose contents lie elsewhere, as the holder of a link sees them: pictures, journeys."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from pytest_django import Settings

from cxm.common.scope import workspace_scope
from cxm.common.tokens import make_token
from cxm.workspaces.models import Workspace
from journeys.maps.models import Card, JourneyMap, Lane
from journeys.maps.pictures import store_picture
from tests.journeys.make import draft_of, make_map, make_touchpoint, steps_of
from tests.journeys.sharing.make import link_to, page, split

pytestmark = pytest.mark.django_db

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def journey(workspace: Workspace) -> JourneyMap:
    with workspace_scope(workspace.pk):
        return make_map(workspace, make_touchpoint(workspace))


def test_a_picture_is_shown_only_with_its_lane(
    workspace: Workspace, journey: JourneyMap, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    with workspace_scope(workspace.pk):
        draft = draft_of(journey)
        name = store_picture(workspace.pk, ContentFile(PNG))
        unused = store_picture(workspace.pk, ContentFile(PNG))
        lane = Lane.objects.create(version=draft, kind="pictures", position=91)
        Card.objects.create(lane=lane, step=steps_of(draft)[0], text="Shop", picture=name)
    made, narrow = link_to(journey), link_to(journey, "actions")
    document = split(page(made))[1]
    (address,) = [card["picture"] for card in document["cards"] if "picture" in card]
    assert f'<img src="{address}"' in page(made)
    answer = Client().get(address)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, PNG, "image/png")
    assert name not in page(narrow)
    with workspace_scope(workspace.pk):
        later = Lane.objects.create(version=draft, kind="notes", position=92)
        Card.objects.create(lane=later, step=steps_of(draft)[0], text="x", picture=unused)
    for refused in (
        f"/j/{narrow.token}/pictures/{name}",
        f"/j/{made.token}/pictures/{unused}",
        f"/j/{made.token}/pictures/..%2F{name}",
        f"/j/{make_token()}/pictures/{name}",
    ):
        assert Client().get(refused).status_code == 404
    with workspace_scope(workspace.pk):
        Lane.objects.filter(pk=lane.pk).update(hidden=True)
    assert Client().get(address).status_code == 404


def test_another_journey_is_named_and_not_led_to(workspace: Workspace, journey: JourneyMap) -> None:
    with workspace_scope(workspace.pk):
        draft = draft_of(journey)
        other = make_map(workspace, name="Repair <b>at home</b>")
        lane = Lane.objects.create(version=draft, kind="journeys", position=91)
        step = steps_of(draft)[0]
        Card.objects.create(lane=lane, step=step, linked_map=other)
        Card.objects.create(lane=lane, step=step, linked_map=other, text="Later", position=1)
    markup, document = split(page(link_to(journey)))
    assert [card["text"] for card in document["cards"] if card["lane"] == str(lane.pk)] == [
        "→ Repair <b>at home</b>",
        "→ Later",
    ]
    assert "→ Repair &lt;b&gt;at home&lt;/b&gt;</p>" in markup
    assert "→ Later</p>" in markup
    assert str(other.pk) not in markup + json.dumps(document)
    assert "Repair" not in page(link_to(journey, "actions"))
