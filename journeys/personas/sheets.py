"""What a persona's texts say: lists, facts, and how two personas differ. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
Share = Literal["both", "first", "second"]

# What a sheet lists, in the order in which it is read: field, heading, sign.
LISTS: Final[Sequence[tuple[str, Text, str]]] = (
    ("goals", _("Goals"), "flag"),
    ("needs", _("Needs"), "need-met"),
    ("fears", _("Fears"), "warn"),
    ("expectations", _("Expectations"), "eye"),
    ("channels", _("Preferred channels"), "comment"),
    ("devices", _("Devices"), "app"),
)
# Characters that one printed page holds, from roomy to narrow.
ROOMY: Final = 1_400
NARROW: Final = 3_200
FULL: Final = 6_400


@dataclass(frozen=True, slots=True)
class Listing:
    """A heading with its entries."""

    key: str
    title: Text
    icon: str
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the demographics; a line without a name has its text as the value."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Compared:
    """An entry of a list that one of two personas has, or both."""

    text: str
    whose: Share


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a comparison: what each says, and whether that is the same."""

    title: Text
    first: tuple[Compared, ...]
    second: tuple[Compared, ...]
    same: bool


def lines_of(text: str) -> tuple[str, ...]:
    """Return the lines that say something, without marks of a list before them."""
    found = (line.strip().lstrip("-–•* ").strip() for line in text.splitlines())
    return tuple(line for line in found if line)


def facts_of(text: str) -> tuple[Fact, ...]:
    """Read "Age: 34" lines."""
    facts = []
    for line in lines_of(text):
        name, colon, value = line.partition(":")
        known = bool(colon and name.strip() and value.strip())
        facts.append(Fact(name.strip(), value.strip()) if known else Fact("", line))
    return tuple(facts)


def listings_of(values: Mapping[str, str]) -> tuple[Listing, ...]:
    """Return the lists of a persona that have entries, by the names of their fields."""
    found = (Listing(key, title, icon, lines_of(values.get(key, ""))) for key, title, icon in LISTS)
    return tuple(listing for listing in found if listing.entries)


def compare(title: Text, first: Sequence[str], second: Sequence[str]) -> Row:
    """Say which entries two lists share; case and spaces make no difference."""
    of_first, of_second = {_plain(t) for t in first}, {_plain(t) for t in second}
    return Row(
        title,
        tuple(Compared(t, "both" if _plain(t) in of_second else "first") for t in first),
        tuple(Compared(t, "both" if _plain(t) in of_first else "second") for t in second),
        of_first == of_second,
    )


def density(texts: Sequence[str]) -> str:
    """Say how narrow a sheet must be set to fit on one page: "", "narrow", "tight", "cut"."""
    # A line of its own takes room, however short it is.
    size = sum(max(len(line), 36) for text in texts for line in lines_of(text))
    if size <= ROOMY:
        return ""
    if size <= NARROW:
        return "narrow"
    return "tight" if size <= FULL else "cut"


def _plain(text: str) -> str:
    return " ".join(text.lower().split())
