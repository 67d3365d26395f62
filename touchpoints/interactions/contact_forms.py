"""Shape of contacts that people enter, and of the files that they upload."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as text
from django.utils.translation import gettext_lazy as _

from cxm.common.clock import now
from cxm.customers.models import Customer
from cxm.workspaces.models import Workspace
from touchpoints.catalogue.models import Goal, Touchpoint
from touchpoints.interactions.uploading import FORMATS, Choices, Table

STAMP = "%Y-%m-%dT%H:%M"


class ContactForm(forms.Form):
    """A contact: where it happened, with whom, when, and what came of it."""

    touchpoint = forms.ModelChoiceField(
        Touchpoint.objects.none(), label=_("Touchpoint"), empty_label=_("Choose …")
    )
    who = forms.CharField(
        label=_("Customer"),
        required=False,
        max_length=200,
        help_text=_("Name, number, e-mail or phone. Empty for somebody unknown."),
    )
    customer = forms.UUIDField(required=False, widget=forms.HiddenInput)
    at = forms.DateTimeField(
        label=_("When"),
        required=False,
        input_formats=[STAMP, "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=STAMP),
    )
    place = forms.CharField(
        label=_("Where"), required=False, max_length=120, help_text=_("For example Aarhus store.")
    )
    by = forms.CharField(label=_("Who of you"), required=False, max_length=120)
    outcome = forms.CharField(
        label=_("What came of it"),
        required=False,
        max_length=120,
        help_text=_("In a few words, for example advised on grinders."),
    )
    goal = forms.ModelChoiceField(
        Goal.objects.none(), label=_("Goal reached"), required=False, empty_label=_("None")
    )
    value = forms.DecimalField(label=_("Value"), required=False, max_digits=14, decimal_places=2)
    currency = forms.CharField(label=_("Currency"), required=False, max_length=3)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only what the customer may read: it is part of their data."),
    )

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workspace = workspace
        places = (
            Touchpoint.objects.for_workspace(workspace)
            .exclude(status=Touchpoint.Status.RETIRED)
            .select_related("channel")
            .order_by("-channel__kind", "channel__position", "name")
        )
        cast("forms.ModelChoiceField[Touchpoint]", self.fields["touchpoint"]).queryset = places
        goals = Goal.objects.for_workspace(workspace).exclude(event_name="")
        cast("forms.ModelChoiceField[Goal]", self.fields["goal"]).queryset = goals

    def clean_at(self) -> datetime:
        """Return the moment by the workspace's clock; now when nothing is said."""
        moment: datetime | None = self.cleaned_data["at"]
        if moment is None:
            return now()
        # The form's own time zone is the site's; what was written is the workspace's.
        return moment.replace(tzinfo=ZoneInfo(self.workspace.timezone))

    def clean_currency(self) -> str:
        """Return three capital letters or nothing."""
        found: str = self.cleaned_data["currency"].strip().upper()
        if found and (len(found) != 3 or not found.isalpha() or not found.isascii()):
            raise forms.ValidationError(
                text("Write a currency by its three letters, for example EUR.")
            )
        return found

    def clean(self) -> dict[str, Any]:
        """Find the customer: the one chosen, else the only one whom the words fit."""
        data = super().clean() or {}
        self.person: Customer | None = None
        people = Customer.objects.for_workspace(self.workspace).present()
        who = (data.get("who") or "").strip()
        if data.get("customer"):
            self.person = people.filter(pk=data["customer"]).first()
        elif who:
            found = list(people.search(who)[:2])
            if len(found) == 1:
                self.person = found[0]
            elif found:
                self.add_error("who", text("Several customers fit. Choose one from the list."))
        if who and self.person is None and not self.errors.get("who"):
            self.add_error("who", text("Nobody fits. Leave it empty for somebody unknown."))
        if data.get("value") is not None and not data.get("currency"):
            self.add_error("currency", text("Say in which currency."))
        return data


class UploadForm(forms.Form):
    """A file of contacts."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV with a line of headings, 20 MB at most."),
        widget=forms.FileInput(attrs={"data-plain": "", "accept": ".csv,.txt,text/csv"}),
    )


class MappingForm(forms.Form):
    """Which column of a file means what."""

    when = forms.ChoiceField(label=_("When"))
    format = forms.ChoiceField(label=_("Written like"), required=False)
    place_key = forms.ChoiceField(label=_("Touchpoint of all rows"), required=False)
    touchpoint = forms.ChoiceField(label=_("… or column with its key"), required=False)
    event = forms.ChoiceField(label=_("What happened"), required=False)
    email = forms.ChoiceField(label=_("E-mail address"), required=False)
    phone = forms.ChoiceField(label=_("Phone number"), required=False)
    region = forms.RegexField(
        r"^[A-Za-z]{2}$", label=_("Country of numbers without +"), required=False, max_length=2
    )
    customer_id = forms.ChoiceField(label=_("Customer number"), required=False)
    system = forms.SlugField(label=_("… of which system"), required=False, max_length=40)
    name = forms.ChoiceField(label=_("Customer's name"), required=False)
    place = forms.ChoiceField(label=_("Where"), required=False)
    by = forms.ChoiceField(label=_("Who of you"), required=False)
    outcome = forms.ChoiceField(label=_("What came of it"), required=False)
    note = forms.ChoiceField(label=_("Note"), required=False)
    value = forms.ChoiceField(label=_("Value"), required=False)
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    fixed_currency = forms.RegexField(
        r"^[A-Za-z]{3}$", label=_("… or one for all rows"), required=False, max_length=3
    )

    def __init__(self, *args: Any, table: Table, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = [("", "–"), *((name, name) for name in table.columns)]
        places = Touchpoint.objects.for_workspace(workspace).order_by("name")
        choices = {
            "format": list(FORMATS),
            "place_key": [("", "–"), *places.values_list("key", "name")],
        }
        for name, field in self.fields.items():
            if isinstance(field, forms.ChoiceField):
                field.choices = choices.get(name, columns)

    def choices(self) -> Choices:
        """Return what was chosen; call it when the form is valid."""
        data = {name: value or "" for name, value in self.cleaned_data.items()}
        return Choices(
            **{
                **data,
                "region": data["region"].upper(),
                "fixed_currency": data["fixed_currency"].upper(),
                "system": data["system"].lower(),
            }
        )
