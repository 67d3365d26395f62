"""Shape of what is typed in about KPIs, targets and components."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from cxm.kpis import registry
from cxm.kpis.models import Kpi, Target

Choices = list[tuple[str | Promise, list[tuple[str, str | Promise]]]]


def metric_choices() -> Choices:
    """Return the registered measures."""
    entries = sorted(registry.metrics.values(), key=lambda entry: str(entry.title))
    return [("", [("", "—"), *((entry.key, entry.title) for entry in entries)])]


def component_choices() -> list[tuple[str, str | Promise]]:
    """Return the measures that can be a component of task fulfilment."""
    entries = sorted(registry.base_metrics(), key=lambda entry: str(entry.title))
    return [("", "—"), *((entry.key, entry.title) for entry in entries)]


def subject_choices() -> Choices:
    """Return everything in the workspace that figures can be about, by kind."""
    found: Choices = [("", [("", "—")])]
    for kind in registry.subject_kinds.values():
        names = sorted(kind.names().items(), key=lambda item: item[1])
        if names:
            found.append((kind.title, [(f"{kind.key}:{pk}", name) for pk, name in names]))
    return found


class KpiForm(forms.ModelForm[Kpi]):
    """A KPI; kind and id of its subject are chosen together, by name."""

    metric = forms.ChoiceField(
        label=_("Measure"),
        choices=metric_choices,
        widget=UnfoldAdminSelectWidget,
        help_text=_("What is worked out. The list grows with what you collect and ask."),
    )
    subject_id = forms.ChoiceField(
        label=_("About"),
        choices=subject_choices,
        widget=UnfoldAdminSelectWidget,
        help_text=_("The touchpoint, or the workspace as a whole."),
    )

    class Meta:
        model = Kpi
        fields = [
            "name",
            "description",
            "metric",
            "subject_id",
            "dimension",
            "dimension_value",
            "owner",
            "weight",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.subject_kind:
            chosen = f"{self.instance.subject_kind}:{self.instance.subject_id}"
            self.initial["subject_id"] = chosen

    def clean_subject_id(self) -> UUID:
        """Take the choice apart; the kind goes straight to the row."""
        kind, _colon, subject_id = self.cleaned_data["subject_id"].partition(":")
        self.instance.subject_kind = kind
        self.instance.fill_workspace()
        return UUID(subject_id)

    def _get_validation_exclusions(self) -> set[str]:
        # Both are set by us and belong to the constraint that a KPI exists once.
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # not in stubs
        return excluded - {"workspace", "subject_kind"}


class TargetFormSet(forms.BaseInlineFormSet[Target, Kpi, forms.ModelForm[Target]]):
    """The targets of one KPI, which may be new itself."""

    def _construct_form(self, i: int, **kwargs: Any) -> forms.ModelForm[Target]:
        form: forms.ModelForm[Target] = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        # The row asks its KPI for the measure before either is saved.
        form.instance.kpi = self.instance
        return form


class ComponentForm(forms.Form):
    """One component of task fulfilment."""

    component = forms.ChoiceField(
        label=_("Measure"),
        choices=component_choices,
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    floor = forms.FloatField(
        label=_("Counts as 0"), required=False, widget=UnfoldAdminTextInputWidget
    )
    target = forms.FloatField(
        label=_("Counts as 100"), required=False, widget=UnfoldAdminTextInputWidget
    )
    weight = forms.FloatField(
        label=_("Weight"),
        required=False,
        min_value=0,
        max_value=1,
        widget=UnfoldAdminTextInputWidget,
    )

    def clean(self) -> dict[str, Any]:
        """Ask for all of a row or nothing of it."""
        data = super().clean() or self.cleaned_data
        if data.get("component"):
            for name in ("floor", "target", "weight"):
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, ValidationError(_("Fill this in."), code="required"))
            if data.get("floor") is not None and data.get("floor") == data.get("target"):
                self.add_error("target", _("Floor and target are the same."))
        return data


class BaseComponentFormSet(forms.BaseFormSet[ComponentForm]):
    """All components of a subject; their weights sum to 1."""

    def clean(self) -> None:
        """Check what concerns the rows together."""
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data.get("component")]
        if any(self.errors) or not rows:
            return
        if len({row["component"] for row in rows}) < len(rows):
            raise ValidationError(_("Choose each measure once."), code="doubled")
        if abs(sum(row["weight"] for row in rows) - 1) > 1e-6:
            raise ValidationError(_("The weights sum to 1."), code="weights")


ComponentFormSet = forms.formset_factory(ComponentForm, formset=BaseComponentFormSet, extra=3)
