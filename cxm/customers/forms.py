"""What colleagues type about customers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from cxm.customers.keys import address_hash, make_key
from cxm.customers.models import Customer, Identity, SegmentCondition, Suppression
from cxm.customers.vocabulary import ADDRESS_KIND, CHANNEL_EMAIL, MANUAL, REASONS
from cxm.customers.words import CHANNEL_WORDS, REASON_WORDS


class IdentityForm(forms.ModelForm[Identity]):
    """One new identity of a customer."""

    class Meta:
        model = Identity
        fields = ("kind", "system", "value")

    def clean(self) -> dict[str, Any]:
        """Bring the identity into its normal form; refuse nonsense and somebody else's."""
        data = super().clean() or {}
        if not data.get("kind") or not data.get("value"):
            return data
        try:
            key = make_key(data["kind"], data["value"], system=data.get("system") or "")
        except ValueError as error:
            self.add_error("value", str(error))
            return data
        known = Identity.objects.with_keys([key]).first()
        if known is not None and known.shared_at is not None:
            self.add_error("value", _("This identity is marked as shared by several people."))
        elif known is not None:
            self.add_error("value", _("This identity belongs to a customer already."))
        return {**data, "system": key.system, "value": key.value}


class ConditionForm(forms.ModelForm[SegmentCondition]):
    """One condition of a segment."""

    class Meta:
        model = SegmentCondition
        fields = ("field", "name", "operator", "value")


class SuppressionForm(forms.ModelForm[Suppression]):
    """An address that must not be written to; only its hash is kept."""

    channel = forms.ChoiceField(
        label=_("Channel"),
        choices=[(channel, CHANNEL_WORDS[channel]) for channel in ADDRESS_KIND],
        initial=CHANNEL_EMAIL,
        widget=UnfoldAdminSelectWidget,
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=254,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("An e-mail address, or a phone number that begins with +."),
    )
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[(reason, REASON_WORDS[reason]) for reason in REASONS],
        initial=MANUAL,
        widget=UnfoldAdminSelectWidget,
    )

    class Meta:
        model = Suppression
        fields = ("channel", "reason")

    def clean(self) -> dict[str, Any]:
        """Refuse nonsense and what is suppressed already."""
        data = super().clean() or {}
        if not data.get("channel") or not data.get("address"):
            return data
        try:
            digest = address_hash(data["channel"], data["address"])
        except ValueError as error:
            self.add_error("address", str(error))
            return data
        if Suppression.objects.filter(channel=data["channel"], address_hash=digest).exists():
            self.add_error("address", _("This address is suppressed already."))
        self.instance.address_hash = digest
        return data


class EraseForm(forms.Form):
    """Asks to type the customer's number, so that nobody is erased by a slip."""

    number = forms.CharField(label=_("Number"), max_length=24)

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.customer = customer

    def clean_number(self) -> str:
        """Refuse any other number."""
        number: str = self.cleaned_data["number"].strip()
        if number.upper() != self.customer.number.upper():
            raise forms.ValidationError(
                _("This is not the customer's number, %(number)s."),
                params={"number": self.customer.number},
            )
        return number


class MoveForm(forms.Form):
    """Asks to whom an identity belongs."""

    to = forms.CharField(label=_("Customer"), max_length=200)

    def __init__(self, *args: Any, identity: Identity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.identity = identity

    def clean_to(self) -> Customer:
        """Return the one customer whom the words mean: number, name, or a whole identity."""
        found = list(Customer.objects.present().search(self.cleaned_data["to"])[:2])
        if not found:
            raise forms.ValidationError(_("No customer has this number, name or identity."))
        if len(found) > 1:
            raise forms.ValidationError(_("Several customers match. Write the number."))
        (customer,) = found
        owner = self.identity.customer
        if owner is not None and owner.pk == customer.pk:
            raise forms.ValidationError(_("It belongs to this customer already."))
        return customer
