from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from rest_framework.test import APIClient

from cxm.common.scope import workspace_scope
from cxm.customers.keys import anonymous_key, crm_key, email_key
from cxm.customers.models import Consent, Customer, Segment
from cxm.customers.services import merge, suppress
from cxm.workspaces.models import AuditEntry, User, Workspace
from tests.cxm.customers.make import make_customer, make_segment
from tests.make import make_member

MARA = email_key("mara@example.com")
SHOP = crm_key("shop", "88120")
ApiFor = Callable[..., APIClient]


def found(api: ApiFor, query: str) -> set[str]:
    answer = api("customers:read").get(f"/api/v1/customers/?{query}")
    assert answer.status_code == 200, answer.json()
    return {row["name"] for row in answer.json()["results"]}


def test_a_customer_is_created_with_identities(api: ApiFor) -> None:
    answer = api("customers:write").post(
        "/api/v1/customers/",
        {
            "name": "Mara Lindqvist",
            "language": "da",
            "traits": {"plan": "gold"},
            "identities": [
                {"kind": "email", "value": "Mara@Example.com"},
                {"kind": "crm", "system": "Shop", "value": "88120"},
            ],
        },
    )
    assert answer.status_code == 201, answer.json()
    body = answer.json()
    assert body["number"] == "C-10001"
    assert body["identities"] == [
        {"kind": "email", "system": "", "value": "mara@example.com"},
        {"kind": "crm", "system": "shop", "value": "88120"},
    ]
    again = api("customers:read").get(f"/api/v1/customers/{body['id']}/")
    assert again.json() == body


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"identities": [{"kind": "email", "value": "x"}]}, "/identities/0", "invalid_identity"),
        ({"identities": [{"kind": "fax", "value": "x"}]}, "/identities/0/kind", "invalid_choice"),
        ({"identities": [{"kind": "crm", "value": "1"}]}, "/identities/0", "invalid_identity"),
        (
            {"identities": [{"kind": "phone", "value": "70102030"}]},
            "/identities/0",
            "invalid_identity",
        ),
        (
            {
                "identities": [
                    {"kind": "email", "value": "new@example.com"},
                    {"kind": "email", "value": "mara@example.com"},
                ]
            },
            "/identities/1/value",
            "identity_taken",
        ),
        ({"traits": ["gold"]}, "/traits", "not_a_dict"),
        ({"name": "x" * 201}, "/name", "max_length"),
    ],
)
def test_what_is_wrong_is_pointed_at(
    api: ApiFor, workspace: Workspace, body: dict[str, Any], pointer: str, code: str
) -> None:
    make_customer(workspace, MARA)
    answer = api().post("/api/v1/customers/", body)
    assert answer.status_code == 400
    problems = answer.json()["errors"]
    assert [(p["pointer"], p["code"]) for p in problems] == [(pointer, code)]
    with workspace_scope(workspace.pk):
        assert Customer.objects.count() == 1


def test_an_update_replaces_identities_only_when_they_are_given(
    api: ApiFor, workspace: Workspace
) -> None:
    mara = make_customer(workspace, MARA, SHOP, name="Mara")
    address = f"/api/v1/customers/{mara.pk}/"
    body = api().patch(address, {"name": "Mara L."}).json()
    assert (body["name"], len(body["identities"])) == ("Mara L.", 2)
    body = (
        api()
        .patch(address, {"identities": [{"kind": "crm", "system": "shop", "value": "88120"}]})
        .json()
    )
    assert [i["kind"] for i in body["identities"]] == ["crm"]
    with workspace_scope(workspace.pk):
        entries = AuditEntry.objects.filter(action="changed").order_by("created_at")
        changes = [entry.changes for entry in entries]
    # The log tells that something changed, and nobody's name or address.
    assert changes[0] == {"name": ["•••", "•••"]}
    assert "mara" not in str(changes).lower()


