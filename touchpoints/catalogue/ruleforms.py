"""The form of a rule: the touchpoint it leads to, and a row for each condition."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from touchpoints.catalogue.conditions import (
    LONGEST_NAME,
    LONGEST_VALUE,
    MOST_CONDITIONS,
    PROPERTY,
)
from touchpoints.catalogue.models import MatchingRule, Touchpoint
from touchpoints.catalogue.words import FIELD_WORDS, OPERATOR_WORDS


class RuleForm(forms.ModelForm[MatchingRule]):
    """Where a rule leads, and whether it is in use."""

    class Meta:
        model = MatchingRule
        fields = ("touchpoint", "name", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Touchpoint.objects.exclude(status=Touchpoint.Status.RETIRED)
        if self.instance.touchpoint_id:
            places = places | Touchpoint.objects.filter(pk=self.instance.touchpoint_id)
        field: Any = self.fields["touchpoint"]
        field.queryset = places.order_by("name", "id")
        field.empty_label = _("Choose a touchpoint")


class ConditionForm(forms.Form):
    """One condition; a row without a value is left out."""

    field = forms.ChoiceField(label=gettext_lazy("Field"), choices=list(FIELD_WORDS.items()))
    name = forms.CharField(
        label=gettext_lazy("Name of the property"), max_length=LONGEST_NAME, required=False
    )
    operator = forms.ChoiceField(
        label=gettext_lazy("Comparison"), choices=list(OPERATOR_WORDS.items())
    )
    value = forms.CharField(label=gettext_lazy("Value"), max_length=LONGEST_VALUE, required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for a property's name, and forget a name that stands beside another field."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("field") != PROPERTY:
            data["name"] = ""
        elif data.get("value") and not data.get("name"):
            self.add_error("name", _("Which property?"))
        return data


class BaseConditionFormSet(forms.BaseFormSet[ConditionForm]):
    """The conditions of one rule."""

    def clean(self) -> None:
        """Ask for one condition at least."""
        if not any(self.errors) and not self.conditions():
            raise forms.ValidationError(_("Write at least one condition."), "no_condition")

    def conditions(self) -> list[dict[str, str]]:
        """Return the rows that are filled in, as rules keep them."""
        found = []
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            if data.get("value") and not data.get("DELETE"):
                found.append(
                    {key: data.get(key, "") for key in ("field", "name", "operator", "value")}
                )
        return found


ConditionFormSet = forms.formset_factory(
    ConditionForm,
    formset=BaseConditionFormSet,
    extra=0,
    max_num=MOST_CONDITIONS,
    absolute_max=MOST_CONDITIONS,
    validate_max=True,
    can_delete=True,
)
PREFIX = "conditions"


def condition_formset(
    *, data: Any = None, conditions: list[dict[str, str]] | None = None
) -> BaseConditionFormSet:
    """Return the rows of a rule; a new rule begins with one empty row."""
    formset = (
        ConditionFormSet(data, prefix=PREFIX)
        if data is not None
        else ConditionFormSet(initial=conditions or [{}], prefix=PREFIX)
    )
    return cast(BaseConditionFormSet, formset)
