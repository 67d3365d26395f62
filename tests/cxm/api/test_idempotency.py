"""A repeated POST gets the first answer, and its work is done once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from cxm.api import idempotency
from cxm.api.models import IdempotentRequest
from cxm.common.clock import now
from cxm.common.scope import workspace_scope
from cxm.customers.models import Segment
from cxm.workspaces.models import Workspace
from cxm.workspaces.tasks import tidy

pytestmark = pytest.mark.django_db

Api = Callable[..., APIClient]
SEGMENTS = "/api/v1/segments/"


def post(client: APIClient, key: str, name: str = "Gold") -> Any:
    """Create a segment with an Idempotency-Key."""
    return client.post(SEGMENTS, {"name": name}, headers={"Idempotency-Key": key})


def names(workspace: Workspace) -> list[str]:
    """Return the names of the segments that exist."""
    with workspace_scope(workspace.pk):
        return list(Segment.objects.values_list("name", flat=True))


def test_a_repeat_gets_the_first_answer(api: Api, workspace: Workspace) -> None:
    client = api()
    first, second = post(client, "k1"), post(client, "k1")
    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert second.headers["Idempotent-Replayed"] == "true"
    assert names(workspace) == ["Gold"]


def test_another_body_under_the_same_key_is_refused(api: Api, workspace: Workspace) -> None:
    client = api()
    post(client, "k1")
    response = post(client, "k1", name="Silver")
    assert response.status_code == 422
    assert response.json()["code"] == "idempotency_key_reused"
    assert names(workspace) == ["Gold"]


def test_a_request_that_still_runs_is_a_conflict(api: Api, workspace: Workspace) -> None:
    client = api()
    post(client, "k1")
    with workspace_scope(workspace.pk):
        IdempotentRequest.objects.update(
            status=None, body=None, locked_until=now() + timedelta(seconds=30)
        )
    assert post(client, "k1").json()["code"] == "request_running"


def test_a_request_that_died_is_carried_out_again(api: Api, workspace: Workspace) -> None:
    client = api()
    post(client, "k1")
    with workspace_scope(workspace.pk):
        Segment.objects.all().delete()
        IdempotentRequest.objects.update(
            status=None, body=None, locked_until=now() - timedelta(seconds=1)
        )
    assert post(client, "k1").status_code == 201
    assert names(workspace) == ["Gold"]


def test_a_crash_leaves_neither_work_nor_key(
    api: Api, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*args: object) -> None:
        raise RuntimeError("power cut")

    client = api()
    client.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr(idempotency, "_store", crash)
        assert post(client, "k1").status_code == 500
    assert names(workspace) == []
    assert post(client, "k1").status_code == 201


def test_a_refused_request_is_answered_alike(api: Api, workspace: Workspace) -> None:
    client = api()
    first, second = post(client, "k1", name=""), post(client, "k1", name="")
    assert first.status_code == second.status_code == 400
    assert first.json() == second.json()
    assert names(workspace) == []


def test_keys_of_two_workspaces_are_two_keys(
    api: Api, workspace: Workspace, other_workspace: Workspace
) -> None:
    assert post(api(), "k1").status_code == 201
    response = post(api(of=other_workspace), "k1")
    assert "Idempotent-Replayed" not in response.headers
    assert names(other_workspace) == ["Gold"]


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_a_key_has_a_length(api: Api, key: str) -> None:
    assert post(api(), key).json()["code"] == "invalid_idempotency_key"


def test_a_key_is_forgotten_after_a_day(api: Api, workspace: Workspace) -> None:
    client = api()
    post(client, "k1")
    with time_machine.travel(now() + timedelta(hours=25), tick=False):
        tidy()
        with workspace_scope(workspace.pk):
            assert not IdempotentRequest.objects.exists()
        assert post(client, "k1", name="Silver").status_code == 201
