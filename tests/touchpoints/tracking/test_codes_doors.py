"""Pixel and redirect: they count, they lead only where they were told to, they tell nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qsl, urlsplit

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import Workspace
from tests.touchpoints.make import NOON, make_channel, make_touchpoint
from tests.touchpoints.tracking.make import make_placement
from touchpoints.campaigns.models import Campaign, Placement
from touchpoints.interactions.models import Inbox, Interaction, Source, SourceDay
from touchpoints.interactions.records import PLACEMENT_CLICKED, PLACEMENT_VIEWED
from touchpoints.interactions.services.inbox import drain
from touchpoints.tracking.views.public import PIXEL

pytestmark = pytest.mark.django_db

PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Mobile Safari/537.36"
)
PUT_EVENTS = "touchpoints.tracking.services.counting.put_events"
BOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


def fetch(client: Client, path: str, **headers: str) -> Any:
    """Fetch as a phone does, unless `headers` say otherwise."""
    return client.get(path, headers={"user-agent": PHONE, **headers})


def stored(workspace: Workspace) -> list[Interaction]:
    """Sort in what waits and return what is there."""
    drain()
    with workspace_scope(workspace.pk):
        return list(Interaction.objects.order_by("occurred_at", "id"))


def waiting(workspace: Workspace) -> int:
    """Return how many bodies wait."""
    with workspace_scope(workspace.pk):
        return Inbox.objects.count()


def test_a_click_is_led_on_and_counted(client: Client, workspace: Workspace) -> None:
    channel = make_channel(workspace, key="flyer")
    touchpoint = make_touchpoint(workspace, key="leaflet")
    placement = make_placement(
        workspace,
        target_url="https://shop.example/spring?x=1#top",
        source="leaflet",
        medium="print",
        channel=channel,
        touchpoint=touchpoint,
    )
    response = fetch(client, f"/c/{placement.code}", referer="https://partner.example/")
    assert response.status_code == 302
    assert response["Location"] == placement.landing(placement.campaign)
    assert response["Location"].startswith("https://shop.example/spring?x=1&utm_campaign=")
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies

    (click,) = stored(workspace)
    assert (click.kind, click.event) == ("track", PLACEMENT_CLICKED)
    assert click.properties == {"placement": placement.name, "campaign": placement.campaign.key}
    assert click.context["page"] == {"referrer": "https://partner.example/"}
    # The same words as in the address that it leads to.
    words = dict(parse_qsl(urlsplit(response["Location"]).query))
    assert click.context["campaign"] == {
        name.removeprefix("utm_").replace("campaign", "name"): word
        for name, word in words.items()
        if name.startswith("utm_")
    }
    assert click.campaign_id == placement.campaign_id
    assert click.placement_id == placement.pk
    assert click.channel_id == channel.pk
    assert click.touchpoint_id == touchpoint.pk
    assert click.customer_id is None
    with workspace_scope(workspace.pk):
        source = Source.objects.get()
        assert (source.kind, source.token_hash) == (Source.Kind.CODES, None)


def test_a_view_is_counted_by_a_picture(client: Client, workspace: Workspace) -> None:
    placement = make_placement(workspace, kind=Placement.Kind.PIXEL, target_url="")
    response = fetch(client, f"/p/{placement.code}.gif")
    assert response.status_code == 200
    assert response["Content-Type"] == "image/gif"
    assert response.content == PIXEL
    assert response["Cache-Control"] == "no-store"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert not response.cookies
    (view,) = stored(workspace)
    assert (view.event, view.placement_id) == (PLACEMENT_VIEWED, placement.pk)


def test_two_fetches_of_one_person_share_the_days_name(
    client: Client, workspace: Workspace
) -> None:
    placement = make_placement(workspace)
    fetch(client, f"/p/{placement.code}.gif")
    fetch(client, f"/c/{placement.code}")
    client.get(f"/c/{placement.code}", headers={"user-agent": PHONE.replace("14", "15")})
    first, second, other = stored(workspace)
    assert first.actor == second.actor != other.actor
    assert "127.0.0.1" not in f"{first.anonymous_id} {first.properties} {first.context}"


def test_only_the_stored_address_is_led_to(client: Client, workspace: Workspace) -> None:
    placement = make_placement(workspace, target_url="https://shop.example/")
    evil = f"/c/{placement.code}?url=https://evil.example&next=//evil.example&utm_source=x"
    assert "evil" not in fetch(client, evil)["Location"]


@pytest.mark.parametrize(
    "code",
    [
        "2" * 16,
        "short",
        "0" * 16,
        "x" * 500,
        "%00" * 16,
        "'%20OR%201=1",
        "ＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡ",
    ],
)
def test_unknown_codes_are_not_found(client: Client, workspace: Workspace, code: str) -> None:
    response = fetch(client, f"/c/{code}")
    assert (response.status_code, response["Content-Type"]) == (404, "text/plain")
    assert "Location" not in response
    picture = fetch(client, f"/p/{code}.gif")
    assert (picture.status_code, picture.content) == (404, PIXEL)
    assert waiting(workspace) == 0


def test_archived_campaigns_lead_nowhere(client: Client, workspace: Workspace) -> None:
    placement = make_placement(workspace)
    with workspace_scope(workspace.pk):
        Campaign.objects.update(status=Campaign.Status.ARCHIVED)
    assert fetch(client, f"/c/{placement.code}").status_code == 404
    assert fetch(client, f"/p/{placement.code}.gif").status_code == 404
    assert waiting(workspace) == 0


def test_a_pixel_leads_nowhere(client: Client, workspace: Workspace) -> None:
    placement = make_placement(workspace, kind=Placement.Kind.PIXEL, target_url="")
    assert fetch(client, f"/c/{placement.code}").status_code == 404


def test_a_code_counts_in_its_own_workspace_only(
    client: Client, workspace: Workspace, other_workspace: Workspace
) -> None:
    placement = make_placement(other_workspace)
    fetch(client, f"/c/{placement.code}")
    assert stored(workspace) == []
    assert len(stored(other_workspace)) == 1


@pytest.mark.parametrize("wish", ["sec-gpc", "dnt"])
def test_who_asks_not_to_be_tracked_leaves_a_count_alone(
    client: Client, workspace: Workspace, wish: str
) -> None:
    placement = make_placement(workspace)
    assert fetch(client, f"/c/{placement.code}", **{wish: "1"}).status_code == 302
    with workspace_scope(workspace.pk):
        body = Inbox.objects.get()
        assert (bytes(body.body), body.visitor, body.agent) == (b"", "", "")
    assert stored(workspace) == []
    with workspace_scope(workspace.pk):
        day = SourceDay.objects.get()
        assert (day.received, day.stored, day.declined) == (0, 0, 1)
        assert Placement.objects.get().last_seen_at is None


def test_bots_are_led_on_and_counted_as_bots(client: Client, workspace: Workspace) -> None:
    placement = make_placement(workspace)
    assert fetch(client, f"/c/{placement.code}", **{"user-agent": BOT}).status_code == 302
    assert stored(workspace) == []
    with workspace_scope(workspace.pk):
        day = SourceDay.objects.get()
        assert (day.received, day.stored, day.bot) == (1, 0, 1)
        assert Placement.objects.get().last_seen_at is None


def test_looking_and_fetching_ahead_count_nothing(client: Client, workspace: Workspace) -> None:
    placement = make_placement(workspace)
    assert client.head(f"/c/{placement.code}").status_code == 302
    assert client.head(f"/p/{placement.code}.gif").status_code == 200
    ahead = {"sec-purpose": "prefetch;prerender"}
    assert fetch(client, f"/c/{placement.code}", **ahead).status_code == 302
    assert client.post(f"/c/{placement.code}").status_code == 405
    assert waiting(workspace) == 0


def test_when_it_was_seen_is_written_once_a_minute(client: Client, workspace: Workspace) -> None:
    placement = make_placement(workspace)
    seen = []
    with time_machine.travel(NOON, tick=False) as clock:
        for seconds in (0, 30, 31):
            clock.shift(timedelta(seconds=seconds))
            fetch(client, f"/c/{placement.code}")
            with workspace_scope(workspace.pk):
                seen.append(Placement.objects.get().last_seen_at)
    assert seen == [NOON, NOON, NOON + timedelta(seconds=61)]


def test_a_click_costs_one_insert(
    client: Client, workspace: Workspace, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    placement = make_placement(workspace)
    fetch(client, f"/c/{placement.code}")
    # Placement, campaign, source, the day's salt; then the body.
    with django_assert_num_queries(5) as queries:
        fetch(client, f"/c/{placement.code}")
    statements = [query["sql"].split()[0] for query in queries.captured_queries]
    assert statements == ["SELECT", "SELECT", "SELECT", "SELECT", "INSERT"]


def test_trouble_with_the_count_keeps_nobody_away(client: Client, workspace: Workspace) -> None:
    placement = make_placement(workspace)
    with patch(PUT_EVENTS, side_effect=OperationalError("full")):
        assert fetch(client, f"/c/{placement.code}").status_code == 302
        assert fetch(client, f"/p/{placement.code}.gif").content == PIXEL


def test_a_renamed_source_goes_on_being_the_codes_source(
    client: Client, workspace: Workspace
) -> None:
    placement = make_placement(workspace)
    fetch(client, f"/c/{placement.code}")
    with workspace_scope(workspace.pk):
        Source.objects.update(name="QR und Links")
    fetch(client, f"/c/{placement.code}")
    with workspace_scope(workspace.pk):
        assert Source.objects.count() == 1
