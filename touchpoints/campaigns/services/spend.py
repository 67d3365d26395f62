"""Takes in many rows of spend at once, each of them once however often it is sent."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cxm.common.clock import day_of, now
from cxm.workspaces import audit
from cxm.workspaces.models import Workspace
from touchpoints.campaigns.amounts import read_amount, read_day
from touchpoints.campaigns.matching import normalise
from touchpoints.campaigns.models import Campaign, Placement, Spend
from touchpoints.campaigns.spendfiles import RawSpend

BATCH = 500
# References made by us, for rows that have none of their own.
OWN_PREFIX = "row:"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row was not taken: its number in the file or list, the column, a sentence, a code."""

    number: int
    column: str
    detail: str
    code: str


@dataclass(slots=True)
class Outcome:
    """What became of the rows. Nothing was saved when ``saved`` is False.

    `by_row` says "added", "changed" or "known" of each row that was taken, by its number.
    """

    added: int = 0
    changed: int = 0
    known: int = 0
    refused: list[Refusal] = field(default_factory=list)
    by_row: dict[int, str] = field(default_factory=dict)
    total: Decimal = Decimal(0)
    saved: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    campaign: Campaign
    placement_id: UUID | None
    day: date
    amount: Decimal
    note: str
    reference: str

    @property
    def key(self) -> tuple[UUID, str]:
        return self.campaign.pk, self.reference


class _Refused(Exception):
    def __init__(self, column: str, detail: str, code: str) -> None:
        super().__init__(detail)
        self.column, self.detail, self.code = column, detail, code


