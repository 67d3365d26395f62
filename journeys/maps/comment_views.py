"""Doors to what colleagues say about a map, for the editor."""

from __future__ import annotations

from datetime import datetime
from typing import Final, TypedDict
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cxm.workspaces.models import Membership
from cxm.workspaces.pages import MemberRequest
from journeys.maps import discussing
from journeys.maps.jsonpages import BadInput, Body, id_in_query, journey_of, json_page, members_of
from journeys.maps.models import Comment, JourneyMap
from journeys.maps.threads import WHOLE_MAP, Thread, load_threads, unseen_in

READ: Final = "maps.view_journeymap"
COMMENT: Final = "maps.comment_map"
EDIT: Final = "maps.change_card"
LONGEST: Final = 4000


class Person(TypedDict):
    """A colleague; without an id one who has left."""

    id: str | None
    name: str
    initials: str


class Resolved(TypedDict):
    """Who closed a thread, and when."""

    by: Person
    at: str


class Said(TypedDict):
    """A remark or a reply."""

    id: str
    author: Person
    text: str
    created_at: str
    edited_at: str | None
    mentions: list[str]
    mine: bool


class SaidThread(Said):
    """A remark with what belongs to a thread."""

    anchor: str | None
    assigned_to: str | None
    resolved: Resolved | None
    replies: list[Said]


@require_http_methods(["GET", "HEAD", "POST"])
@json_page(read=READ, write=COMMENT)
def map_comments(request: MemberRequest, map_id: UUID) -> HttpResponse:
    """List threads, of one thing with ?anchor=, or begin one or reply to one.

    Who opens threads has seen where they are mentioned in them; that is noted like the hour at
    which a key was last used.
    """
    journey = journey_of(request, map_id)
    if request.method == "POST":
        return JsonResponse(_add(request, journey), status=201)
    anchor = WHOLE_MAP if request.GET.get("anchor") == WHOLE_MAP else id_in_query(request, "anchor")
    wanted = id_in_query(request, "thread")
    threads = load_threads(journey, anchor=anchor, thread=wanted)
    discussing.mark_seen(unseen_in(threads, request.membership))
    return JsonResponse({"threads": [_thread(t, request.membership) for t in threads]})


@require_http_methods(["GET", "HEAD", "PATCH", "DELETE"])
@json_page(read=READ, write=COMMENT)
def map_comment(request: MemberRequest, map_id: UUID, comment_id: UUID) -> HttpResponse:
    """Show a comment's thread; edit, resolve, assign or delete a comment.

    Only its author edits one; editors may delete any.
    """
    journey = journey_of(request, map_id)
    comment = _comment(journey, comment_id)
    if request.method == "DELETE":
        _delete(request, comment)
        return HttpResponse(status=204)
    if request.method == "PATCH":
        _change(request, comment)
    thread_id = comment.thread_id or comment.pk
    (thread,) = load_threads(journey, thread=thread_id)
    discussing.mark_seen(unseen_in([thread], request.membership))
    return JsonResponse(_thread(thread, request.membership))


def _add(request: MemberRequest, journey: JourneyMap) -> SaidThread:
    body = Body.of(request)
    text = body.text("text", most=LONGEST)
    mentions = members_of(request.workspace, body.ids("mentions"))
    thread_id = body.id("thread")
    if thread_id is not None:
        if "assigned_to" in body and body.id("assigned_to") is not None:
            raise BadInput(_("Only a thread is assigned, not a reply."), code="no_thread")
        comment = discussing.reply(
            thread=_comment(journey, thread_id),
            author=request.membership,
            text=text,
            mentions=mentions,
        )
    else:
        comment = discussing.add_comment(
            journey=journey,
            author=request.membership,
            text=text,
            anchor=None if body.fields.get("anchor") == WHOLE_MAP else body.id("anchor"),
            mentions=mentions,
            assigned_to=_assignee(request, body),
        )
    discussing.log("commented", comment)
    (thread,) = load_threads(journey, thread=comment.thread_id or comment.pk)
    return _thread(thread, request.membership)


def _change(request: MemberRequest, comment: Comment) -> None:
    """Carry out those changes that the body names."""
    body = Body.of(request)
    known = {"text", "mentions", "resolved", "assigned_to"}
    if not known & set(body.fields):
        raise BadInput(_("Say what to change."), code="nothing_to_change")
    if "text" in body or "mentions" in body:
        if comment.author_id != request.membership.pk:
            raise PermissionDenied
        discussing.edit_comment(
            comment=comment,
            text=body.text("text", most=LONGEST) if "text" in body else comment.text,
            mentions=members_of(request.workspace, body.ids("mentions"))
            if "mentions" in body
            else None,
        )
        discussing.log("changed a comment", comment)
    if "assigned_to" in body:
        discussing.assign(thread=comment, to=_assignee(request, body))
        discussing.log("assigned a comment", comment)
    if "resolved" in body:
        if body.flag("resolved"):
            discussing.resolve(thread=comment, by=request.membership)
        else:
            discussing.reopen(thread=comment)
        discussing.log("resolved" if body.flag("resolved") else "reopened", comment)


def _delete(request: MemberRequest, comment: Comment) -> None:
    """Delete a comment: one's own without replies of others, an editor any."""
    if not request.user.has_perm(EDIT):
        if comment.author_id != request.membership.pk:
            raise PermissionDenied
        discussing.refuse_with_replies(comment)
    discussing.log("deleted a comment", comment)
    comment.delete()


def _assignee(request: MemberRequest, body: Body) -> Membership | None:
    member_id = body.id("assigned_to")
    return members_of(request.workspace, [member_id])[0] if member_id else None


def _comment(journey: JourneyMap, comment_id: UUID) -> Comment:
    return get_object_or_404(
        Comment.objects.filter(map=journey).select_related("map"), pk=comment_id
    )


def _thread(thread: Thread, me: Membership) -> SaidThread:
    first = thread.first
    resolved = None
    if first.resolved_at is not None:
        resolved = Resolved(by=person(first.resolved_by), at=first.resolved_at.isoformat())
    return SaidThread(
        **_said(first, me),
        anchor=_text(first.anchor),
        assigned_to=_text(first.assigned_to_id),
        resolved=resolved,
        replies=[_said(reply, me) for reply in thread.replies],
    )


def _said(comment: Comment, me: Membership) -> Said:
    return Said(
        id=str(comment.pk),
        author=person(comment.author),
        text=comment.text,
        created_at=comment.created_at.isoformat(),
        edited_at=_moment(comment.edited_at),
        mentions=[str(mention.member_id) for mention in comment.mentions.all()],
        mine=comment.author_id == me.pk,
    )


def person(member: Membership | None) -> Person:
    """Return a colleague as the editor shows them; its user must be fetched."""
    if member is None:
        return Person(id=None, name=_("Former member or program"), initials="–")
    return Person(id=str(member.pk), name=member.user.name, initials=member.user.initials)


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _text(key: UUID | None) -> str | None:
    return str(key) if key else None
