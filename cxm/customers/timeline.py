"""What happened with a customer: a registry that the rooms above fill in ``AppConfig.ready()``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from django.utils.functional import Promise

if TYPE_CHECKING:
    from cxm.customers.models import Customer

Text = str | Promise


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened.

    Attributes:
        at: when, aware.
        icon: name of an icon; the channel's.
        title: what happened, in a few words.
        detail: a sentence more.
        tag: what it belongs to, such as the touchpoint's or the survey's name.
        kind: "event", "answer" (filled sign) or "case" (square, red outline).
        score: an answer's 0…10, shown beside the title.
        url: where it is shown whole.
    """

    at: datetime
    icon: str
    title: Text
    detail: Text = ""
    tag: Text = ""
    kind: Literal["event", "answer", "case"] = "event"
    score: int | None = None
    url: str = ""


Source = Callable[["Customer", int], Iterable[TimelineEntry]]


@dataclass(frozen=True, slots=True)
class TimelineSource:
    """A registered function with the words of its filter."""

    key: str
    title: Text
    entries: Source


sources: dict[str, TimelineSource] = {}


def timeline(key: str, title: Text) -> Callable[[Source], Source]:
    """Enter a function (customer, limit) that returns its newest ``limit`` entries.

    It runs inside the customer's workspace scope and takes a constant number of queries.

    Raises:
        ValueError: the key is entered already.
    """

    def enter(function: Source) -> Source:
        if key in sources:
            raise ValueError(f"The timeline source {key!r} is entered twice.")
        sources[key] = TimelineSource(key, title, function)
        return function

    return enter


def entries_of(customer: Customer, *, limit: int, key: str = "") -> list[TimelineEntry]:
    """Return the newest entries of all sources, or of one, newest first."""
    chosen = [source for source in sources.values() if not key or source.key == key]
    found = [entry for source in chosen for entry in source.entries(customer, limit)]
    return sorted(found, key=lambda entry: entry.at, reverse=True)[:limit]
