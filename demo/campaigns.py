"""The demo shop's campaigns: one that ended, one that runs, one that is planned.

Which visits they brought is told by the visits themselves: their first contact carries the utm
words, or the code of the poster that was scanned, as it would come from a browser.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from cxm.workspaces.models import Membership, Workspace
from demo import story
from demo.generator import Contact, History
from touchpoints.campaigns.models import Campaign, Placement, PlanLine, Spend
from touchpoints.catalogue.models import Channel, Phase, Touchpoint
from touchpoints.catalogue.services import phases_by_key

SHOP: Final = "https://brightwater.example"


@dataclass(frozen=True, slots=True)
class Place:
    """A placement in the story: where its visits start, and what it costs a day."""

    name: str
    start: str
    channel: str
    target: str
    source: str
    medium: str
    content: str = ""
    kind: str = "link"
    a_day: int = 0


@dataclass(frozen=True, slots=True)
class Effort:
    """A campaign in the story; days are counted from today. `plan` is (phase, channel, money)."""

    key: str
    name: str
    status: str
    first: int
    last: int
    audience: str
    description: str
    places: tuple[Place, ...]
    plan: tuple[tuple[str, str, int, int | None], ...]
    # Of the visits that start where its placements are.
    share: float = 0.7


def _ads(content: str, name: str, target: str, a_day: int) -> Place:
    return Place(
        name, story.SOCIAL, "paid-social", target, "instagram", "paid_social", content, a_day=a_day
    )


EFFORTS: Final = (
    Effort(
        "machine-weeks",
        "Machine weeks",
        "ended",
        -110,
        -66,
        "Filter drinkers who think about a machine",
        "Two ads, three letters and a poster in both shop windows. A machine to try at home.",
        (
            _ads("carousel", "Carousel ad", "/machines", 62),
            _ads("video", "Video ad", "/machines/try-at-home", 48),
            Place("Letter", story.NEWSLETTER, "email", "/machines", "newsletter", "email"),
            Place(
                "Window poster",
                story.WINDOW,
                "out-of-home",
                "/machines/try-at-home",
                "window",
                "poster",
                kind="qr",
                a_day=9,
            ),
        ),
        (
            ("awareness", "paid-social", 3600, 2500),
            ("consideration", "paid-social", 1200, None),
            ("consideration", "email", 300, 900),
            ("awareness", "out-of-home", 500, None),
        ),
    ),
    Effort(
        "autumn-roasts",
        "Autumn roasts",
        "active",
        -44,
        15,
        "Customers who buy beans every month",
        "Three new roasts. Ads bring people to the tasting notes, letters to the subscription.",
        (
            _ads("feed", "Feed ad", "/roasts", 74),
            _ads("story", "Story ad", "/roasts/tasting", 41),
            Place("Roast letter", story.NEWSLETTER, "email", "/roasts", "newsletter", "email"),
        ),
        (
            ("awareness", "paid-social", 4200, 3000),
            ("purchase", "paid-social", 1800, None),
            ("consideration", "email", 400, 1200),
            ("loyalty", "email", 200, None),
        ),
    ),
    Effort(
        "gift-season",
        "Gift season",
        "planned",
        9,
        38,
        "Who gives coffee to others",
        "Boxes and cards. Letters first, ads in the second half.",
        (
            _ads("gift-box", "Gift box ad", "/gifts", 0),
            Place("Gift letter", story.NEWSLETTER, "email", "/gifts", "newsletter", "email"),
        ),
        (
            ("awareness", "paid-social", 2500, 2000),
            ("consideration", "email", 350, 800),
            ("purchase", "paid-social", 1500, None),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Words:
    """How a contact says by what it came: utm words, or the code of a placement."""

    campaign: Mapping[str, str] = field(default_factory=dict)
    code: str = ""


NO_WORDS: Final = Words()
# By visit and event: a visit has each of the events that begin one only once.
Told = dict[tuple[str, str], Words]


def create_campaigns(
    *,
    workspace: Workspace,
    history: History,
    today: date,
    touchpoints: Mapping[str, Touchpoint],
) -> Told:
    """Add the campaigns; return what contacts of the history say of them."""
    dice = random.Random(story.SEED + 1)  # noqa: S311 - a story, no secret
    channels = {channel.key: channel for channel in Channel.objects.for_workspace(workspace)}
    phases = phases_by_key(workspace=workspace)
    owner = Membership.objects.for_workspace(workspace).filter(title="Marketing").first()
    told: Told = {}
    for effort in EFFORTS:
        campaign = Campaign.objects.create(
            workspace=workspace,
            key=effort.key,
            name=effort.name,
            status=effort.status,
            description=effort.description,
            audience=effort.audience,
            owner=owner,
            starts_on=today + timedelta(days=effort.first),
            ends_on=today + timedelta(days=effort.last),
            currency="EUR",
            utm_campaign=effort.key,
        )
        placements = [
            Placement(
                workspace=workspace,
                campaign=campaign,
                name=place.name,
                kind=place.kind,
                target_url=f"{SHOP}{place.target}",
                touchpoint=touchpoints.get(place.start),
                channel=channels.get(place.channel),
                source=place.source,
                medium=place.medium,
                content=place.content,
            )
            for place in effort.places
        ]
        Placement.objects.bulk_create(placements)
        lines = _plan(workspace, campaign, effort, channels, phases)
        _spend(campaign, effort, placements, lines, today, dice)
        _tell(history, campaign, effort, placements, dice, told)
    return told


def _plan(
    workspace: Workspace,
    campaign: Campaign,
    effort: Effort,
    channels: Mapping[str, Channel],
    phases: Mapping[str, Phase],
) -> dict[str, PlanLine]:
    """Write the plan and return the first line of each channel."""
    lines = [
        PlanLine(
            workspace=workspace,
            campaign=campaign,
            phase=phases.get(phase),
            channel=channels.get(channel),
            budget=money,
            reach_target=people,
        )
        for phase, channel, money, people in effort.plan
    ]
    PlanLine.objects.bulk_create(lines)
    found: dict[str, PlanLine] = {}
    for line, (_phase, channel, _money, _people) in zip(lines, effort.plan, strict=True):
        found.setdefault(channel, line)
    return found


def _spend(
    campaign: Campaign,
    effort: Effort,
    placements: list[Placement],
    lines: Mapping[str, PlanLine],
    today: date,
    dice: random.Random,
) -> None:
    rows = []
    last = min(campaign.ends_on or today, today - timedelta(days=1))
    for number in range((last - campaign.starts_on).days + 1):
        day = campaign.starts_on + timedelta(days=number)
        for place, placement in zip(effort.places, placements, strict=True):
            if not place.a_day:
                continue
            amount = Decimal(round(place.a_day * dice.uniform(0.7, 1.25), 2))
            rows.append(
                Spend(
                    workspace_id=campaign.workspace_id,
                    campaign=campaign,
                    placement=placement,
                    line=lines.get(place.channel),
                    day=day,
                    amount=amount.quantize(Decimal("0.01")),
                    reference=f"{place.content or place.source}-{day}",
                )
            )
    Spend.objects.bulk_create(rows)


def _tell(
    history: History,
    campaign: Campaign,
    effort: Effort,
    placements: list[Placement],
    dice: random.Random,
    told: Told,
) -> None:
    """Let a part of the visits that start at the campaign's places say that it brought them."""
    by_event: dict[str, list[tuple[Place, Placement]]] = {}
    for place, placement in zip(effort.places, placements, strict=True):
        by_event.setdefault(story.BY_KEY[place.start].events[0], []).append((place, placement))
    first = datetime.combine(campaign.starts_on, datetime.min.time(), UTC)
    last = datetime.combine(campaign.ends_on or campaign.starts_on, datetime.max.time(), UTC)
    seen: dict[str, datetime] = {}
    for contact in history.contacts:
        there = by_event.get(contact.event)
        if there is None or not first <= contact.at <= last or dice.random() > effort.share:
            continue
        place, placement = dice.choices(there, [max(1, one.a_day) for one, _row in there])[0]
        told[contact.visit, contact.event] = _words(campaign, place, placement, contact)
        seen[placement.code] = contact.at
    for placement in placements:
        placement.last_seen_at = seen.get(placement.code)
    Placement.objects.bulk_update(placements, ["last_seen_at"])


def _words(campaign: Campaign, place: Place, placement: Placement, contact: Contact) -> Words:
    if contact.kind == "offline":
        return Words(code=placement.code)
    words = {
        "name": campaign.utm_campaign,
        "source": place.source,
        "medium": place.medium,
        "id": placement.code,
    }
    if place.content:
        words["content"] = place.content
    return Words(words)
