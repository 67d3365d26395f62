"""Copies campaigns, puts them away and takes them out again."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from cxm.api.errors import DomainError
from cxm.common.clock import day_of, now
from cxm.workspaces import audit
from touchpoints.campaigns.codes import make_code
from touchpoints.campaigns.models import Campaign, Placement, PlanLine

LONGEST_KEY = 80
LONGEST_NAME = 120


@transaction.atomic
def copy_campaign(
    *,
    campaign: Campaign,
    name: str = "",
    key: str = "",
    starts_on: date | None = None,
) -> Campaign:
    """Return a new campaign with the placements and the plan of another, and none of its spend.

    Codes are new ones, so that contacts of the two are told apart, and so is the word: the key.

    Args:
        campaign: the one to copy.
        name: of the new one; the old one's with a number when empty.
        key: of the new one; the old one's with a number when empty.
        starts_on: its first day, today when None; it lasts as long as the old one.

    Raises:
        DomainError: the key is taken or not valid (code "invalid_campaign").
    """
    start = starts_on or day_of(now(), campaign.workspace.timezone)
    number = _free_number(campaign)
    new = Campaign(
        workspace_id=campaign.workspace_id,
        name=name or f"{campaign.name[: LONGEST_NAME - 6]} ({number})",
        key=key or f"{campaign.key[: LONGEST_KEY - 5]}-{number}",
        status=Campaign.Status.PLANNED,
        description=campaign.description,
        audience=campaign.audience,
        owner_id=campaign.owner_id,
        starts_on=start,
        ends_on=start + (campaign.ends_on - campaign.starts_on) if campaign.ends_on else None,
        currency=campaign.currency,
    )
    try:
        new.full_clean()
    except ValidationError as error:
        raise DomainError(" ".join(error.messages), code="invalid_campaign") from error
    new.save()
    Placement.objects.bulk_create(
        Placement(
            workspace_id=new.workspace_id,
            campaign=new,
            name=old.name,
            kind=old.kind,
            code=make_code(),
            target_url=old.target_url,
            touchpoint_id=old.touchpoint_id,
            channel_id=old.channel_id,
            source=old.source,
            medium=old.medium,
            content=old.content,
        )
        for old in campaign.placements.all()
    )
    PlanLine.objects.bulk_create(
        PlanLine(
            workspace_id=new.workspace_id,
            campaign=new,
            phase_id=old.phase_id,
            channel_id=old.channel_id,
            audience=old.audience,
            budget=old.budget,
            reach_target=old.reach_target,
        )
        for old in campaign.plan.all()
    )
    audit.record("copied", new, {"from": (None, campaign.name)})
    return new


@transaction.atomic
def archive_campaign(*, campaign: Campaign) -> Campaign:
    """Put a campaign away. Its codes go on working, its words are free for another one."""
    if not campaign.is_archived:
        _to(campaign, Campaign.Status.ARCHIVED, "archived")
    return campaign


@transaction.atomic
def restore_campaign(*, campaign: Campaign) -> Campaign:
    """Take a campaign out again, as one that has ended.

    Raises:
        DomainError: another campaign has taken its words meanwhile (code "word_taken").
    """
    if not campaign.is_archived:
        return campaign
    campaign.status = Campaign.Status.ENDED
    try:
        campaign.clean()
    except ValidationError as error:
        campaign.status = Campaign.Status.ARCHIVED
        raise DomainError(" ".join(error.messages), code="word_taken") from error
    campaign.status = Campaign.Status.ARCHIVED
    _to(campaign, Campaign.Status.ENDED, "restored")
    return campaign


def _to(campaign: Campaign, status: Campaign.Status, verb: str) -> None:
    before = campaign.status
    campaign.status = status
    campaign.save(update_fields=["status", "updated_at"])
    audit.record(verb, campaign, {"status": (before, status)})


def _free_number(campaign: Campaign) -> int:
    begin = f"{campaign.key[: LONGEST_KEY - 5]}-"
    taken = set(
        Campaign.objects.for_workspace(campaign.workspace)
        .filter(key__startswith=begin)
        .values_list("key", flat=True)
    )
    number = 2
    while f"{begin}{number}" in taken:
        number += 1
    return number
