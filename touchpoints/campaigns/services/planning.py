"""Takes a media plan in from a file, as a whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from touchpoints.campaigns.amounts import read_amount
from touchpoints.campaigns.matching import normalise
from touchpoints.campaigns.models import Campaign
from touchpoints.campaigns.planfiles import RawLine
from touchpoints.campaigns.reports import phases_for
from touchpoints.campaigns.services.plans import CellKey, PlannedCell, save_plan
from touchpoints.campaigns.services.spend import Refusal
from touchpoints.catalogue.models import Channel, Phase

MOST_REACH = 2_000_000_000
LONGEST_AUDIENCE = 200


class _Refused(Exception):
    def __init__(self, column: str, detail: str, code: str) -> None:
        super().__init__(detail)
        self.column, self.detail, self.code = column, detail, code


@transaction.atomic
def import_plan(
    *, campaign: Campaign, rows: Sequence[RawLine], replace: bool = False
) -> tuple[int, list[Refusal]]:
    """Write the lines of a file into a plan; return how many changed, and what was refused.

    One refused row keeps all out.

    Args:
        campaign: whose plan it is.
        rows: texts as they came; channels and phases by their key or name.
        replace: lines that the file does not name go. Otherwise they stay as they are.
    """
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    lines = list(locked.plan.select_related("phase__model"))
    names = _Names(locked, phases_for(locked, lines))
    cells: dict[CellKey, PlannedCell] = {}
    numbers: dict[CellKey, int] = {}
    refused = []
    for raw in rows:
        try:
            cell = names.cell(raw)
            if cell.key in cells:
                raise _Refused(
                    "",
                    _("Row %(n)s is for the same channel, phase and target group.")
                    % {"n": numbers[cell.key]},
                    "cell_twice",
                )
        except _Refused as error:
            refused.append(Refusal(raw.number, error.column, error.detail, error.code))
        else:
            cells[cell.key], numbers[cell.key] = cell, raw.number
    if refused:
        return 0, refused
    if not replace:
        for line in lines:
            kept = PlannedCell(
                line.channel_id, line.phase_id, line.audience, line.budget, line.reach_target
            )
            cells.setdefault(kept.key, kept)
    return save_plan(campaign=locked, cells=list(cells.values())), []


class _Names:
    """Finds channels and phases by key or name, and reads a row by them."""

    def __init__(self, campaign: Campaign, own: Sequence[Phase]) -> None:
        self._channels: dict[str, UUID] = {}
        self._phases: dict[str, UUID] = {}
        for channel in Channel.objects.filter(workspace_id=campaign.workspace_id):
            self._channels.setdefault(normalise(channel.name), channel.pk)
            self._channels[normalise(channel.key)] = channel.pk
        others = Phase.objects.filter(workspace_id=campaign.workspace_id)
        # The plan's own phases come first: other models may have some of the same name.
        for phase in [*own, *others]:
            for word in (phase.key, phase.name):
                self._phases.setdefault(normalise(word), phase.pk)

    def cell(self, raw: RawLine) -> PlannedCell:
        """Return what a row says."""
        if raw.problem:
            raise _Refused("", raw.problem, "unreadable")
        audience = " ".join(raw.audience.split())
        if len(audience) > LONGEST_AUDIENCE:
            raise _Refused(
                "audience",
                _("At most %(n)s characters go in here.") % {"n": LONGEST_AUDIENCE},
                "too_long",
            )
        try:
            budget = read_amount(raw.budget)
        except ValueError as error:
            raise _Refused("budget", str(error), "invalid_amount") from error
        return PlannedCell(
            channel=self._found(
                "channel", raw.channel, self._channels, _("There is no channel “%(name)s”.")
            ),
            phase=self._found("phase", raw.phase, self._phases, _("There is no phase “%(name)s”.")),
            audience=audience,
            budget=budget,
            reach_target=_people(raw.reach),
        )

    @staticmethod
    def _found(column: str, text: str, names: dict[str, UUID], otherwise: str) -> UUID | None:
        if not text:
            return None
        found = names.get(normalise(text))
        if found is None:
            raise _Refused(column, otherwise % {"name": text[:80]}, f"unknown_{column}")
        return found


def _people(text: str) -> int | None:
    if not text:
        return None
    digits = text.replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    if not (digits.isascii() and digits.isdigit()) or int(digits[:12]) > MOST_REACH:
        raise _Refused("reach", _("Write a whole number, for example 2500."), "invalid_number")
    return int(digits)
