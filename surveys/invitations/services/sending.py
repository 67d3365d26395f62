"""The way of an invitation from the outbox to the mail server.

1. claim: queued → sending, under a claim with a lease, in one short transaction.
2. hand over: consent, suppression, address and campaign are read again, the secrets are made and
   ``handed_over_at`` is committed, in one transaction for each mail.
3. deliver: the mail server is spoken to, outside any transaction.
4. record: sent, failed, queued again, or uncertain.

A crash before 2 leaves a claim that the sweeper puts back. A crash after 2 leaves a mail of
which nobody knows whether it left: the sweeper says "uncertain", and a person decides.
"""

from __future__ import annotations

import logging
import time
from typing import Final
from uuid import UUID

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext as _

from cxm.api.errors import DomainError
from cxm.common.clock import now
from cxm.common.ids import uuid7
from cxm.customers.models import Customer
from cxm.customers.reports import contactable
from cxm.customers.vocabulary import CHANNEL_EMAIL, SURVEY
from cxm.workspaces.models import Workspace
from surveys.invitations import mail, pacing
from surveys.invitations.delivery import Fate, Mailer, Receipt, ServerUnavailableError
from surveys.invitations.models import Campaign, Invitation
from surveys.invitations.reports import RECENTLY_ASKED, was_asked_meanwhile
from surveys.invitations.services.letters import write_letter, write_test_letter
from surveys.invitations.services.outcomes import note_days, put_off, record_receipt, release
from surveys.questionnaires.models import Survey

logger = logging.getLogger(__name__)

BATCH: Final = 20
Status = Invitation.Status


def send_due(*, workspace: Workspace, seconds: float = 45, batch: int = BATCH) -> int:
    """Send what is due in a workspace for about ``seconds``, over one connection.

    Any number of workers may run this at once.

    Returns:
        How many mails were handed over.
    """
    handed_over = 0
    deadline = time.monotonic() + seconds
    with Mailer() as mailer:
        while time.monotonic() < deadline:
            claim = uuid7()
            taken = Invitation.objects.for_workspace(workspace).claim(
                claim=claim, moment=now(), lease=pacing.LEASE, limit=batch
            )
            if not taken:
                break
            try:
                for invitation_id in taken:
                    handed_over += _send(workspace, invitation_id, claim, mailer)
            except ServerUnavailableError as error:
                release(claim, str(error))
                break
    finish_campaigns(workspace)
    return handed_over


def sweep(*, workspace: Workspace) -> tuple[int, int]:
    """Settle the claims of workers that were lost.

    Returns:
        How many were put back into the queue, and how many are uncertain now.
    """
    moment = now()
    abandoned = Invitation.objects.for_workspace(workspace).abandoned(moment)
    given_up = abandoned.filter(handed_over_at=None, attempts__gte=pacing.MOST_ATTEMPTS).update(
        status=Status.FAILED, reason="gave_up", claimed_until=None, updated_at=moment
    )
    queued = abandoned.filter(handed_over_at=None).update(
        status=Status.QUEUED,
        reason="worker_lost",
        claim_id=None,
        claimed_until=None,
        updated_at=moment,
    )
    with transaction.atomic():
        unknown = abandoned.filter(handed_over_at__isnull=False)
        note_days(workspace, unknown)
        uncertain = unknown.update(status=Status.UNCERTAIN, reason="worker_lost", updated_at=moment)
    if given_up or queued or uncertain:
        logger.warning(
            "Workspace %s: %s lost claims put back, %s uncertain, %s given up",
            workspace.pk,
            queued,
            uncertain,
            given_up,
        )
    finish_campaigns(workspace)
    return queued, uncertain


def finish_campaigns(workspace: Workspace) -> None:
    """Mark the campaigns as done of which nothing waits any more."""
    moment = now()
    waiting = Invitation.objects.filter(
        campaign=OuterRef("pk"), status__in=(Status.QUEUED, Status.SENDING)
    )
    Campaign.objects.for_workspace(workspace).filter(
        ~Exists(waiting), status=Campaign.Status.SENDING
    ).update(status=Campaign.Status.DONE, finished_at=moment, updated_at=moment)


