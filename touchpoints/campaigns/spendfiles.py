"""Rows of spend as they come, by file or by program: pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from touchpoints.campaigns.csvfiles import read_table

HEADINGS: Final[dict[str, tuple[str, ...]]] = {
    "day": ("day", "date", "datum", "tag"),
    "amount": ("amount", "cost", "costs", "spend", "amount spent", "betrag", "kosten"),
    "campaign": ("campaign", "campaign key", "utm_campaign", "kampagne"),
    "placement": ("placement", "code", "platzierung"),
    "currency": ("currency", "currency code", "währung"),
    "reference": ("reference", "id", "invoice", "row id", "referenz"),
    "note": ("note", "description", "notiz"),
}
NEEDED: Final = ("day", "amount")


@dataclass(frozen=True, slots=True)
class RawSpend:
    """A row as it came: texts by our names of columns, "" for what it lacks."""

    number: int
    day: str
    amount: str
    campaign: str = ""
    placement: str = ""
    currency: str = ""
    reference: str = ""
    note: str = ""
    problem: str = ""


def read_spend(content: bytes) -> list[RawSpend]:
    """Return the rows of a file.

    Raises:
        UnreadableFileError: it cannot be read at all.
    """
    return [
        RawSpend(number=row.number, problem=row.problem, **row.values)
        for row in read_table(content, HEADINGS, NEEDED)
    ]
