"""The API's base: keys, scopes, errors, limits, repeated requests."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from rest_framework.test import APIClient

from cxm.api import throttling
from cxm.common.clock import now
from cxm.common.scope import workspace_scope
from cxm.workspaces.models import User, Workspace
from tests.journeys.make import make_map, make_touchpoint
from tests.make import make_api_key

pytestmark = pytest.mark.django_db

Api = Callable[..., APIClient]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer cxm_nope", "Basic abc", "Bearer  "])
def test_without_a_key_the_answer_is_401(client: Client, header: str) -> None:
    response = client.get("/api/v1/workspace/", headers={"Authorization": header} if header else {})
    assert response.status_code == 401
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_key_sees_its_workspace(api: Api, workspace: Workspace) -> None:
    results = api("workspace:read").get("/api/v1/workspace/").json()["results"]
    assert [w["slug"] for w in results] == [workspace.slug]


def test_a_key_without_the_scope_is_refused(api: Api) -> None:
    response = api("customers:read").get("/api/v1/workspace/")
    assert response.status_code == 403
    assert response.json()["code"] == "permission_denied"


def test_an_expired_key_opens_nothing(workspace: Workspace) -> None:
    key, token = make_api_key(workspace)
    with workspace_scope(workspace.pk):
        type(key).objects.filter(pk=key.pk).update(expires_at=now() - timedelta(seconds=1))
    response = Client(headers={"Authorization": f"Bearer {token}"}).get("/api/v1/workspace/")
    assert response.status_code == 401


def test_use_of_a_key_is_stamped(api: Api, workspace: Workspace) -> None:
    key, token = make_api_key(workspace)
    Client(headers={"Authorization": f"Bearer {token}"}).get("/api/v1/workspace/")
    with workspace_scope(workspace.pk):
        key.refresh_from_db()
    assert key.last_used_at is not None


def test_foreign_and_unknown_ids_are_not_found_alike(api: Api, other_workspace: Workspace) -> None:
    client = api()
    foreign = client.get(f"/api/v1/workspace/{other_workspace.pk}/")
    unknown = client.get(f"/api/v1/workspace/{uuid.uuid4()}/")
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.json() == unknown.json()
    assert foreign.json()["code"] == "not_found"


def test_an_unknown_address_is_a_problem_too(api: Api) -> None:
    response = api().get("/api/v2/nothing")
    assert response.status_code == 404
    assert response.json()["code"] == "not_found"


def test_a_member_uses_the_api_by_session(
    client_for: Callable[[User], Client], alice: User, bob: User
) -> None:
    assert client_for(alice).get("/api/v1/audit-entries/").status_code == 200
    assert client_for(bob).get("/api/v1/audit-entries/").status_code == 403


def test_the_limit_holds_and_says_when_to_come_back(api: Api, settings: object) -> None:
    settings.API_RATE_PER_MINUTE = 2  # type: ignore[attr-defined]
    client = api()
    with time_machine.travel("2026-05-04T10:00:10Z", tick=False):
        answers = [client.get("/api/v1/workspace/") for _ in range(3)]
    assert [a.status_code for a in answers] == [200, 200, 429]
    assert answers[0].headers["RateLimit-Remaining"] == "1"
    assert answers[2].headers["RateLimit-Reset"] == "50"
    assert int(answers[2].headers["Retry-After"]) >= 50
    with time_machine.travel("2026-05-04T10:01:00Z", tick=False):
        assert client.get("/api/v1/workspace/").status_code == 200


def test_counting_counts_each_caller_alone(db: None) -> None:
    assert [throttling.count("a", 2).used for _ in range(3)] == [1, 2, 3]
    assert throttling.count("a", 2).exceeded
    assert not throttling.count("b", 2).exceeded


def test_schema_and_docs_are_served_from_here(client: Client) -> None:
    schema = client.get("/api/v1/schema?format=json").json()
    assert schema["openapi"].startswith("3.1")
    assert "/api/v1/workspace/" in schema["paths"]
    page = client.get("/api/v1/docs").content.decode()
    assert "://cdn" not in page
    assert "swagger-ui" in page


def test_what_is_still_used_is_not_deleted_and_says_by_what(api: Api, scope: Workspace) -> None:
    touchpoint = make_touchpoint(scope)
    make_map(scope, touchpoint)
    response = api().delete(f"/api/v1/touchpoints/{touchpoint.pk}/")
    assert response.status_code == 409
    assert response.json()["code"] == "in_use"
    assert "used by card" in response.json()["detail"]


@pytest.mark.django_db(transaction=True)
def test_what_only_the_database_refuses_is_the_senders_mistake(api: Api) -> None:
    """Python knows time zones of 21 hours, PostgreSQL does not."""
    for address in ("responses/?submitted_since=", "customers/?updated_since="):
        response = api().get(f"/api/v1/{address}2026-05-20T10:00:00%2B21:30")
        assert response.status_code == 400
        assert response.json()["errors"][0]["code"] == "out_of_range"
