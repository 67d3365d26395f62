"""A customer's interactions, for the timeline of their page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cxm.customers.timeline import TimelineEntry, timeline
from touchpoints.interactions.models import Interaction

if TYPE_CHECKING:
    from cxm.customers.models import Customer


@timeline(key="interactions", title=_("Interactions"))
def interactions_of(customer: Customer, limit: int) -> Iterator[TimelineEntry]:
    """Return what the customer did, newest first, in one query."""
    rows = (
        Interaction.objects.filter(workspace_id=customer.workspace_id, customer_id=customer.pk)
        .contacts()
        .select_related("touchpoint__channel")
        .order_by("-occurred_at", "-id")[:limit]
    )
    for row in rows:
        yield TimelineEntry(
            at=row.occurred_at,
            icon=row.icon,
            title=row.title,
            detail=_detail(row),
            tag=row.touchpoint.name if row.touchpoint else "",
            url=row.touchpoint.get_absolute_url() if row.touchpoint else "",
        )


def _detail(row: Interaction) -> str:
    parts: list[str] = []
    if row.quantity > 1:
        parts.append(ngettext("%(n)d view", "%(n)d views", row.quantity) % {"n": row.quantity})
    if row.value is not None:
        parts.append(f"{row.value:,.2f} {row.currency}".strip())
    if row.url:
        parts.append(row.url[:120])
    return " · ".join(parts)
