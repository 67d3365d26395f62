"""The admin's and the API's doors to the catalogue."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from cxm.kpis.models import StaleDay
from cxm.workspaces.models import AuditEntry, User, Workspace
from tests.touchpoints.make import (
    NOON,
    make_channel,
    make_goal,
    make_record,
    make_source,
    make_touchpoint,
)
from touchpoints.catalogue.models import Channel, Goal, Phase, Touchpoint
from touchpoints.catalogue.services import create_default_phases
from touchpoints.interactions.services import ingest

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
Api = Callable[..., APIClient]


def test_a_touchpoint_is_made_by_a_form(client_for: Browser, alice: User, scope: Workspace) -> None:
    channel = make_channel(scope)
    answer = client_for(alice).post(
        reverse("admin:catalogue_touchpoint_add"),
        {
            "name": "Checkout",
            "key": "checkout",
            "channel": str(channel.pk),
            "status": "active",
            "event_names": "Order Completed, Order Completed,  Paid ",
        },
    )
    assert answer.status_code == 302, answer.context["errors"]
    touchpoint = Touchpoint.objects.get()
    assert touchpoint.event_names == ["Order Completed", "Paid"]
    assert AuditEntry.objects.filter(action="added", object_id=str(touchpoint.pk)).exists()


def test_a_key_that_is_taken_is_refused(
    client_for: Browser, alice: User, scope: Workspace, api: Api
) -> None:
    there = make_touchpoint(scope, key="checkout")
    fields = {
        "name": "Again",
        "key": "checkout",
        "channel": str(there.channel_id),
        "status": "active",
    }
    answer = client_for(alice).post(reverse("admin:catalogue_touchpoint_add"), fields)
    assert "Another touchpoint has this key" in answer.content.decode()
    refused = api().post("/api/v1/touchpoints/", fields)
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["pointer"] == "/key"


def test_a_strangers_channel_cannot_be_chosen(
    scope: Workspace, other_workspace: Workspace, api: Api, client_for: Browser, alice: User
) -> None:
    theirs = make_channel(other_workspace)
    fields = {"name": "Mine", "key": "mine", "channel": str(theirs.pk), "status": "active"}
    assert api().post("/api/v1/touchpoints/", fields).status_code == 400
    client_for(alice).post(reverse("admin:catalogue_touchpoint_add"), fields)
    assert not Touchpoint.objects.exists()


def test_the_lists_take_the_same_queries_however_long(
    client_for: Browser,
    alice: User,
    scope: Workspace,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    for _ in range(5):
        make_touchpoint(scope)
    browser = client_for(alice)
    for model in ("touchpoint", "channel", "goal", "dimension"):
        url = reverse(f"admin:catalogue_{model}_changelist")
        browser.get(url)
        with django_assert_max_num_queries(24):  # type: ignore[attr-defined]
            assert browser.get(url).status_code == 200


def test_a_channel_with_touchpoints_stays(scope: Workspace, api: Api) -> None:
    channel = make_touchpoint(scope).channel
    answer = api().delete(f"/api/v1/channels/{channel.pk}/")
    assert answer.status_code == 422
    assert answer.json()["code"] == "channel_in_use"
    assert Channel.objects.filter(pk=channel.pk).exists()


def test_the_api_lets_the_primary_goal_step_back(scope: Workspace, api: Api) -> None:
    source, _key = make_source(scope)
    ingest(source=source, records=[make_record()], received_at=NOON)
    before = make_goal(scope)
    StaleDay.objects.all().delete()
    answer = api("goals:write").post(
        "/api/v1/goals/", {"key": "lead", "name": "Lead", "event_name": "lead", "is_primary": True}
    )
    assert answer.status_code == 201, answer.json()
    before.refresh_from_db()
    assert not before.is_primary
    assert Goal.objects.get(is_primary=True).key == "lead"
    assert StaleDay.objects.filter(feed="interactions").exists()


def test_a_key_needs_the_rooms_scope(scope: Workspace, api: Api) -> None:
    client = api("channels:read")
    assert client.get("/api/v1/channels/").status_code == 200
    assert client.get("/api/v1/touchpoints/").status_code == 403
    assert client.post("/api/v1/channels/", {"key": "a", "name": "A"}).status_code == 403


@pytest.mark.parametrize(
    "query", ["key=wanted", "phase__key=use", "status=retired", "moment_of_truth=true"]
)
def test_each_filter_of_touchpoints(scope: Workspace, api: Api, query: str) -> None:
    create_default_phases(workspace=scope)
    phase = Phase.objects.get(key="use")
    wanted = make_touchpoint(
        scope, key="wanted", phase=phase, status="retired", moment_of_truth=True
    )
    make_touchpoint(scope)
    found = api().get(f"/api/v1/touchpoints/?{query}").json()["results"]
    assert [row["id"] for row in found] == [str(wanted.pk)]