def test_deleting_erases_and_leaves_a_tombstone(api: ApiFor, workspace: Workspace) -> None:
    mara = make_customer(workspace, MARA, name="Mara")
    since = quote(mara.updated_at.isoformat())
    assert api().delete(f"/api/v1/customers/{mara.pk}/").status_code == 204
    (row,) = api().get(f"/api/v1/customers/?updated_since={since}").json()["results"]
    assert (row["number"], row["name"], row["identities"]) == (mara.number, "", [])
    assert row["erased_at"]
    answer = api().patch(f"/api/v1/customers/{mara.pk}/", {"name": "Again"})
    assert (answer.status_code, answer.json()["code"]) == (422, "customer_erased")


@pytest.fixture
def three(workspace: Workspace) -> Workspace:
    make_customer(workspace, MARA, SHOP, name="Mara", traits={"plan": "gold"}, language="da")
    make_customer(workspace, crm_key("till", "88120"), anonymous_key("x"), name="Bo")
    gone = make_customer(workspace, name="Gone", traits={"plan": "gold"})
    with workspace_scope(workspace.pk):
        Customer.objects.filter(pk=gone.pk).update(erased_at=gone.created_at)
    return workspace


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"Mara", "Bo", "Gone"}),
        ("number=c-10002", {"Bo"}),
        ("email=MARA@example.com", {"Mara"}),
        ("email=other@example.com", set()),
        ("identity_value=88120", {"Mara", "Bo"}),
        ("identity_system=till", {"Bo"}),
        ("identity_kind=crm&identity_system=shop&identity_value=88120", {"Mara"}),
        ("identity_kind=email&identity_value=Mara@Example.com", {"Mara"}),
        ("identity_kind=email&identity_value=nonsense", set()),
        # All three are about one identity: Mara has an e-mail address and a shop, not both in one.
        ("identity_kind=email&identity_system=shop", set()),
        ("trait=plan:gold", {"Mara", "Gone"}),
        ("erased=true", {"Gone"}),
        ("erased=false", {"Mara", "Bo"}),
        ("updated_since=2000-01-01T00:00:00Z", {"Mara", "Bo", "Gone"}),
        ("updated_since=2100-01-01T00:00:00Z", set()),
    ],
)
def test_each_filter_finds_whom_it_says(
    api: ApiFor, three: Workspace, query: str, names: set[str]
) -> None:
    assert found(api, query) == names


@pytest.mark.parametrize("query", ["email=nonsense", "identity_kind=fax", "trait=plan", "erased=x"])
def test_a_filter_that_makes_no_sense_is_refused(api: ApiFor, three: Workspace, query: str) -> None:
    answer = api().get(f"/api/v1/customers/?{query}")
    if query == "erased=x":  # django-filter reads what is neither yes nor no as "do not filter"
        assert answer.status_code == 200
        return
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"


def test_customers_of_a_segment(api: ApiFor, three: Workspace) -> None:
    segment = make_segment(three, ("language", "", "is", "da"), name="Danes")
    assert found(api, f"segment={segment.pk}") == {"Mara"}


def test_a_list_takes_a_constant_number_of_queries(
    api: ApiFor, workspace: Workspace, django_assert_num_queries: Callable[[int], Any]
) -> None:
    client = api()
    for _ in range(2):
        for n in range(20):
            one = make_customer(workspace, anonymous_key(f"{n}-{_}"))
            with workspace_scope(workspace.pk):
                merge(winner=one, loser=make_customer(workspace, crm_key("x", f"{n}-{_}")))
        client.get("/api/v1/customers/")
        # Key, its workspace, rate; customers and who was merged into them, with identities.
        with django_assert_num_queries(7):
            client.get("/api/v1/customers/")


def test_pages_follow_the_last_change(api: ApiFor, workspace: Workspace) -> None:
    first = make_customer(workspace, name="First")
    make_customer(workspace, name="Second")
    api().patch(f"/api/v1/customers/{first.pk}/", {"name": "First, changed"})
    page = api().get("/api/v1/customers/?page_size=1").json()
    assert [row["name"] for row in page["results"]] == ["Second"]
    page = api().get(page["next"]).json()
    assert [row["name"] for row in page["results"]] == ["First, changed"]
    assert page["next"] is None


def bulk(api: ApiFor, rows: list[Any], query: str = "") -> Any:
    return api("customers:write").post(f"/api/v1/customers/bulk/{query}", {"rows": rows})


