"""Makers of share links, called inside the workspace's scope, and what their pages say."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

from django.test import Client

from cxm.common.clock import now
from cxm.common.scope import workspace_scope
from journeys.maps.models import JourneyMap, Lane
from journeys.sharing.services import Made, create_link
from tests.journeys.make import draft_of


def lanes_named(journey: JourneyMap, *kinds: str) -> list[Any]:
    """Return the keys of the lanes of these kinds in the draft, of all without any."""
    lanes = Lane.objects.filter(version=draft_of(journey)).order_by("position")
    return [lane.key for lane in lanes if not kinds or lane.kind in kinds]


def make_link(journey: JourneyMap, *kinds: str, **overrides: Any) -> Made:
    """Make a link to the draft that shows the lanes of these kinds, all without any."""
    fields = {
        "name": "Agency",
        "lanes": lanes_named(journey, *kinds),
        "version": draft_of(journey),
        "expires_at": now() + timedelta(days=30),
        **overrides,
    }
    return create_link(journey=journey, **fields)


def link_to(journey: JourneyMap, *kinds: str, **overrides: object) -> Made:
    """Make a link in the scope of the map's workspace."""
    with workspace_scope(journey.workspace_id):
        return make_link(journey, *kinds, **overrides)


def page(made: Made, **query: str) -> str:
    """Return the page that a link opens."""
    answer = Client().get(f"/j/{made.token}/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def split(shown: str) -> tuple[str, dict[str, Any]]:
    """Return the page without the scripts' document, and the document without its words."""
    found = re.search(r'<script id="jm-document"[^>]*>(.*?)</script>', shown, re.DOTALL)
    assert found is not None
    document = json.loads(found[1])
    del document["texts"]
    return shown.replace(found[0], ""), document
