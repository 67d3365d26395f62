"""Groups of contacts that belonged nowhere become touchpoints, or are let be."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from cxm.api.errors import DomainError
from cxm.workspaces import audit
from cxm.workspaces.models import Membership, Workspace
from touchpoints.catalogue.models import Channel, IgnoredGroup, Touchpoint
from touchpoints.catalogue.services import free_key, save_rule
from touchpoints.interactions.models import Reassignment
from touchpoints.interactions.services.reassigning import start_reassignment
from touchpoints.interactions.unmatched import DAYS, Group


@dataclass(frozen=True, slots=True)
class Adopted:
    """What was made of a group."""

    touchpoint: Touchpoint
    run: Reassignment


@transaction.atomic
def adopt_group(
    *, workspace: Workspace, group: Group, name: str, channel: UUID, by: Membership | None = None
) -> Adopted:
    """Make a touchpoint and its rule of a group, and go through the days that it is from.

    Raises:
        DomainError: there is no such channel (code "unknown_channel") or no name
            (code "name_missing").
    """
    cleaned = name.strip()[:120]
    if not cleaned:
        raise DomainError("Give the touchpoint a name.", code="name_missing")
    found = Channel.objects.for_workspace(workspace).filter(pk=channel).first()
    if found is None:
        raise DomainError("Choose a channel.", code="unknown_channel")
    key = free_key(Touchpoint, cleaned) or free_key(Touchpoint, "touchpoint")
    touchpoint = Touchpoint.objects.create(
        workspace=workspace, key=key, name=cleaned, channel=found
    )
    audit.record("added", touchpoint, {})
    rule = save_rule(
        workspace=workspace,
        touchpoint=touchpoint,
        conditions=[condition.as_json() for condition in group.conditions],
    )
    audit.record("added", rule, {})
    return Adopted(touchpoint, start_reassignment(workspace=workspace, days=DAYS, by=by))


def ignore_group(*, workspace: Workspace, basis: str, value: str) -> IgnoredGroup:
    """Offer a group no more.

    Raises:
        DomainError: nothing can be grouped by that (code "unknown_basis").
    """
    if basis not in IgnoredGroup.Basis.values or not value or len(value) > 300:
        raise DomainError("There is no such group.", code="unknown_basis")
    row, made = IgnoredGroup.objects.get_or_create(workspace=workspace, basis=basis, value=value)
    if made:
        audit.record("added", row, {})
    return row
