"""What colleagues do with comments. Who may change whose comment, the doors decide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cxm.api.errors import DomainError
from cxm.common.clock import now
from cxm.workspaces import audit
from cxm.workspaces.models import Membership
from journeys.maps.models import Card, Comment, JourneyMap, Lane, Mention, Stage, Step


@transaction.atomic
def add_comment(
    *,
    journey: JourneyMap,
    author: Membership | None,
    text: str,
    anchor: UUID | None = None,
    mentions: Sequence[Membership] = (),
    assigned_to: Membership | None = None,
) -> Comment:
    """Begin a thread about a card, step, stage or lane, by its key, or about the whole map.

    Raises:
        DomainError: no version of the map has such a thing ("unknown_anchor").
    """
    if anchor is not None and not _is_on_map(journey, anchor):
        raise DomainError(_("There is no such thing on this map."), code="unknown_anchor")
    comment = Comment.objects.create(
        workspace_id=journey.workspace_id,
        map=journey,
        anchor=anchor,
        author=author,
        text=text,
        assigned_to=assigned_to,
    )
    _mention(comment, mentions)
    return comment


@transaction.atomic
def reply(
    *,
    thread: Comment,
    author: Membership | None,
    text: str,
    mentions: Sequence[Membership] = (),
) -> Comment:
    """Add to a thread, at its end.

    Raises:
        DomainError: it is a reply itself ("no_thread").
    """
    _require_thread(thread)
    comment = Comment.objects.create(
        workspace_id=thread.workspace_id,
        map_id=thread.map_id,
        anchor=thread.anchor,
        thread=thread,
        author=author,
        text=text,
    )
    _mention(comment, mentions)
    return comment


@transaction.atomic
def edit_comment(
    *, comment: Comment, text: str, mentions: Sequence[Membership] | None = None
) -> Comment:
    """Change what a comment says, and whom it names; who is named still has seen it still."""
    comment.text = text
    comment.edited_at = now()
    comment.save(update_fields=["text", "edited_at", "updated_at"])
    if mentions is not None:
        comment.mentions.exclude(member__in=mentions).delete()
        _mention(comment, mentions)
    return comment


def resolve(*, thread: Comment, by: Membership | None) -> None:
    """Close a thread; who closed it first stays named.

    Raises:
        DomainError: it is a reply ("no_thread").
    """
    _require_thread(thread)
    Comment.objects.filter(pk=thread.pk, resolved_at__isnull=True).update(
        resolved_at=now(), resolved_by=by, updated_at=now()
    )


def reopen(*, thread: Comment) -> None:
    """Open a thread again; raises as ``resolve`` does."""
    _require_thread(thread)
    Comment.objects.filter(pk=thread.pk).update(
        resolved_at=None, resolved_by=None, updated_at=now()
    )


def assign(*, thread: Comment, to: Membership | None) -> None:
    """Let somebody take care of a thread, or nobody; raises as ``resolve`` does."""
    _require_thread(thread)
    Comment.objects.filter(pk=thread.pk).update(assigned_to=to, updated_at=now())


def mark_seen(mentions: Iterable[Mention]) -> None:
    """Note that those who are mentioned have seen it; no query when there are none."""
    waiting = [mention.pk for mention in mentions]
    if waiting:
        Mention.objects.filter(pk__in=waiting, seen_at__isnull=True).update(seen_at=now())


def refuse_with_replies(comment: Comment) -> None:
    """Keep what others said.

    Raises:
        DomainError: the comment has replies that its author did not write ("has_replies").
    """
    replies = Comment.objects.filter(thread=comment)
    # Not exclude(author=…): a reply whose author has left is somebody else's too.
    own = replies.filter(author__isnull=False, author=comment.author_id)
    if replies.exclude(pk__in=own.values("pk")).exists():
        raise DomainError(
            _("Others have replied. An editor can delete the thread."), code="has_replies"
        )


def log(verb: str, comment: Comment) -> None:
    """Write into the audit log that something was said, not what: the log outlives the words."""
    audit.record(verb, comment.map, {"comment": (None, str(comment.pk))})


def _require_thread(comment: Comment) -> None:
    if comment.thread_id is not None:
        raise DomainError(_("This is a reply, not a thread."), code="no_thread")


def _mention(comment: Comment, members: Sequence[Membership]) -> None:
    """Name members once; nobody waits for what they wrote themselves."""
    Mention.objects.bulk_create(
        (
            Mention(
                workspace_id=comment.workspace_id,
                comment=comment,
                member=member,
                seen_at=now() if member.pk == comment.author_id else None,
            )
            for member in members
        ),
        ignore_conflicts=True,
    )


def _is_on_map(journey: JourneyMap, key: UUID) -> bool:
    """Say whether any version of the map has a thing of this key; one query."""
    return (
        Card.objects.filter(lane__version__map=journey, key=key)
        .order_by()
        .values("key")
        .union(
            Step.objects.filter(stage__version__map=journey, key=key).order_by().values("key"),
            Stage.objects.filter(version__map=journey, key=key).order_by().values("key"),
            Lane.objects.filter(version__map=journey, key=key).order_by().values("key"),
        )
        .exists()
    )
