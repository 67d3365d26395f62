"""The room's pages."""

from cxm.customers.views.merging import duplicates, merge_page, merge_suggested, tell_apart, undo
from cxm.customers.views.page import (
    customer_page,
    erase,
    export,
    export_timeline,
    show_contact,
    timeline_part,
)
from cxm.customers.views.repair import identity_page, share, shared_identities, split, unshare

__all__ = [
    "customer_page",
    "duplicates",
    "erase",
    "export",
    "export_timeline",
    "identity_page",
    "merge_page",
    "merge_suggested",
    "share",
    "shared_identities",
    "show_contact",
    "split",
    "tell_apart",
    "timeline_part",
    "undo",
    "unshare",
]
