"""The newest contacts, on which the catalogue's rules are tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from cxm.common.scope import current_workspace_id
from cxm.customers.matching import Json
from touchpoints.catalogue.matching import Contact
from touchpoints.catalogue.recent import Recent, reads_recent
from touchpoints.interactions.models import Interaction, Source
from touchpoints.interactions.records import PAGE_LEFT


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


@reads_recent
def newest_contacts(limit: int) -> Sequence[Recent]:
    """Return the newest contacts of the workspace, newest first, in two queries."""
    workspace = current_workspace_id()
    if workspace is None:
        raise RuntimeError("Contacts are read inside a workspace's scope.")
    names = source_names(workspace)
    rows = (
        Interaction.objects.filter(workspace_id=workspace)
        .contacts()
        .exclude(event=PAGE_LEFT)
        .order_by("-occurred_at", "-id")
        .values_list(
            "kind",
            "event",
            "name",
            "url",
            "source_id",
            "properties",
            "context__campaign",
            "occurred_at",
            "touchpoint_id",
            "named",
        )[:limit]
    )
    return [
        Recent(
            contact_of(
                kind=kind,
                event=event,
                url=url,
                source=names.get(source, ""),
                properties=properties,
                campaign=campaign,
            ),
            title=name or event or url or kind,
            at=at,
            touchpoint=touchpoint,
            named=named,
        )
        for kind, event, name, url, source, properties, campaign, at, touchpoint, named in rows
    ]


def source_names(workspace_id: UUID) -> dict[UUID, str]:
    """Return the names of the workspace's sources by id."""
    return dict(Source.objects.filter(workspace_id=workspace_id).values_list("pk", "name"))
