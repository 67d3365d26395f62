"""Groups of customers."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cxm.customers import conditions
from cxm.customers.models.people import Customer
from cxm.customers.querysets import CustomerQuerySet
from cxm.workspaces.models import WorkspaceModel


class Segment(WorkspaceModel):
    """A group of customers, described by conditions and worked out when asked for."""

    class Match(models.TextChoices):
        ALL = conditions.ALL, pgettext_lazy("conditions", "All of them")
        ANY = conditions.ANY, pgettext_lazy("conditions", "Any of them")

    not_personal: ClassVar[tuple[str, ...]] = ("name", "description", "match")

    name = models.CharField(_("name"), max_length=120)
    description = models.CharField(_("description"), max_length=240, blank=True)
    match = models.CharField(
        _("conditions to meet"), max_length=3, choices=Match, default=Match.ALL
    )

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name"],
                name="customers_segment_name_once",
                violation_error_message=_("Another segment has this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def customers(self) -> CustomerQuerySet:
        """Return the customers who are in the segment now; everybody without conditions."""
        return Customer.objects.for_workspace(self.workspace).present().filter(self.test())

    def test(self) -> models.Q:
        """Return what a customer must meet to be in the segment."""
        return Customer.objects.all().test_of(
            [row.as_condition() for row in self.conditions.all()],
            match=self.match,
            zone=self.workspace.timezone,
        )


class SegmentCondition(WorkspaceModel):
    """One condition of a segment."""

    class Field(models.TextChoices):
        LANGUAGE = conditions.LANGUAGE, _("Language")
        CREATED = conditions.CREATED, _("Customer since")
        TRAIT = conditions.TRAIT, _("Trait")
        IDENTITY = conditions.IDENTITY, _("Identity")
        CONSENT = conditions.CONSENT, _("Consent")

    class Operator(models.TextChoices):
        IS = conditions.IS, _("is")
        IS_NOT = conditions.IS_NOT, _("is not")
        CONTAINS = conditions.CONTAINS, _("contains")
        GREATER = conditions.GREATER, _("is greater than")
        LESS = conditions.LESS, _("is less than")
        SET = conditions.SET, _("is known")
        NOT_SET = conditions.NOT_SET, _("is not known")
        BEFORE = conditions.BEFORE, _("before")
        AFTER = conditions.AFTER, _("after")
        WITHIN_DAYS = conditions.WITHIN_DAYS, _("within the last days")
        HAS = conditions.HAS, _("has")
        HAS_NOT = conditions.HAS_NOT, _("has not")
        GRANTED = conditions.GRANTED, _("granted")
        NOT_GRANTED = conditions.NOT_GRANTED, _("not granted")

    not_personal: ClassVar[tuple[str, ...]] = ("field", "name", "operator", "value")

    segment = models.ForeignKey(
        Segment, models.CASCADE, related_name="conditions", verbose_name=_("segment")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    field = models.CharField(_("field"), max_length=20, choices=Field)
    name = models.CharField(
        _("of"),
        max_length=100,
        blank=True,
        help_text=_("Name of the trait, kind of identity, or purpose/channel of the consent."),
    )
    operator = models.CharField(_("comparison"), max_length=20, choices=Operator)
    value = models.CharField(_("value"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        words = (self.get_field_display(), self.name, self.get_operator_display(), self.value)
        return " ".join(str(word) for word in words if word)

    def clean(self) -> None:
        """Refuse a comparison that does not fit the field."""
        try:
            self.as_condition()
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def as_condition(self) -> conditions.Condition:
        """Return the pure condition. Raises ValueError when its parts do not fit."""
        return conditions.Condition(self.field, self.name, self.operator, self.value)
