"""Rows of a media plan as they come by file: pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from touchpoints.campaigns.csvfiles import read_table

# What a file of ours has, in this order, and can be read again.
COLUMNS: Final = ("channel", "phase", "audience", "budget", "reach")
HEADINGS: Final[dict[str, tuple[str, ...]]] = {
    "channel": ("channel", "kanal"),
    "phase": ("phase",),
    "audience": ("audience", "target group", "zielgruppe"),
    "budget": ("budget", "planned", "amount", "betrag"),
    "reach": ("reach", "people to reach", "reach target", "reichweite"),
}
NEEDED: Final = ("budget",)


@dataclass(frozen=True, slots=True)
class RawLine:
    """A row as it came: texts by our names of columns, "" for what it lacks."""

    number: int
    budget: str
    channel: str = ""
    phase: str = ""
    audience: str = ""
    reach: str = ""
    problem: str = ""


def read_plan(content: bytes) -> list[RawLine]:
    """Return the rows of a file.

    Raises:
        UnreadableFileError: it cannot be read at all.
    """
    return [
        RawLine(number=row.number, problem=row.problem, **row.values)
        for row in read_table(content, HEADINGS, NEEDED)
    ]
