"""What happened with a person: a registry that rooms fill in ``AppConfig.ready()``.

Entries of all sources stand in one order: by time, then by the source's key, then by the entry's
id, newest first. A cursor is a place in that order, so that pages neither miss nor repeat an
entry, also where several happened at one moment.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Final, Literal, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise

if TYPE_CHECKING:
    from cxm.customers.models import Customer

Text = str | Promise
Row = TypeVar("Row", bound=Model)

_FIRST_ID: Final = UUID(int=0)
_LAST_ID: Final = UUID(int=(1 << 128) - 1)


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened.

    Attributes:
        at: when, aware.
        id: tells the entries of one source apart that happened at one moment.
        icon: name of an icon; the channel's.
        title: what happened, in a few words.
        detail: a sentence more.
        tag: what it belongs to, such as the touchpoint's or the survey's name.
        kind: "event", "answer" (filled sign), "case" (square, red outline) or "note" (a change of
            what we know about the person; hollow).
        score: an answer's 0…10, shown beside the title.
        url: where it is shown whole.
        source: the key of its source; filled in by the registry.
    """

    at: datetime
    id: UUID
    icon: str
    title: Text
    detail: Text = ""
    tag: Text = ""
    kind: Literal["event", "answer", "case", "note"] = "event"
    score: int | None = None
    url: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the timeline: what stands before it is older."""

    at: datetime
    source: str = ""
    id: UUID = _FIRST_ID

    def __str__(self) -> str:
        text = f"{self.at.isoformat()}|{self.source}|{self.id.hex}"
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Read a cursor as it was written. Raises ValueError when it is none."""
        try:
            plain = base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)).decode()
            at, source, key = plain.split("|")
            found = cls(datetime.fromisoformat(at), source, UUID(hex=key))
        except (binascii.Error, UnicodeError, ValueError):
            raise ValueError("This is no place in a timeline.") from None
        if found.at.tzinfo is None:
            raise ValueError("This is no place in a timeline.")
        return found


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a source is asked for.

    Attributes:
        customer: the root of the person's family.
        family: the ids of everybody in it; rows are stored with any of them.
        limit: how many entries are wanted; None for all.
        before: only what is older, or as old with an id below ``before_id``; None for the newest.
        text: only entries with this text in what they show; "" for all.
    """

    customer: Customer
    family: Sequence[UUID]
    limit: int | None
    before: datetime | None = None
    before_id: UUID = _LAST_ID
    text: str = ""

    def of(
        self,
        rows: QuerySet[Row],
        *,
        at: str,
        id: str = "id",
        search: Sequence[str] = (),
    ) -> QuerySet[Row]:
        """Return the rows that are wanted, newest first.

        Args:
            at, id: the columns with the time and the id of the entries.
            search: columns in which the text may stand; without any, a text finds nothing.
        """
        if self.before is not None:
            # The first condition alone uses an index on the time.
            rows = rows.filter(**{f"{at}__lte": self.before}).filter(
                Q(**{f"{at}__lt": self.before}) | Q(**{f"{id}__lt": self.before_id})
            )
        if self.text:
            if not search:
                return rows.none()
            rows = rows.filter(reduce(or_, (Q(**{f"{c}__icontains": self.text}) for c in search)))
        ordered = rows.order_by(f"-{at}", f"-{id}")
        return ordered if self.limit is None else ordered[: self.limit]

    def says(self, *texts: Text) -> bool:
        """Say whether any of ``texts`` holds what is searched for, as far as the reader sees it."""
        return any(self.text.casefold() in str(text).casefold() for text in texts)


Source = Callable[[Wanted], Iterable[TimelineEntry]]


@dataclass(frozen=True, slots=True)
class TimelineSource:
    """A registered function with the words of its filter."""

    key: str
    title: Text
    entries: Source


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the timeline, newest first; ``older`` is None at its very beginning."""

    entries: list[TimelineEntry] = field(default_factory=list)
    older: Cursor | None = None


sources: dict[str, TimelineSource] = {}


def timeline(key: str, title: Text) -> Callable[[Source], Source]:
    """Enter a function that returns the entries which are wanted, newest first.

    It runs inside the customer's workspace scope and takes a constant number of queries. Most
    need nothing but ``wanted.of(rows of wanted.family, at=…, search=…)``.

    Raises:
        ValueError: the key is entered already.
    """

    def enter(function: Source) -> Source:
        if key in sources:
            raise ValueError(f"The timeline source {key!r} is entered twice.")
        sources[key] = TimelineSource(key, title, function)
        return function

    return enter


def page_of(
    customer: Customer,
    family: Sequence[UUID],
    *,
    limit: int,
    before: Cursor | None = None,
    key: str = "",
    query: str = "",
) -> Page:
    """Return up to ``limit`` entries of a person, of all sources or of one.

    Args:
        customer: the root of the family.
        before: the cursor of the page that came before; None for the newest entries.
        query: text that the entries hold.
    """
    # One more than is shown tells whether there is more.
    wanted = Wanted(customer, family, limit + 1, text=query.strip())
    found = []
    for source in sources.values():
        if key and source.key != key:
            continue
        asked = wanted if before is None else _from(wanted, before, source.key)
        found += [replace(entry, source=source.key) for entry in source.entries(asked)]
    found.sort(key=lambda entry: (entry.at, entry.source, entry.id), reverse=True)
    shown = found[:limit]
    if len(found) <= limit:
        return Page(shown)
    last = shown[-1]
    return Page(shown, Cursor(last.at, last.source, last.id))


def entries_of(
    customer: Customer,
    family: Sequence[UUID],
    *,
    limit: int,
    before: Cursor | None = None,
    key: str = "",
    query: str = "",
) -> Iterator[TimelineEntry]:
    """Yield all entries of a person from a cursor on, newest first, read ``limit`` at a time."""
    while True:
        page = page_of(customer, family, limit=limit, before=before, key=key, query=query)
        yield from page.entries
        if page.older is None:
            return
        before = page.older


def _from(wanted: Wanted, before: Cursor, source: str) -> Wanted:
    """Ask a source for what stands behind a cursor of whichever source."""
    if source == before.source:
        before_id = before.id
    else:
        # At the cursor's moment, sources with a smaller key are still to come.
        before_id = _LAST_ID if source < before.source else _FIRST_ID
    return replace(wanted, before=before.at, before_id=before_id)
