from collections.abc import Callable

import pytest
from django.test import Client
from rest_framework.test import APIClient

from cxm.common.scope import workspace_scope
from cxm.customers.keys import anonymous_key, crm_key, email_key
from cxm.customers.models import Customer, Merge
from cxm.customers.services import share_identity
from cxm.workspaces.models import User, Workspace
from tests.cxm.customers.make import make_customer
from tests.make import make_member

ApiFor = Callable[..., APIClient]
MARA = email_key("mara@example.com")
SHOP = crm_key("shop", "88120")
CUSTOMERS = "/api/v1/customers/"
MERGES = "/api/v1/merges/"


@pytest.fixture
def stays(workspace: Workspace) -> Customer:
    return make_customer(workspace, SHOP, name="Mara", traits={"plan": "gold"})


@pytest.fixture
def goes(workspace: Workspace) -> Customer:
    return make_customer(workspace, MARA, language="da", traits={"plan": "old", "city": "Aarhus"})


@pytest.fixture
def merged(api: ApiFor, stays: Customer, goes: Customer) -> str:
    answer = api("customers:write").post(MERGES, {"winner": str(stays.pk), "loser": str(goes.pk)})
    assert answer.status_code == 201, answer.json()
    assert answer.json()["reason"] == "manual"
    return str(answer.json()["id"])


def test_who_stays_shows_the_person_and_who_goes_is_a_tombstone(
    api: ApiFor, stays: Customer, goes: Customer, merged: str
) -> None:
    client = api("customers:read")
    person = client.get(f"{CUSTOMERS}{stays.pk}/").json()
    assert (person["name"], person["language"]) == ("Mara", "da")
    assert person["traits"] == {"plan": "gold", "city": "Aarhus"}
    assert [one["value"] for one in person["identities"]] == [SHOP.value, MARA.value]
    assert person["merged_into"] is None
    tombstone = client.get(f"{CUSTOMERS}{goes.pk}/").json()
    assert tombstone["merged_into"] == str(stays.pk)
    assert tombstone["identities"] == []


def test_a_list_shows_people_and_a_mirror_learns_of_merges(
    api: ApiFor, stays: Customer, goes: Customer, merged: str
) -> None:
    client = api("customers:read")

    def found(query: str) -> list[str]:
        answer = client.get(CUSTOMERS + query)
        assert answer.status_code == 200, answer.json()
        return sorted(row["id"] for row in answer.json()["results"])

    both = sorted([str(stays.pk), str(goes.pk)])
    assert found("") == [str(stays.pk)]
    assert found("?updated_since=2020-01-01T00:00:00Z") == both
    assert found("?merged=true") == [str(goes.pk)]
    assert found("?merged=false&updated_since=2020-01-01T00:00:00Z") == [str(stays.pk)]
    assert found("?email=MARA@example.com") == [str(stays.pk)]
    assert found("?identity_kind=email&identity_value=mara@example.com") == [str(stays.pk)]
    assert found("?trait=city:Aarhus") == [str(stays.pk)]


def test_a_merge_and_its_undoing_move_both_to_the_end_of_the_list_of_changes(
    api: ApiFor, workspace: Workspace, stays: Customer, goes: Customer, merged: str
) -> None:
    make_customer(workspace, name="Later")
    client = api("customers:write")
    before = client.get(CUSTOMERS + "?updated_since=2020-01-01T00:00:00Z").json()["results"]
    assert before[-1]["name"] == "Later"
    answer = client.post(f"{MERGES}{merged}/undo/")
    assert answer.status_code == 200
    assert answer.json()["undone_at"] is not None
    after = client.get(CUSTOMERS).json()["results"]
    assert after[0]["name"] == "Later"
    assert {row["id"] for row in after[1:]} == {str(stays.pk), str(goes.pk)}
    assert client.get(f"{CUSTOMERS}{stays.pk}/").json()["traits"] == {"plan": "gold"}


