"""Hands mails to the server and says truthfully what is known of each afterwards.

Django's own backend raises the same error for a connection lost before and after the mail was
handed over. The difference decides whether a mail may be sent again, so on SMTP the steps are
taken one by one here. Mail services (anymail) are asked through their backend.
"""

from __future__ import annotations

import re
import smtplib
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Self

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.core.mail.message import sanitize_address

CLOSING = 421
LINE_BREAK = re.compile(rb"\r\n|\r|\n")
OK = 250
DEAD_ADDRESS = "5.1."  # RFC 3463: the class of answers about the address itself


class Fate(StrEnum):
    """What became of a mail that was handed over."""

    ACCEPTED = "accepted"  # the server took it
    LATER = "later"  # it did not, and may take it another time
    REFUSED = "refused"  # it never will
    BOUNCED = "bounced"  # it never will, since there is no such mailbox
    UNKNOWN = "unknown"  # the answer was lost: it may have left


@dataclass(frozen=True, slots=True)
class Receipt:
    """The fate of one mail and what the server said about it."""

    fate: Fate
    detail: str = ""


class ServerUnavailableError(Exception):
    """No connection to the mail server; no mail was handed over."""


class Mailer:
    """One connection to the mail server for many mails; use it in a ``with`` block."""

    def __init__(self) -> None:
        self.backend: BaseEmailBackend = get_connection()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def connect(self) -> None:
        """Make sure that there is a connection, before a mail is marked as handed over.

        Raises:
            ServerUnavailableError: nobody answers, or the login is refused.
        """
        if isinstance(self.backend, SmtpBackend):
            connection = self.backend.connection
            if connection is not None and not _alive(connection):
                self._close()
        try:
            self.backend.open()
        except (smtplib.SMTPException, OSError) as error:
            self._close()
            raise ServerUnavailableError(_said(error)) from error

    def deliver(self, message: EmailMultiAlternatives) -> Receipt:
        """Hand one mail to the server. Never raises for what the server or the line does."""
        if not isinstance(self.backend, SmtpBackend):
            return self._deliver_by_service(message)
        smtp = self.backend.connection
        if smtp is None:
            return Receipt(Fate.LATER, "not connected")
        encoding = message.encoding or "utf-8"
        sender = sanitize_address(message.from_email, encoding)
        try:
            recipient = sanitize_address(message.recipients()[0], encoding)
            body = LINE_BREAK.sub(b"\r\n", message.message().as_bytes())
            recipient.encode("ascii")
        except (ValueError, UnicodeError) as error:
            return Receipt(Fate.REFUSED, f"not a usable address: {error}"[:300])
        try:
            # 1. The envelope. Whatever happens here, the mail has not left.
            smtp.ehlo_or_helo_if_needed()
            code, answer = smtp.mail(_bare(sender))
            if code != OK:
                # The sender is refused, which is our configuration: another attempt may work.
                return self._turned_down(smtp, Fate.LATER, code, answer)
            code, answer = smtp.rcpt(_bare(recipient))
            if code not in (OK, 251):
                return self._turned_down(smtp, _fate_of(code, answer), code, answer)
        except (smtplib.SMTPException, OSError) as error:
            self._close()
            return Receipt(Fate.LATER, _said(error))
        try:
            # 2. The mail. Only an answer tells now whether it left.
            code, answer = smtp.data(body)
        except smtplib.SMTPDataError as error:
            # The server would not even begin to read.
            return self._turned_down(smtp, _fate_of(error.smtp_code, error.smtp_error), *error.args)
        except (smtplib.SMTPException, OSError) as error:
            self._close()
            return Receipt(Fate.UNKNOWN, _said(error))
        if code == OK:
            return Receipt(Fate.ACCEPTED, _text(code, answer))
        return self._turned_down(smtp, _fate_of(code, answer), code, answer)

    def _turned_down(
        self, smtp: smtplib.SMTP, fate: Fate, code: int, answer: bytes | str
    ) -> Receipt:
        """Ready the connection for the next mail after a refusal."""
        if code == CLOSING:
            self._close()
        else:
            try:
                smtp.rset()
            except (smtplib.SMTPException, OSError):
                self._close()
        return Receipt(fate, _text(code, answer))

    def _deliver_by_service(self, message: EmailMultiAlternatives) -> Receipt:
        try:
            self.backend.send_messages([message])
        except AnymailRecipientsRefused as error:
            return Receipt(Fate.REFUSED, str(error)[:300])
        except AnymailAPIError as error:
            status = error.status_code or 0
            # 4xx: the service read the request and took nothing. Else nobody knows.
            fate = Fate.LATER if 400 <= status < 500 else Fate.UNKNOWN
            return Receipt(fate, str(error)[:300])
        except AnymailError as error:
            return Receipt(Fate.LATER, str(error)[:300])
        except OSError as error:
            return Receipt(Fate.UNKNOWN, _said(error))
        return Receipt(Fate.ACCEPTED)

    def _close(self) -> None:
        with suppress(smtplib.SMTPException, OSError):
            self.backend.close()
        if isinstance(self.backend, SmtpBackend):
            self.backend.connection = None


def _alive(smtp: smtplib.SMTP) -> bool:
    try:
        code, _answer = smtp.noop()
    except (smtplib.SMTPException, OSError):
        return False
    return code == OK


def _fate_of(code: int, answer: bytes | str) -> Fate:
    if not 500 <= code < 600:
        return Fate.LATER
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return Fate.BOUNCED if text.lstrip().startswith(DEAD_ADDRESS) else Fate.REFUSED


def _text(code: int, answer: bytes | str) -> str:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return " ".join(f"{code} {text}".split())[:300]


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]


def _bare(address: str) -> str:
    """Return the address without a name before it."""
    return address.rpartition("<")[2].rstrip(">") if "<" in address else address
