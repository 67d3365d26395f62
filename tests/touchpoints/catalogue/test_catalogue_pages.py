"""Forms of the catalogue, its square of importance, and what the API knows of all that."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from cxm.workspaces.models import User, Workspace
from tests.touchpoints.make import make_channel, make_goal, make_touchpoint
from touchpoints.catalogue.importance import FIELD, HEIGHT, LEFT, STEPS, TOP, Dot, layout
from touchpoints.catalogue.models import ChannelWord, Goal, Phase, PhaseModel, Touchpoint
from touchpoints.catalogue.services import create_default_phases

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
Api = Callable[..., APIClient]


def inline(name: str, *rows: dict[str, str], initial: int = 0) -> dict[str, str]:
    fields = {
        f"{name}-TOTAL_FORMS": str(len(rows)),
        f"{name}-INITIAL_FORMS": str(initial),
        f"{name}-MIN_NUM_FORMS": "0",
        f"{name}-MAX_NUM_FORMS": "1000",
    }
    for number, row in enumerate(rows):
        fields |= {f"{name}-{number}-{key}": value for key, value in row.items()}
    return fields


def test_a_phase_model_of_ones_own_becomes_the_one_used_first(
    scope: Workspace, client_for: Browser, alice: User
) -> None:
    create_default_phases(workspace=scope)
    answer = client_for(alice).post(
        reverse("admin:catalogue_phasemodel_add"),
        {
            "name": "Our way",
            "key": "",
            "is_default": "on",
            **inline(
                "phases",
                {"position": "0", "name": "See", "key": ""},
                {"position": "1", "name": "Think twice", "key": ""},
            ),
        },
    )
    assert answer.status_code == 302, answer.context["errors"]
    mine = PhaseModel.objects.get(is_default=True)
    assert mine.key == "our-way"
    assert [phase.key for phase in mine.phases.order_by("position")] == ["see", "think-twice"]
    refused = client_for(alice).post(
        reverse("admin:catalogue_phasemodel_change", args=[mine.pk]),
        {"name": "Our way", "key": "our-way", **inline("phases")},
    )
    assert "Mark the model that takes its place instead" in refused.content.decode()


def test_a_word_leads_to_one_channel(scope: Workspace, client_for: Browser, alice: User) -> None:
    first, second = make_channel(scope), make_channel(scope)
    ChannelWord.objects.create(channel=first, field="medium", text="flyer")
    answer = client_for(alice).post(
        reverse("admin:catalogue_channel_change", args=[second.pk]),
        {
            "name": second.name,
            "key": second.key,
            "kind": "offline",
            "icon": "web",
            "position": "0",
            **inline("words", {"field": "medium", "text": " Flyer "}),
        },
    )
    assert f"This word leads to {first.name} already" in answer.content.decode()
    assert ChannelWord.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Say by which event, page address or touchpoint"),
        ({"event_name": "order", "value": "5"}, "In which currency?"),
        ({"event_name": "order", "value": "5", "currency": "euro"}, "at most 3 characters"),
        ({"event_name": "order", "value": "-5", "currency": "EUR"}, "greater than or equal to 0"),
    ],
    ids=["no aim", "no currency", "no such currency", "negative"],
)
def test_a_goal_that_cannot_be_is_refused(
    scope: Workspace, client_for: Browser, alice: User, fields: dict[str, str], said: str
) -> None:
    answer = client_for(alice).post(
        reverse("admin:catalogue_goal_add"), {"name": "Order", "kind": "purchase", **fields}
    )
    assert said in answer.content.decode()
    assert not Goal.objects.exists()


def test_a_goal_is_made_with_value_and_currency(
    scope: Workspace, client_for: Browser, alice: User, api: Api
) -> None:
    before = make_goal(scope)
    place = make_touchpoint(scope)
    client_for(alice).post(
        reverse("admin:catalogue_goal_add"),
        {
            "name": "Visit to the store",
            "kind": "other",
            "touchpoint": str(place.pk),
            "value": "12.50",
            "currency": "eur",
            "is_primary": "on",
        },
    )
    goal = Goal.objects.get(key="visit-to-the-store")
    assert (goal.currency, goal.once_per_visit, goal.is_primary) == ("EUR", False, True)
    before.refresh_from_db()
    assert not before.is_primary
    shown = client_for(alice).get(reverse("admin:catalogue_goal_changelist")).content.decode()
    assert "12.50 EUR" in shown
    refused = api().post("/api/v1/goals/", {"key": "a", "name": "A"})
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["code"] == "goal_without_aim"
    made = api().post(
        "/api/v1/goals/",
        {"key": "a", "name": "A", "page_pattern": "*/thanks", "kind": "newsletter"},
    )
    assert (made.status_code, made.json()["once_per_visit"]) == (201, True)


def test_a_copy_begins_with_what_the_original_has(
    scope: Workspace, client_for: Browser, alice: User
) -> None:
    original = make_touchpoint(
        scope, name="Store", key="store", importance_customer=5, page_prefix="/store"
    )
    browser = client_for(alice)
    action = reverse("admin:catalogue_touchpoint_duplicate", args=[original.pk])
    answer = browser.get(action)
    form = browser.get(answer["Location"]).context["adminform"].form
    assert str(form.initial["name"]) == "Store (copy)"
    assert (form.initial["key"], form.initial["importance_customer"]) == ("store-2", 5)
    assert "page_prefix" not in form.initial
    assert Touchpoint.objects.count() == 1


def test_touchpoints_are_archived_and_brought_back(
    scope: Workspace, client_for: Browser, alice: User
) -> None:
    place = make_touchpoint(scope)
    listing = reverse("admin:catalogue_touchpoint_changelist")
    for action, status in (("archive", "retired"), ("bring_back", "active")):
        client_for(alice).post(listing, {"action": action, "_selected_action": str(place.pk)})
        place.refresh_from_db()
        assert place.status == status


def test_the_list_is_searched_and_filtered(
    scope: Workspace, client_for: Browser, alice: User
) -> None:
    create_default_phases(workspace=scope)
    phase = Phase.objects.get(key="use")
    make_touchpoint(scope, name="Hotline", keywords=["help", "repair"], phase=phase)
    make_touchpoint(scope, name="Window")
    browser = client_for(alice)
    listing = reverse("admin:catalogue_touchpoint_changelist")
    for query in ("q=repair", f"phase__id__exact={phase.pk}"):
        shown = browser.get(f"{listing}?{query}").content.decode()
        assert "Hotline" in shown
        assert "Window" not in shown


def test_the_form_groups_phases_by_model(
    scope: Workspace, client_for: Browser, alice: User
) -> None:
    create_default_phases(workspace=scope)
    shown = client_for(alice).get(reverse("admin:catalogue_touchpoint_add")).content.decode()
    assert shown.index('<optgroup label="Customer lifecycle">') < shown.index(
        '<optgroup label="Decision">'
    )


def test_the_square_shows_what_is_weighed_and_names_the_rest(
    scope: Workspace, client_for: Browser, alice: User, bob: User
) -> None:
    page = reverse("touchpoint_importance")
    assert "No touchpoints yet" in client_for(alice).get(page).content.decode()
    make_touchpoint(scope, name="Store", importance_customer=5, importance_business=4)
    make_touchpoint(scope, name="Window", importance_customer=2)
    make_touchpoint(scope, name="Gone", status="retired")
    shown = client_for(alice).get(page).content.decode()
    assert "Not weighed yet" in shown
    assert "5 / 4" in shown
    assert "Gone" not in shown
    weight = f"importance_business-{Touchpoint.objects.get(name='Window').pk}"
    assert weight in shown
    assert weight not in client_for(bob).get(page).content.decode()
    assert client_for(bob).post(page, {weight: "3"}).status_code == 403
    client_for(alice).post(page, {weight: "9"})
    client_for(alice).post(page, {weight: "3"})
    assert Touchpoint.objects.get(name="Window").importance_business == 3
    sent = client_for(alice).get(f"{page}?export=csv")
    assert sent["Content-Type"].startswith("text/csv")
    assert len(sent.content.decode().splitlines()) == 3


def test_the_square_takes_the_same_queries_however_many(
    scope: Workspace,
    client_for: Browser,
    alice: User,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    for number in range(8):
        make_touchpoint(scope, importance_customer=1 + number % 5, importance_business=3)
    browser = client_for(alice)
    browser.get(reverse("touchpoint_importance"))
    with django_assert_max_num_queries(22):  # type: ignore[attr-defined]
        assert browser.get(reverse("touchpoint_importance")).status_code == 200


@given(st.lists(st.builds(Dot, st.integers(1, 5), st.integers(1, 5)), max_size=40))
def test_marks_stay_in_their_field_and_apart(dots: list[Dot]) -> None:
    placed = layout(dots)
    assert [mark.number for mark in placed] == list(range(1, len(dots) + 1))
    assert len({(mark.x, mark.y) for mark in placed}) == len(dots)
    for dot, mark in zip(dots, placed, strict=True):
        assert LEFT + (dot.business - 1) * FIELD < mark.x < LEFT + dot.business * FIELD
        top = TOP + (STEPS - dot.customer) * HEIGHT
        assert top <= mark.y <= top + HEIGHT


def test_phases_and_words_over_the_api(scope: Workspace, api: Api) -> None:
    create_default_phases(workspace=scope)
    models = api().get("/api/v1/phase-models/?is_cycle=true").json()["results"]
    assert [model["key"] for model in models] == ["loyalty-loop"]
    made = api().post("/api/v1/phase-models/", {"key": "mine", "name": "Mine", "is_default": True})
    assert made.status_code == 201
    assert PhaseModel.objects.get(is_default=True).key == "mine"
    address = f"/api/v1/phase-models/{made.json()['id']}/"
    assert api().patch(address, {"is_default": False}).status_code == 400
    assert api().delete(address).json()["code"] == "phase_model_in_use"
    phase = api().post("/api/v1/phases/", {"model": made.json()["id"], "key": "a", "name": "A"})
    assert phase.status_code == 201
    again = api().post("/api/v1/phases/", {"model": made.json()["id"], "key": "a", "name": "B"})
    assert again.status_code == 400
    channel = make_channel(scope)
    word = {"channel": str(channel.pk), "field": "source", "text": "Newsletter"}
    assert api().post("/api/v1/channel-words/", word).json()["text"] == "newsletter"
    assert api().post("/api/v1/channel-words/", word).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "importance_customer=5",
        "importance_customer__gte=4",
        "importance_business=3",
        "department=IT",
    ],
)
def test_each_new_filter_of_touchpoints(scope: Workspace, api: Api, query: str) -> None:
    wanted = make_touchpoint(scope, importance_customer=5, importance_business=3, department="IT")
    make_touchpoint(scope, importance_customer=1)
    found = api().get(f"/api/v1/touchpoints/?{query}").json()["results"]
    assert [row["id"] for row in found] == [str(wanted.pk)]


def test_importance_beyond_five_is_refused(scope: Workspace, api: Api) -> None:
    address = f"/api/v1/touchpoints/{make_touchpoint(scope).pk}/"
    assert api().patch(address, {"importance_customer": 6}).status_code == 400
