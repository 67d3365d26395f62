"""The newest contacts, on which the catalogue's rules are tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.db import connection
from msgspec.json import decode

from cxm.common.scope import current_workspace_id
from cxm.customers.matching import Json
from touchpoints.catalogue.matching import Contact
from touchpoints.catalogue.recent import Recent, reads_recent
from touchpoints.interactions.models import Source
from touchpoints.interactions.records import CONTACTS, PAGE_LEFT


def contact_of(
    *,
    kind: str,
    event: str,
    url: str,
    source: str,
    properties: Mapping[str, Json],
    campaign: object,
) -> Contact:
    """Return what rules ask of a stored interaction; `campaign` is that of its context."""
    words = campaign if isinstance(campaign, Mapping) else {}
    return Contact(
        event=event,
        url=url,
        kind=kind,
        source=source,
        utm={name: value for name, value in words.items() if isinstance(value, str)},
        properties=properties,
    )


# Moments as numbers: ten thousand times are read faster so, and this answers while one types.
_NEWEST: Final = """
SELECT kind, event, name, url, source_id, properties::text, context -> 'campaign',
    extract(epoch FROM occurred_at)::float8, touchpoint_id, named
FROM interactions_interaction
WHERE workspace_id = %(workspace)s AND kind = ANY(%(kinds)s) AND event <> %(left)s
ORDER BY occurred_at DESC, id DESC LIMIT %(limit)s
"""


@reads_recent
def newest_contacts(limit: int) -> Sequence[Recent]:
    """Return the newest contacts of the workspace, newest first, in two queries."""
    workspace = current_workspace_id()
    if workspace is None:
        raise RuntimeError("Contacts are read inside a workspace's scope.")
    names = source_names(workspace)
    with connection.cursor() as cursor:
        cursor.execute(
            _NEWEST,
            {"workspace": workspace, "kinds": list(CONTACTS), "left": PAGE_LEFT, "limit": limit},
        )
        rows = cursor.fetchall()
    return [
        Recent(
            contact_of(
                kind=kind,
                event=event,
                url=url,
                source=names.get(source, ""),
                properties=decode(properties) if properties != "{}" else {},
                campaign=decode(campaign) if campaign else None,
            ),
            title=name or event or url or kind,
            at=datetime.fromtimestamp(moment, UTC),
            touchpoint=touchpoint,
            named=named,
        )
        for (
            kind, event, name, url, source, properties, campaign, moment, touchpoint, named,
        ) in rows
    ]  # fmt: skip


def source_names(workspace_id: UUID) -> dict[UUID, str]:
    """Return the names of the workspace's sources by id."""
    return dict(Source.objects.filter(workspace_id=workspace_id).values_list("pk", "name"))
