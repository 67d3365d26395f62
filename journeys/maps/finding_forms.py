"""Shapes of input on the pages of pain points and opportunities."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from cxm.workspaces.models import Membership, Workspace
from journeys.maps.finding_reports import Finding, FindingKind, shown_versions
from journeys.maps.models import Opportunity, PainPoint, Step

LEVELS = [(number, str(number)) for number in range(1, 6)]


class _MemberField(forms.ModelChoiceField[Membership]):
    def label_from_instance(self, obj: Membership) -> str:
        """Return the name alone: the role says nothing here."""
        return str(obj.user)


class _FindingField(forms.ModelChoiceField[Any]):
    def label_from_instance(self, obj: Any) -> str:
        """Return what fits into a list."""
        return str(obj)[:120]


class PainPointForm(forms.ModelForm[PainPoint]):
    """A pain point."""

    class Meta:
        model = PainPoint
        fields = ("title", "severity", "description")
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2, "maxlength": 400}),
            "description": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workspace = workspace

    def clean_title(self) -> str:
        """Keep it on one line, as a card does."""
        return _one_line(self.cleaned_data["title"])


class OpportunityForm(forms.ModelForm[Opportunity]):
    """An opportunity."""

    class Meta:
        model = Opportunity
        fields = ("title", "status", "impact", "effort", "owner", "description")
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2, "maxlength": 400}),
            "description": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("impact", "effort"):
            model_field = self.fields[name]
            self.fields[name] = forms.TypedChoiceField(
                label=model_field.label,
                help_text=model_field.help_text,
                required=False,
                coerce=int,
                empty_value=None,
                choices=[("", _("Not said")), *LEVELS],
            )
        self.fields["owner"] = _MemberField(
            Membership.objects.for_workspace(workspace).select_related("user"),
            label=_("Owner"),
            required=False,
            empty_label=_("Nobody yet"),
        )

    def clean_title(self) -> str:
        """Keep it on one line, as a card does."""
        return _one_line(self.cleaned_data["title"])


class MergeForm(forms.Form):
    """The finding that stays."""

    def __init__(
        self, *args: Any, kind: FindingKind, row: Finding, workspace: Workspace, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        others: Any = kind.model.objects.filter(workspace_id=workspace.pk).exclude(pk=row.pk)
        self.fields["into"] = _FindingField(
            others.order_by("title", "pk"), label=_("The same as"), empty_label=_("Choose…")
        )


class AddForm(forms.Form):
    """A step of a map, map by map."""

    step = forms.ModelChoiceField(
        Step.objects.none(), label=_("Map and step"), empty_label=_("Choose…")
    )

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        step = self.fields["step"]
        assert isinstance(step, forms.ModelChoiceField)  # noqa: S101 - declared above
        step.iterator = _ByMap
        step.queryset = (
            Step.objects.for_workspace(workspace)
            .filter(stage__version__in=shown_versions(workspace, editor=True))
            .select_related("stage__version__map")
            .order_by(
                "stage__version__map__name",
                "stage__version__map",
                "stage__position",
                "position",
            )
        )


class _ByMap(ModelChoiceIterator[Step]):
    def __iter__(self) -> Any:
        """Yield a group for each map."""
        yield "", self.field.empty_label
        groups: dict[Any, tuple[str, list[Any]]] = {}
        for step in self.queryset:
            journey = step.stage.version.map
            title = f"{journey.name} ({journey.get_kind_display()})"
            groups.setdefault(journey.pk, (title, []))[1].append(
                (self.field.prepare_value(step), f"{step.stage.name} · {step.name}")
            )
        yield from groups.values()


def _one_line(text: str) -> str:
    return " ".join(text.split())
