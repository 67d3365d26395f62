"""Writes about customers. All of them run inside a workspace's scope."""

from cxm.customers.services.contact import (
    ConsentEvent,
    is_suppressed,
    record_consent,
    record_consents_many,
    suppress,
    unsuppress,
)
from cxm.customers.services.identities import (
    Identified,
    add_identity,
    create_customer,
    identify,
    identify_many,
    remove_identity,
    resolve_many,
    set_identities,
    update_customer,
)
from cxm.customers.services.numbers import lock_identities, next_number
from cxm.customers.services.segments import save_segment

__all__ = [
    "ConsentEvent",
    "Identified",
    "add_identity",
    "create_customer",
    "identify",
    "identify_many",
    "is_suppressed",
    "lock_identities",
    "next_number",
    "record_consent",
    "record_consents_many",
    "remove_identity",
    "resolve_many",
    "save_segment",
    "set_identities",
    "suppress",
    "unsuppress",
    "update_customer",
]
