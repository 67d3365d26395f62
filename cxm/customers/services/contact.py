"""What customers agreed to, and whom not to write to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cxm.common.clock import now
from cxm.customers import vocabulary
from cxm.customers.keys import address_hash
from cxm.customers.models import Consent, Customer, Suppression
from cxm.customers.services.numbers import workspace_in_scope

BATCH = 10_000


@dataclass(frozen=True, slots=True)
class ConsentEvent:
    """Consent given or withdrawn; ``at`` None means now.

    Raises:
        ValueError: the purpose or channel is not known.
    """

    customer: UUID
    purpose: str
    channel: str
    granted: bool
    source: str = ""
    at: datetime | None = None
    wording: str = ""

    def __post_init__(self) -> None:
        vocabulary.check_purpose(self.purpose)
        vocabulary.check_channel(self.channel)


def record_consent(
    *,
    customer: Customer,
    purpose: str,
    channel: str,
    granted: bool,
    source: str,
    at: datetime | None = None,
    wording: str = "",
) -> Consent:
    """Write down that a customer gave or withdrew consent.

    Raises:
        ValueError: the purpose or channel is not known.
    """
    event = ConsentEvent(customer.pk, purpose, channel, granted, source, at, wording)
    (row,) = record_consents_many([event])
    return row


def record_consents_many(events: Sequence[ConsentEvent]) -> list[Consent]:
    """Write down many events of consent at once."""
    workspace = workspace_in_scope()
    moment = now()
    return Consent.objects.bulk_create(
        [
            Consent(
                workspace_id=workspace,
                customer_id=event.customer,
                purpose=event.purpose,
                channel=event.channel,
                granted=event.granted,
                source=event.source,
                wording=event.wording,
                at=event.at or moment,
            )
            for event in events
        ],
        batch_size=BATCH,
    )


def suppress(*, channel: str, address: str, reason: str, at: datetime | None = None) -> bool:
    """Never write to an address again; say whether it was not suppressed before.

    A reason that the person gave is not replaced by a bounce, a bounce is by it.

    Raises:
        ValueError: channel, address or reason is nonsense.
    """
    vocabulary.check_address_channel(channel)
    vocabulary.check_reason(reason)
    row = Suppression(
        workspace_id=workspace_in_scope(),
        channel=channel,
        address_hash=address_hash(channel, address),
        reason=reason,
        at=at or now(),
    )
    Suppression.objects.bulk_create([row], ignore_conflicts=True)
    same = Suppression.objects.filter(channel=channel, address_hash=row.address_hash)
    if reason != vocabulary.BOUNCE:
        same.filter(reason=vocabulary.BOUNCE).update(reason=reason, at=row.at)
    return same.filter(pk=row.pk).exists()


def unsuppress(*, channel: str, address: str) -> bool:
    """Allow writing to an address again; say whether it was suppressed.

    Raises:
        ValueError: channel or address is nonsense.
    """
    vocabulary.check_address_channel(channel)
    deleted, _ = Suppression.objects.filter(
        channel=channel, address_hash=address_hash(channel, address)
    ).delete()
    return bool(deleted)


def is_suppressed(*, channel: str, address: str) -> bool:
    """Say whether an address must not be written to.

    Raises:
        ValueError: channel or address is nonsense.
    """
    vocabulary.check_address_channel(channel)
    return Suppression.objects.filter(
        channel=channel, address_hash=address_hash(channel, address)
    ).exists()
