"""What is asked before a map leaves or comes in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from cxm.workspaces.models import Workspace
from journeys.exports.incoming import LARGEST, too_large
from journeys.maps.models import JourneyMap, Lane

PAPERS: Final = (("a3", _("A3, landscape")), ("a4", _("A4, landscape")))


class ExportForm(forms.Form):
    """Lanes, figures, paper. Without any answer it is the whole map with its figures on A3."""

    lanes = forms.MultipleChoiceField(
        required=False, label=_("Lanes"), widget=forms.CheckboxSelectMultiple
    )
    figures = forms.ChoiceField(
        required=False,
        label=_("Figures"),
        choices=(("yes", _("With figures")), ("no", _("Without figures"))),
        widget=forms.RadioSelect,
    )
    paper = forms.ChoiceField(
        required=False, label=_("Paper of the PDF"), choices=PAPERS, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, lanes: Iterable[Lane], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.all = list(lanes)
        field = self.fields["lanes"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [
                (str(lane.key), _("%s (hidden)") % lane.title if lane.hidden else lane.title)
                for lane in self.all
            ]

    @property
    def usual_lanes(self) -> list[str]:
        """Return the lanes that the map shows."""
        return [str(lane.key) for lane in self.all if not lane.hidden]

    @property
    def chosen_lanes(self) -> list[str] | None:
        """Return the lanes asked for; None for all that there are."""
        chosen: list[str] = self.cleaned_data.get("lanes") or []
        return None if not chosen or set(chosen) == set(self.usual_lanes) else chosen

    @property
    def with_figures(self) -> bool:
        """Say whether what was measured is shown."""
        return self.cleaned_data.get("figures") != "no"


class UploadForm(forms.Form):
    """A file with a map."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.json"}),
        help_text=_("Excel (.xlsx), CSV or JSON, up to 5 MB, and 20 MB of pictures."),
    )

    def clean_file(self) -> Any:
        """Return a file that is not too large."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(too_large(LARGEST).problem.text)
        return file


class ImportForm(forms.Form):
    """What the new journey is called; the file that was read comes along."""

    content = forms.CharField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(
        label=_("Shows"), choices=JourneyMap.Kind.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        self.workspace = workspace
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Refuse a name that another journey of this kind has."""
        cleaned = super().clean() or {}
        same = JourneyMap.objects.for_workspace(self.workspace).filter(
            name=cleaned.get("name", ""), kind=cleaned.get("kind", "")
        )
        if same.exists():
            self.add_error("name", _("There is a journey of this name already."))
        return cleaned
