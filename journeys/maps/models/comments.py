"""What colleagues say about a map."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from cxm.common.personal import PersonalData, PersonalField
from cxm.workspaces.models import Membership, WorkspaceModel
from journeys.maps.models.journeys import JourneyMap


class Comment(WorkspaceModel):
    """A remark on a card, a step or the whole map, or a reply to one.

    `anchor` is the key of a card, step, stage or lane, so that a remark stays where it belongs in
    the next version; empty for the whole map. Only the first of a thread is resolved or assigned.
    """

    personal_data: ClassVar[PersonalData] = PersonalData(
        customer=None,
        fields={
            "text": PersonalField("let colleagues discuss a map", "until it or its map is deleted")
        },
        on_erase="keep",
    )

    map = models.ForeignKey(
        JourneyMap, models.CASCADE, related_name="comments", verbose_name=_("journey")
    )
    anchor = models.UUIDField(_("about"), null=True, blank=True)
    thread = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="replies",
        verbose_name=_("in reply to"),
    )
    author = models.ForeignKey(
        Membership, models.SET_NULL, null=True, related_name="+", verbose_name=_("author")
    )
    text = models.TextField(_("text"), max_length=4000)
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)
    assigned_to = models.ForeignKey(
        Membership,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assigned to"),
    )
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        Membership,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("resolved by"),
    )

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["created_at", "id"]
        indexes = [
            # The open threads of a map.
            models.Index(fields=["map", "resolved_at"], name="maps_comment_open"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(thread__isnull=True)
                | models.Q(resolved_at__isnull=True, assigned_to__isnull=True),
                name="maps_comment_thread_resolved",
                violation_error_message=_("Only a thread is resolved or assigned."),
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Mention(WorkspaceModel):
    """A colleague named in a comment: somebody waits for them until they have seen it."""

    comment = models.ForeignKey(
        Comment, models.CASCADE, related_name="mentions", verbose_name=_("comment")
    )
    member = models.ForeignKey(
        Membership, models.CASCADE, related_name="map_mentions", verbose_name=_("member")
    )
    seen_at = models.DateTimeField(_("seen"), null=True, blank=True)

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["comment", "member"], name="maps_mention_once")
        ]
        indexes = [
            # What waits for a member.
            models.Index(
                fields=["member"],
                condition=models.Q(seen_at__isnull=True),
                name="maps_mention_waiting",
            ),
        ]

    def __str__(self) -> str:
        return str(self.member)
