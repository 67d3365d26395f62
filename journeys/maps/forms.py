"""Shapes of input on the map's pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cxm.kpis import registry
from cxm.workspaces.models import Workspace
from journeys.maps.lanes import lane_kind, states_of
from journeys.maps.models import Card, JourneyMap, Stage, Step, Version
from journeys.maps.starters import STARTERS
from journeys.personas.models import Persona
from touchpoints.catalogue.models import Touchpoint

# What a card says, by the shape of its lane.
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "touchpoint": ("touchpoint", "text"),
    "feeling": ("valence",),
    "pain": ("text", "severity"),
    "opportunity": ("text", "status"),
    "need": ("text", "status"),
}
USUAL_FIELDS: Final = ("text",)


class NewMapForm(forms.Form):
    """What a new map needs: a name, whose journey it is, and what to start from."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("What the customer does, for example Buying a lamp."),
    )
    persona = forms.ModelChoiceField(
        Persona.objects.none(), label=_("Persona"), required=False, empty_label=_("Not yet")
    )
    kind = forms.ChoiceField(label=_("Shows"), choices=JourneyMap.Kind.choices)
    template = forms.ChoiceField(
        label=_("Start from"), widget=forms.RadioSelect, initial="e-commerce"
    )

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workspace = workspace
        persona = self.fields["persona"]
        assert isinstance(persona, forms.ModelChoiceField)  # noqa: S101 - declared above
        persona.queryset = Persona.objects.for_workspace(workspace)
        template = self.fields["template"]
        assert isinstance(template, forms.ChoiceField)  # noqa: S101 - declared above
        template.choices = [(s.key, s.title) for s in STARTERS.values()]

    def clean(self) -> dict[str, Any]:
        """Refuse a name that another map of the same kind has."""
        cleaned = super().clean() or {}
        taken = JourneyMap.objects.for_workspace(self.workspace).filter(
            name=cleaned.get("name"), kind=cleaned.get("kind")
        )
        if taken.exists():
            self.add_error("name", _("There is a journey of this name already."))
        return cleaned


class StageForm(forms.ModelForm[Stage]):
    """A stage; a new one comes with its first step."""

    first_step = forms.CharField(
        label=_("First step"),
        max_length=80,
        required=False,
        help_text=_("What the customer does first in this stage."),
    )

    class Meta:
        model = Stage
        fields = ("name", "phase")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.instance._state.adding:
            del self.fields["first_step"]


class StepForm(forms.ModelForm[Step]):
    """A step in one of the version's stages; the stage is made where there is none."""

    class Meta:
        model = Step
        fields = ("name", "stage", "metric")

    def __init__(self, *args: Any, version: Version, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        adding = self.instance._state.adding
        stages = Stage.objects.filter(version=version).order_by("position")
        stage = self.fields["stage"]
        assert isinstance(stage, forms.ModelChoiceField)  # noqa: S101 - a foreign key's field
        stage.queryset = stages
        stage.empty_label = None
        if not adding or not stages:
            del self.fields["stage"]
        self.fields["metric"] = forms.ChoiceField(
            label=_("KPI on the map"),
            required=False,
            choices=[("", _("The one furthest from its target")), *_metrics()],
        )


class CardForm(forms.ModelForm[Card]):
    """A card; its lane decides which fields it has."""

    class Meta:
        model = Card
        fields = ("touchpoint", "text", "valence", "severity", "status")
        widgets = {
            "text": forms.Textarea(attrs={"rows": 3, "maxlength": 400}),
            "valence": forms.NumberInput(attrs={"min": -2, "max": 2, "step": 0.1}),
        }

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = lane_kind(self.instance.lane.kind)
        wanted = FIELDS.get(kind.shape, USUAL_FIELDS)
        for name in set(self.fields) - set(wanted):
            del self.fields[name]
        if "touchpoint" in self.fields:
            touchpoint = self.fields["touchpoint"]
            assert isinstance(touchpoint, forms.ModelChoiceField)  # noqa: S101 - a foreign key's
            touchpoint.queryset = (
                Touchpoint.objects.for_workspace(workspace)
                .exclude(status=Touchpoint.Status.RETIRED)
                .select_related("channel")
            )
            touchpoint.required = True
            self.fields["text"].label = _("Words on the card")
            self.fields["text"].help_text = _("Leave empty for the touchpoint's name.")
        elif "text" in self.fields:
            self.fields["text"].required = True
        if "valence" in self.fields:
            self.fields["valence"].required = True
        if "status" in self.fields:
            self.fields["status"] = forms.ChoiceField(
                label=_("Status"), choices=list(states_of(kind.key).items())
            )


def _metrics() -> list[tuple[str, str | Promise]]:
    return sorted(
        (
            (entry.key, entry.title)
            for entry in registry.metrics.values()
            if "touchpoint" in entry.subjects
        ),
        key=lambda choice: str(choice[1]),
    )
