"""Customers: who they are, how they are known, what they agreed to, and groups of them."""

from __future__ import annotations

from typing import ClassVar, Final

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cxm.common.personal import PersonalData, PersonalField
from cxm.customers import conditions, keys
from cxm.customers.masking import masked
from cxm.customers.querysets import (
    ConsentQuerySet,
    CustomerQuerySet,
    IdentityQuerySet,
    SuppressionQuerySet,
)
from cxm.customers.validators import (
    validate_channel,
    validate_purpose,
    validate_reason,
    validate_traits,
)
from cxm.workspaces.models import WorkspaceModel

_UNTIL_ERASED = "until the customer is erased"
FIRST_NUMBER: Final = 10_001


class NumberSeries(WorkspaceModel):
    """The last customer number that a workspace gave out. Its row lock orders new identities."""

    last = models.PositiveBigIntegerField(default=FIRST_NUMBER - 1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace"], name="customers_numberseries_once")
        ]

    def __str__(self) -> str:
        return str(self.last)


class Customer(WorkspaceModel):
    """A person, known by any number of identities."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        customer="",
        fields={
            "name": PersonalField("address the customer by name", _UNTIL_ERASED),
            "language": PersonalField("write to the customer in their language", _UNTIL_ERASED),
            "traits": PersonalField(
                "choose whom to ask and compare groups of customers", _UNTIL_ERASED
            ),
        },
        on_erase="blank",
    )
    not_personal: ClassVar[tuple[str, ...]] = ("number",)

    number = models.CharField(_("number"), max_length=24, editable=False)
    name = models.CharField(_("name"), max_length=200, blank=True)
    language = models.CharField(
        _("language"), max_length=12, blank=True, help_text=_("For example en or de.")
    )
    traits = models.JSONField(
        _("traits"),
        default=dict,
        blank=True,
        validators=[validate_traits],
        help_text=_('Facts by name, for example {"plan": "gold", "orders": 3}.'),
    )
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)

    objects: ClassVar[CustomerQuerySet] = CustomerQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "number"],
                name="customers_customer_number_once",
                violation_error_message=_("Another customer has this number."),
            ),
            models.CheckConstraint(
                condition=~models.Q(number=""),
                name="customers_customer_number_given",
                violation_error_message=_("A customer needs a number."),
            ),
        ]
        indexes = [
            # The admin's list, newest first.
            models.Index(
                fields=["workspace", "-created_at", "-id"], name="customers_customer_newest"
            ),
            # A CRM that mirrors us: ?updated_since= in pages.
            models.Index(
                fields=["workspace", "updated_at", "id"], name="customers_customer_updated"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.number

    def get_absolute_url(self) -> str:
        """Return the address of the customer's page."""
        return reverse("customer", args=[self.pk])

    @property
    def is_erased(self) -> bool:
        """Whether the person asked to be forgotten and was."""
        return self.erased_at is not None

    @property
    def initials(self) -> str:
        """Return up to two letters for the avatar."""
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


class Identity(WorkspaceModel):
    """One thing that a customer is known by."""

    class Kind(models.TextChoices):
        CRM = keys.CRM, _("CRM record")
        EMAIL = keys.EMAIL, _("E-mail")
        PHONE = keys.PHONE, _("Phone")
        ANONYMOUS = keys.ANONYMOUS, _("Browser or device")

    personal_data: ClassVar[PersonalData] = PersonalData(
        customer="customer",
        fields={
            "value": PersonalField(
                "recognise the customer and reach them where they agreed", _UNTIL_ERASED
            )
        },
        on_erase="delete",
    )
    not_personal: ClassVar[tuple[str, ...]] = ("kind", "system")

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="identities", verbose_name=_("customer")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    system = models.CharField(
        _("system"),
        max_length=keys.LONGEST_SYSTEM,
        blank=True,
        help_text=_("Which system gave the id, for example shop."),
    )
    value = models.CharField(_("identity"), max_length=keys.LONGEST_VALUE)

    objects: ClassVar[IdentityQuerySet] = IdentityQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                # Also the index of every look-up by key.
                fields=["workspace", "kind", "system", "value"],
                name="customers_identity_once",
                violation_error_message=_("This identity belongs to a customer already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(value=""),
                name="customers_identity_value_given",
                violation_error_message=_("The identity is empty."),
            ),
            models.CheckConstraint(
                condition=models.Q(kind=keys.ANONYMOUS)
                | models.Q(kind=keys.CRM) & ~models.Q(system="")
                | models.Q(kind__in=[keys.EMAIL, keys.PHONE], system=""),
                name="customers_identity_system_fits",
                violation_error_message=_("A CRM id needs a system; an address has none."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.masked}"

    @property
    def masked(self) -> str:
        """Return the value as somebody sees it who did not ask to be shown it."""
        return masked(self.kind, self.value)

    @property
    def key(self) -> keys.IdentityKey:
        """Return the key."""
        return keys.IdentityKey(self.kind, self.system, self.value)


class Consent(WorkspaceModel):
    """A customer gave or withdrew consent. Written once; the database refuses a change."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        customer="customer",
        fields={
            "source": PersonalField("prove where consent was given", _UNTIL_ERASED),
            "wording": PersonalField("prove what was agreed to", _UNTIL_ERASED),
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
