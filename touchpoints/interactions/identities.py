"""Hears when a browser changes hands; see ``cxm.customers.attachments``."""

from __future__ import annotations

from cxm.customers.attachments import on_attach, on_detach
from cxm.customers.keys import ANONYMOUS
from cxm.customers.models import Customer, Identity
from touchpoints.interactions.services.adopting import adopt, give_back


@on_detach
def give_back_visits(customer: Customer, identity: Identity) -> None:
    """Give back what the customer has by this browser alone."""
    if identity.kind == ANONYMOUS:
        give_back(
            workspace_id=customer.workspace_id, anonymous_id=identity.value, customer=customer.pk
        )


@on_attach
def adopt_visits(customer: Customer, identity: Identity) -> None:
    """Give the customer what this browser did while it was nobody's."""
    if identity.kind == ANONYMOUS:
        adopt(workspace_id=customer.workspace_id, browsers={identity.value: customer.pk})
