from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from cxm.common.scope import workspace_scope
from cxm.customers.keys import crm_key
from cxm.customers.matching import CustomerFacts
from cxm.workspaces.models import Workspace
from tests.touchpoints.make import NOON, make_record, make_source, make_touchpoint
from touchpoints.interactions.models import Interaction, Source
from touchpoints.interactions.records import Refused
from touchpoints.interactions.services import ingest

pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]


@pytest.fixture
def source(scope: Workspace) -> Source:
    made, _key = make_source(scope)
    make_touchpoint(scope, key="wanted")
    wanted = make_record(
        "wanted",
        kind="page",
        event="Home",
        touchpoint="wanted",
        anonymous_id="me",
        visit="v",
        occurred_at=NOON - timedelta(days=2),
        customer=CustomerFacts(keys=(crm_key("user", "u1"),)),
    )
    others = [make_record(f"other-{n}") for n in range(4)]
    bad = Refused("bad", "no_event", "No event.", {"a": 1}, "segment")
    ingest(source=made, records=[wanted, *others, bad], received_at=NOON)
    return made


def test_interactions_come_newest_first_in_pages(source: Source, api: Api) -> None:
    client, found = api("interactions:read"), []
    url = "/api/v1/interactions/?page_size=2"
    while url:
        page = client.get(url).json()
        found += page["results"]
        url = page["next"]
    assert len({row["id"] for row in found}) == 5
    assert [row["occurred_at"] for row in found] == sorted(
        (row["occurred_at"] for row in found), reverse=True
    )
    assert found[-1]["event"] == "Home"


@pytest.mark.parametrize(
    "query",
    [
        "kind=page",
        "event=Home",
        "anonymous_id=me",
        "touchpoint={touchpoint_id}",
        "customer={customer_id}",
        "visit={visit_key}",
        "occurred_before=2026-05-19T00:00:00Z",
        "occurred_from=2026-05-18T00:00:00Z&occurred_before=2026-05-19T00:00:00Z",
    ],
)
def test_each_filter_of_interactions(source: Source, api: Api, query: str) -> None:
    wanted = Interaction.objects.get(event="Home")
    url = f"/api/v1/interactions/?{query.format(**vars(wanted))}"
    found = api().get(url).json()["results"]
    assert [row["id"] for row in found] == [str(wanted.id)]


def test_one_interaction_is_found_by_its_id(source: Source, api: Api) -> None:
    wanted = Interaction.objects.get(event="Home")
    client = api("interactions:read")
    found = client.get(f"/api/v1/interactions/{wanted.id}/").json()
    assert found["touchpoint"] == str(wanted.touchpoint_id)
    for unknown in (uuid4(), "x" * 36):
        assert client.get(f"/api/v1/interactions/{unknown}/").status_code == 404


def test_the_source_filter_and_the_other_lists(source: Source, api: Api) -> None:
    client = api("interactions:read", "sources:read")
    assert len(client.get(f"/api/v1/interactions/?source={source.pk}").json()["results"]) == 5
    assert not client.get(f"/api/v1/interactions/?source={uuid4()}").json()["results"]
    (shown,) = client.get("/api/v1/sources/?name=Web shop").json()["results"]
    assert shown["prefix"] == source.prefix
    assert "token_hash" not in shown
    (bad,) = client.get("/api/v1/quarantine/?reason=no_event&outcome=open").json()["results"]
    assert bad["detail"] == "No event."
    assert client.post("/api/v1/interactions/", {}).status_code in {403, 405}


def test_scopes_and_strangers(source: Source, api: Api, other_workspace: Workspace) -> None:
    wanted = Interaction.objects.get(event="Home")
    assert api("sources:read").get("/api/v1/interactions/").status_code == 403
    stranger = api(of=other_workspace)
    assert stranger.get(f"/api/v1/interactions/{wanted.id}/").status_code == 404
    assert stranger.get(f"/api/v1/sources/{source.pk}/").status_code == 404
    for path in ("interactions", "sources", "quarantine"):
        assert not stranger.get(f"/api/v1/{path}/").json()["results"]


def test_a_list_takes_the_same_queries_however_long(
    source: Source, scope: Workspace, api: Api, django_assert_max_num_queries: Callable[..., object]
) -> None:
    with workspace_scope(scope.pk):
        ingest(source=source, records=[make_record() for _ in range(60)], received_at=NOON)
    client = api()
    client.get("/api/v1/interactions/")
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        assert len(client.get("/api/v1/interactions/").json()["results"]) == 65
