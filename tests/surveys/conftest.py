"""A real mail server, which misbehaves towards the addresses that ask for it."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.test.utils import override_settings

from tests.surveys.make import parse


def hang_up(server: SMTP) -> None:
    """Lose the connection."""
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


@dataclass
class MailServer:
    """What the server received, and how it treats an address by what its local part begins with.

    ``later`` and ``nobody`` are refused after RCPT (4xx, 5xx 5.1.1), ``policy`` after RCPT with
    5xx 5.7.1, ``full`` and ``spam`` after DATA (4xx, 5xx), ``lost`` loses the connection after the
    mail was taken, ``cut`` before, and ``slow`` waits until the test lets it go on.
    """

    port: int = 0
    raw: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    connections: int = 0
    go_on: threading.Event = field(default_factory=threading.Event)
    reached: threading.Event = field(default_factory=threading.Event)
    controller: Controller | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def mails(self) -> list[EmailMessage]:
        """The mails in the order in which they came."""
        return [parse(content) for content in self.raw]

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, answers: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return answers

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        local = address.partition("@")[0]
        if local.startswith("later"):
            return "450 4.2.1 Mailbox busy"
        if local.startswith("nobody"):
            return "550 5.1.1 No such user"
        if local.startswith("policy"):
            return "550 5.7.1 Not wanted here"
        if local.startswith("cut"):
            hang_up(server)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        address = envelope.rcpt_tos[0]
        local = address.partition("@")[0]
        if local.startswith("full"):
            return "452 4.3.1 No space"
        if local.startswith("spam"):
            return "554 5.6.0 Refused"
        with self.lock:
            self.raw.append(envelope.original_content or b"")
            self.recipients.append(address)
        if local.startswith("slow"):
            self.reached.set()
            while not self.go_on.is_set():
                time.sleep(0.01)
        if local.startswith("lost"):
            hang_up(server)
        return "250 2.0.0 OK"

    def start(self) -> None:
        """Listen on a free port, or again on the one it had."""
        if not self.port:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                self.port = free.getsockname()[1]
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self) -> None:
        """Answer nobody any more."""
        self.go_on.set()
        if self.controller is not None:
            self.controller.stop(no_assert=True)
            self.controller = None


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """A mail server that Django is set to."""
    server = MailServer()
    server.start()
    with override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=server.port,
        EMAIL_HOST_USER="",
        EMAIL_HOST_PASSWORD="",
        EMAIL_USE_TLS=False,
        EMAIL_USE_SSL=False,
        EMAIL_TIMEOUT=10,
    ):
        yield server
    server.stop()
