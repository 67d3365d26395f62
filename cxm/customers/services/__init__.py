"""Writes about customers. All of them run inside a workspace's scope."""

from cxm.customers.services.contact import (
    ConsentEvent,
    is_suppressed,
    record_consent,
    record_consents_many,
    suppress,
    unsuppress,
)
from cxm.customers.services.identify import (
    Identified,
    identify,
    identify_many,
    people_with,
    resolve_many,
)
from cxm.customers.services.identities import (
    add_identity,
    create_customer,
    remove_identity,
    set_identities,
    update_customer,
)
from cxm.customers.services.merging import merge, undo_merge
from cxm.customers.services.numbers import lock_identities, next_number
from cxm.customers.services.repair import (
    move_identity,
    share_identity,
    split_identity,
    unshare_identity,
)
from cxm.customers.services.segments import save_segment
from cxm.customers.services.suggestions import dismiss_suggestion, forget_suggestions

__all__ = [
    "ConsentEvent",
    "Identified",
    "add_identity",
    "create_customer",
    "dismiss_suggestion",
    "forget_suggestions",
    "identify",
    "identify_many",
    "is_suppressed",
    "lock_identities",
    "merge",
    "move_identity",
    "next_number",
    "people_with",
    "record_consent",
    "record_consents_many",
    "remove_identity",
    "resolve_many",
    "save_segment",
    "set_identities",
    "share_identity",
    "split_identity",
    "suppress",
    "undo_merge",
    "unshare_identity",
    "unsuppress",
    "update_customer",
]
