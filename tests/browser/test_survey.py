"""A customer answers a survey out of a mail, in a browser with and without scripts."""

from __future__ import annotations

import re

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import Workspace
from surveys.invitations.services import send_due
from surveys.responses.models import Response
from tests.browser.conftest import Visit
from tests.surveys.conftest import MailServer, mail_server
from tests.surveys.make import make_launched, make_reachable, make_survey, part

__all__ = ["mail_server"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def path(
    workspace: Workspace,
    mail_server: MailServer,
    live_server: LiveServer,
    settings: Settings,
) -> str:
    """The address below the score 8 in a mail that was really sent."""
    settings.SITE_URL = live_server.url
    make_reachable(workspace, name="Mara Lind")
    with workspace_scope(workspace.pk):
        make_launched(make_survey(workspace))
        assert send_due(workspace=workspace) == 1
    html = part(mail_server.mails[0], "html")
    found = re.search(rf'href="{re.escape(live_server.url)}(/s/[^"]+\?a=8)"', html)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(("scripts", "width"), [(False, 390), (True, 1000)])
def test_a_customer_answers_out_of_a_mail(
    workspace: Workspace, path: str, visit: Visit, scripts: bool, width: int
) -> None:
    page = visit(path, scripts=scripts, width=width)
    assert page.get_by_role("radio", name="8 of 10").is_checked()
    page.get_by_role("radio", name="9 of 10").check()
    page.get_by_label("What is the main reason?").fill("The driver was kind.")
    page.get_by_label("You may reply to me about this").check()
    page.get_by_role("button", name="Send my answer").click()

    page.get_by_role("heading", name="Thank you. Your answer has reached us.").wait_for()
    assert page.get_by_text("9 of 10").is_visible()
    page.get_by_role("link", name="Deutsch").click()
    page.get_by_role("link", name="Antwort ändern").click()
    assert page.get_by_role("radio", name="9 von 10").is_checked()
    page.get_by_role("radio", name="0, sehr unwahrscheinlich").check()
    page.get_by_role("button", name="Antwort ändern").click()
    page.get_by_text("0 von 10").wait_for()

    with workspace_scope(workspace.pk):
        response = Response.objects.get()
        assert response.wants_reply
        assert set(response.answers.values_list("number", "text")) == {
            (0, ""),
            (None, "The driver was kind."),
        }


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_of_the_page_is_wider_than_a_phone(path: str, visit: Visit, theme: str) -> None:
    page = visit(path, width=360, theme=theme)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    boxes = [label.bounding_box() for label in page.locator(".scale label").all()]
    assert len(boxes) == 11
    assert all(box is not None and box["width"] >= 44 and box["height"] >= 44 for box in boxes)
