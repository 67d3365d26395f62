"""The page that hands out codes, follows what comes in, and finds what is looked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cxm.common.clock import now
from cxm.common.scope import workspace_scope
from cxm.workspaces.models import User, Workspace
from tests.touchpoints.campaigns.make import make_campaign
from tests.touchpoints.campaigns.make import make_placement as place
from tests.touchpoints.make import make_record
from tests.touchpoints.tracking.make import make_placement
from touchpoints.campaigns.models import Campaign, Placement
from touchpoints.interactions.models import Source
from touchpoints.interactions.services import create_source, ingest

pytestmark = pytest.mark.django_db

ADDRESS = "/app/tracking/"


@pytest.fixture
def page(alice: User, client_for: Callable[[User], Client]) -> Callable[..., str]:
    """Return the page's text for a query."""
    client = client_for(alice)

    def get(path: str = ADDRESS, **query: str) -> str:
        response = client.get(path, query)
        assert response.status_code == 200
        return response.content.decode()

    return get


def website(workspace: Workspace, name: str = "Shop") -> tuple[Source, str]:
    """Make a website and return it with its key."""
    with workspace_scope(workspace.pk):
        return create_source(workspace=workspace, name=name, kind=Source.Kind.WEB)


def test_empty_it_says_what_to_do(page: Callable[..., str]) -> None:
    text = page()
    for sentence in ("No website yet", "No key yet", "No placement yet"):
        assert sentence in text


def test_a_website_is_named_and_gets_its_tag(
    alice: User, client_for: Callable[[User], Client], workspace: Workspace
) -> None:
    client = client_for(alice)
    response = client.post(f"{ADDRESS}add/web/", {"name": "Web shop"}, follow=True)
    with workspace_scope(workspace.pk):
        source = Source.objects.get()
    assert (source.kind, source.name) == (Source.Kind.WEB, "Web shop")
    assert response.redirect_chain == [(f"{ADDRESS}#source-{source.pk}", 302)]
    text = response.content.decode()
    tag = f'<script async src="{settings.SITE_URL}/t.js" data-key="{source.public_key}"></script>'
    assert tag.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;") in text
    assert "Nothing has come yet" in text


def test_a_servers_key_is_shown_once_and_stands_in_the_examples(
    alice: User, client_for: Callable[[User], Client], page: Callable[..., str]
) -> None:
    response = client_for(alice).post(f"{ADDRESS}add/server/", {"name": "Orders"})
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    text = response.content.decode()
    found = re.search(r'id="code-new-key">(cxw_[\w-]+)<', text)
    assert found is not None
    # Alone, and in Python, Node and curl.
    assert text.count(found[1]) == 4
    later = page()
    assert found[1] not in later
    assert later.count("YOUR_WRITE_KEY") >= 3
    assert "Orders" in later


@pytest.mark.parametrize(
    ("name", "problem"),
    [("", "Give it a name"), ("Shop", "Another source has this name"), ("x" * 121, "at most 120")],
)
def test_a_name_that_cannot_be_is_said_at_the_field(
    alice: User,
    client_for: Callable[[User], Client],
    workspace: Workspace,
    name: str,
    problem: str,
) -> None:
    website(workspace)
    response = client_for(alice).post(f"{ADDRESS}add/web/", {"name": name})
    assert response.status_code == 422
    text = response.content.decode()
    assert problem in text
    assert 'aria-invalid="true"' in text


def test_who_may_only_look_makes_nothing(
    bob: User, client_for: Callable[[User], Client], workspace: Workspace
) -> None:
    client = client_for(bob)
    assert "Add website" not in client.get(ADDRESS).content.decode()
    assert client.post(f"{ADDRESS}add/web/", {"name": "X"}).status_code == 403
    assert client.get(f"{ADDRESS}add/web/").status_code == 405
    with workspace_scope(workspace.pk):
        assert not Source.objects.exists()


def test_other_kinds_cannot_be_made(alice: User, client_for: Callable[[User], Client]) -> None:
    assert client_for(alice).post(f"{ADDRESS}add/demo/", {"name": "X"}).status_code == 404


def test_it_follows_what_comes_in(workspace: Workspace, page: Callable[..., str]) -> None:
    source, _key = website(workspace)
    placement = make_placement(workspace)
    part = page(f"{ADDRESS}seen/")
    assert "Nothing has come yet" in part
    assert "not yet" in part
    with workspace_scope(workspace.pk):
        moment = now() - timedelta(seconds=5)
        views = [
            make_record(kind="page", event="", occurred_at=moment, properties={"path": "/bikes"})
        ]
        ingest(source=source, records=views, received_at=now())
        Placement.objects.update(last_seen_at=now() - timedelta(minutes=2))
    part = page(f"{ADDRESS}seen/")
    assert "Last seen" in part
    assert "/bikes" in part
    assert "2 min ago" in part
    # Each piece goes into its own place.
    assert f'id="state-{source.pk}" hx-swap-oob="innerHTML"' in part
    assert f'id="seen-{placement.pk}" hx-swap-oob="innerHTML"' in part


