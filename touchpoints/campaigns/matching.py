"""Which campaign and placement a contact came from: pure rules.

1. The placement whose code it carries.
2. The campaign with its utm_id. A link of ours carries its placement's code there.
3. The campaign with its utm_campaign, or with that as its key where none is set.

Within a campaign that its words found, the placement is the one whose source, medium and content
all agree with the contact's; the more of them it names, the better it fits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Protocol
from uuid import UUID

Found = tuple[UUID | None, UUID | None]
NOTHING: Found = (None, None)


class CampaignLike(Protocol):
    """What a campaign must say about itself to be found."""

    @property
    def pk(self) -> UUID:
        """Its id."""

    @property
    def is_archived(self) -> bool:
        """Whether it is put away: it leaves its words to one that is not."""

    key: str
    utm_campaign: str
    utm_id: str


class PlacementLike(Protocol):
    """What a placement must say about itself to be found."""

    @property
    def pk(self) -> UUID:
        """Its id."""

    @property
    def campaign_id(self) -> UUID:
        """The campaign that it belongs to."""

    code: str
    source: str
    medium: str
    content: str


class CampaignMatcher:
    """Finds campaigns for many contacts; made once for each batch.

    Where two campaigns claim the same words, one that is not archived gets them, then the first
    in order of key, so that the answer does not depend on the order of rows.
    """

    def __init__(
        self, campaigns: Iterable[CampaignLike], placements: Iterable[PlacementLike] = ()
    ) -> None:
        self._names: dict[str, UUID] = {}
        self._ids: dict[str, UUID] = {}
        ordered = sorted(campaigns, key=lambda one: (one.is_archived, one.key))
        for campaign in ordered:
            if word := normalise(campaign.utm_campaign):
                self._names.setdefault(word, campaign.pk)
            if word := normalise(campaign.utm_id):
                self._ids.setdefault(word, campaign.pk)
        for campaign in ordered:
            if not normalise(campaign.utm_campaign):
                self._names.setdefault(normalise(campaign.key), campaign.pk)
        self._codes: dict[str, tuple[UUID, UUID]] = {}
        # What comes by utm_id was put into small letters on its way.
        small: dict[str, list[tuple[UUID, UUID]]] = defaultdict(list)
        self._words: dict[UUID, list[tuple[tuple[str, str, str], UUID]]] = defaultdict(list)
        for placement in sorted(placements, key=lambda one: one.code):
            self._codes[placement.code] = (placement.campaign_id, placement.pk)
            small[placement.code.casefold()].append((placement.campaign_id, placement.pk))
            words = (
                normalise(placement.source),
                normalise(placement.medium),
                normalise(placement.content),
            )
            if any(words):
                self._words[placement.campaign_id].append((words, placement.pk))
        self._small = {code: there[0] for code, there in small.items() if len(there) == 1}
        for candidates in self._words.values():
            candidates.sort(key=lambda entry: -sum(map(bool, entry[0])))

    def find(
        self,
        *,
        utm_campaign: str = "",
        utm_id: str = "",
        code: str = "",
        source: str = "",
        medium: str = "",
        content: str = "",
    ) -> Found:
        """Return the ids of (campaign, placement), each None where nothing fits.

        Args:
            utm_campaign: the campaign's name as the address or the sender told it.
            utm_id: the campaign's id there, or a placement's code.
            code: the code of a placement, exactly.
            source: utm_source; with the next two it finds the placement within the campaign.
            medium: utm_medium.
            content: utm_content.
        """
        if code and (known := self._codes.get(code.strip())) is not None:
            return known
        if utm_id and (known := self._small.get(normalise(utm_id))) is not None:
            return known
        campaign = self._ids.get(normalise(utm_id)) if utm_id else None
        if campaign is None and utm_campaign:
            campaign = self._names.get(normalise(utm_campaign))
        if campaign is None:
            return NOTHING
        told = (normalise(source), normalise(medium), normalise(content))
        return campaign, self._placement(campaign, told)

    def _placement(self, campaign: UUID, told: tuple[str, str, str]) -> UUID | None:
        for words, placement in self._words.get(campaign, ()):
            if all(not mine or mine == theirs for mine, theirs in zip(words, told, strict=True)):
                return placement
        return None


def normalise(word: str) -> str:
    """Return a word of a campaign as it is compared: "Spring  Sale" is "spring sale"."""
    return " ".join(word.split()).casefold()
