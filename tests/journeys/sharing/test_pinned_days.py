"""A link that is pinned to a published version shows the days with which that was published."""

from __future__ import annotations

import pytest

from cxm.workspaces.models import Workspace
from journeys.maps.models import Version
from journeys.maps.services import publish_version, start_draft
from journeys.sharing.showing import draw_shared
from tests.journeys.make import draft_of, make_map
from tests.journeys.scores.test_frozen import END, START, place
from tests.journeys.sharing.make import make_link
from touchpoints.catalogue.models import Touchpoint

pytestmark = pytest.mark.django_db
__all__ = ["place"]


def test_a_pinned_link_shows_the_days_of_its_version(
    scope: Workspace,
    place: Touchpoint,
) -> None:
    journey = make_map(scope, place)
    version = publish_version(version=draft_of(journey), by=None)
    Version.objects.filter(pk=version.pk).update(window_start=START, window_end=END)
    version.refresh_from_db()
    start_draft(journey=journey)
    pinned = make_link(journey, version=version, with_figures=True).link
    latest = make_link(journey, version=None, with_figures=True).link

    then = draw_shared(pinned, version, scope)
    today = draw_shared(latest, version, scope)

    assert then.finding == ("Step 1 is off target.", "NPS −40 [−54, −23], n 100")
    assert today.finding[0] == "No step is off target."