def test_links_and_pixels_are_ready_to_copy(workspace: Workspace, page: Callable[..., str]) -> None:
    link = make_placement(workspace, name="Mail button")
    pixel = make_placement(workspace, kind=Placement.Kind.PIXEL, target_url="", name="Opened")
    text = page()
    assert f"{settings.SITE_URL}/c/{link.code}<" in text
    assert f"src=&quot;{settings.SITE_URL}/p/{pixel.code}.gif&quot;" in text
    assert f"/c/{pixel.code}" not in text
    assert f"{ADDRESS}qr/{link.pk}.svg?size=60&amp;save" in text


def test_what_is_looked_for_is_found(workspace: Workspace, page: Callable[..., str]) -> None:
    website(workspace, "Main site")
    website(workspace, "Blog")
    spring = make_campaign(workspace, name="Spring sale")
    place(spring, name="Poster")
    place(make_campaign(workspace, name="Winter"), name="Banner")
    text = page(q="spring")
    assert "Poster" in text
    assert "Banner" not in text
    assert "Blog" in page(q="blog")
    assert "Main site" not in page(q="blog")
    assert "No placement fits" in page(q="nothing of it")
    by_campaign = page(campaign=str(spring.pk))
    assert "Poster" in by_campaign
    assert "Banner" not in by_campaign
    assert "Poster" in page(campaign="nonsense", page="x", q="")


def test_archived_campaigns_are_put_away(workspace: Workspace, page: Callable[..., str]) -> None:
    make_placement(workspace, name="Poster")
    with workspace_scope(workspace.pk):
        Campaign.objects.update(status=Campaign.Status.ARCHIVED)
    assert "Poster" not in page()


def test_long_lists_come_in_pages(workspace: Workspace, page: Callable[..., str]) -> None:
    campaign = make_campaign(workspace)
    for number in range(51):
        place(campaign, name=f"Poster {number:02}")
    first = page()
    assert "Poster 49" in first
    assert "Poster 50" not in first
    assert "Page 1 of 2" in first
    assert "Poster 50" in page(page="2")
    assert "Poster 50" in page(page="99")


def test_more_rows_cost_no_more_queries(
    alice: User,
    client_for: Callable[[User], Client],
    workspace: Workspace,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = client_for(alice)
    campaign = make_campaign(workspace)
    website(workspace, "A")
    place(campaign)
    with django_assert_max_num_queries(60) as few:
        client.get(ADDRESS)
    for number in range(8):
        website(workspace, f"B{number}")
        place(campaign)
        place(make_campaign(workspace))
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(ADDRESS)
    with django_assert_max_num_queries(20):
        client.get(f"{ADDRESS}seen/")


def test_codes_of_others_are_not_shown(
    mallory: User, client_for: Callable[[User], Client], workspace: Workspace
) -> None:
    source, key = website(workspace)
    placement = make_placement(workspace)
    client = client_for(mallory)
    for address in (ADDRESS, f"{ADDRESS}seen/", f"{ADDRESS}?campaign={placement.campaign_id}"):
        text = client.get(address).content.decode()
        assert key not in text
        assert placement.code not in text
        assert str(source.pk) not in text
    assert client.get(f"{ADDRESS}qr/{placement.pk}.svg").status_code == 404


@pytest.mark.parametrize(
    ("extension", "kind", "begins"),
    [("svg", "image/svg+xml", b"<svg"), ("png", "image/png", b"\x89PNG")],
)
def test_qr_codes_come_in_sizes_to_print(
    alice: User,
    client_for: Callable[[User], Client],
    workspace: Workspace,
    extension: str,
    kind: str,
    begins: bytes,
) -> None:
    placement = make_placement(workspace, name="Poster at the stop")
    client = client_for(alice)
    address = f"{ADDRESS}qr/{placement.pk}.{extension}"
    response = client.get(address, {"size": "60", "save": ""})
    assert response["Content-Type"] == kind
    assert begins in response.content[:200]
    assert "poster-at-the-stop-60-mm" in response["Content-Disposition"]
    assert "Content-Disposition" not in client.get(address, {"size": "61"})
    assert client.get(f"{ADDRESS}qr/{placement.pk}.pdf").status_code == 404


def test_a_pixel_has_no_qr_code(
    alice: User, client_for: Callable[[User], Client], workspace: Workspace
) -> None:
    pixel = make_placement(workspace, kind=Placement.Kind.PIXEL, target_url="")
    assert client_for(alice).get(f"{ADDRESS}qr/{pixel.pk}.svg").status_code == 404
