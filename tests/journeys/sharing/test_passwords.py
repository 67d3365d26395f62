"""A link with a password: who tries, who guesses, and for how long it stays open."""

from __future__ import annotations

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from cxm.common.clock import now
from cxm.common.scope import workspace_scope
from cxm.workspaces.models import Workspace
from journeys.maps.models import JourneyMap, ShareLink
from journeys.sharing.services import Made
from journeys.sharing.unlocking import COOKIE, proof_of, proves
from tests.journeys.make import make_map, make_touchpoint
from tests.journeys.sharing.make import make_link

pytestmark = pytest.mark.django_db

PASSWORD = "lamp and shade"


@pytest.fixture(autouse=True)
def usual_limit(settings: Settings) -> None:
    """As many tries a minute as outside the tests."""
    settings.LOGIN_ATTEMPTS_PER_MINUTE = 10


@pytest.fixture
def journey(workspace: Workspace) -> JourneyMap:
    with workspace_scope(workspace.pk):
        return make_map(workspace, make_touchpoint(workspace), name="Buying a lamp")


@pytest.fixture
def made(workspace: Workspace, journey: JourneyMap) -> Made:
    with workspace_scope(workspace.pk):
        return make_link(journey, password=PASSWORD, may_embed=True)


def test_the_question_says_neither_what_nor_whose_it_is(made: Made, workspace: Workspace) -> None:
    shown = Client().get(f"/j/{made.token}/").content.decode()
    assert "This journey has a password" in shown
    assert "Buying a lamp" not in shown
    assert "Does 1" not in shown
    assert workspace.name not in shown
    with workspace_scope(workspace.pk):
        assert ShareLink.objects.get().opened == 0


def test_it_is_stored_hashed(made: Made) -> None:
    assert made.link.password.startswith("pbkdf2") or "$" in made.link.password
    assert PASSWORD not in made.link.password
    assert made.token not in str(vars(made.link))


def test_the_right_password_opens_that_link_alone(
    made: Made, journey: JourneyMap, workspace: Workspace
) -> None:
    with workspace_scope(workspace.pk):
        other = make_link(journey, password=PASSWORD)
    browser = Client()
    wrong = browser.post(f"/j/{made.token}/", {"password": "shade and lamp"})
    assert (wrong.status_code, wrong.cookies) == (422, {})
    assert "This is not the password." in wrong.content.decode()
    right = browser.post(f"/j/{made.token}/", {"password": PASSWORD})
    assert (right.status_code, right["Location"]) == (303, f"/j/{made.token}/?lang=en")
    cookie = right.cookies[COOKIE]
    assert cookie["path"] == f"/j/{made.token}/"
    assert cookie["httponly"]
    assert cookie["max-age"] == 4 * 3600
    assert "Buying a lamp" in browser.get(f"/j/{made.token}/").content.decode()
    # Even where a browser sends it along, it opens no other link.
    browser.cookies[COOKIE]["path"] = "/"
    assert "Buying a lamp" not in browser.get(f"/j/{other.token}/").content.decode()
    assert not proves(other.link, proof_of(made.link))


def test_it_closes_after_some_hours_and_with_another_password(
    made: Made, workspace: Workspace
) -> None:
    proof = proof_of(made.link)
    assert proves(made.link, proof)
    with time_machine.travel(now() + timedelta(hours=4, seconds=5), tick=False):
        assert not proves(made.link, proof)
    made.link.password = "another$hash"
    assert not proves(made.link, proof)
    assert not proves(made.link, "forged")


def test_a_revoked_link_stays_closed_for_who_was_inside(made: Made, workspace: Workspace) -> None:
    browser = Client()
    browser.post(f"/j/{made.token}/", {"password": PASSWORD})
    with workspace_scope(workspace.pk):
        ShareLink.objects.update(revoked_at=now())
    assert browser.get(f"/j/{made.token}/").status_code == 404
    assert browser.post(f"/j/{made.token}/", {"password": PASSWORD}).status_code == 404


def test_guessing_ends_after_some_tries_from_anywhere(made: Made) -> None:
    with time_machine.travel(now().replace(second=1), tick=False):
        answers = [
            Client(REMOTE_ADDR=f"198.51.100.{n}").post(
                f"/j/{made.token}/", {"password": f"guess {n}"}
            )
            for n in range(12)
        ]
        assert [answer.status_code for answer in answers] == [422] * 10 + [429] * 2
        assert answers[-1]["Retry-After"] == "60"
        # The right one is not looked at either, in the page and in the frame.
        with patch("journeys.sharing.views.public.is_password") as looked:
            for path in ("", "embed/"):
                late = Client(REMOTE_ADDR="198.51.100.99").post(
                    f"/j/{made.token}/{path}", {"password": PASSWORD}
                )
                assert late.status_code == 429
        looked.assert_not_called()


def test_one_address_may_not_try_many_links(
    made: Made, journey: JourneyMap, workspace: Workspace
) -> None:
    with workspace_scope(workspace.pk):
        tokens = [make_link(journey, password=PASSWORD).token for _ in range(11)]
    with time_machine.travel(now().replace(second=1), tick=False):
        statuses = [
            Client().post(f"/j/{token}/", {"password": "guess"}).status_code for token in tokens
        ]
    assert statuses == [422] * 10 + [429]


def test_what_the_page_fetches_needs_the_proof_too(
    journey: JourneyMap, workspace: Workspace
) -> None:
    with workspace_scope(workspace.pk):
        made = make_link(journey, password=PASSWORD, may_embed=True, with_figures=True)
        other = make_link(journey, password=PASSWORD, with_figures=True)
    shown = Client().post(f"/j/{made.token}/embed/", {"password": PASSWORD}).content.decode()
    found = re.search(r'"scores": "([^"]+)"', shown)
    assert found is not None
    address = found[1].replace("\\u0026", "&")
    assert Client().get(address).status_code == 200
    assert Client().get(address.split("?")[0]).status_code == 404
    assert Client().get(address.replace(made.token, other.token)).status_code == 404


def test_a_frame_is_answered_with_the_map_since_it_keeps_no_cookie(made: Made) -> None:
    browser = Client()
    assert "has a password" in browser.get(f"/j/{made.token}/embed/").content.decode()
    shown = browser.post(f"/j/{made.token}/embed/", {"password": PASSWORD})
    assert shown.status_code == 200
    assert "Buying a lamp" in shown.content.decode()
    assert not shown.cookies
