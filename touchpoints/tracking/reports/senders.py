"""Websites and servers that send: what came of late, and what is to be said about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Sum

from cxm.common.clock import day_of, now
from cxm.workspaces.models import Workspace
from touchpoints.interactions.models import Inbox, Interaction, Quarantined, Source, SourceDay
from touchpoints.tracking.checks import Facts, Finding, findings

DAYS: Final = 7
# As long as somebody may be at work on their pages and wants to see what they do.
JUST_NOW: Final = timedelta(minutes=15)
MOST_JUST_NOW: Final = 200
SHOWN_JUST_NOW: Final = 4
_COUNTS: Final = ("received", "stored", "duplicate", "bot", "quarantined", "declined")


@dataclass(frozen=True, slots=True)
class SenderState:
    """A source, what it sent in the last days and minutes, and what follows from that."""

    source: Source
    counts: dict[str, int]
    waiting: int
    findings: tuple[Finding, ...]
    latest: Sequence[Interaction]

    @property
    def key(self) -> str:
        """Return what names it on a page."""
        return self.source.pk.hex

    @property
    def headline(self) -> Finding:
        """Return what to say first."""
        return self.findings[0]

    @property
    def seen(self) -> bool:
        """Whether anything of a person ever came."""
        return self.source.last_seen_at is not None and self.headline is not Finding.NOTHING


def sender_states(
    *, workspace: Workspace, kind: str, words: str = "", at: datetime | None = None
) -> list[SenderState]:
    """Return the sources of a kind with their state, the newest first, in five queries."""
    at = at or now()
    sources = Source.objects.for_workspace(workspace).filter(kind=kind, revoked_at=None)
    for word in words.split()[:5]:
        sources = sources.filter(name__icontains=word)
    found = list(sources.order_by("-created_at", "pk"))
    if not found:
        return []
    ids = [source.pk for source in found]
    first = day_of(at, workspace.timezone) - timedelta(days=DAYS - 1)
    days = SourceDay.objects.for_workspace(workspace).filter(source__in=ids, day__gte=first)
    counts: dict[UUID, dict[str, int]] = {
        row[0]: dict(zip(_COUNTS, row[1:], strict=True))
        for row in days.values_list("source_id").order_by("source_id").annotate(*map(Sum, _COUNTS))
    }
    waiting = dict(
        Quarantined.objects.for_workspace(workspace)
        .filter(outcome=Quarantined.Outcome.OPEN, source__in=ids)
        .values_list("source_id")
        .annotate(Count("pk"))
        .order_by("source_id")
    )
    since = oldest_waiting(workspace)
    latest = _just_now(workspace, ids, at)
    states = []
    for source in found:
        sums = counts.get(source.pk) or dict.fromkeys(_COUNTS, 0)
        facts = Facts(
            now=at,
            seen_at=source.last_seen_at,
            revoked=source.revoked_at is not None,
            stored=sums["stored"],
            bot=sums["bot"],
            declined=sums["declined"],
            quarantined=waiting.get(source.pk, 0),
            waiting_since=since,
            site_secure=settings.SITE_URL.startswith("https://") or settings.LOCAL,
        )
        states.append(
            SenderState(
                source,
                sums,
                waiting.get(source.pk, 0),
                findings(facts),
                latest.get(source.pk, [])[:SHOWN_JUST_NOW],
            )
        )
    return states


def oldest_waiting(workspace: Workspace) -> datetime | None:
    """Return since when the oldest body waits to be sorted in."""
    return (
        Inbox.objects.filter(workspace=workspace)
        .order_by("id")
        .values_list("received_at", flat=True)
        .first()
    )


def _just_now(
    workspace: Workspace, ids: Sequence[UUID], at: datetime
) -> dict[UUID, list[Interaction]]:
    """Return what the sources did in the last minutes; the key by time keeps this short."""
    found: dict[UUID, list[Interaction]] = {}
    rows = (
        Interaction.objects.for_workspace(workspace)
        .contacts()
        .filter(occurred_at__gte=at - JUST_NOW, source__in=ids)
        .order_by("-occurred_at", "-id")[:MOST_JUST_NOW]
    )
    for row in rows:
        found.setdefault(row.source_id, []).append(row)
    return found
