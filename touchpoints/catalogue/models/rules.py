"""How interactions find their touchpoint, and what is known to belong to none."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from cxm.workspaces.models import WorkspaceModel
from cxm.workspaces.querysets import WorkspaceQuerySet
from touchpoints.catalogue.models.base import validate_conditions
from touchpoints.catalogue.models.touchpoints import Touchpoint


class MatchingRule(WorkspaceModel):
    """Leads interactions to a touchpoint when all its conditions hold; the first in order wins."""

    not_personal: ClassVar[tuple[str, ...]] = ("name", "conditions")

    touchpoint = models.ForeignKey(
        Touchpoint, models.CASCADE, related_name="rules", verbose_name=_("touchpoint")
    )
    name = models.CharField(
        _("name"), max_length=120, blank=True, help_text=_("Without one the conditions are shown.")
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)
    conditions: models.JSONField[list[dict[str, str]], list[dict[str, str]]] = models.JSONField(
        _("conditions"), default=list, validators=[validate_conditions]
    )

    objects: ClassVar[WorkspaceQuerySet[MatchingRule]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("matching rule")
        verbose_name_plural = _("matching rules")
        ordering = ["position", "id"]
        constraints = [
            # Deferred, so that an order is changed in one statement.
            models.UniqueConstraint(
                fields=["workspace", "position"],
                name="catalogue_rule_position_once",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self) -> str:
        return self.name or str(self.touchpoint)


class IgnoredGroup(WorkspaceModel):
    """Interactions without a touchpoint that shall have none: they are not offered again."""

    class Basis(models.TextChoices):
        EVENT = "event", _("Event")
        PAGE = "page", _("Page address")
        SOURCE = "source", _("Source")

    not_personal: ClassVar[tuple[str, ...]] = ("basis", "value")

    basis = models.CharField(_("in common"), max_length=10, choices=Basis)
    value = models.CharField(_("value"), max_length=300)

    objects: ClassVar[WorkspaceQuerySet[IgnoredGroup]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("ignored group")
        verbose_name_plural = _("ignored groups")
        ordering = ["basis", "value", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "basis", "value"], name="catalogue_ignoredgroup_once"
            )
        ]

    def __str__(self) -> str:
        return self.value
