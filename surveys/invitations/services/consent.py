"""The way out of a mail."""

from __future__ import annotations

from django.db import transaction

from cxm.customers.models import Identity
from cxm.customers.services import record_consent, suppress
from cxm.customers.vocabulary import ADDRESS_KIND, CHANNEL_EMAIL, SURVEY, UNSUBSCRIBED
from surveys.invitations.models import Invitation


@transaction.atomic
def unsubscribe(*, invitation: Invitation) -> None:
    """Stop invitations by e-mail to the customer of ``invitation``; a repeat changes nothing.

    The consent is withdrawn, and the addresses are suppressed as well: that holds also when
    another system sends an old consent again, or after the customer was erased.
    """
    customer = invitation.customer
    if customer.is_erased:
        return
    record_consent(
        customer=customer,
        purpose=SURVEY,
        channel=CHANNEL_EMAIL,
        granted=False,
        source="unsubscribe link",
    )
    addresses = Identity.objects.filter(
        customer__root=customer.root, kind=ADDRESS_KIND[CHANNEL_EMAIL]
    ).values_list("value", flat=True)
    for address in addresses:
        suppress(channel=CHANNEL_EMAIL, address=address, reason=UNSUBSCRIBED)