def send_test(*, survey: Survey, campaign: Campaign | None, address: str, url: str) -> None:
    """Send a colleague one mail as customers would get it; nothing is stored.

    Args:
        url: where its links lead, such as the preview of the survey.

    Raises:
        DomainError: the mail server did not take it ("not_sent").
    """
    message = write_test_letter(
        survey=survey, campaign=campaign, address=address, url=url, moment=now()
    )
    with Mailer() as mailer:
        try:
            mailer.connect()
            receipt = mailer.deliver(message)
        except ServerUnavailableError as error:
            receipt = Receipt(Fate.LATER, str(error))
    if receipt.fate != Fate.ACCEPTED:
        raise DomainError(
            _("The mail server did not take the mail: %s") % receipt.detail, code="not_sent"
        )


def _send(workspace: Workspace, invitation_id: UUID, claim: UUID, mailer: Mailer) -> int:
    """Take one claimed invitation through steps 2 to 4; return 1 if a mail was handed over."""
    mailer.connect()
    try:
        message = _hand_over(workspace, invitation_id, claim)
    except Exception:
        # One that cannot be written must not stop the ones behind it.
        logger.exception("Invitation %s could not be written", invitation_id)
        mine = Invitation.objects.filter(pk=invitation_id, handed_over_at=None).claimed_by(claim)
        put_off(mine, reason="not_composed", detail="")
        return 0
    if message is None:
        return 0
    receipt = mailer.deliver(message)
    record_receipt(
        workspace=workspace,
        invitation_id=invitation_id,
        claim=claim,
        address=message.to[0],
        receipt=receipt,
    )
    return 1


@transaction.atomic
def _hand_over(
    workspace: Workspace, invitation_id: UUID, claim: UUID
) -> EmailMultiAlternatives | None:
    """Read everything again that may forbid the mail, and commit that it is about to leave.

    Returns:
        The mail, or None when it must not leave (any more) or the claim was lost.
    """
    moment = now()
    row = Invitation.objects.filter(
        pk=invitation_id, status=Status.SENDING, handed_over_at=None, claimed_until__gt=moment
    ).claimed_by(claim)
    invitation = (
        row.select_for_update(of=("self",)).select_related("campaign__survey", "customer").first()
    )
    if invitation is None:
        return None
    campaign = invitation.campaign
    if campaign.status != Campaign.Status.SENDING:
        row.update(
            status=Status.QUEUED,
            claim_id=None,
            claimed_until=None,
            attempts=F("attempts") - 1,
            updated_at=moment,
        )
        return None
    address, reason = _address_or_reason(workspace, invitation)
    if reason:
        row.update(status=Status.SKIPPED, reason=reason, claimed_until=None, updated_at=moment)
        return None
    language = campaign.survey.language_for(invitation.customer.language, workspace.language)
    message = write_letter(
        workspace=workspace,
        invitation=invitation,
        address=address,
        language=language,
        moment=moment,
    )
    row.update(
        handed_over_at=moment,
        claimed_until=moment + pacing.LEASE,
        expires_at=mail.days_after(moment, campaign.expires_days),
        language=language,
        message_id=mail.message_id(invitation.pk),
        updated_at=moment,
    )
    return message


def _address_or_reason(workspace: Workspace, invitation: Invitation) -> tuple[str, str]:
    """Return the address to write to now, or the reason for which nobody may."""
    if not invitation.campaign.survey.is_open():
        return "", "survey_closed"
    customer = invitation.customer_id
    contacts = contactable(Customer.objects.filter(pk=customer), SURVEY, CHANNEL_EMAIL)
    address = contacts.allowed.get(customer)
    if address is None:
        return "", contacts.refused.get(customer, "no_address")
    if not mail.is_mailable(address):
        return "", "bad_address"
    if was_asked_meanwhile(invitation, now(), workspace.contact_gap_days):
        return "", RECENTLY_ASKED
    return address, ""
