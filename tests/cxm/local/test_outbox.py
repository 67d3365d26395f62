"""Mails of local mode: caught, kept and shown."""

from __future__ import annotations

import smtplib
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from cxm.local import mail_catcher, outbox
from cxm.workspaces.models import User, Workspace


@pytest.fixture
def catcher(tmp_path: Path) -> Iterator[int]:
    """A mail catcher of its own; the fixture is its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        process = subprocess.Popen(
            [sys.executable, "-P", mail_catcher.__file__, str(listener.fileno()), str(tmp_path)],
            pass_fds=[listener.fileno()],
        )
        try:
            yield int(listener.getsockname()[1])
        finally:
            process.terminate()
            assert process.wait(timeout=10) == 0


def letter(subject: str = "Wie war es?") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Nordhaven <hello@example.com>"
    message["To"] = "Käthe <kaethe@example.com>"
    message["Subject"] = subject
    message.set_content("Eine Frage: https://cxm.example.com/s/abc\n")
    message.add_alternative(
        '<p>Eine <a href="https://cxm.example.com/s/abc">Frage</a></p><script>alert(1)</script>',
        subtype="html",
    )
    return message


def test_an_acknowledged_mail_is_a_whole_file(catcher: int, tmp_path: Path) -> None:
    with smtplib.SMTP("127.0.0.1", catcher, timeout=10) as client:
        client.send_message(letter(), to_addrs=["kaethe@example.com", "hidden@example.com"])
    (name,) = outbox.names(tmp_path)
    mail = outbox.read(tmp_path, name)
    assert mail is not None
    assert mail.summary.subject == "Wie war es?"
    assert mail.summary.recipients == "kaethe@example.com, hidden@example.com"
    assert "https://cxm.example.com/s/abc" in mail.text
    assert "<a href=" in mail.html
    assert list(tmp_path.glob(".*")) == []


def test_many_mails_arrive_in_their_order(catcher: int, tmp_path: Path) -> None:
    with smtplib.SMTP("127.0.0.1", catcher, timeout=10) as client:
        for number in range(20):
            client.send_message(letter(f"Mail {number}"))
    found = outbox.summaries(tmp_path, outbox.names(tmp_path))
    assert [mail.subject for mail in found] == [f"Mail {n}" for n in reversed(range(20))]


def test_a_mail_that_cannot_be_stored_is_refused_for_now(catcher: int, tmp_path: Path) -> None:
    with smtplib.SMTP("127.0.0.1", catcher, timeout=10) as client:
        tmp_path.rename(tmp_path.with_name("gone"))
        try:
            with pytest.raises(smtplib.SMTPDataError) as refusal:
                client.send_message(letter())
        finally:
            tmp_path.with_name("gone").rename(tmp_path)
    assert refusal.value.smtp_code == 452


def test_only_names_that_the_catcher_gives_are_looked_up(tmp_path: Path) -> None:
    (tmp_path / "secret.eml").write_text("From: a\n\n")
    assert outbox.names(tmp_path) == []
    for name in ("secret", "../secret", "../../etc/passwd", ""):
        assert outbox.read(tmp_path, name) is None


@pytest.fixture
def stored(tmp_path: Path, settings: Settings, workspace: Workspace) -> str:
    settings.OUTBOX_DIR = tmp_path
    message = letter()
    message[outbox.WORKSPACE_HEADER] = str(workspace.pk)
    content = message.as_bytes()
    return mail_catcher.deliver(tmp_path, "hello@example.com", ["kaethe@example.com"], content).stem


def test_the_pages_show_list_mail_and_body(
    stored: str, alice: User, client_for: Callable[[User], Client]
) -> None:
    browser = client_for(alice)
    listing = browser.get("/app/outbox/")
    assert listing.status_code == 200
    assert f"/app/outbox/{stored}/" in listing.content.decode()

    page = browser.get(f"/app/outbox/{stored}/").content.decode()
    assert "Wie war es?" in page
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    assert 'href="https://cxm.example.com/s/abc"' in page

    body = browser.get(f"/app/outbox/{stored}/body/")
    assert '<a href="https://cxm.example.com/s/abc">' in body.content.decode()
    assert body["X-Frame-Options"] == "SAMEORIGIN"
    assert body["Content-Security-Policy"].startswith("sandbox ")
    assert "script-src" not in body["Content-Security-Policy"]


def test_an_empty_outbox_says_what_to_do_next(
    tmp_path: Path, settings: Settings, alice: User, client_for: Callable[[User], Client]
) -> None:
    settings.OUTBOX_DIR = tmp_path
    answer = client_for(alice).get("/app/outbox/")
    assert answer.status_code == 200
    assert "No mail yet" in answer.content.decode()


def test_a_stranger_and_a_site_that_sends_mail_see_nothing(
    stored: str,
    settings: Settings,
    alice: User,
    client: Client,
    client_for: Callable[[User], Client],
) -> None:
    assert client.get("/app/outbox/").status_code == 302
    assert client_for(alice).get("/app/outbox/20260101T000000.000000Z-00000000/").status_code == 404
    settings.OUTBOX_DIR = None
    assert client_for(alice).get("/app/outbox/").status_code == 404


def test_a_workspace_sees_its_own_mails_alone(
    stored: str, mallory: User, client_for: Callable[[User], Client]
) -> None:
    browser = client_for(mallory)
    assert stored not in browser.get("/app/outbox/").content.decode()
    assert browser.get(f"/app/outbox/{stored}/").status_code == 404
    assert browser.get(f"/app/outbox/{stored}/body/").status_code == 404
