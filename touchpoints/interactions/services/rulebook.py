"""What a workspace has laid down about its contacts, read once for each batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from touchpoints.campaigns.matching import CampaignMatcher
from touchpoints.campaigns.models import Campaign, Placement
from touchpoints.catalogue.classification import VERSION, Origin, Word, classify
from touchpoints.catalogue.goals import GoalMatcher
from touchpoints.catalogue.matching import Contact, Matcher
from touchpoints.catalogue.models import Channel, ChannelWord, Goal, MatchingRule, Touchpoint
from touchpoints.interactions.records import Record

BY_NAME: Final = 0


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a visit came: ids of its channel, campaign and placement, and the rules' version."""

    channel: UUID | None = None
    version: int = BY_NAME
    campaign: UUID | None = None
    placement: UUID | None = None


class Rulebook:
    """Touchpoints, rules, goals, channels and campaigns of one workspace, in seven queries."""

    def __init__(self, workspace_id: UUID) -> None:
        channels = list(
            Channel.objects.filter(workspace_id=workspace_id).values_list("pk", "key", "kind")
        )
        self._channels = {key: pk for pk, key, _kind in channels}
        self._offline = {pk for pk, _key, kind in channels if kind == Channel.Kind.OFFLINE}
        touchpoints = list(Touchpoint.objects.filter(workspace_id=workspace_id))
        self._channel_of = {place.pk: place.channel_id for place in touchpoints}
        self.touchpoints = Matcher(
            touchpoints, MatchingRule.objects.filter(workspace_id=workspace_id)
        )
        goals = list(Goal.objects.filter(workspace_id=workspace_id))
        self.goals = GoalMatcher(goals)
        self.has_goals = bool(goals)
        self.primary_goal = next((goal.pk for goal in goals if goal.is_primary), None)
        keys = {pk: key for key, pk in self._channels.items()}
        self._words = [
            Word(field, text, keys[channel])
            for field, text, channel in ChannelWord.objects.filter(
                workspace_id=workspace_id
            ).values_list("field", "text", "channel_id")
        ]
        placements = list(Placement.objects.filter(workspace_id=workspace_id))
        self._placements = {placement.pk: placement for placement in placements}
        self._campaigns = CampaignMatcher(
            Campaign.objects.filter(workspace_id=workspace_id), placements
        )

    def place_of(self, record: Record, source: str) -> UUID | None:
        """Return the touchpoint that a record belongs to by the rules, or None."""
        return self.touchpoints.match(
            Contact(
                event=record.event,
                url=record.url,
                kind=record.kind,
                source=source,
                utm=record.campaign,
                properties=record.properties,
            )
        )

    def arrival(self, record: Record, place: UUID | None, origin: Origin | None) -> Arrival:
        """Return how a visit came that begins with this record.

        The channel is the one that the sender names, else the placement's, else the offline one
        of the touchpoint, else what the origin makes; none where nothing is known.
        """
        known = origin or Origin()
        campaign, placement = self._campaigns.find(
            utm_campaign=known.campaign,
            utm_id=known.campaign_id,
            code=record.code,
            source=known.source,
            medium=known.medium,
            content=known.content,
        )
        channel = self._channels.get(record.channel) if record.channel else None
        if channel is None and placement is not None:
            channel = self._placements[placement].channel_id
        if channel is None and place is not None:
            own = self._channel_of.get(place)
            channel = own if own in self._offline else None
        if channel is None and origin is not None:
            channel = self._channels.get(classify(origin, self._words))
            if channel is not None:
                return Arrival(channel, VERSION, campaign, placement)
        return Arrival(channel, BY_NAME, campaign, placement)

    def place_of_code(self, code: str) -> UUID | None:
        """Return the touchpoint of the placement with a code, or None."""
        _campaign, placement = self._campaigns.find(code=code)
        return self._placements[placement].touchpoint_id if placement is not None else None

    def is_direct(self, channel: UUID | None) -> bool:
        """Whether a channel is the one of those who came by themselves."""
        return channel is not None and channel == self._channels.get("direct")
