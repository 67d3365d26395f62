"""Surveys, campaigns, invitations and responses through the API."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import AuditEntry, Workspace
from surveys.invitations.models import Invitation
from surveys.responses.models import Response
from tests.surveys.make import make_reachable, make_survey, make_touchpoint

pytestmark = pytest.mark.django_db

Api = Callable[..., APIClient]


def test_the_whole_way_of_a_survey(workspace: Workspace, api: Api) -> None:
    place = make_touchpoint(workspace)
    customer = make_reachable(workspace)
    client = api("surveys:write", "surveys:read", "invitations:read", "invitations:write")

    made = client.post(
        "/api/v1/surveys/",
        {
            "name": "After delivery",
            "kind": "transactional",
            "touchpoint": str(place.pk),
            "status": "active",
        },
    )
    assert made.status_code == 201, made.json()
    survey = made.json()
    assert [question["kind"] for question in survey["questions"]] == ["nps", "comment"]

    campaign = client.post(
        "/api/v1/campaigns/",
        {
            "name": "November",
            "survey": survey["id"],
            "texts": [{"language": "en", "occasion": "Your order reached you."}],
        },
    )
    assert campaign.status_code == 201, campaign.json()
    url = f"/api/v1/campaigns/{campaign.json()['id']}/"
    launched = client.post(f"{url}launch/")
    assert (launched.status_code, launched.json()["status"]) == (200, "sending")
    again = client.post(f"{url}launch/")
    assert (again.status_code, again.json()["code"]) == (422, "launched")
    assert client.post(f"{url}pause/").json()["status"] == "paused"
    assert client.post(f"{url}resume/").json()["status"] == "sending"
    assert client.get(f"{url}progress/").json()["queued"] == 1
    assert client.patch(url, {"expires_days": 3}).status_code == 400
    assert client.patch(url, {"name": "Late November"}).status_code == 200

    rows = client.get("/api/v1/invitations/", {"status": "queued"}).json()["results"]
    assert [row["customer"] for row in rows] == [str(customer.pk)]
    assert "token" not in str(rows)
    with workspace_scope(workspace.pk):
        assert AuditEntry.objects.filter(action="sent").exists()


def test_an_answer_given_on_the_phone(workspace: Workspace, api: Api) -> None:
    survey, customer = make_survey(workspace), make_reachable(workspace)
    client = api("responses:read", "responses:write")
    made = client.post(
        "/api/v1/responses/",
        {
            "survey": str(survey.pk),
            "customer": str(customer.pk),
            "score": 0,
            "comment": "Nobody came.",
            "wants_reply": True,
            "via": "phone",
            "submitted_at": "2026-11-20T10:00:00Z",
        },
    )
    assert made.status_code == 201, made.json()
    assert [answer["number"] for answer in made.json()["answers"]] == [0, None]
    assert made.json()["reply_due_at"].startswith("2026-11-23T10:00:00")
    listed = client.get(
        "/api/v1/responses/", {"via": "phone", "submitted_since": "2026-11-20T00:00:00Z"}
    ).json()["results"]
    assert [row["id"] for row in listed] == [made.json()["id"]]
    assert not client.get("/api/v1/responses/", {"via": "store"}).json()["results"]
    for body in ({"score": 11}, {"score": None}, {"score": 5, "via": "pigeon"}):
        answer = client.post("/api/v1/responses/", {"survey": str(survey.pk), **body})
        assert answer.status_code == 400
    assert client.delete(f"/api/v1/responses/{made.json()['id']}/").status_code == 405


def test_rows_of_another_workspace_do_not_exist(
    workspace: Workspace, other_workspace: Workspace, api: Api
) -> None:
    mine, theirs = make_survey(workspace), make_survey(other_workspace)
    stranger = make_reachable(other_workspace)
    client = api()
    assert client.get(f"/api/v1/surveys/{theirs.pk}/").status_code == 404
    for path, body in (
        ("campaigns", {"name": "X", "survey": str(theirs.pk)}),
        ("responses", {"survey": str(theirs.pk), "score": 5}),
        ("responses", {"survey": str(mine.pk), "score": 5, "customer": str(stranger.pk)}),
        ("surveys", {"name": "X", "touchpoint": str(make_touchpoint(other_workspace).pk)}),
    ):
        assert client.post(f"/api/v1/{path}/", body).status_code == 400, path
    with workspace_scope(other_workspace.pk):
        assert not Response.objects.exists()
        assert not Invitation.objects.exists()


def test_lists_cost_the_same_for_many_rows(
    workspace: Workspace, api: Api, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = api()
    for number in range(8):
        survey = make_survey(workspace, name=f"Survey {number}")
        client.post("/api/v1/responses/", {"survey": str(survey.pk), "score": number})
    for path in ("surveys", "campaigns", "invitations", "responses"):
        with django_assert_max_num_queries(9):  # type: ignore[attr-defined]
            assert client.get(f"/api/v1/{path}/").status_code == 200, path


def test_a_key_without_the_scope_stays_outside(workspace: Workspace, api: Api) -> None:
    client = api("customers:read")
    for path in ("surveys", "campaigns", "invitations", "responses"):
        assert client.get(f"/api/v1/{path}/").status_code == 403, path