def row(n: int, **facts: Any) -> dict[str, Any]:
    return {"identities": [{"kind": "crm", "system": "shop", "value": str(n)}], **facts}


def test_bulk_creates_updates_and_leaves_alone(api: ApiFor, workspace: Workspace) -> None:
    make_customer(workspace, crm_key("shop", "1"), name="One")
    make_customer(workspace, crm_key("shop", "2"), name="Two")
    answer = bulk(api, [row(1, name="One"), row(2, traits={"plan": "gold"}), row(3)])
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert [r["index"] for r in results] == [0, 1, 2]
    assert [r["status"] for r in results] == ["unchanged", "updated", "created"]
    assert all(r["id"] and not r["errors"] for r in results)


def test_bulk_does_the_good_rows_and_reports_the_bad(api: ApiFor, workspace: Workspace) -> None:
    answer = bulk(api, [row(1), {"identities": []}, "nonsense", row(2, traits={"a": "\x00"})])
    assert answer.status_code == 207
    results = answer.json()["results"]
    assert [r["status"] for r in results] == ["created", "failed", "failed", "failed"]
    assert results[1]["errors"][0]["pointer"] == "/identities"
    with workspace_scope(workspace.pk):
        assert Customer.objects.count() == 1


def test_atomic_bulk_is_all_or_nothing(api: ApiFor, workspace: Workspace) -> None:
    answer = bulk(api, [row(1), {}], "?atomic=true")
    assert answer.status_code == 207
    results = answer.json()["results"]
    assert [r["errors"][0]["code"] for r in results] == ["not_written", "required"]
    with workspace_scope(workspace.pk):
        assert Customer.objects.count() == 0


def test_bulk_reports_an_identity_of_somebody_else(api: ApiFor, workspace: Workspace) -> None:
    make_customer(workspace, crm_key("shop", "1"))
    make_customer(workspace, MARA)
    one = row(1)
    one["identities"].append({"kind": "email", "value": "mara@example.com"})
    (result,) = bulk(api, [one]).json()["results"]
    assert result["conflicts"] == [{"kind": "email", "system": "", "value": "mara@example.com"}]


@pytest.mark.parametrize("count", [0, 1001])
def test_bulk_takes_one_to_a_thousand_rows(api: ApiFor, count: int) -> None:
    assert bulk(api, [row(n) for n in range(count)]).status_code == 400


