"""What an invitation says: builds the mail from plain values, touches no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.utils import formataddr
from urllib.parse import quote, urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cxm.common.clock import now
from cxm.common.colour import brand_of
from cxm.workspaces.models import Workspace
from surveys.questionnaires.reports import Questionnaire


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything that one invitation depends on.

    ``agreed_at`` is when the customer allowed to be asked, if that is known.
    """

    workspace: Workspace
    questionnaire: Questionnaire
    subject: str
    occasion: str
    name: str
    address: str
    survey_url: str
    unsubscribe_url: str
    expires_at: datetime
    message_id: str
    agreed_at: datetime | None = None


def site_link(name: str, token: str) -> str:
    """Return a public address below the configured origin; never taken from a request."""
    return f"{settings.SITE_URL}{reverse(name, args=[token])}"


def message_id(invitation_id: UUID) -> str:
    """Return the Message-ID of an invitation: the same on every attempt, so that a mailbox
    which got it twice can tell.
    """
    return f"<invitation.{invitation_id.hex}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>"


def day_in_words(moment: datetime, zone: str, *, weekday: bool = False) -> str:
    """Return the date of a moment in the workspace's time zone, as the active language writes it.

    The year stands only where it is not this one.
    """
    local = moment.astimezone(ZoneInfo(zone))
    near = local.year == now().astimezone(ZoneInfo(zone)).year
    if not near:
        # Translators: date format of a day in another year (Django's date filter).
        return date_format(local, _("j F Y"))
    # Translators: date formats of a day in this year (Django's date filter).
    return date_format(local, _("l, j F") if weekday else _("j F"))


def days_after(moment: datetime, days: int) -> datetime:
    """Return the end of ``days`` days after ``moment``."""
    return moment + timedelta(days=days)


def compose(letter: Letter) -> EmailMultiAlternatives:
    """Return the mail in the language of its questionnaire: text and HTML, ready to hand over."""
    workspace = letter.workspace
    with translation.override(letter.questionnaire.language):
        context = _context(letter)
        text = render_to_string("invitations/mail.txt", context).strip() + "\n"
        html = render_to_string("invitations/mail.html", context)
        subject = letter.subject or str(context["question"])
    sender = workspace.sender_email or settings.DEFAULT_FROM_EMAIL
    message = EmailMultiAlternatives(
        subject=_one_line(subject),
        body=text,
        from_email=formataddr((_one_line(workspace.sender_name or workspace.name), sender)),
        to=[letter.address],
        reply_to=[workspace.contact_email] if workspace.contact_email else None,
        headers=_headers(letter),
    )
    message.attach_alternative(html, "text/html")
    return message


def _headers(letter: Letter) -> dict[str, str]:
    ways_out = [f"<{letter.unsubscribe_url}>"]
    contact = letter.workspace.contact_email
    if contact:
        ways_out.append(f"<mailto:{quote(contact, safe='@')}?subject=unsubscribe>")
    return {
        "Message-ID": letter.message_id,
        "List-Unsubscribe": ", ".join(ways_out),
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
        "Content-Language": letter.questionnaire.language,
        "X-CXM-Workspace": str(letter.workspace.pk),
    }


def _context(letter: Letter) -> dict[str, object]:
    workspace = letter.workspace
    question = letter.questionnaire.nps
    return {
        "language": letter.questionnaire.language,
        "workspace": workspace,
        "brand": brand_of(workspace.brand_color),
        "initial": workspace.name[:1].upper(),
        "sender": workspace.sender_name or workspace.name,
        "name": " ".join(letter.name.split()[:1]),
        "full_name": letter.name,
        "occasion": letter.occasion,
        "question": question.text if question else letter.subject,
        "low_label": question.low_label if question else "",
        "high_label": question.high_label if question else "",
        "scores": range(11),
        "survey_url": letter.survey_url,
        "unsubscribe_url": letter.unsubscribe_url,
        "expires": day_in_words(letter.expires_at, workspace.timezone),
        "agreed": day_in_words(letter.agreed_at, workspace.timezone) if letter.agreed_at else "",
        "gap_days": workspace.contact_gap_days,
    }


def _one_line(text: str) -> str:
    """Return the text fit for a header: no line break, no control character."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def is_mailable(address: str) -> bool:
    """Say whether ``address`` is one address and nothing else: no header hides in it."""
    try:
        return bool(Address(addr_spec=address).domain) and address.isprintable()
    except (ValueError, IndexError):
        return False
