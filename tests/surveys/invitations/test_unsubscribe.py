"""The way out of a mail."""

from __future__ import annotations

import pytest
from django.test import Client

from cxm.common.scope import workspace_scope
from cxm.customers.models import Consent
from cxm.customers.services import is_suppressed
from cxm.workspaces.models import Workspace
from surveys.invitations.services import send_due
from tests.surveys.conftest import MailServer
from tests.surveys.make import (
    make_invited,
    make_launched,
    make_reachable,
    make_survey,
    unsubscribe_path,
)

pytestmark = pytest.mark.django_db


def test_one_click_of_a_mail_program_is_enough(
    workspace: Workspace, mail_server: MailServer
) -> None:
    customer = make_reachable(workspace, "mara@example.com")
    with workspace_scope(workspace.pk):
        make_launched(make_survey(workspace))
        send_due(workspace=workspace)
    mail = mail_server.mails[0]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    answer = Client(enforce_csrf_checks=True).post(
        unsubscribe_path(mail), {"List-Unsubscribe": "One-Click"}
    )
    assert answer.status_code == 200
    assert not answer.cookies
    with workspace_scope(workspace.pk):
        assert is_suppressed(channel="email", address="mara@example.com")
        newest = Consent.objects.filter(customer=customer).latest("at", "id")
        assert (newest.purpose, newest.channel, newest.granted) == ("survey", "email", False)


def test_looking_at_the_page_changes_nothing(workspace: Workspace) -> None:
    customer = make_reachable(workspace, "mara@example.com")
    _invitation, token, stop = make_invited(make_survey(workspace), customer)
    for path in (f"/u/{stop}/", f"/s/{token}/stop/"):
        page = Client().get(path)
        assert page.status_code == 200
        assert "Stop these invitations?" in page.content.decode()
    with workspace_scope(workspace.pk):
        assert not is_suppressed(channel="email", address="mara@example.com")
        assert Consent.objects.count() == 1


def test_the_survey_page_has_a_way_out_too(workspace: Workspace) -> None:
    customer = make_reachable(workspace, "mara@example.com")
    _invitation, token, _stop = make_invited(make_survey(workspace), customer)
    assert f"/s/{token}/stop/" in Client().get(f"/s/{token}/").content.decode()
    for _ in range(2):
        page = Client().post(f"/s/{token}/stop/", {"lang": "de"})
        assert page.status_code == 200
        assert "Sie erhalten keine Einladungen mehr" in page.content.decode()
    with workspace_scope(workspace.pk):
        assert is_suppressed(channel="email", address="mara@example.com")
