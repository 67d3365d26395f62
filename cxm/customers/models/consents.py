"""What customers agreed to, and addresses that must not be written to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cxm.common.personal import PersonalData, PersonalField
from cxm.customers.models.people import UNTIL_ERASED, Customer
from cxm.customers.querysets import ConsentQuerySet, SuppressionQuerySet
from cxm.customers.validators import validate_channel, validate_purpose, validate_reason
from cxm.workspaces.models import WorkspaceModel


class Consent(WorkspaceModel):
    """A customer gave or withdrew consent. Written once; the database refuses a change."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        customer="customer",
        fields={
            "source": PersonalField("prove where consent was given", UNTIL_ERASED),
            "wording": PersonalField("prove what was agreed to", UNTIL_ERASED),
        },
        on_erase="delete",
    )
    not_personal: ClassVar[tuple[str, ...]] = ("purpose", "channel")

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="consents", verbose_name=_("customer")
    )
    purpose = models.CharField(_("purpose"), max_length=40, validators=[validate_purpose])
    channel = models.CharField(_("channel"), max_length=20, validators=[validate_channel])
    granted = models.BooleanField(_("granted"))
    source = models.CharField(_("given through"), max_length=120, blank=True)
    wording = models.TextField(_("wording"), max_length=4000, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)

    objects: ClassVar[ConsentQuerySet] = ConsentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-at", "-id"]
        indexes = [
            # What holds now: the latest of each customer, purpose and channel.
            models.Index(
                fields=["customer", "purpose", "channel", "-at", "-id"],
                name="customers_consent_latest",
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose}/{self.channel}: {'+' if self.granted else '−'}"


class Suppression(WorkspaceModel):
    """An address that must not be written to. Only its hash is kept, so it outlives erasure."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        # No path leads from here to a customer, and none may: it also holds after erasure.
        customer=None,
        fields={
            "address_hash": PersonalField(
                "never write again to who does not want it, also after erasure",
                "as long as the workspace",
                export=False,
            )
        },
        on_erase="keep",
    )
    not_personal: ClassVar[tuple[str, ...]] = ("channel", "reason")

    channel = models.CharField(_("channel"), max_length=20, validators=[validate_channel])
    address_hash = models.CharField(_("address (hash)"), max_length=64, editable=False)
    reason = models.CharField(_("reason"), max_length=20, validators=[validate_reason])
    at = models.DateTimeField(_("since"), default=timezone.now)

    objects: ClassVar[SuppressionQuerySet] = SuppressionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                # Also the index of the look-up before each send.
                fields=["workspace", "channel", "address_hash"],
                name="customers_suppression_once",
                violation_error_message=_("This address is suppressed already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.address_hash[:8]}…"
