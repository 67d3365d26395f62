"""What belongs nowhere is grouped, and becomes a touchpoint by one click."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cxm.api.errors import DomainError
from cxm.common.scope import workspace_scope
from cxm.workspaces.models import User, Workspace
from tests.touchpoints.make import NOON, make_channel, make_record, make_source, make_touchpoint
from touchpoints.catalogue.models import IgnoredGroup, MatchingRule, Touchpoint
from touchpoints.catalogue.recent import read_recent
from touchpoints.catalogue.reports import DraftRule, try_rule
from touchpoints.interactions.models import Interaction, Reassignment
from touchpoints.interactions.panels import without_touchpoint
from touchpoints.interactions.services import ingest
from touchpoints.interactions.services.reassigning import reassign_due
from touchpoints.interactions.services.unmatched import ignore_group
from touchpoints.interactions.unmatched import in_words, unmatched_groups

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def collected(scope: Workspace) -> Workspace:
    """Contacts of which some belong to a touchpoint and most do not."""
    make_touchpoint(scope, key="shop", event_names=["Order Completed"])
    source, _key = make_source(scope, "Till")
    records = [
        make_record(event="Order Completed"),
        make_record(event="", kind="page", url="https://shop.example/"),
        *(
            make_record(event="", kind="page", url=f"https://shop.example/coffee-shop/{n}?a=1")
            for n in range(5)
        ),
        make_record(event="Clicked", url="https://www.shop.example/Coffee-Shop#top"),
        *(
            make_record(event="order_rated", occurred_at=NOON - timedelta(days=back))
            for back in (0, 3, 3)
        ),
        make_record(event="Order_Rated"),
        make_record(event="", kind="offline", anonymous_id="a"),
        make_record(event="Long ago", occurred_at=NOON - timedelta(days=40)),
        make_record(event="", kind="identify"),
    ]
    counts = ingest(source=source, records=records, received_at=NOON)
    assert counts.stored == len(records)
    return scope


def test_contacts_are_grouped_by_what_they_have_in_common(collected: Workspace) -> None:
    found = unmatched_groups(workspace=collected)
    assert [(g.basis, g.value.partition(":")[2] or g.value, g.count) for g in found.groups] == [
        ("page", "/coffee-shop", 6),
        ("event", "order_rated", 4),
        ("page", "/", 1),
        ("source", "offline", 1),
    ]
    pages, rated, _start, till = found.groups
    assert (found.count, found.all_groups) == (12, 4)
    assert pages.share == 0.5
    assert (pages.name, rated.name, till.name) == ("Coffee shop", "Order rated", "Till")
    assert rated.days[-4:] == [2, 0, 0, 2]
    assert till.label == "Till: Offline"
    assert len(pages.samples) == 3


def test_the_rule_of_each_group_takes_just_that_group(collected: Workspace) -> None:
    place = make_touchpoint(collected)
    for group in unmatched_groups(workspace=collected).groups:
        draft = DraftRule(place.pk, [condition.as_json() for condition in group.conditions])
        trial = try_rule(workspace=collected, draft=draft)
        assert (trial.matched, trial.gained) == (group.count, group.count), group.label


def test_one_click_makes_a_touchpoint_with_its_rule_and_history(
    collected: Workspace, client_for: Browser, alice: User
) -> None:
    channel = make_channel(collected)
    answer = client_for(alice).post(
        reverse("unmatched_adopt"),
        {
            "basis": "page",
            "value": "/coffee-shop",
            "name": "Coffee shop",
            "channel": str(channel.pk),
        },
    )
    run = Reassignment.objects.get()
    assert answer["Location"].startswith(run.get_absolute_url())
    place = Touchpoint.objects.get(name="Coffee shop")
    assert (place.key, place.channel) == ("coffee-shop", channel)
    assert MatchingRule.objects.get().touchpoint == place
    done = reassign_due(workspace=collected)
    assert done is not None
    assert done.changed == 6
    assert Interaction.objects.filter(touchpoint=place).count() == 6
    assert unmatched_groups(workspace=collected).count == 6


@pytest.mark.parametrize(
    "changed", [{"name": " "}, {"channel": "x"}, {"value": "/nowhere"}, {"basis": "x"}]
)
def test_what_cannot_be_made_is_not_made(
    collected: Workspace, client_for: Browser, alice: User, changed: dict[str, str]
) -> None:
    fields = {"basis": "page", "value": "/", "name": "Start"}
    channel = str(make_channel(collected).pk)
    answer = client_for(alice).post(
        reverse("unmatched_adopt"), {**fields, "channel": channel, **changed}
    )
    assert answer["Location"] == reverse("touchpoint_unmatched")
    assert not Reassignment.objects.exists()
    assert Touchpoint.objects.count() == 1


def test_a_group_that_is_no_touchpoint_is_not_offered_again(
    collected: Workspace, client_for: Browser, alice: User
) -> None:
    browser = client_for(alice)
    page = reverse("touchpoint_unmatched")
    before = without_touchpoint(collected)
    assert before is not None
    assert (before.count, before.url) == (12, page)
    browser.post(reverse("unmatched_ignore"), {"basis": "event", "value": "order_rated"})
    browser.post(reverse("unmatched_ignore"), {"basis": "event", "value": "order_rated"})
    row = IgnoredGroup.objects.get()
    shown = browser.get(page).content.decode()
    assert "1 group is no touchpoint" in shown
    assert [g.value for g in unmatched_groups(workspace=collected).groups][1] == "/"
    after = without_touchpoint(collected)
    assert after is not None
    assert after.count == 8
    browser.post(reverse("unmatched_restore", args=[row.pk]))
    assert unmatched_groups(workspace=collected).count == 12


@pytest.mark.parametrize(
    ("basis", "value"), [("colour", "red"), ("event", ""), ("page", "x" * 301)]
)
def test_what_is_no_group_cannot_be_hidden(scope: Workspace, basis: str, value: str) -> None:
    with pytest.raises(DomainError) as raised:
        ignore_group(workspace=scope, basis=basis, value=value)
    assert raised.value.code == "unknown_basis"


def test_viewers_see_the_groups_and_change_nothing(
    collected: Workspace, client_for: Browser, bob: User
) -> None:
    browser = client_for(bob)
    shown = browser.get(reverse("touchpoint_unmatched")).content.decode()
    assert "Pages below /coffee-shop" in shown
    assert "Make it a touchpoint" not in shown
    for name in ("unmatched_adopt", "unmatched_ignore"):
        assert browser.post(reverse(name), {}).status_code == 403


def test_the_page_takes_the_same_queries_however_many_groups(
    collected: Workspace,
    client_for: Browser,
    alice: User,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    browser = client_for(alice)
    browser.get(reverse("touchpoint_unmatched"))
    with django_assert_max_num_queries(26):  # type: ignore[attr-defined]
        assert browser.get(reverse("touchpoint_unmatched")).status_code == 200


def test_without_contacts_the_page_says_so(
    scope: Workspace, client_for: Browser, alice: User
) -> None:
    shown = client_for(alice).get(reverse("touchpoint_unmatched")).content.decode()
    assert "Everything has its touchpoint" in shown


def test_strangers_contacts_are_not_read(collected: Workspace, other_workspace: Workspace) -> None:
    with workspace_scope(other_workspace.pk):
        assert not read_recent()
        assert not unmatched_groups(workspace=other_workspace).groups


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("order_completed", "Order completed"),
        ("orderCompleted", "Order completed"),
        ("coffee-shop", "Coffee shop"),
        ("Cart seen", "Cart seen"),
        ("impressum.html", "Impressum"),
        ("", ""),
    ],
)
def test_technical_names_become_words(text: str, words: str) -> None:
    assert in_words(text) == words
