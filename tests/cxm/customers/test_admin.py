from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cxm.common.scope import workspace_scope
from cxm.customers.keys import anonymous_key, crm_key, email_key, phone_key
from cxm.customers.models import Customer, Segment, Suppression
from cxm.customers.privacy import erase_customer
from cxm.customers.services import is_suppressed, merge
from cxm.workspaces.models import AuditEntry, User, Workspace
from tests.cxm.customers.make import make_customer, make_segment
from tests.cxm.customers.queries import queries_of_room

Browser = Callable[[User], Client]
LIST = "/admin/customers/customer/"


@pytest.fixture
def people(workspace: Workspace) -> Workspace:
    make_customer(
        workspace,
        email_key("mara.lindqvist@mail.example"),
        phone_key("+4570102018"),
        name="Mara Lindqvist",
        language="da",
    )
    make_customer(workspace, crm_key("shop", "88120"), name="Bo Bruun", language="en")
    gone = make_customer(workspace, name="Gone")
    with workspace_scope(workspace.pk):
        erase_customer(gone)
    return workspace


def listed(client: Client, query: str = "") -> set[str]:
    """Return the numbers of the customers in the list."""
    answer = client.get(LIST + query)
    assert answer.status_code == 200
    return {customer.number for customer in answer.context["cl"].result_list}


def test_the_list_masks_addresses_and_links_to_pages(
    people: Workspace, alice: User, client_for: Browser
) -> None:
    page = client_for(alice).get(LIST).content.decode()
    assert "mara.l•••@mail.example" in page
    assert "mara.lindqvist@mail.example" not in page
    with workspace_scope(people.pk):
        assert Customer.objects.get(name="Bo Bruun").get_absolute_url() in page


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", {"C-10001", "C-10002", "C-10003"}),
        ("?q=c-10002", {"C-10002"}),
        ("?q=lindq", {"C-10001"}),
        ("?q=MARA.lindqvist@mail.example", {"C-10001"}),
        ("?q=%2B45 70 10 20 18", {"C-10001"}),
        ("?q=88120", {"C-10002"}),
        # Part of an address finds nobody: the list is no way around the mask.
        ("?q=mail.example", set()),
        ("?state=present", {"C-10001", "C-10002"}),
        ("?state=erased", {"C-10003"}),
        ("?known_by=crm", {"C-10002"}),
        ("?language__exact=da", {"C-10001"}),
    ],
)
def test_the_list_is_searched_and_filtered(
    people: Workspace, alice: User, client_for: Browser, query: str, numbers: set[str]
) -> None:
    assert listed(client_for(alice), query) == numbers


def test_the_list_is_filtered_by_segment(
    people: Workspace, alice: User, client_for: Browser
) -> None:
    danes = make_segment(people, ("language", "", "is", "da"), name="Danes")
    assert listed(client_for(alice), f"?segment={danes.pk}") == {"C-10001"}


def test_the_list_takes_the_same_queries_for_many_as_for_few(
    workspace: Workspace, alice: User, client_for: Browser
) -> None:
    client = client_for(alice)
    for n in range(40):
        one = make_customer(workspace, anonymous_key(str(n)))
        with workspace_scope(workspace.pk):
            merge(winner=one, loser=make_customer(workspace, crm_key("till", str(n))))
        if n == 0:
            few = queries_of_room(lambda: listed(client))
    # Two counts, the customers and who was merged into them, with the identities of both, and
    # what the filters offer: segments, languages.
    assert few == queries_of_room(lambda: listed(client)) == 8


def test_the_list_shows_a_family_as_one_person(
    workspace: Workspace, alice: User, client_for: Browser
) -> None:
    client = client_for(alice)
    mara = make_customer(workspace, crm_key("shop", "1"))
    other = make_customer(workspace, email_key("mara@example.com"), name="Mara Lindqvist")
    with workspace_scope(workspace.pk):
        merge(winner=mara, loser=other)
    assert listed(client) == {mara.number}
    assert listed(client, "?known_by=email") == {mara.number}
    assert listed(client, f"?q={other.number}") == {mara.number}
    page = client.get(reverse("admin:customers_customer_changelist")).content.decode()
    assert "Mara Lindqvist" in page
    assert "ma•••@example.com" in page
    change = client.get(reverse("admin:customers_customer_change", args=[other.pk]), follow=True)
    assert change.redirect_chain[-1][0] == mara.get_absolute_url()
    assert client.get(reverse("admin:customers_customer_change", args=["x"])).status_code == 302


def form(**values: str) -> dict[str, str]:
    return {
        "name": "Mara",
        "language": "da",
        "traits": "{}",
        "identities-TOTAL_FORMS": "1",
        "identities-INITIAL_FORMS": "0",
        "identities-0-kind": "email",
        "identities-0-system": "",
        "identities-0-value": "Mara@Example.com",
        **values,
    }


