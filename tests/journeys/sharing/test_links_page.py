"""Where links are made, listed and revoked."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cxm.common.clock import day_of, now
from cxm.common.scope import workspace_scope
from cxm.common.tokens import hash_token
from cxm.workspaces.models import AuditEntry, User, Workspace
from journeys.maps.models import JourneyMap, Lane, ShareLink
from tests.journeys.make import draft_of, lane_of, make_map, make_touchpoint
from tests.journeys.sharing.make import lanes_named, make_link
from tests.make import make_member

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]


@pytest.fixture
def journey(scope: Workspace) -> JourneyMap:
    return make_map(scope, make_touchpoint(scope), name="Buying a lamp")


def wanted(journey: JourneyMap, **overrides: Any) -> dict[str, Any]:
    return {
        "name": "Agency",
        "version": "",
        "lanes": [str(key) for key in lanes_named(journey, "actions", "feelings")],
        "until": "",
        "password": "",
        **overrides,
    }


def path(journey: JourneyMap) -> str:
    return f"/app/journeys/{journey.pk}/share/"


def token_in(shown: str) -> str:
    found = re.search(r'value="http://testserver/j/([\w-]+)/"', shown)
    assert found is not None
    return found[1]


def test_a_link_is_made_and_its_address_shown_once(
    client_for: ClientFor, alice: User, journey: JourneyMap
) -> None:
    client = client_for(alice)
    answer = client.post(path(journey), wanted(journey, with_figures="on"))
    shown = answer.content.decode()
    token = token_in(shown)
    link = ShareLink.objects.get()
    assert link.token_hash == hash_token(token)
    assert len(token) >= 43
    assert (link.name, link.version, link.with_figures, link.may_embed, link.password) == (
        "Agency",
        None,
        True,
        False,
        "",
    )
    assert set(link.lanes) == set(lanes_named(journey, "actions", "feelings"))
    assert link.expires_at is None
    assert link.created_by is not None
    assert link.created_by.user == alice
    assert "<iframe" not in html.unescape(shown)
    again = client.get(path(journey)).content.decode()
    assert "Nothing is published yet, so it shows nothing." in again
    assert token not in again
    assert link.token_hash not in again
    assert "Whatever is published" in again
    entry = AuditEntry.objects.get(action="shared")
    assert (entry.object_name, entry.user) == ("Agency", alice)
    assert token not in str(entry.changes)


def test_it_works_for_a_month_unless_said_otherwise(
    client_for: ClientFor, alice: User, scope: Workspace, journey: JourneyMap
) -> None:
    scope.timezone = "Europe/Berlin"
    scope.save()
    client = client_for(alice)
    shown = client.get(path(journey)).content.decode()
    usual = day_of(now(), "Europe/Berlin") + timedelta(days=30)
    assert f'value="{usual:%Y-%m-%d}"' in shown
    client.post(path(journey), wanted(journey, until=f"{usual:%Y-%m-%d}"))
    link = ShareLink.objects.get()
    after = datetime(usual.year, usual.month, usual.day, tzinfo=ZoneInfo("Europe/Berlin"))
    assert link.expires_at is not None
    assert link.expires_at == (after + timedelta(days=1)).astimezone(UTC)
    assert f"Works until {usual:%-d %b %Y}, 23:59" in client.get(path(journey)).content.decode()


def test_a_frame_for_another_website_is_ready_to_copy(
    client_for: ClientFor, alice: User, journey: JourneyMap
) -> None:
    shown = client_for(alice).post(path(journey), wanted(journey, may_embed="on")).content.decode()
    token = token_in(shown)
    assert f'<iframe src="http://testserver/j/{token}/embed/"' in html.unescape(shown)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "This field is required."),
        ("lanes", [], "This field is required."),
        ("lanes", ["00000000-0000-0000-0000-000000000000"], "not one of the available choices"),
        ("version", "00000000-0000-0000-0000-000000000000", "not one of the available choices"),
        ("until", "2020-01-01", "still to come"),
        ("until", "soon", "Enter a valid date."),
        ("password", "short", "8 to 128"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    client_for: ClientFor, alice: User, journey: JourneyMap, field: str, value: Any, said: str
) -> None:
    answer = client_for(alice).post(path(journey), wanted(journey, **{field: value}))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not ShareLink.objects.exists()


def test_hidden_lanes_are_not_offered_and_not_taken(
    client_for: ClientFor, alice: User, journey: JourneyMap
) -> None:
    hidden = lane_of(draft_of(journey), "needs")
    Lane.objects.filter(pk=hidden.pk).update(hidden=True)
    client = client_for(alice)
    assert str(hidden.key) not in client.get(path(journey)).content.decode()
    assert client.post(path(journey), wanted(journey, lanes=[str(hidden.key)])).status_code == 422


def test_another_journeys_version_and_lanes_are_refused(
    client_for: ClientFor, alice: User, scope: Workspace, journey: JourneyMap
) -> None:
    other = make_map(scope, make_touchpoint(scope, "Store"))
    client = client_for(alice)
    for overrides in (
        {"version": str(draft_of(other).pk)},
        {"lanes": [str(key) for key in lanes_named(other, "actions")]},
    ):
        assert client.post(path(journey), wanted(journey, **overrides)).status_code == 422


def test_the_dialog_of_the_editor_gets_the_part_alone(
    client_for: ClientFor, alice: User, journey: JourneyMap
) -> None:
    client = client_for(alice)
    for answer in (
        client.get(path(journey), headers={"hx-request": "true"}),
        client.post(path(journey) + "?part=1", wanted(journey, name="")),
    ):
        assert answer.status_code == 200
        shown = answer.content.decode()
        assert "<html" not in shown
        assert 'hx-target="closest [data-share]"' in shown


def test_a_revoked_link_stays_in_the_list_and_closed(
    client_for: ClientFor, alice: User, journey: JourneyMap
) -> None:
    made = make_link(journey)
    client = client_for(alice)
    address = f"{path(journey)}{made.link.pk}/revoke/"
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 302
    assert client.post(address).status_code == 302
    shown = client.get(path(journey)).content.decode()
    assert "Revoked on" in shown
    assert address not in shown
    assert AuditEntry.objects.filter(action="revoked").count() == 1
    assert Client().get(f"/j/{made.token}/").status_code == 404


def test_only_who_changes_maps_may_share_them(
    client_for: ClientFor, workspace: Workspace, journey: JourneyMap, mallory: User
) -> None:
    made = make_link(journey)
    for role, status in (("editor", 200), ("analyst", 403), ("commenter", 403), ("viewer", 403)):
        client = client_for(make_member(workspace, role))
        assert client.get(path(journey)).status_code == status
        if status == 403:
            assert client.post(path(journey), wanted(journey)).status_code == 403
            assert client.post(f"{path(journey)}{made.link.pk}/revoke/").status_code == 403
    stranger = client_for(mallory)
    assert stranger.get(path(journey)).status_code == 404
    assert stranger.post(f"{path(journey)}{made.link.pk}/revoke/").status_code == 404
    made.link.refresh_from_db()
    assert made.link.revoked_at is None


def test_the_list_takes_the_same_queries_for_any_number(
    client_for: ClientFor, alice: User, journey: JourneyMap
) -> None:
    client, counts = client_for(alice), []
    for more in (1, 8):
        for number in range(more):
            make_link(journey, name=f"Link {number}")
        client.get(path(journey))
        with CaptureQueriesContext(connection) as queries:
            client.get(path(journey))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_another_workspaces_links_are_not_seen(
    journey: JourneyMap, other_workspace: Workspace
) -> None:
    make_link(journey)
    with workspace_scope(other_workspace.pk):
        assert not ShareLink.objects.exists()
