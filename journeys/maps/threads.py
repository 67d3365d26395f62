"""What colleagues said about a map: threads with their replies, and how many are open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Prefetch, Q, QuerySet

from cxm.workspaces.models import Membership
from journeys.maps.models import Comment, JourneyMap, Mention

WHOLE_MAP = "map"


@dataclass(frozen=True, slots=True)
class Thread:
    """A remark with its replies, oldest first."""

    first: Comment
    replies: tuple[Comment, ...]

    @property
    def comments(self) -> tuple[Comment, ...]:
        """Return the remark and its replies."""
        return (self.first, *self.replies)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A comment that waits for somebody, who is assigned to its thread or else mentioned in it."""

    map_id: UUID
    thread_id: UUID
    assigned: bool


def discussion(journey: JourneyMap) -> dict[str, Any]:
    """Return where a map is discussed; one query.

    `open` holds how many open threads each thing has, by its key, "map" for the whole. `stamp` is
    another whenever a comment was written, changed or deleted.
    """
    is_open = Q(thread__isnull=True, resolved_at__isnull=True)
    found = (
        Comment.objects.filter(map=journey)
        .order_by()
        .values_list("anchor")
        .annotate(open=Count("pk", filter=is_open), all=Count("pk"), last=Max("updated_at"))
    )
    counts: dict[str, int] = {}
    written, last = 0, 0.0
    for anchor, n, everything, changed in found:
        if n:
            counts[str(anchor) if anchor else WHOLE_MAP] = n
        written += everything
        last = max(last, changed.timestamp())
    return {"open": counts, "stamp": f"{written}-{last:.6f}"}


def with_people(comments: QuerySet[Comment]) -> QuerySet[Comment]:
    """Fetch who wrote, resolved and is mentioned along; one query more."""
    return comments.select_related("author__user", "resolved_by__user").prefetch_related(
        Prefetch("mentions", Mention.objects.order_by("pk"))
    )


def load_threads(
    journey: JourneyMap, *, anchor: UUID | str | None = None, thread: UUID | None = None
) -> list[Thread]:
    """Return threads of a map, oldest first; 2 queries.

    Args:
        journey: the map.
        anchor: key of what they are about, or "map" for those about the whole; all when None.
        thread: the one that is wanted.
    """
    wanted = Q(map=journey)
    if anchor == WHOLE_MAP:
        wanted &= Q(anchor__isnull=True)
    elif anchor is not None:
        wanted &= Q(anchor=anchor)
    if thread is not None:
        wanted &= Q(pk=thread) | Q(thread=thread)
    firsts: list[Comment] = []
    replies: dict[UUID, list[Comment]] = defaultdict(list)
    for comment in with_people(Comment.objects.filter(wanted).order_by("created_at", "pk")):
        if comment.thread_id is None:
            firsts.append(comment)
        else:
            replies[comment.thread_id].append(comment)
    return [Thread(first, tuple(replies[first.pk])) for first in firsts]


def waiting_for(member: Membership, *, most: int) -> list[Waiting]:
    """Return the newest comments of open threads that wait for a member; one query on indexes.

    They wait where the thread is assigned to the member, and where a mention was not seen.
    """
    columns = ("pk", "map_id", "thread_id", "assigned_to_id", "created_at")
    assigned = Comment.objects.filter(assigned_to=member, resolved_at__isnull=True)
    unseen = Comment.objects.filter(
        mentions__member=member,
        mentions__seen_at__isnull=True,
        resolved_at__isnull=True,
        thread__resolved_at__isnull=True,
    )
    found = (
        assigned.order_by()
        .values_list(*columns)
        .union(unseen.order_by().values_list(*columns))
        .order_by("-created_at")
    )
    return [
        Waiting(map_id, thread_id or pk, assigned_to_id == member.pk)
        for pk, map_id, thread_id, assigned_to_id, _at in found[:most]
    ]


def unseen_in(threads: Sequence[Thread], member: Membership) -> list[Mention]:
    """Return the mentions of a member that they have not seen; no query."""
    return [
        mention
        for thread in threads
        for comment in thread.comments
        for mention in comment.mentions.all()
        if mention.member_id == member.pk and mention.seen_at is None
    ]
