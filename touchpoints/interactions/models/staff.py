"""Contacts that people enter by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from cxm.customers.models import Customer
from cxm.workspaces.models import Membership, WorkspaceModel
from cxm.workspaces.querysets import WorkspaceQuerySet
from touchpoints.catalogue.models import Touchpoint
from touchpoints.interactions.models.sources import Source

UNDO: Final = timedelta(minutes=10)


class StaffContact(WorkspaceModel):
    """That somebody entered a contact; what they wrote stands in its interaction."""

    not_personal: ClassVar[tuple[str, ...]] = ()

    occurred_at = models.DateTimeField(_("when"))
    interaction_id = models.UUIDField(editable=False)
    source = models.ForeignKey(Source, models.RESTRICT, related_name="+", verbose_name=_("source"))
    touchpoint = models.ForeignKey(
        Touchpoint, models.CASCADE, related_name="+", verbose_name=_("touchpoint")
    )
    customer = models.ForeignKey(
        Customer, models.SET_NULL, null=True, related_name="+", verbose_name=_("customer")
    )
    # Empty for what a program entered.
    entered_by = models.ForeignKey(
        Membership, models.SET_NULL, null=True, related_name="+", verbose_name=_("entered by")
    )

    objects: ClassVar[WorkspaceQuerySet[StaffContact]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("contact entered by hand")
        verbose_name_plural = _("contacts entered by hand")
        ordering = ["-created_at", "-id"]
        indexes = [
            # The latest ones of whoever enters them.
            models.Index(
                fields=["workspace", "entered_by", "-created_at"], name="interactions_staff_latest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occurred_at:%Y-%m-%d %H:%M}"

    def may_be_undone(self, by: Membership | None, at: datetime) -> bool:
        """Say whether this person may still take it back."""
        return by is not None and self.entered_by_id == by.pk and at - self.created_at <= UNDO
