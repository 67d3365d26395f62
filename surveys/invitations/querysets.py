"""Reads over many invitations."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from cxm.workspaces.querysets import WorkspaceQuerySet

if TYPE_CHECKING:
    from surveys.invitations.models import Invitation  # noqa: F401 - in the base class's name

QUEUED = "queued"
SENDING = "sending"
SENT = "sent"
UNCERTAIN = "uncertain"
FAILED = "failed"
SKIPPED = "skipped"


class InvitationQuerySet(WorkspaceQuerySet["Invitation"]):
    """Invitations, by where they stand."""

    def due(self, moment: datetime) -> Self:
        """Keep those that may be sent at ``moment``: queued, in a campaign that is running."""
        return self.filter(status=QUEUED, due_at__lte=moment, campaign__status="sending")

    def claimed_by(self, claim: UUID) -> Self:
        """Keep those that a worker took under ``claim``."""
        return self.filter(claim_id=claim)

    def abandoned(self, moment: datetime) -> Self:
        """Keep those whose worker let its lease run out."""
        return self.filter(status=SENDING, claimed_until__lt=moment)

    def counting_as_asked(self, since: datetime) -> Self:
        """Keep those because of which their customer may not be asked again yet.

        That is every mail that left, or may have left, after ``since``, and every one that is
        about to.
        """
        return self.filter(
            self._handed_over(since)
            | Q(status__in=(QUEUED, SENDING), campaign__status__in=("sending", "paused"))
        )

    def handed_over(self, since: datetime) -> Self:
        """Keep those whose mail left, or may have left, after ``since``."""
        return self.filter(self._handed_over(since))

    @staticmethod
    def _handed_over(since: datetime) -> Q:
        return Q(status__in=(SENDING, SENT, UNCERTAIN), handed_over_at__gt=since)

    def claim(self, *, claim: UUID, moment: datetime, lease: timedelta, limit: int) -> list[UUID]:
        """Take up to ``limit`` due invitations for one worker and return their ids.

        Rows that another worker is taking at this moment are passed over (SKIP LOCKED), so that
        no two workers hold the same one and none waits.
        """
        with transaction.atomic():
            ids = list(
                self.due(moment)
                .order_by("due_at", "id")
                .select_for_update(skip_locked=True, of=("self",))
                .values_list("pk", flat=True)[:limit]
            )
            self.filter(pk__in=ids, status=QUEUED).update(
                status=SENDING,
                claim_id=claim,
                claimed_until=moment + lease,
                attempts=F("attempts") + 1,
                updated_at=moment,
            )
        return ids
