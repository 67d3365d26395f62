"""A map in a frame of another website, only where its link allows that."""

from __future__ import annotations

import pytest
from django.test import Client

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import Workspace
from journeys.maps.models import JourneyMap
from tests.journeys.make import make_map, make_touchpoint
from tests.journeys.sharing.make import make_link

pytestmark = pytest.mark.django_db


@pytest.fixture
def journey(workspace: Workspace) -> JourneyMap:
    with workspace_scope(workspace.pk):
        return make_map(workspace, make_touchpoint(workspace), name="Buying a lamp")


def test_a_link_that_may_be_embedded_is_shown_in_any_frame(
    workspace: Workspace, journey: JourneyMap
) -> None:
    with workspace_scope(workspace.pk):
        made = make_link(journey, may_embed=True)
    framed = Client().get(f"/j/{made.token}/embed/")
    assert framed.status_code == 200
    assert "frame-ancestors *" in framed["Content-Security-Policy"]
    assert "unsafe" not in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed
    assert "Buying a lamp" in framed.content.decode()
    # The page itself stays out of frames, for it may ask for a password.
    page = Client().get(f"/j/{made.token}/")
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"


def test_any_other_link_has_nothing_for_a_frame(workspace: Workspace, journey: JourneyMap) -> None:
    with workspace_scope(workspace.pk):
        made = make_link(journey)
    answer = Client().get(f"/j/{made.token}/embed/")
    assert answer.status_code == 404
    assert "Buying a lamp" not in answer.content.decode()
    assert Client().get("/j/unknown/embed/").status_code == 404
