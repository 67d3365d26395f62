"""What an invitation says and carries."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from cxm.workspaces.models import Workspace
from surveys.invitations.models import Invitation
from surveys.invitations.services import send_due
from surveys.questionnaires.models import Survey
from tests.surveys.conftest import MailServer
from tests.surveys.make import (
    make_launched,
    make_reachable,
    make_survey,
    part,
    survey_path,
    unsubscribe_path,
)

pytestmark = pytest.mark.django_db

OCCASION = {"en": "Your oak shelf reached you on 18 November.", "de": "Ihr Regal kam am 18. an."}


@pytest.fixture
def shop(scope: Workspace) -> Workspace:
    """The workspace with everything that customers get to see."""
    scope.legal_name = "Nordhaven Living A/S"
    scope.address = "Havnegade 12, 8000 Aarhus"
    scope.contact_email = "care@nordhaven.example"
    scope.privacy_url = "https://nordhaven.example/privacy"
    scope.sender_name = "Jonas Friis, Nordhaven"
    scope.sender_email = "hello@nordhaven.example"
    scope.brand_color = "#1d3a5f"
    scope.save()
    return scope


def send(shop: Workspace, server: MailServer, survey: Survey | None = None) -> EmailMessage:
    make_launched(survey or make_survey(shop), texts=OCCASION)
    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=True):
        Invitation.objects.update(due_at=datetime(2026, 11, 22, 11, tzinfo=UTC))
        send_due(workspace=shop)
    return server.mails[0]


def test_the_headers_say_what_it_is(shop: Workspace, mail_server: MailServer) -> None:
    make_reachable(shop, "mara@example.com", name="Mara Lind")
    mail = send(shop, mail_server)
    invitation = Invitation.objects.get()
    assert mail["Message-ID"] == f"<invitation.{invitation.pk.hex}@testserver>"
    assert invitation.message_id == mail["Message-ID"]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-CXM-Workspace"] == str(shop.pk)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "<mailto:care@nordhaven.example?subject=unsubscribe>" in mail["List-Unsubscribe"]
    assert mail["From"] == '"Jonas Friis, Nordhaven" <hello@nordhaven.example>'
    assert mail["Reply-To"] == "care@nordhaven.example"
    assert mail["To"] == "mara@example.com"
    assert mail["Subject"] == "How likely are you to recommend Nordhaven to a friend?"


def test_text_and_html_carry_eleven_links_and_the_ways_out(
    shop: Workspace, mail_server: MailServer
) -> None:
    make_reachable(shop, name="Mara Lind")
    mail = send(shop, mail_server)
    for kind in ("plain", "html"):
        body = part(mail, kind)
        links = re.findall(r"http://testserver/s/[\w-]{43}/\?a=(\d+)", body)
        assert links == [str(score) for score in range(11)]
        for words in (
            "Hello Mara,",
            OCCASION["en"],
            "How likely are you to recommend Nordhaven to a friend?",
            "not at all likely",
            "Jonas Friis, Nordhaven",
            "We ask at most once in 90 days.",
            "works until 6 December.",
            "http://testserver" + unsubscribe_path(mail),
            "https://nordhaven.example/privacy",
            "Nordhaven Living A/S, Havnegade 12, 8000 Aarhus",
        ):
            assert words in body, (kind, words)
    assert "#1d3a5f" in part(mail, "html")
    assert "<script" not in part(mail, "html")
    assert "<img" not in part(mail, "html")


def test_german_customers_get_a_german_mail(shop: Workspace, mail_server: MailServer) -> None:
    make_reachable(shop, name="Mara Lind", language="de-CH")
    mail = send(shop, mail_server)
    assert mail["Subject"] == "Wie wahrscheinlich ist es, dass Sie Nordhaven Freunden empfehlen?"
    assert mail["Content-Language"] == "de"
    for kind in ("plain", "html"):
        body = part(mail, kind)
        for words in ("Guten Tag Mara", OCCASION["de"], "bis zum 6. Dezember", "Vielen Dank"):
            assert words in body, (kind, words)
        for english in ("Hello", "Choose", "Thank", "Stop", "You ", "you "):
            assert english not in body.partition("<body")[2 if kind == "html" else 0], english


def test_every_link_of_a_mail_works(shop: Workspace, mail_server: MailServer) -> None:
    make_reachable(shop)
    mail = send(shop, mail_server)
    with time_machine.travel(datetime(2026, 11, 23, tzinfo=UTC), tick=True):
        for address in re.findall(r'href="http://testserver([^"]+)"', part(mail, "html")):
            assert Client().get(address).status_code == 200, address
        assert Client().post(survey_path(mail), {"score": "10"}).status_code == 303


def test_what_comes_from_people_cannot_break_the_mail(
    shop: Workspace, mail_server: MailServer
) -> None:
    Workspace.objects.filter(pk=shop.pk).update(
        sender_name="Evil\r\nBcc: all@example.com", name="A&B <script>"
    )
    shop.refresh_from_db()
    make_reachable(shop, "mara@example.com", name="<b>Mara</b> {{ x }}")
    mail = send(shop, mail_server)
    assert mail_server.recipients == ["mara@example.com"]
    assert mail["Bcc"] is None
    assert str(mail["From"]) == '"Evil Bcc: all@example.com" <hello@nordhaven.example>'
    html = part(mail, "html")
    assert "Hello &lt;b&gt;Mara&lt;/b&gt;," in html
    assert "<script>" not in html


def test_links_use_the_configured_origin(
    shop: Workspace, mail_server: MailServer, settings: Settings
) -> None:
    settings.SITE_URL = "https://ask.nordhaven.example"
    make_reachable(shop)
    mail = send(shop, mail_server)
    assert "https://ask.nordhaven.example/s/" in part(mail, "plain")
    assert "testserver" not in part(mail, "html")
    assert str(mail["Message-ID"]).endswith("@ask.nordhaven.example>")


def test_a_pale_brand_colour_gives_way_to_ours(shop: Workspace, mail_server: MailServer) -> None:
    shop.brand_color = "#ffee00"
    shop.save()
    make_reachable(shop)
    assert "#ffee00" not in part(send(shop, mail_server), "html")
