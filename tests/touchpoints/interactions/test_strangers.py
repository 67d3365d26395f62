"""No page of the room shows a stranger anything, whichever row's id they try."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import User, Workspace
from tests.touchpoints.make import NOON, make_source, make_touchpoint
from touchpoints.interactions.models import FileImport, Quarantined, Retry, StaffContact
from touchpoints.interactions.records import Refused
from touchpoints.interactions.services import ingest
from touchpoints.interactions.urls import urlpatterns

pytestmark = pytest.mark.django_db


def test_foreign_rows_are_not_found(
    scope: Workspace, client_for: Callable[[User], Client], mallory: User
) -> None:
    place = make_touchpoint(scope)
    source, _key = make_source(scope)
    with workspace_scope(scope.pk):
        bad = Refused("bad", "no_event", "No event.", {"type": "track"}, "segment")
        ingest(source=source, records=[bad], received_at=NOON)
        contact = StaffContact.objects.create(
            workspace=scope,
            occurred_at=NOON,
            interaction_id=place.pk,
            source=source,
            touchpoint=place,
        )
        rows = [
            place,
            contact,
            Quarantined.objects.get(),
            FileImport.objects.create(workspace=scope, file_name="a.csv", content=b"a\n"),
            Retry.objects.create(workspace=scope, reason="no_event"),
        ]
    browser = client_for(mallory)
    tried = 0
    for entry in urlpatterns:
        route = str(entry.pattern)
        if "<" not in route:
            continue
        for row in rows:
            target = "/app/" + re.sub(r"<[^>]+>", str(row.pk), route)
            for method in (browser.get, browser.post):
                assert method(target).status_code in {404, 405}, target
                tried += 1
    assert tried > 100
    with workspace_scope(scope.pk):
        assert FileImport.objects.exists()
        assert StaffContact.objects.exists()