@transaction.atomic
def import_spend(
    *,
    workspace: Workspace,
    rows: Sequence[RawSpend],
    campaign: Campaign | None = None,
    partial: bool = False,
) -> Outcome:
    """Add rows of spend; a row with a known reference corrects the one that is there.

    A row without a reference gets one from what it says, so that the same file sent twice adds
    nothing; equal rows within a file all count.

    Args:
        workspace: whose campaigns are meant.
        rows: texts as they came.
        campaign: the one that rows belong to which name none; rows naming another are refused.
        partial: save the good rows although others are refused. Otherwise one bad row keeps
            all out.
    """
    outcome = Outcome()
    good = _checked(workspace, rows, campaign, outcome)
    if outcome.refused and not partial:
        return outcome
    # Two imports for the same campaigns come one after the other; always in the same order.
    ids = sorted({row.campaign.pk for row in good})
    locked = list(Campaign.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    there = {
        (spend.campaign_id, spend.reference): spend
        for spend in Spend.objects.filter(
            campaign__in=ids, reference__in={row.reference for row in good}
        )
    }
    new: dict[tuple[UUID, str], Spend] = {}
    corrected: dict[tuple[UUID, str], Spend] = {}
    for row in good:
        spend = there.get(row.key)
        if spend is None:
            new[row.key] = _filled(Spend(workspace=workspace), row)
            outcome.by_row[row.number] = "added"
        elif _same(spend, row):
            outcome.known += 1
            outcome.by_row[row.number] = "known"
        else:
            corrected[row.key] = _filled(spend, row)
            outcome.by_row[row.number] = "changed"
    Spend.objects.bulk_create(new.values(), batch_size=BATCH)
    Spend.objects.bulk_update(
        corrected.values(),
        ["placement", "day", "amount", "note", "updated_at"],
        batch_size=BATCH,
    )
    outcome.added, outcome.changed, outcome.saved = len(new), len(corrected), True
    outcome.total = sum((spend.amount for spend in new.values()), Decimal(0))
    _write_down(locked, new, corrected)
    return outcome


def _checked(
    workspace: Workspace,
    rows: Sequence[RawSpend],
    campaign: Campaign | None,
    outcome: Outcome,
) -> list[_Row]:
    """Return the good rows; the others are told in ``outcome``."""
    campaigns = list(Campaign.objects.for_workspace(workspace).order_by("pk"))
    by_key = {one.key: one for one in campaigns}
    by_word = {normalise(one.utm_campaign): one for one in campaigns if not one.is_archived}
    placements: dict[UUID, dict[str, Placement]] = {}
    for placement in Placement.objects.for_workspace(workspace):
        names = placements.setdefault(placement.campaign_id, {})
        names[normalise(placement.name)] = placement
        names[placement.code] = placement
    today = day_of(now(), workspace.timezone)
    seen: Counter[str] = Counter()
    given: dict[tuple[UUID, str], int] = {}
    good = []
    for raw in rows:
        try:
            owner = _campaign(raw, campaign, by_key, by_word)
            row = _row(raw, owner, placements.get(owner.pk, {}), today, seen)
            if (first := given.setdefault(row.key, raw.number)) != raw.number:
                raise _Refused(
                    "reference",
                    _("Row %(n)s has this reference too.") % {"n": first},
                    "reference_twice",
                )
        except _Refused as refused:
            outcome.refused.append(
                Refusal(raw.number, refused.column, refused.detail, refused.code)
            )
        else:
            good.append(row)
    return good


def _campaign(
    raw: RawSpend,
    campaign: Campaign | None,
    by_key: Mapping[str, Campaign],
    by_word: Mapping[str, Campaign],
) -> Campaign:
    if raw.problem:
        raise _Refused("", raw.problem, "unreadable")
    named = by_key.get(raw.campaign) or by_word.get(normalise(raw.campaign))
    if not raw.campaign:
        if campaign is None:
            raise _Refused("campaign", _("Name the campaign by its key."), "required")
        return campaign
    if named is None:
        raise _Refused(
            "campaign",
            _("There is no campaign “%(key)s”.") % {"key": raw.campaign[:80]},
            "unknown_campaign",
        )
    if campaign is not None and named.pk != campaign.pk:
        raise _Refused("campaign", _("This belongs to another campaign."), "other_campaign")
    return named


def _row(
    raw: RawSpend,
    campaign: Campaign,
    placements: Mapping[str, Placement],
    today: date,
    seen: Counter[str],
) -> _Row:
    if raw.currency and raw.currency.strip().upper() != campaign.currency:
        raise _Refused(
            "currency",
            _("The campaign is kept in %(currency)s. Convert the amount first.")
            % {"currency": campaign.currency},
            "other_currency",
        )
    try:
        day = read_day(raw.day)
    except ValueError as error:
        raise _Refused("day", str(error), "invalid_day") from error
    if day > today:
        raise _Refused("day", _("This day has not come yet."), "future")
    try:
        amount = read_amount(raw.amount)
    except ValueError as error:
        raise _Refused("amount", str(error), "invalid_amount") from error
    placement = None
    if raw.placement:
        placement = placements.get(raw.placement) or placements.get(normalise(raw.placement))
        if placement is None:
            raise _Refused(
                "placement",
                _("The campaign has no placement “%(name)s”.") % {"name": raw.placement[:80]},
                "unknown_placement",
            )
    for column, limit in (("reference", 120), ("note", 200)):
        if len(getattr(raw, column)) > limit or "\x00" in getattr(raw, column):
            raise _Refused(
                column, _("At most %(n)s characters go in here.") % {"n": limit}, "too_long"
            )
    placement_id = placement.pk if placement else None
    reference = raw.reference or _own_reference(day, amount, placement_id, raw.note, seen, campaign)
    return _Row(raw.number, campaign, placement_id, day, amount, raw.note, reference)


def _own_reference(
    day: date,
    amount: Decimal,
    placement: UUID | None,
    note: str,
    seen: Counter[str],
    campaign: Campaign,
) -> str:
    told = f"{campaign.pk}|{day}|{amount}|{placement}|{note}"
    seen[told] += 1
    digest = hashlib.sha256(f"{told}|{seen[told]}".encode()).hexdigest()
    return f"{OWN_PREFIX}{digest[:32]}"


def _same(spend: Spend, row: _Row) -> bool:
    return (spend.day, spend.amount, spend.placement_id, spend.note) == (
        row.day,
        row.amount,
        row.placement_id,
        row.note,
    )


def _filled(spend: Spend, row: _Row) -> Spend:
    spend.campaign_id = row.campaign.pk
    spend.placement_id = row.placement_id
    spend.day, spend.amount, spend.note = row.day, row.amount, row.note
    spend.reference, spend.updated_at = row.reference, now()
    return spend


def _write_down(
    campaigns: Sequence[Campaign],
    new: Mapping[tuple[UUID, str], Spend],
    corrected: Mapping[tuple[UUID, str], Spend],
) -> None:
    added = Counter(pk for pk, _reference in new)
    changed = Counter(pk for pk, _reference in corrected)
    for campaign in campaigns:
        if added[campaign.pk] or changed[campaign.pk]:
            audit.record(
                "spend imported",
                campaign,
                {"added": (None, added[campaign.pk]), "changed": (None, changed[campaign.pk])},
            )
