from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cxm.common.scope import workspace_scope
from cxm.customers.keys import crm_key
from cxm.customers.matching import CustomerFacts
from cxm.kpis.services import score_workspace
from cxm.workspaces.models import User, Workspace
from tests.touchpoints.make import (
    NOON,
    make_dimension,
    make_goal,
    make_record,
    make_source,
    make_touchpoint,
)
from touchpoints.interactions.models import Source
from touchpoints.interactions.panels import late_sources, quarantine, without_touchpoint
from touchpoints.interactions.records import Refused
from touchpoints.interactions.services import ingest

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]


def happen(workspace: Workspace) -> Source:
    make_goal(workspace)
    make_dimension(workspace, "visitor_type")
    make_touchpoint(workspace, key="shop", name="Online shop", event_names=["view"])
    source, _key = make_source(workspace)
    who = CustomerFacts(keys=(crm_key("user", "u1"),))
    records = [
        make_record(
            visit=str(n),
            event="view",
            properties={"visitor_type": "New"},
            customer=who if n else None,
        )
        for n in range(120)
    ]
    records += [make_record(visit="0", event="purchase"), make_record(visit="1", event="Odd")]
    bad = Refused("bad", "no_event", "No event.", {}, "segment")
    ingest(source=source, records=[*records, bad], received_at=NOON)
    score_workspace(workspace=workspace, now=NOON)
    return source


@time_machine.travel(NOON, tick=False)
def test_interactions_show_figures_sources_and_the_latest(
    scope: Workspace, client_for: Browser, bob: User
) -> None:
    happen(scope)
    html = client_for(bob).get(reverse("interactions")).content.decode()
    assert "120 visits" in html
    assert "0.83" in html
    assert "By visitor_type" in html
    assert "1 in quarantine" in html
    assert html.count('<li><span class="sq"') == 50
    assert "Older" in html


@time_machine.travel(NOON, tick=False)
def test_pages_follow_each_other_without_a_gap(
    scope: Workspace, client_for: Browser, bob: User
) -> None:
    happen(scope)
    browser, url, seen = client_for(bob), reverse("interactions"), []
    answer = browser.get(url)
    while True:
        seen += [row.id for row in answer.context["page"].rows]
        if not answer.context["older"]:
            break
        answer = browser.get(f"{url}?{answer.context['older']}")
    assert len(seen) == len(set(seen)) == 122


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("event=purchase", 1),
        ("touchpoint=none", 2),
        ("since=2026-05-20&until=2026-05-20&event=Odd", 1),
        ("until=2026-05-19", 0),
        ("source=00000000-0000-7000-8000-000000000000", 0),
        ("touchpoint=nonsense&since=nonsense&event=Odd", 1),
    ],
)
@time_machine.travel(NOON, tick=False)
def test_the_latest_can_be_filtered(
    scope: Workspace, client_for: Browser, bob: User, query: str, count: int
) -> None:
    happen(scope)
    answer = client_for(bob).get(f"{reverse('interactions')}?{query}")
    assert len(answer.context["page"].rows) == count


@time_machine.travel(NOON, tick=False)
def test_a_touchpoint_shows_how_it_goes(
    scope: Workspace,
    client_for: Browser,
    bob: User,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    happen(scope)
    with workspace_scope(scope.pk):
        place = make_touchpoint(scope, key="till", name="Till")
    browser = client_for(bob)
    browser.get("/")
    shop = browser.get(reverse("interactions")).context["touchpoints"].get(key="shop")
    with django_assert_max_num_queries(40):  # type: ignore[attr-defined]
        html = browser.get(shop.get_absolute_url()).content.decode()
    assert "Online shop" in html
    assert "120 visits" in html
    assert "Nothing happened here yet" in browser.get(place.get_absolute_url()).content.decode()


def test_an_empty_workspace_says_what_to_do_next(
    scope: Workspace, client_for: Browser, alice: User
) -> None:
    html = client_for(alice).get(reverse("interactions")).content.decode()
    assert "Nothing has come in yet" in html
    assert reverse("admin:interactions_source_add") in html


def test_strangers_see_nothing(
    scope: Workspace, client_for: Browser, mallory: User, client: Client
) -> None:
    place = make_touchpoint(scope)
    assert client_for(mallory).get(place.get_absolute_url()).status_code == 404
    assert client.get(reverse("interactions")).status_code == 302


@time_machine.travel(NOON, tick=False)
def test_home_says_what_waits(scope: Workspace, client_for: Browser, alice: User) -> None:
    source = happen(scope)
    waits, odd = quarantine(scope), without_touchpoint(scope)
    assert waits is not None
    assert waits.count == 1
    assert odd is not None
    assert odd.count == 2
    assert late_sources(scope) is None
    Source.objects.update(expected_hours=6)
    with time_machine.travel(NOON + timedelta(hours=7), tick=False):
        late = late_sources(scope)
        html = client_for(alice).get("/admin/").content.decode()
    assert late is not None
    assert source.name in str(late.title)
    assert "expected every 6 hours" in html


def test_a_source_gets_a_key_that_is_shown_once(
    scope: Workspace, client_for: Browser, alice: User
) -> None:
    browser = client_for(alice)
    answer = browser.post(
        reverse("admin:interactions_source_add"),
        {"name": "Till", "expected_hours": "24"},
        follow=True,
    )
    assert "cxw_" in answer.content.decode()
    source = Source.objects.get()
    before = source.token_hash
    page = reverse("admin:interactions_source_change", args=[source.pk])
    assert (
        source.prefix
        in browser.get(reverse("admin:interactions_source_changelist")).content.decode()
    )
    assert "is not shown again" not in browser.get(page).content.decode()
    listed, chosen = reverse("admin:interactions_source_changelist"), str(source.pk)
    answer = browser.post(listed, {"action": "new_key", "_selected_action": chosen}, follow=True)
    assert "cxw_" in answer.content.decode()
    source.refresh_from_db()
    assert source.token_hash != before
    browser.post(listed, {"action": "revoke", "_selected_action": chosen})
    source.refresh_from_db()
    assert source.revoked_at is not None


@time_machine.travel(NOON, tick=False)
def test_a_customers_page_tells_what_they_did(
    scope: Workspace, client_for: Browser, alice: User
) -> None:
    happen(scope)
    answer = client_for(alice).get(reverse("interactions"))
    customer = next(row.customer for row in answer.context["page"].rows if row.customer)
    html = client_for(alice).get(customer.get_absolute_url()).content.decode()
    assert "view" in html
    assert "Online shop" in html
