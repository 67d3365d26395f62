"""Shape of a persona's form."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.files import File
from django.utils.translation import gettext_lazy as _

from cxm.customers.models import Segment
from cxm.workspaces.models import Workspace
from journeys.personas.models import Persona
from journeys.personas.portraits import TYPES, PictureRefusedError, check_picture

LONGEST_TAG: Final = 40
MOST_TAGS: Final = 20
LONGEST_LIST: Final = 2_000
_LISTS: Final = ("goals", "needs", "fears", "expectations", "demographics", "channels", "devices")


class PersonaForm(forms.ModelForm[Persona]):
    """A persona, with its portrait as a file and its tags between commas."""

    tags = forms.CharField(
        label=_("Tags"),
        required=False,
        max_length=400,
        help_text=_("Between commas, for example: families, price-conscious."),
    )
    upload = forms.FileField(
        label=_("Portrait"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ",".join(TYPES.values())}),
        help_text=_("PNG, JPEG, WebP or GIF, at most 5 MB. Without one the initials are drawn."),
    )
    drop_portrait = forms.BooleanField(label=_("Remove the portrait"), required=False)

    class Meta:
        model = Persona
        fields = (
            "name",
            "role",
            "quote",
            "initials",
            "color",
            "demographics",
            "goals",
            "needs",
            "fears",
            "expectations",
            "channels",
            "devices",
            "brand_attitude",
            "segment",
        )
        widgets = {
            **{
                name: forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST_LIST})
                for name in _LISTS
            },
            "quote": forms.Textarea(attrs={"rows": 2, "maxlength": 240}),
            "brand_attitude": forms.Textarea(attrs={"rows": 2, "maxlength": LONGEST_LIST}),
        }

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workspace = workspace
        self.initial.setdefault("tags", ", ".join(self.instance.tags))
        segment = self.fields["segment"]
        assert isinstance(segment, forms.ModelChoiceField)  # noqa: S101 - a foreign key's field
        segment.queryset = Segment.objects.for_workspace(workspace)
        segment.empty_label = str(_("None yet"))
        if not self.instance.portrait:
            del self.fields["drop_portrait"]

    def clean_name(self) -> str:
        """Refuse a name that another persona of the workspace has."""
        name: str = self.cleaned_data["name"]
        same = Persona.objects.for_workspace(self.workspace).filter(name=name)
        if same.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(
                _("There is a persona of this name already."), code="name_taken"
            )
        return name

    def clean_tags(self) -> list[str]:
        """Split at commas; drop empty and repeated tags."""
        words = (" ".join(word.split()) for word in self.cleaned_data["tags"].split(","))
        tags = list(dict.fromkeys(word for word in words if word))
        if any(len(tag) > LONGEST_TAG for tag in tags):
            raise forms.ValidationError(
                _("A tag holds at most %s characters.") % LONGEST_TAG, code="tag_too_long"
            )
        if len(tags) > MOST_TAGS:
            raise forms.ValidationError(
                _("Give at most %s tags.") % MOST_TAGS, code="too_many_tags"
            )
        return tags

    def clean_upload(self) -> File[bytes] | None:
        """Look into the file, whatever its name says."""
        file: File[bytes] | None = self.cleaned_data.get("upload")
        if file:
            try:
                check_picture(file)
            except PictureRefusedError as error:
                words = {
                    "picture_too_large": _("The picture is larger than 5 MB."),
                    "no_picture": _("This is no picture. Take a PNG, JPEG, WebP or GIF file."),
                }
                raise forms.ValidationError(words[error.code], error.code) from error
        return file or None

    def save(self, commit: bool = True) -> Persona:
        """Save with the tags; the portrait is kept by the service."""
        self.instance.tags = self.cleaned_data["tags"]
        saved: Persona = super().save(commit=commit)
        return saved