def test_merges_are_listed_and_filtered(
    api: ApiFor, stays: Customer, goes: Customer, merged: str
) -> None:
    client = api("customers:write")
    assert client.get(f"{MERGES}?winner={stays.pk}").json()["results"][0]["id"] == merged
    assert client.get(f"{MERGES}?loser={stays.pk}").json()["results"] == []
    assert client.get(f"{MERGES}?undone=true").json()["results"] == []
    client.post(f"{MERGES}{merged}/undo/")
    assert len(client.get(f"{MERGES}?undone=true&reason=manual").json()["results"]) == 1
    assert client.get(f"{MERGES}?updated_since=2099-01-01T00:00:00Z").json()["results"] == []


def test_a_tombstone_is_not_changed_but_still_takes_consents(
    api: ApiFor, stays: Customer, goes: Customer, merged: str
) -> None:
    client = api()
    answer = client.patch(f"{CUSTOMERS}{goes.pk}/", {"name": "X"})
    assert (answer.status_code, answer.json()["code"]) == (422, "customer_merged")
    body = {"customer": str(goes.pk), "purpose": "survey", "channel": "email", "granted": True}
    assert client.post("/api/v1/consents/", body).status_code == 201
    found = client.get(f"/api/v1/consents/?customer={stays.pk}&current=true").json()["results"]
    assert [row["customer"] for row in found] == [str(goes.pk)]


def test_a_row_of_a_bulk_names_the_person(
    api: ApiFor, workspace: Workspace, stays: Customer, goes: Customer, merged: str
) -> None:
    browser = make_customer(workspace, anonymous_key("b-1"))
    with workspace_scope(workspace.pk):
        share_identity(identity=browser.identities.get())
    rows = [
        {"identities": [{"kind": "email", "value": MARA.value}], "traits": {"seen": 1}},
        {"identities": [{"kind": "anonymous", "value": "b-1"}]},
    ]
    answer = api("customers:write").post(f"{CUSTOMERS}bulk/", {"rows": rows}).json()["results"]
    assert [(row["id"], row["status"]) for row in answer] == [
        (str(stays.pk), "updated"),
        (None, "nobody"),
    ]


def test_an_identity_of_the_family_is_no_stranger(
    api: ApiFor, workspace: Workspace, stays: Customer, goes: Customer, merged: str
) -> None:
    client = api("customers:write")
    identities = [
        {"kind": "crm", "system": "shop", "value": "88120"},
        {"kind": "email", "value": MARA.value},
    ]
    answer = client.patch(f"{CUSTOMERS}{stays.pk}/", {"identities": identities})
    assert answer.status_code == 200, answer.json()
    assert len(answer.json()["identities"]) == 2
    with workspace_scope(workspace.pk):
        assert goes.identities.get().key == MARA


@pytest.mark.parametrize(
    ("winner", "loser", "status", "code"),
    [("stays", "stays", 422, "same_customer"), ("stays", "foreign", 400, "does_not_exist")],
)
def test_nonsense_is_refused(
    api: ApiFor,
    stays: Customer,
    other_workspace: Workspace,
    winner: str,
    loser: str,
    status: int,
    code: str,
) -> None:
    ids = {"stays": stays.pk, "foreign": make_customer(other_workspace).pk}
    body = {"winner": str(ids[winner]), "loser": str(ids[loser])}
    answer = api("customers:write").post(MERGES, body)
    assert answer.status_code == status
    assert code in answer.content.decode()


def test_only_who_may_write_customers_merges(
    api: ApiFor,
    workspace: Workspace,
    stays: Customer,
    goes: Customer,
    client_for: Callable[[User], Client],
) -> None:
    body = {"winner": str(stays.pk), "loser": str(goes.pk)}
    assert api("customers:read").post(MERGES, body).status_code == 403
    analyst = client_for(make_member(workspace, "analyst"))
    answer = analyst.post(MERGES, body, content_type="application/json")
    assert answer.status_code == 403
    with workspace_scope(workspace.pk):
        assert not Merge.objects.exists()
