"""Share links through the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import AuditEntry, Workspace
from journeys.maps.models import JourneyMap, Lane, ShareLink
from tests.journeys.make import draft_of, make_map, make_touchpoint
from tests.journeys.sharing.make import lanes_named, make_link

pytestmark = pytest.mark.django_db

Api = Callable[..., APIClient]
LINKS = "/api/v1/map-share-links/"


@pytest.fixture
def journey(scope: Workspace) -> JourneyMap:
    return make_map(scope, make_touchpoint(scope), name="Buying a lamp")


def body(journey: JourneyMap, **overrides: Any) -> dict[str, Any]:
    return {
        "map": str(journey.pk),
        "version": str(draft_of(journey).pk),
        "name": "Board",
        "lanes": [str(key) for key in lanes_named(journey, "actions")],
        **overrides,
    }


def test_a_link_is_made_read_and_revoked(api: Api, journey: JourneyMap) -> None:
    client = api("journeys:read", "journeys:write")
    made = client.post(LINKS, body(journey, may_embed=True, password="lamp and shade"))
    assert made.status_code == 201, made.json()
    answer = made.json()
    token, link = answer["token"], answer["link"]
    assert answer["url"] == f"http://testserver/j/{token}/"
    assert answer["embed_url"] == f"http://testserver/j/{token}/embed/"
    assert link["has_password"] is True
    assert Client().get(f"/j/{token}/").status_code == 200

    listed = client.get(LINKS, {"map": str(journey.pk)})
    assert [row["id"] for row in listed.json()["results"]] == [link["id"]]
    stored = ShareLink.objects.get()
    for secret in (token, stored.token_hash, stored.password, "lamp and shade"):
        assert secret not in listed.content.decode()

    closed = client.post(f"{LINKS}{link['id']}/revoke/")
    assert closed.json()["revoked_at"]
    assert Client().get(f"/j/{token}/").status_code == 404
    assert list(
        AuditEntry.objects.filter(object_kind="maps.sharelink")
        .order_by("created_at")
        .values_list("action", flat=True)
    ) == ["shared", "revoked"]
    for method in ("put", "patch", "delete"):
        assert getattr(client, method)(f"{LINKS}{link['id']}/", {}).status_code == 405


@pytest.mark.parametrize(
    ("overrides", "code"),
    [
        ({"lanes": ["00000000-0000-0000-0000-000000000000"]}, "unknown_lane"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "past"),
        ({"password": "short"}, "password_length"),
    ],
)
def test_what_cannot_be_has_a_code(
    api: Api, journey: JourneyMap, overrides: dict[str, Any], code: str
) -> None:
    answer = api().post(LINKS, body(journey, **overrides))
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_ids_of_others_are_refused(
    api: Api, journey: JourneyMap, other_workspace: Workspace, scope: Workspace
) -> None:
    other = make_map(scope, make_touchpoint(scope, "Store"))
    version = api().post(LINKS, body(journey, version=str(draft_of(other).pk)))
    assert (version.status_code, version.json()["code"]) == (422, "other_map")
    with workspace_scope(other_workspace.pk):
        foreign = make_map(other_workspace, make_touchpoint(other_workspace))
        lanes = [str(lane.key) for lane in Lane.objects.filter(version=draft_of(foreign))]
    assert api().post(LINKS, body(journey, map=str(foreign.pk))).status_code == 400
    assert api().post(LINKS, body(journey, lanes=lanes)).json()["code"] == "unknown_lane"
    with workspace_scope(other_workspace.pk):
        theirs = make_link(foreign)
    assert api().post(f"{LINKS}{theirs.link.pk}/revoke/").status_code == 404
    assert api().get(LINKS).json()["results"] == []


def test_a_key_needs_the_scope(api: Api, journey: JourneyMap) -> None:
    assert api("journeys:read").post(LINKS, body(journey)).status_code == 403
    assert api("surveys:read").get(LINKS).status_code == 403
