"""A window and the server tell each other what is new: operations, people, comments, status."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from cxm.common.clock import now
from cxm.workspaces import audit
from cxm.workspaces.access import current_access
from cxm.workspaces.models import AuditEntry, Membership, Workspace
from journeys.maps.models import JourneyMap, Operation, Presence, Version
from journeys.maps.operations.applying import Outcome, Result, author, carry_out
from journeys.maps.operations.verbs import OperationRefused, Sent, Sync
from journeys.maps.references import mentioned
from journeys.maps.threads import discussion

Json = dict[str, Any]
# Somebody who was not heard of for so long is away.
PRESENT: Final = timedelta(seconds=10)
PRESENCE_KEPT: Final = timedelta(days=1)
OPERATIONS_KEPT: Final = timedelta(days=30)
# Further behind than this, reading the whole map is quicker.
MOST_NEWS: Final = 1_000
# Changes of one member and map within this time are one line of the audit log.
AUDITED: Final = timedelta(minutes=10)


def synchronise(*, journey: JourneyMap, sync: Sync, member: Membership) -> Json:
    """Carry out what a window sends and return what is new since it last asked.

    Who may change the map was judged before. A version that the map does not have, or whose
    operations are gone, is answered with `reload`: the window reads the map anew.
    """
    version = Version.objects.filter(map=journey, pk=sync.version).first()
    if version is None:
        unknown = OperationRefused(_("There is no such version."), code="unknown_version")
        results = [Result(one.id, error=unknown).as_json() for one in sync.ops]
        retired = {"revision": 0, "ops": [], "people": [], "status": Version.Status.RETIRED}
        return {**retired, "results": results, "reload": True}
    version.map = journey
    results = []
    if sync.ops:
        outcome = change(version=version, sent=sync.ops, client=sync.client, by=member)
        version, results = outcome.version, [one.as_json() for one in outcome.results]
    _note_presence(version, sync, member)
    return {
        "revision": version.revision,
        "results": results,
        **news(version, sync.since),
        "people": _people(version, sync.client),
        "comments": discussion(journey),
        "status": version.status,
    }


@transaction.atomic(savepoint=False)
def change(
    *, version: Version, sent: Sequence[Sent], client: str = "", by: Membership | None = None
) -> Outcome:
    """Carry out operations on a version, and write down who changed the map."""
    outcome = carry_out(version_id=version.pk, sent=sent, client=client, by=by)
    if outcome.changed:
        _audit(outcome.version.map)
    return outcome


def news(version: Version, since: int) -> Json:
    """Return the operations after a number, with what they name; `reload` where some are gone."""
    found = operations_since(version, since)
    if found is None:
        return {"ops": [], "reload": True}
    return {
        "ops": [operation_json(operation) for operation in found],
        **mentioned(operation.content for operation in found),
    }


def operations_since(version: Version, since: int) -> list[Operation] | None:
    """Return the operations after a number, None where they are too many or some are gone.

    One query, none where there is nothing new.
    """
    count = version.revision - since
    if count == 0:
        return []
    if not 0 < count <= MOST_NEWS:
        return None
    found = list(
        Operation.objects.filter(version=version, number__gt=since, number__lte=version.revision)
        .select_related("by__user")
        .order_by("number")
    )
    return found if len(found) == count else None


def operation_json(operation: Operation) -> Json:
    """Return an operation as it travels."""
    return {
        "number": operation.number,
        "id": str(operation.pk),
        "client": operation.client,
        "by": author(operation.by),
        "change": operation.content,
    }


def forget_old(*, workspace: Workspace) -> None:
    """Remove operations that no window asks for any more, and who was present long ago."""
    moment = now()
    old = Operation.objects.for_workspace(workspace)
    old.filter(
        version__status=Version.Status.DRAFT, created_at__lt=moment - OPERATIONS_KEPT
    ).delete()
    old.filter(version__published_at__lt=moment - OPERATIONS_KEPT).delete()
    Presence.objects.for_workspace(workspace).filter(seen_at__lt=moment - PRESENCE_KEPT).delete()


def _note_presence(version: Version, sync: Sync, member: Membership) -> None:
    if not sync.client:
        return
    if sync.leave:
        Presence.objects.filter(version=version, client=sync.client, member=member).delete()
        return
    row = Presence(
        workspace_id=version.workspace_id,
        version=version,
        member=member,
        client=sync.client,
        place=sync.place,
        seen_at=now(),
    )
    Presence.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["version", "client"],
        update_fields=["member", "place", "seen_at"],
    )


def _people(version: Version, client: str) -> list[Json]:
    """Return who else has the version open."""
    found = (
        Presence.objects.filter(version=version, seen_at__gte=now() - PRESENT)
        .exclude(client=client)
        .select_related("member__user")
        .order_by("pk")
    )
    return [
        {
            "client": one.client,
            "name": str(one.member.user),
            "initials": one.member.user.initials,
            "member": str(one.member_id),
            "place": one.place,
        }
        for one in found
    ]


def _audit(journey: JourneyMap) -> None:
    """Write one line for a member, map and ten minutes."""
    access = current_access()
    written = AuditEntry.objects.filter(
        action="changed",
        object_kind=JourneyMap._meta.label_lower,
        object_id=str(journey.pk),
        user=access.user if access else None,
        api_key=access.api_key if access else None,
        created_at__gt=now() - AUDITED,
    )
    if not written.exists():
        audit.record("changed", journey, {})
