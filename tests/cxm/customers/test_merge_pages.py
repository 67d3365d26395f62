from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cxm.common.scope import workspace_scope
from cxm.customers.keys import anonymous_key, crm_key, email_key
from cxm.customers.models import Customer, Identity, Merge, Suggestion
from cxm.customers.privacy import erase_customer
from cxm.customers.services import identify, merge
from cxm.workspaces.models import User, Workspace
from tests.cxm.customers.make import make_customer
from tests.cxm.customers.queries import queries_of_room
from tests.make import make_member

Browser = Callable[[User], Client]
MARA = email_key("mara@example.com")
SHOP = crm_key("shop", "88120")
BROWSER = anonymous_key("browser-1")


@pytest.fixture
def mara(workspace: Workspace) -> Customer:
    return make_customer(workspace, MARA, name="Mara Lindqvist", traits={"city": "Aarhus"})


@pytest.fixture
def other(workspace: Workspace) -> Customer:
    return make_customer(workspace, SHOP, BROWSER, name="M. Lindqvist")


@pytest.fixture
def client(alice: User, client_for: Browser) -> Client:
    return client_for(alice)


def body(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def suggest(workspace: Workspace) -> Suggestion:
    with workspace_scope(workspace.pk):
        identify(keys=[MARA, BROWSER])
        return Suggestion.objects.get()


def test_the_other_one_is_found_compared_and_merged(
    mara: Customer, other: Customer, workspace: Workspace, client: Client
) -> None:
    address = reverse("customer_merge", args=[mara.pk])
    assert "Merge with…" in body(client, mara.get_absolute_url())
    found = body(client, address + "?q=lindqvist")
    assert other.number in found
    assert f"?with={mara.pk}" not in found
    assert "Nobody found" in body(client, address + "?q=zzz")
    compared = body(client, f"{address}?with={other.pk}")
    assert "Aarhus" in compared
    assert "88120" in compared
    assert MARA.value not in compared
    answer = client.post(address, {"with": str(other.pk), "keep": "this"}, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0] == mara.get_absolute_url()
    assert f"{other.number} is a part of" in page
    assert "88120" in page
    assert "Undo" in page
    with workspace_scope(workspace.pk):
        found_merge = Merge.objects.get()
    assert (found_merge.winner_id, found_merge.loser_id) == (mara.pk, other.pk)
    assert (found_merge.reason, found_merge.by_id) == ("manual", answer.wsgi_request.user.pk)


def test_the_other_one_may_stay(
    mara: Customer, other: Customer, workspace: Workspace, client: Client
) -> None:
    address = reverse("customer_merge", args=[mara.pk])
    answer = client.post(address, {"with": str(other.pk), "keep": "other"})
    assert answer["Location"] == other.get_absolute_url()
    # Old links lead to the person, whatever they ask for.
    assert client.get(mara.get_absolute_url() + "?show=merges")["Location"] == (
        other.get_absolute_url() + "?show=merges"
    )
    assert client.get(address)["Location"] == other.get_absolute_url()
    part = client.get(reverse("customer_timeline", args=[mara.pk])).content.decode()
    assert f"{mara.number} Mara Lindqvist into {other.number}" in part
    assert MARA.value in client.post(reverse("customer_contact", args=[mara.pk])).content.decode()


@pytest.mark.parametrize("given", ["", "x", "this", "erased", "unknown"])
def test_nobody_is_merged_with_nobody(
    mara: Customer, other: Customer, workspace: Workspace, client: Client, given: str
) -> None:
    with workspace_scope(workspace.pk):
        erase_customer(other)
    chosen = {"this": mara.pk, "erased": other.pk, "unknown": workspace.pk}.get(given, given)
    address = reverse("customer_merge", args=[mara.pk])
    assert client.post(address, {"with": str(chosen)}).status_code == 404
    with workspace_scope(workspace.pk):
        assert not Merge.objects.exists()


def test_a_merge_is_undone_on_the_page(
    mara: Customer, other: Customer, workspace: Workspace, client: Client, alice: User
) -> None:
    with workspace_scope(workspace.pk):
        done = merge(winner=mara, loser=other)
    answer = client.post(reverse("customer_merge_undo", args=[done.pk]), follow=True)
    assert other.get_absolute_url() in answer.content.decode()
    with workspace_scope(workspace.pk):
        done.refresh_from_db()
        assert done.undone_by == alice
        other.refresh_from_db()
        assert other.merged_into is None


def test_possible_duplicates_stand_on_the_page_and_in_a_list(
    mara: Customer, other: Customer, workspace: Workspace, client: Client
) -> None:
    assert "No possible duplicates" in body(client, reverse("duplicates"))
    suggest(workspace)
    for address in (
        mara.get_absolute_url(),
        other.get_absolute_url(),
        reverse("duplicates"),
        reverse("customer_merge", args=[mara.pk]),
    ):
        page = body(client, address)
        assert "came with both, 1 time" in page
        assert BROWSER.value not in page
    assert "1 pair" in body(client, reverse("duplicates"))


def test_a_suggested_pair_is_merged_and_the_older_stays(
    mara: Customer, other: Customer, workspace: Workspace, client: Client
) -> None:
    pair = suggest(workspace)
    address = reverse("duplicates_merge", args=[pair.pk])
    answer = client.post(address, {"back": "list"}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("duplicates")
    assert mara.get_absolute_url() in answer.content.decode()
    with workspace_scope(workspace.pk):
        done = Merge.objects.get()
    assert (done.winner_id, done.loser_id) == (mara.pk, other.pk)
    assert done.reason == "suggestion"


def test_a_pair_is_told_apart(
    mara: Customer, other: Customer, workspace: Workspace, client: Client, alice: User
) -> None:
    pair = suggest(workspace)
    address = reverse("duplicates_apart", args=[pair.pk])
    answer = client.post(address, {"customer": str(other.pk)})
    assert answer["Location"] == other.get_absolute_url()
    with workspace_scope(workspace.pk):
        pair.refresh_from_db()
        assert pair.dismissed_by == alice
    assert "No possible duplicates" in body(client, reverse("duplicates"))


def test_what_speaks_against_a_pair_is_told(
    workspace: Workspace, other: Customer, client: Client
) -> None:
    make_customer(workspace, crm_key("shop", "2"))
    with workspace_scope(workspace.pk):
        identify(keys=[crm_key("shop", "2"), BROWSER])
    page = body(client, reverse("duplicates"))
    assert "Against it: each has an id of their own in shop." in page
    assert "Shared device" in page


def test_a_shared_device_is_marked_listed_and_unmarked(
    other: Customer, workspace: Workspace, client: Client
) -> None:
    with workspace_scope(workspace.pk):
        identity = Identity.objects.get(kind="anonymous")
    page = body(client, reverse("customer_identity", args=[identity.pk]))
    assert "Mark as shared" in page
    assert "Nothing is shared" in body(client, reverse("shared_identities"))
    answer = client.post(reverse("customer_identity_share", args=[identity.pk]), follow=True)
    assert answer.redirect_chain[-1][0] == other.get_absolute_url()
    assert identity.masked in body(client, reverse("shared_identities"))
    assert client.get(reverse("customer_identity", args=[identity.pk])).status_code == 302
    client.post(reverse("customer_identity_unshare", args=[identity.pk]))
    assert "Nothing is shared" in body(client, reverse("shared_identities"))


def test_an_identity_is_moved_or_split_off(
    mara: Customer, other: Customer, workspace: Workspace, client: Client
) -> None:
    with workspace_scope(workspace.pk):
        identity = Identity.objects.get(kind="anonymous")
    address = reverse("customer_identity", args=[identity.pk])
    for typed, words in (
        ("C-1", "No customer has this"),
        ("lindqvist", "Several customers match"),
        (other.number, "belongs to this customer already"),
    ):
        assert words in client.post(address, {"to": typed}).content.decode()
    answer = client.post(address, {"to": MARA.value.upper()})
    assert answer["Location"] == mara.get_absolute_url()
    answer = client.post(reverse("customer_identity_split", args=[identity.pk]))
    with workspace_scope(workspace.pk):
        identity.refresh_from_db()
        assert answer["Location"] == f"/app/customers/{identity.customer_id}/"


def test_a_record_of_another_system_is_not_offered_as_shared(
    other: Customer, workspace: Workspace, client: Client
) -> None:
    with workspace_scope(workspace.pk):
        identity = Identity.objects.get(kind="crm")
    address = reverse("customer_identity", args=[identity.pk])
    assert "Mark as shared" not in body(client, address)
    answer = client.post(reverse("customer_identity_share", args=[identity.pk]), follow=True)
    assert "cannot be shared" in answer.content.decode()


@pytest.mark.parametrize("role", ["analyst", "viewer"])
def test_who_may_only_look_changes_nothing(
    mara: Customer, other: Customer, workspace: Workspace, client_for: Browser, role: str
) -> None:
    pair = suggest(workspace)
    with workspace_scope(workspace.pk):
        identity = Identity.objects.get(kind="anonymous")
        third = make_customer(workspace)
        done = merge(winner=mara, loser=third)
    looker = client_for(make_member(workspace, role))
    page = body(looker, mara.get_absolute_url())
    assert "Merge with…" not in page
    assert "Undo" not in page
    assert "Not the same" not in body(looker, reverse("duplicates"))
    assert looker.get(reverse("customer_identity", args=[identity.pk])).status_code == 403
    for address in (
        reverse("customer_merge", args=[mara.pk]),
        reverse("customer_merge_undo", args=[done.pk]),
        reverse("duplicates_merge", args=[pair.pk]),
        reverse("duplicates_apart", args=[pair.pk]),
        *(
            reverse(f"customer_identity{verb}", args=[identity.pk])
            for verb in ("", "_split", "_share", "_unshare")
        ),
    ):
        assert looker.post(address).status_code == 403, address


def test_the_list_of_duplicates_takes_the_same_queries_for_many_as_for_few(
    mara: Customer, other: Customer, workspace: Workspace, client: Client
) -> None:
    suggest(workspace)
    few = queries_of_room(lambda: client.get(reverse("duplicates")))
    with workspace_scope(workspace.pk):
        for n in range(15):
            make_customer(workspace, crm_key("till", str(n)))
            make_customer(workspace, crm_key("app", str(n)))
            identify(keys=[crm_key("till", str(n)), crm_key("app", str(n))])
    assert few == queries_of_room(lambda: client.get(reverse("duplicates")))
