import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cxm.common.scope import workspace_scope
from cxm.customers.keys import crm_key, email_key, phone_key
from cxm.customers.models import Customer
from cxm.customers.services import identify, merge, record_consent, suppress
from cxm.workspaces.models import AuditEntry, User, Workspace
from tests.cxm.customers.make import make_customer, make_segment
from tests.cxm.customers.queries import queries_of_room
from tests.make import make_member

Browser = Callable[[User], Client]
MARA = email_key("mara.lindqvist@mail.example")


@pytest.fixture
def mara(workspace: Workspace) -> Customer:
    customer = make_customer(
        workspace,
        MARA,
        phone_key("+4570102018"),
        crm_key("shop", "88120"),
        name="Mara Lindqvist",
        language="da",
        traits={"plan": "gold"},
        consent=("survey", "email"),
    )
    make_segment(workspace, ("language", "", "is", "da"), name="Danes")
    make_segment(workspace, ("language", "", "is", "en"), name="Britons")
    return customer


def body(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_shows_who_and_what_but_no_address(
    mara: Customer, alice: User, client_for: Browser
) -> None:
    page = body(client_for(alice), mara.get_absolute_url())
    assert "Mara Lindqvist" in page
    assert mara.number in page
    assert "mara.l•••@mail.example" in page
    assert "+45 •• •• •• 18" in page
    assert MARA.value not in page
    assert "4570102018" not in page
    assert "Danes" in page
    assert "Britons" not in page
    assert "Ask for feedback by e-mail" in page
    assert "gold" in page


@pytest.mark.parametrize("role", ["owner", "viewer"])
def test_showing_contact_data_is_a_post_that_is_written_down(
    mara: Customer, workspace: Workspace, client_for: Browser, role: str
) -> None:
    client = client_for(make_member(workspace, role))
    address = reverse("customer_contact", args=[mara.pk])
    assert client.get(address).status_code == 405
    answer = client.post(address)
    assert MARA.value in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    with workspace_scope(workspace.pk):
        entry = AuditEntry.objects.get(action="shown contact data of")
        assert entry.object_id == str(mara.pk)
        assert entry.user is not None


def test_the_history_of_a_consent_is_shown(
    mara: Customer, workspace: Workspace, alice: User, client_for: Browser
) -> None:
    with workspace_scope(workspace.pk):
        record_consent(
            customer=mara, purpose="survey", channel="email", granted=False, source="a call"
        )
        suppress(channel="email", address=MARA.value, reason="unsubscribed")
    page = body(client_for(alice), mara.get_absolute_url())
    assert "withdrawn" in page
    assert "a call" in page
    assert "unsubscribed" in page


def test_names_are_encoded(workspace: Workspace, alice: User, client_for: Browser) -> None:
    evil = make_customer(workspace, name="<script>alert(1)</script>", traits={"<b>": "<i>"})
    page = body(client_for(alice), evil.get_absolute_url())
    assert "<script>alert" not in page
    assert "<b>:" not in page
    assert "<i>" not in page


def test_an_export_is_a_file(mara: Customer, alice: User, client_for: Browser) -> None:
    answer = client_for(alice).post(reverse("customer_export", args=[mara.pk]))
    assert f'filename="customer-{mara.number}.json"' in answer["Content-Disposition"]
    assert json.loads(answer.content)["customer"] == mara.number


def test_erasing_asks_for_the_number(
    mara: Customer, workspace: Workspace, alice: User, client_for: Browser
) -> None:
    client = client_for(alice)
    address = reverse("customer_erase", args=[mara.pk])
    assert mara.number in body(client, address)
    wrong = client.post(address, {"number": "C-1"}).content.decode()
    assert "This is not the customer" in wrong
    with workspace_scope(workspace.pk):
        assert Customer.objects.present().filter(pk=mara.pk).exists()
    answer = client.post(address, {"number": mara.number.lower()}, follow=True)
    page = answer.content.decode()
    assert "was erased" in page
    assert "Mara" not in page
    # Once erased there is nothing left to ask.
    assert client.get(address).status_code == 302


@pytest.mark.parametrize("role", ["analyst", "viewer"])
def test_only_owners_and_editors_export_and_erase(
    mara: Customer, workspace: Workspace, client_for: Browser, role: str
) -> None:
    client = client_for(make_member(workspace, role))
    page = body(client, mara.get_absolute_url())
    assert "Export data" not in page
    assert "Erase" not in page
    assert client.post(reverse("customer_export", args=[mara.pk])).status_code == 403
    assert client.get(reverse("customer_erase", args=[mara.pk])).status_code == 403
    assert client.post(reverse("customer_erase", args=[mara.pk])).status_code == 403


def test_a_stranger_finds_nothing(mara: Customer, mallory: User, client_for: Browser) -> None:
    client = client_for(mallory)
    assert client.get(mara.get_absolute_url()).status_code == 404
    for name in ("customer_contact", "customer_export", "customer_erase"):
        assert client.post(reverse(name, args=[mara.pk])).status_code == 404


def test_the_page_takes_the_same_queries_for_much_as_for_little(
    mara: Customer, workspace: Workspace, alice: User, client_for: Browser
) -> None:
    client = client_for(alice)
    few = queries_of_room(lambda: client.get(mara.get_absolute_url()))
    with workspace_scope(workspace.pk):
        for n in range(90):
            record_consent(
                customer=mara, purpose="survey", channel="sms", granted=bool(n % 2), source="x"
            )
    for n in range(20):
        make_segment(workspace, ("language", "", "is", "da"), name=f"Segment {n}")
    # The customer, their family, identities, consents, segments, their conditions, which of them
    # hold, possible duplicates, and of the timeline consents, merges and merges undone.
    assert few == queries_of_room(lambda: client.get(mara.get_absolute_url())) == 11


def test_the_page_of_a_family_takes_the_same_queries_for_many_as_for_two(
    mara: Customer, workspace: Workspace, alice: User, client_for: Browser
) -> None:
    client = client_for(alice)

    def absorb(start: int, count: int) -> None:
        for n in range(start, start + count):
            other = make_customer(
                workspace, crm_key("till", str(n)), consent=("survey", "sms"), name=f"Mara {n}"
            )
            hint = make_customer(workspace, crm_key("hint", str(n)))
            with workspace_scope(workspace.pk):
                merge(winner=mara, loser=other, by=alice)
                identify(keys=[crm_key("till", str(n)), *(i.key for i in hint.identities.all())])

    absorb(0, 1)
    few = queries_of_room(lambda: client.get(mara.get_absolute_url()))
    absorb(1, 12)
    assert few == queries_of_room(lambda: client.get(mara.get_absolute_url()))
