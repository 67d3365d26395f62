"""Contacts that people and programs enter one by one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from cxm.common.scope import workspace_scope
from cxm.customers.keys import crm_key
from cxm.customers.models import Customer
from cxm.customers.services import identify
from cxm.workspaces.models import AuditEntry, User, Workspace
from tests.make import make_member
from tests.touchpoints.make import NOON, make_channel, make_goal, make_touchpoint
from touchpoints.catalogue.models import Touchpoint
from touchpoints.interactions.models import (
    ZERO,
    Conversion,
    Interaction,
    MessageKey,
    SourceDay,
    StaffContact,
    Touch,
    TouchpointDay,
    Visit,
)

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
Api = Callable[..., APIClient]


@pytest.fixture
def store(scope: Workspace) -> Touchpoint:
    """A store, and a goal that a sale there reaches."""
    make_goal(scope)
    channel = make_channel(scope, key="store", name="Store", kind="offline", icon="shop")
    return make_touchpoint(scope, key="store-visit", name="Store visit", channel=channel)


@pytest.fixture
def ida(scope: Workspace) -> Customer:
    """A customer of the till."""
    with workspace_scope(scope.pk):
        return identify(keys=[crm_key("till", "77")], name="Ida Holm")


def written(store: Touchpoint, **changes: str) -> dict[str, str]:
    return {
        "touchpoint": str(store.pk),
        "at": "2026-05-20T10:30",
        "place": "Aarhus",
        "by": "Bo",
        "note": "wants a grinder",
        **changes,
    }


@time_machine.travel(NOON, tick=False)
def test_a_contact_counts_at_once(
    scope: Workspace, client_for: Browser, alice: User, store: Touchpoint, ida: Customer
) -> None:
    browser = client_for(alice)
    page = browser.get(reverse("contact_new"))
    assert page.context["form"]["at"].value() == "2026-05-20T12:00"
    with workspace_scope(scope.pk):
        bought = page.context["form"].fields["goal"].queryset.get()
    answer = browser.post(
        reverse("contact_new"),
        written(
            store, who="Ida", customer=str(ida.pk), goal=str(bought.pk), value="49.50",
            currency="dkk", outcome="bought beans",
        ),
    )  # fmt: skip
    assert answer["Location"] == store.get_absolute_url()
    with workspace_scope(scope.pk):
        row = Interaction.objects.get()
        assert (row.kind, row.customer_id, row.touchpoint_id) == ("offline", ida.pk, store.pk)
        assert row.properties == {"note": "wants a grinder", "outcome": "bought beans"}
        assert row.context == {"place": "Aarhus", "by": "Bo"}
        assert (float(row.value or 0), row.currency) == (49.5, "DKK")
        day = TouchpointDay.objects.get(touchpoint_id=store.pk)
        assert (day.contacts, day.visits, day.won) == (1, 1, 1)
        assert day.channel_id == store.channel_id
        assert Conversion.objects.get().value == row.value
        assert SourceDay.objects.get().stored == 1


@time_machine.travel(NOON, tick=False)
def test_another_keeps_where_and_who_had_it(
    scope: Workspace, client_for: Browser, alice: User, store: Touchpoint
) -> None:
    browser = client_for(alice)
    answer = browser.post(reverse("contact_new"), {**written(store), "another": "1"}, follow=True)
    form = answer.context["form"]
    assert form["touchpoint"].value() == str(store.pk)
    assert form["place"].value() == "Aarhus"
    assert form["note"].value() is None
    assert "Take back" in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"touchpoint": ""}, "touchpoint"),
        ({"at": "2026-05-21T10:00"}, "at"),
        ({"at": "1999-01-01T10:00"}, "at"),
        ({"at": "yesterday"}, "at"),
        ({"who": "Nobody Known"}, "who"),
        ({"value": "10"}, "currency"),
        ({"value": "10", "currency": "€"}, "currency"),
        ({"value": "lots", "currency": "EUR"}, "value"),
    ],
)
@time_machine.travel(NOON, tick=False)
def test_what_cannot_be_is_said_beside_its_field(
    scope: Workspace, client_for: Browser, alice: User, store: Touchpoint,
    changes: dict[str, str], field: str,
) -> None:  # fmt: skip
    answer = client_for(alice).post(reverse("contact_new"), written(store, **changes))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    with workspace_scope(scope.pk):
        assert not Interaction.objects.exists()


@time_machine.travel(NOON, tick=False)
def test_customers_are_found_as_one_types(
    scope: Workspace, client_for: Browser, alice: User, store: Touchpoint, ida: Customer
) -> None:
    browser = client_for(alice)
    found = browser.get(reverse("contact_customers"), {"who": "holm"}).content.decode()
    assert str(ida.pk) in found
    assert (
        "Nobody fits" in browser.get(reverse("contact_customers"), {"who": "zzz"}).content.decode()
    )
    # Without scripts the words alone are enough when they fit one customer.
    browser.post(reverse("contact_new"), written(store, who="77"))
    with workspace_scope(scope.pk):
        assert Interaction.objects.get().customer_id == ida.pk


def everything(workspace: Workspace) -> tuple[int, ...]:
    with workspace_scope(workspace.pk):
        return tuple(
            model._default_manager.count()
            for model in (
                Interaction, Visit, Touch, TouchpointDay, Conversion, MessageKey, StaffContact,
            )
        )  # fmt: skip


def test_a_contact_can_be_taken_back_with_its_sums(
    scope: Workspace, client_for: Browser, alice: User, store: Touchpoint
) -> None:
    browser = client_for(alice)
    with time_machine.travel(NOON, tick=False):
        browser.post(reverse("contact_new"), written(store))
        before = everything(scope)
        browser.post(reverse("contact_new"), written(store, place="Odense"))
        with workspace_scope(scope.pk):
            last = StaffContact.objects.all()[0]
            sums = TouchpointDay.objects.get(touchpoint_id=ZERO)
            assert sums.visits == 2
    with time_machine.travel(NOON + timedelta(minutes=9), tick=False):
        answer = browser.post(reverse("contact_undo", args=[last.pk]), follow=True)
    assert "Taken back" in answer.content.decode()
    assert everything(scope) == before
    with workspace_scope(scope.pk):
        assert TouchpointDay.objects.get(touchpoint_id=ZERO).visits == 1
        assert SourceDay.objects.get().received == 1
        assert AuditEntry.objects.filter(action="took back").exists()


def test_after_ten_minutes_or_by_somebody_else_it_stays(
    scope: Workspace, workspace: Workspace, client_for: Browser, alice: User, store: Touchpoint
) -> None:
    other = make_member(workspace, "editor", email="other@example.com")
    with time_machine.travel(NOON, tick=False):
        client_for(alice).post(reverse("contact_new"), written(store))
        with workspace_scope(scope.pk):
            entry = StaffContact.objects.get()
        client_for(other).post(reverse("contact_undo", args=[entry.pk]))
        assert everything(scope)[0] == 1
    with time_machine.travel(NOON + timedelta(minutes=11), tick=False):
        answer = client_for(alice).post(reverse("contact_undo", args=[entry.pk]), follow=True)
    assert "within ten minutes" in answer.content.decode()
    assert everything(scope)[0] == 1


def test_who_may_only_look_enters_nothing(
    scope: Workspace, client_for: Browser, bob: User, mallory: User, store: Touchpoint
) -> None:
    assert client_for(bob).post(reverse("contact_new"), written(store)).status_code == 403
    stranger = client_for(mallory).post(reverse("contact_new"), written(store))
    assert stranger.status_code == 422
    with workspace_scope(scope.pk):
        assert not Interaction.objects.exists()


@time_machine.travel(NOON, tick=False)
def test_a_program_enters_a_contact_once(
    scope: Workspace, api: Api, store: Touchpoint, ida: Customer
) -> None:
    client = api("interactions:write", "interactions:read")
    body = {
        "touchpoint": "store-visit",
        "occurred_at": "2026-05-20T09:00:00Z",
        "customer": {"system": "till", "number": "77"},
        "place": "Aarhus",
        "value": "20.00",
        "currency": "DKK",
        "event": "purchase",
    }
    first = client.post("/api/v1/contacts/", body, format="json", HTTP_IDEMPOTENCY_KEY="k1")
    again = client.post("/api/v1/contacts/", body, format="json", HTTP_IDEMPOTENCY_KEY="k1")
    assert first.status_code == again.status_code == 201
    assert again["Idempotent-Replayed"] == "true"
    assert first.json()["touchpoint"] == "store-visit"
    with workspace_scope(scope.pk):
        row = Interaction.objects.get()
        assert str(row.id) == first.json()["interaction"]
        assert row.customer_id == ida.pk
    assert len(client.get("/api/v1/contacts/").json()["results"]) == 1


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"touchpoint": "nowhere"}, "touchpoint"),
        ({"customer": {"system": "till"}}, "customer"),
        ({"customer": {"id": "00000000-0000-7000-8000-000000000000"}}, "customer"),
        ({"value": 3}, "currency"),
        ({"occurred_at": "x"}, "occurred_at"),
    ],
)
@time_machine.travel(NOON, tick=False)
def test_a_program_is_told_what_cannot_be(
    scope: Workspace, api: Api, store: Touchpoint, change: dict[str, object], pointer: str
) -> None:
    body = {"touchpoint": "store-visit", "occurred_at": "2026-05-20T09:00:00Z", **change}
    answer = api("interactions:write").post("/api/v1/contacts/", body, format="json")
    assert answer.status_code == 400
    assert pointer in answer.content.decode()


@time_machine.travel(NOON, tick=False)
def test_a_time_ahead_is_refused_and_reading_is_not_writing(
    scope: Workspace, api: Api, store: Touchpoint
) -> None:
    body = {"touchpoint": "store-visit", "occurred_at": "2026-05-20T13:00:00Z"}
    answer = api("interactions:write").post("/api/v1/contacts/", body, format="json")
    assert answer.json()["code"] == "bad_time"
    assert (
        api("interactions:read").post("/api/v1/contacts/", body, format="json").status_code == 403
    )