def test_a_thousand_rows_take_few_queries(
    api: ApiFor, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    client = api("customers:write")
    rows = [row(n, name=f"Customer {n}") for n in range(1000)]
    with django_assert_max_num_queries(16):
        answer = client.post("/api/v1/customers/bulk/", {"rows": rows})
    assert answer.status_code == 200


def test_export_and_erase(api: ApiFor, workspace: Workspace) -> None:
    mara = make_customer(workspace, MARA, name="Mara", consent=("survey", "email"))
    with workspace_scope(workspace.pk):
        suppress(channel="email", address=MARA.value, reason="bounce")
    export = api("customers:read").get(f"/api/v1/customers/{mara.pk}/export/").json()
    assert export["tables"]["customers.identity"]["rows"][0]["value"] == MARA.value
    assert api("customers:read").post(f"/api/v1/customers/{mara.pk}/erase/").status_code == 403
    answer = api("customers:write").post(f"/api/v1/customers/{mara.pk}/erase/")
    assert answer.json()["deleted"] == {"customers.identity": 1, "customers.consent": 1}


def test_consents_are_written_and_listed(api: ApiFor, workspace: Workspace) -> None:
    mara = make_customer(workspace, MARA)
    client = api("consents:write")
    body = {"customer": str(mara.pk), "purpose": "survey", "channel": "email", "source": "CRM"}
    for granted in (True, False):
        answer = client.post("/api/v1/consents/", {**body, "granted": granted})
        assert answer.status_code == 201, answer.json()
    rows = client.get(f"/api/v1/consents/?customer={mara.pk}").json()["results"]
    assert [r["granted"] for r in rows] == [False, True]
    rows = client.get("/api/v1/consents/?current=true").json()["results"]
    assert [r["granted"] for r in rows] == [False]
    assert client.patch(f"/api/v1/consents/{rows[0]['id']}/", {}).status_code == 405


@pytest.mark.parametrize(
    "wrong", [{"purpose": "spam"}, {"channel": "fax"}, {"granted": None}, {"at": "yesterday"}]
)
def test_a_consent_that_makes_no_sense_is_refused(
    api: ApiFor, workspace: Workspace, wrong: dict[str, Any]
) -> None:
    mara = make_customer(workspace, MARA)
    body = {"customer": str(mara.pk), "purpose": "survey", "channel": "email", "granted": True}
    answer = api().post("/api/v1/consents/", {**body, **wrong})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == f"/{next(iter(wrong))}"


def test_ids_of_strangers_are_not_found(
    api: ApiFor, workspace: Workspace, other_workspace: Workspace
) -> None:
    theirs = make_customer(other_workspace, MARA)
    segment = make_segment(other_workspace)
    client = api()
    assert client.get(f"/api/v1/customers/{theirs.pk}/").status_code == 404
    assert client.get(f"/api/v1/customers/{theirs.pk}/export/").status_code == 404
    assert client.post(f"/api/v1/customers/{theirs.pk}/erase/").status_code == 404
    assert client.get(f"/api/v1/segments/{segment.pk}/count/").status_code == 404
    assert client.get(f"/api/v1/customers/?segment={segment.pk}").status_code == 400
    assert client.get(f"/api/v1/consents/?customer={theirs.pk}").status_code == 400
    body = {"customer": str(theirs.pk), "purpose": "survey", "channel": "email", "granted": True}
    answer = client.post("/api/v1/consents/", body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/customer")
    with workspace_scope(other_workspace.pk):
        assert not Consent.objects.exists()


def test_segments_are_kept_with_their_conditions(api: ApiFor, three: Workspace) -> None:
    client = api("segments:write")
    conditions = [{"field": "trait", "name": "plan", "operator": "is", "value": "gold"}]
    answer = client.post("/api/v1/segments/", {"name": "Gold", "conditions": conditions})
    assert answer.status_code == 201, answer.json()
    address = f"/api/v1/segments/{answer.json()['id']}/"
    assert client.get(address).json()["conditions"] == conditions
    assert client.get(f"{address}count/").json() == {"count": 1}
    assert client.patch(address, {"match": "any"}).json()["conditions"] == conditions
    assert client.patch(address, {"conditions": []}).json()["conditions"] == []
    assert client.get(f"{address}count/").json() == {"count": 2}
    assert client.delete(address).status_code == 204
    with workspace_scope(three.pk):
        assert not Segment.objects.exists()


def test_a_segment_that_makes_no_sense_is_refused(api: ApiFor, workspace: Workspace) -> None:
    make_segment(workspace, name="Gold")
    client = api()
    answer = client.post("/api/v1/segments/", {"name": "Gold"})
    assert answer.json()["errors"][0]["pointer"] == "/name"
    condition = {"field": "language", "operator": "greater", "value": "de"}
    answer = client.post("/api/v1/segments/", {"name": "Odd", "conditions": [condition]})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/conditions/0"


def test_a_key_needs_the_scope(api: ApiFor, workspace: Workspace) -> None:
    client = api("consents:read")
    assert client.get("/api/v1/customers/").status_code == 403
    assert client.get("/api/v1/segments/").status_code == 403
    assert client.post("/api/v1/consents/", {}).status_code == 403


@pytest.mark.parametrize(("role", "may"), [("owner", 200), ("analyst", 403), ("viewer", 403)])
def test_a_member_sees_masked_addresses_and_exports_by_role(
    workspace: Workspace, client_for: Callable[[User], Client], role: str, may: int
) -> None:
    mara = make_customer(workspace, MARA)
    client = client_for(make_member(workspace, role))
    (row,) = client.get("/api/v1/customers/").json()["results"]
    assert row["identities"][0]["value"] == "ma•••@example.com"
    assert client.get(f"/api/v1/customers/{mara.pk}/export/").status_code == may
