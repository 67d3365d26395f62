"""Customers and what they are known by."""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cxm.common.personal import PersonalData, PersonalField
from cxm.customers import keys
from cxm.customers.masking import masked
from cxm.customers.querysets import CustomerQuerySet, IdentityQuerySet
from cxm.customers.validators import validate_traits
from cxm.workspaces.models import WorkspaceModel

UNTIL_ERASED: Final = "until the customer is erased"
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
    """A person, known by any number of identities.

    Customers who turned out to be one person are a family: one is the root, the others are
    merged into it. Each keeps what was stored with it; readers ask for the whole family.
    """

    personal_data: ClassVar[PersonalData] = PersonalData(
        customer="",
        fields={
            "name": PersonalField("address the customer by name", UNTIL_ERASED),
            "language": PersonalField("write to the customer in their language", UNTIL_ERASED),
            "traits": PersonalField(
                "choose whom to ask and compare groups of customers", UNTIL_ERASED
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
    # Always the root of the family, never a customer who was merged away themselves.
    merged_into = models.ForeignKey(
        "self",
        models.RESTRICT,
        null=True,
        blank=True,
        editable=False,
        # The partial index below serves it; nearly all rows hold NULL.
        db_index=False,
        related_name="absorbed",
        verbose_name=_("merged into"),
    )
    # Who the person is, for joins: the same for all of a family.
    root = models.GeneratedField(
        expression=Coalesce("merged_into_id", "id"),
        output_field=models.UUIDField(),
        db_persist=True,
    )

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
            models.CheckConstraint(
                condition=models.Q(merged_into=None) | ~models.Q(merged_into=models.F("id")),
                name="customers_customer_not_into_itself",
                violation_error_message=_("Nobody is merged into themselves."),
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
            # The family of a customer, and from a row of theirs to the person.
            models.Index(fields=["root"], name="customers_customer_family"),
            # Who was merged into a customer.
            models.Index(
                fields=["merged_into"],
                name="customers_customer_absorbed",
                condition=models.Q(merged_into__isnull=False),
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
    def is_merged(self) -> bool:
        """Whether the customer is a part of another one, where the person is found."""
        return self.merged_into_id is not None


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
                "recognise the customer and reach them where they agreed", UNTIL_ERASED
            )
        },
        on_erase="delete",
    )
    not_personal: ClassVar[tuple[str, ...]] = ("kind", "system")

    customer = models.ForeignKey(
        Customer,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="identities",
        verbose_name=_("customer"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    system = models.CharField(
        _("system"),
        max_length=keys.LONGEST_SYSTEM,
        blank=True,
        help_text=_("Which system gave the id, for example shop."),
    )
    value = models.CharField(_("identity"), max_length=keys.LONGEST_VALUE)
    # Used by several people, such as the computer of a library: it means nobody.
    shared_at = models.DateTimeField(_("shared since"), null=True, blank=True, editable=False)

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
            models.CheckConstraint(
                condition=models.Q(customer__isnull=False, shared_at__isnull=True)
                | models.Q(customer__isnull=True, shared_at__isnull=False),
                name="customers_identity_somebodys_or_shared",
                violation_error_message=_("An identity means one customer, or it is shared."),
            ),
        ]
        indexes = [
            # The list of what is shared.
            models.Index(
                fields=["workspace", "-shared_at"],
                name="customers_identity_shared",
                condition=models.Q(shared_at__isnull=False),
            )
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