def test_a_customer_is_added_with_a_number_and_an_identity(
    workspace: Workspace, alice: User, client_for: Browser
) -> None:
    answer = client_for(alice).post(f"{LIST}add/", form())
    assert answer.status_code == 302, answer.context["errors"]
    with workspace_scope(workspace.pk):
        mara = Customer.objects.get()
        assert answer["Location"] == mara.get_absolute_url()
        assert mara.number == "C-10001"
        assert mara.identities.get().key == email_key("mara@example.com")
        assert "example" not in str(list(AuditEntry.objects.values("object_name", "changes")))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"identities-0-value": "nonsense"}, "is no e-mail address"),
        ({"identities-0-kind": "crm", "identities-0-value": "1"}, "Say which system"),
        ({"identities-0-value": "bo@example.com"}, "belongs to a customer already"),
        ({"traits": "[1]"}, "Write the traits as an object"),
    ],
)
def test_what_makes_no_sense_is_said_in_the_form(
    workspace: Workspace, alice: User, client_for: Browser, values: dict[str, str], said: str
) -> None:
    make_customer(workspace, email_key("bo@example.com"))
    answer = client_for(alice).post(f"{LIST}add/", form(**values))
    assert answer.status_code == 200
    assert said in answer.content.decode()
    with workspace_scope(workspace.pk):
        assert Customer.objects.count() == 1


def test_the_form_shows_identities_masked(
    people: Workspace, alice: User, client_for: Browser
) -> None:
    with workspace_scope(people.pk):
        mara = Customer.objects.get(number="C-10001")
    page = client_for(alice).get(f"{LIST}{mara.pk}/change/").content.decode()
    assert "mara.l•••@mail.example" in page
    assert "mara.lindqvist@mail.example" not in page
    assert "+4570102018" not in page


def test_identities_are_taken_away_and_added(
    people: Workspace, alice: User, client_for: Browser
) -> None:
    with workspace_scope(people.pk):
        mara = Customer.objects.get(number="C-10001")
        phone, email = mara.identities.order_by("-kind")
    values = {
        "name": "Mara L.",
        "language": "da",
        "traits": '{"plan": "gold"}',
        "identities-TOTAL_FORMS": "2",
        "identities-INITIAL_FORMS": "2",
        "identities-0-id": str(email.pk),
        "identities-1-id": str(phone.pk),
        "identities-1-DELETE": "on",
        "identities-2-TOTAL_FORMS": "1",
        "identities-2-INITIAL_FORMS": "0",
        "identities-2-0-kind": "crm",
        "identities-2-0-system": "shop",
        "identities-2-0-value": "4711",
    }
    answer = client_for(alice).post(f"{LIST}{mara.pk}/change/", values)
    assert answer.status_code == 302, answer.context["errors"]
    with workspace_scope(people.pk):
        mara.refresh_from_db()
        assert (mara.name, mara.traits) == ("Mara L.", {"plan": "gold"})
        found = {identity.key for identity in mara.identities.all()}
        assert found == {email_key("mara.lindqvist@mail.example"), crm_key("shop", "4711")}


def test_a_viewer_is_led_to_the_page_and_adds_nobody(
    people: Workspace, bob: User, client_for: Browser
) -> None:
    with workspace_scope(people.pk):
        mara = Customer.objects.get(number="C-10001")
    client = client_for(bob)
    answer = client.get(f"{LIST}{mara.pk}/change/")
    assert (answer.status_code, answer["Location"]) == (302, mara.get_absolute_url())
    assert client.get(f"{LIST}add/").status_code == 403


def test_a_stranger_s_list_is_empty(people: Workspace, mallory: User, client_for: Browser) -> None:
    assert listed(client_for(mallory)) == set()


def test_segments_are_listed_with_their_sizes(
    people: Workspace, alice: User, client_for: Browser
) -> None:
    make_segment(people, name="All of them")
    for n in range(10):
        make_segment(people, ("language", "", "is", "da"), name=f"Danes {n}")
    client = client_for(alice)
    # Two counts, the segments, their conditions, and one count of customers for all of them.
    assert queries_of_room(lambda: client.get("/admin/customers/segment/")) == 5
    answer = client.get("/admin/customers/segment/")
    sizes = {segment.name: segment.counted for segment in answer.context["cl"].result_list}
    assert (sizes["All of them"], sizes["Danes 1"]) == (2, 1)
    assert "Language is da" in answer.content.decode()


def test_a_segment_is_made_with_conditions(
    workspace: Workspace, alice: User, client_for: Browser
) -> None:
    values = {
        "name": "Gold",
        "description": "",
        "match": "all",
        "conditions-TOTAL_FORMS": "1",
        "conditions-INITIAL_FORMS": "0",
        "conditions-0-field": "trait",
        "conditions-0-name": "plan",
        "conditions-0-operator": "greater",
        "conditions-0-value": "gold",
    }
    client = client_for(alice)
    answer = client.post("/admin/customers/segment/add/", values)
    assert "“gold” is no number." in answer.content.decode()
    answer = client.post("/admin/customers/segment/add/", {**values, "conditions-0-operator": "is"})
    assert answer.status_code == 302
    with workspace_scope(workspace.pk):
        assert str(Segment.objects.get().conditions.get()) == "Trait plan is gold"


def test_an_address_is_suppressed_by_hand(
    workspace: Workspace, alice: User, client_for: Browser
) -> None:
    client = client_for(alice)
    values = {"channel": "email", "address": "Mara@Example.com", "reason": "manual"}
    address = reverse("admin:customers_suppression_add")
    assert client.post(address, values).status_code == 302
    with workspace_scope(workspace.pk):
        assert is_suppressed(channel="email", address="mara@example.com")
        row = Suppression.objects.get()
    assert "suppressed already" in client.post(address, values).content.decode()
    page = client.get(reverse("admin:customers_suppression_changelist")).content.decode()
    assert row.address_hash[:12] in page
