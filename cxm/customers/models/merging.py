"""Customers who turned out to be one person, and pairs who may be."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cxm.customers.models.people import Customer, Identity
from cxm.customers.querysets import MergeQuerySet, SuggestionQuerySet
from cxm.workspaces.models import WorkspaceModel


class Merge(WorkspaceModel):
    """One customer became a part of another one; undone, it stays as history.

    The merges that are not undone are the edges of a forest: each customer is the loser of at
    most one, and the roots are the people.
    """

    class Reason(models.TextChoices):
        ALIAS = "alias", _("A system said so")
        MANUAL = "manual", _("By hand")
        SUGGESTION = "suggestion", _("Suggested")

    not_personal: ClassVar[tuple[str, ...]] = ("reason",)

    winner = models.ForeignKey(
        Customer, models.CASCADE, related_name="merges_won", verbose_name=_("stays")
    )
    loser = models.ForeignKey(
        Customer, models.CASCADE, related_name="merges_lost", verbose_name=_("merged into it")
    )
    reason = models.CharField(_("reason"), max_length=12, choices=Reason)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True, editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("undone by"),
    )

    objects: ClassVar[MergeQuerySet] = MergeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                # Also the index of the edge above a customer.
                fields=["loser"],
                name="customers_merge_lost_once",
                condition=models.Q(undone_at=None),
                violation_error_message=_("This customer is merged into another one already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(winner=models.F("loser")),
                name="customers_merge_of_two",
                violation_error_message=_("Nobody is merged into themselves."),
            ),
        ]
        indexes = [
            # The API's list, newest first.
            models.Index(fields=["workspace", "-created_at", "-id"], name="customers_merge_newest")
        ]

    def __str__(self) -> str:
        return f"{self.loser_id} → {self.winner_id}"


class Suggestion(WorkspaceModel):
    """Two customers who may be one person; `first` has the smaller id."""

    not_personal: ClassVar[tuple[str, ...]] = ()

    first = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    second = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    count = models.PositiveIntegerField(_("times seen"), default=0)
    last_at = models.DateTimeField(_("last seen"))
    dismissed_at = models.DateTimeField(_("not the same"), null=True, blank=True, editable=False)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[SuggestionQuerySet] = SuggestionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        ordering = ["-last_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "first", "second"], name="customers_suggestion_once"
            ),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")),
                name="customers_suggestion_in_order",
            ),
        ]
        indexes = [
            # The list of those that wait, latest first.
            models.Index(
                fields=["workspace", "-last_at", "-id"],
                name="customers_suggestion_open",
                condition=models.Q(dismissed_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_id} = {self.second_id}?"


class SuggestionReason(WorkspaceModel):
    """An identity that came with both customers of a suggestion."""

    not_personal: ClassVar[tuple[str, ...]] = ()

    suggestion = models.ForeignKey(Suggestion, models.CASCADE, related_name="reasons")
    identity = models.ForeignKey(Identity, models.CASCADE, related_name="+")
    count = models.PositiveIntegerField(_("times seen"), default=0)
    last_at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("reason of a possible duplicate")
        verbose_name_plural = _("reasons of possible duplicates")
        ordering = ["-last_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["suggestion", "identity"], name="customers_suggestionreason_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.suggestion_id}: {self.identity_id}"
