"""Contacts by pixel and redirect, counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q

from cxm.common.ids import uuid7
from cxm.common.visitors import visitor_of_day
from cxm.customers.matching import Json
from touchpoints.campaigns.models import Placement
from touchpoints.interactions.agents import agent_of
from touchpoints.interactions.models import Source
from touchpoints.interactions.services import source_called
from touchpoints.interactions.services.inbox import put_events
from touchpoints.interactions.services.sources import salt_of

# The source under which they are counted, made when the first one comes.
SOURCE_NAME: Final = "Tracking codes"
# More often nobody needs to know when a code was seen last.
SEEN_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Caller:
    """What a request says about who makes it.

    Attributes:
        address: the network address; it is hashed, never kept.
        declined: the person does not want to be tracked.
    """

    address: str
    agent: str
    referrer: str = ""
    declined: bool = False


def count_placement(*, placement: Placement, event: str, caller: Caller, at: datetime) -> None:
    """Count a view of or a click on a placement, inside the scope of its workspace.

    Who asks not to be tracked is counted as that and leaves nothing else, not even a time.
    """
    context: dict[str, Json] = {
        "placement": placement.code,
        "campaign": _words(placement),
        "consent": False,
    }
    if caller.referrer:
        context["page"] = {"referrer": caller.referrer}
    message: dict[str, Json] = {
        "type": "track",
        "event": event,
        "messageId": uuid7().hex,
        "properties": {"placement": placement.name, "campaign": placement.campaign.key},
        "context": context,
    }
    put_events(
        source=codes_source(placement),
        events=[message],
        received_at=at,
        user_agent="" if caller.declined else caller.agent,
        visitor="" if caller.declined else _visitor(placement.workspace_id, caller, at),
        declined=caller.declined,
    )
    seen = placement.last_seen_at
    if seen is not None and at - seen < SEEN_EVERY:
        return
    if not caller.declined and not agent_of(caller.agent).is_bot:
        # Of two at once the later one stays.
        Placement.objects.filter(
            Q(last_seen_at=None) | Q(last_seen_at__lt=at), pk=placement.pk
        ).update(last_seen_at=at)


def _words(placement: Placement) -> dict[str, Json]:
    """Return the campaign's words as the page behind the link tells them, so that the click and
    what follows there are one visit.
    """
    campaign = placement.campaign
    words = {
        "name": campaign.utm_campaign or campaign.key,
        "source": placement.source,
        "medium": placement.medium,
        "content": placement.content,
        "id": campaign.utm_id or placement.code,
    }
    return {name: word for name, word in words.items() if word}


def codes_source(placement: Placement) -> Source:
    """Return the source of a workspace's codes, whatever it is called by now."""
    found = Source.objects.filter(
        workspace_id=placement.workspace_id, kind=Source.Kind.CODES
    ).first()
    return found or source_called(
        workspace=placement.campaign.workspace, name=SOURCE_NAME, kind=Source.Kind.CODES
    )


def _visitor(workspace_id: UUID, caller: Caller, at: datetime) -> str:
    """Return the name that the collector too gives to this visitor today."""
    salt = salt_of(workspace_id, at.astimezone(UTC).date())
    return visitor_of_day(salt, caller.address, caller.agent)
