"""Shape of what a new map needs."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django import forms
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from cxm.workspaces.models import Workspace
from journeys.maps.models import JourneyMap, Version
from journeys.maps.starters import STARTERS
from journeys.personas.models import Persona
from touchpoints.catalogue.models import PhaseModel

# What a map starts from besides a template: another map.
ANOTHER_MAP: Final = "map"
# How its phases are chosen besides one of the workspace's models.
AS_GIVEN: Final = ""
NO_PHASES: Final = "none"


class NewMapForm(forms.Form):
    """What a new map starts from, what it is called, and whose journey it is.

    Only what it starts from is needed; a map without a name takes the template's example.
    """

    template = forms.ChoiceField(label=_("Start from"), initial="e-commerce")
    source = forms.ModelChoiceField(
        Version.objects.none(), label=_("Another journey"), required=False, empty_label=None
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        required=False,
        help_text=_("What the customer does. Left empty, it is called like what it starts from."),
    )
    kind = forms.ChoiceField(
        label=_("Shows"), choices=JourneyMap.Kind.choices, initial=JourneyMap.Kind.AS_IS
    )
    personas = forms.ModelMultipleChoiceField(
        Persona.objects.none(),
        label=_("Personas"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    phases = forms.ChoiceField(label=_("Phases"), required=False)

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workspace = workspace
        self.people = list(Persona.objects.for_workspace(workspace))
        self.models = {
            str(model.pk): model for model in PhaseModel.objects.for_workspace(workspace)
        }
        self.versions = list(_versions_to_copy(workspace))
        templates: list[Any] = [(s.key, s.title) for s in STARTERS.values()]
        if self.versions:
            templates.append((ANOTHER_MAP, _("Another journey")))
        self._choices("template", templates)
        self._choices(
            "phases",
            [
                (AS_GIVEN, _("As in what it starts from")),
                *((key, model.name) for key, model in self.models.items()),
                (NO_PHASES, _("None: a free journey")),
            ],
        )
        self._rows("personas", Persona.objects.for_workspace(workspace))
        self._rows("source", _versions_to_copy(workspace))

    def clean(self) -> dict[str, Any]:
        """Take care that there is something to copy, and that the name is free."""
        cleaned = super().clean() or {}
        if cleaned.get("template") == ANOTHER_MAP and not cleaned.get("source"):
            self.add_error("source", _("Choose the journey to start from."))
        name = cleaned.get("name")
        taken = JourneyMap.objects.for_workspace(self.workspace).filter(
            name=name, kind=cleaned.get("kind")
        )
        if name and taken.exists():
            self.add_error("name", _("There is a journey of this name already."))
        return cleaned

    @property
    def phase_model(self) -> PhaseModel | None:
        """Return the chosen phase model; None for a free journey."""
        return self.models.get(self.cleaned_data["phases"])

    @property
    def source_id(self) -> UUID | None:
        """Return the version that is chosen now, for drawing the form."""
        value = self["source"].value()
        try:
            return UUID(str(value)) if value else None
        except ValueError:
            return None

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = choices

    def _rows(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = rows


def _versions_to_copy(workspace: Workspace) -> Any:
    """Return drafts and published versions, those of one map together, drafts first."""
    return (
        Version.objects.for_workspace(workspace)
        .filter(status__in=[Version.Status.DRAFT, Version.Status.PUBLISHED])
        .select_related("map")
        .order_by("map__name", "map_id", F("published_at").desc(nulls_first=True))
    )
