"""Shapes of the catalogue's forms."""

from __future__ import annotations

from typing import Any, TypeVar

from django import forms
from django.core.files import File
from django.db import models
from django.forms.models import ModelChoiceIterator
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from touchpoints.catalogue.models import (
    Channel,
    ChannelWord,
    Dimension,
    Goal,
    Phase,
    PhaseModel,
    Touchpoint,
)
from touchpoints.catalogue.pictures import TYPES, PictureRefusedError, check_picture
from touchpoints.catalogue.services import free_key

Row = TypeVar("Row", bound=models.Model)


class KeyedForm(forms.ModelForm[Row]):
    """A row whose key is unique in the workspace; an empty key is made from the name."""

    named_by = "name"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "key" in self.fields:
            self.fields["key"].required = False

    def clean(self) -> dict[str, Any]:
        """Fill an empty key and refuse one that another row has."""
        data: dict[str, Any] = super().clean() or {}
        if "key" in self.fields and "key" not in self.errors:
            data["key"] = data.get("key") or free_key(
                self._meta.model, str(data.get(self.named_by, "")), self.instance.pk
            )
            if not data["key"]:
                self.add_error("key", forms.ValidationError(gettext("Write a key."), "required"))
            elif self.same_key(data).exists():
                self.add_error(
                    "key",
                    gettext("Another %(kind)s has this key.")
                    % {"kind": self._meta.model._meta.verbose_name},
                )
        return data

    def same_key(self, data: dict[str, Any]) -> models.QuerySet[Row]:
        """Return other rows with the key; row-level security leaves those of this workspace."""
        manager = self._meta.model._default_manager
        return manager.filter(key=data["key"]).exclude(pk=self.instance.pk)


class PhasesField(forms.ModelChoiceField[Phase]):
    """Phases under the names of their models."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            Phase.objects.select_related("model").order_by(
                "-model__is_default", "model__name", "position"
            ),
            required=False,
            empty_label=None,
            **kwargs,
        )
        self.iterator = _PhaseIterator
        self.widget.choices = self.choices


class _PhaseIterator(ModelChoiceIterator[Phase]):
    def __iter__(self) -> Any:
        """Yield a group for each model."""
        yield "", "–"
        groups: dict[str, list[Any]] = {}
        for phase in self.queryset:
            groups.setdefault(phase.model.name, []).append(self.choice(phase))
        yield from groups.items()


class TouchpointForm(KeyedForm[Touchpoint]):
    """A touchpoint, with its picture as a file."""

    phase = PhasesField(label=_("Phase"), widget=UnfoldAdminSelectWidget)
    upload = forms.FileField(
        label=_("Picture"),
        required=False,
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ",".join(TYPES.values())}),
        help_text=_("PNG, JPEG, WebP or GIF, at most 5 MB. What customers see here."),
    )
    drop_picture = forms.BooleanField(
        label=_("Remove the picture"), required=False, widget=UnfoldBooleanWidget
    )

    class Meta:
        model = Touchpoint
        fields = (
            "name",
            "key",
            "channel",
            "phase",
            "status",
            "description",
            "content",
            "keywords",
            "importance_customer",
            "importance_business",
            "moment_of_truth",
            "owner",
            "department",
            "icon",
            "event_names",
            "page_prefix",
            "goal_event",
        )
        widgets = {
            "description": UnfoldAdminTextareaWidget(attrs={"rows": 3}),
            "content": UnfoldAdminTextareaWidget(attrs={"rows": 3}),
            "event_names": UnfoldAdminTextInputWidget,
            "keywords": UnfoldAdminTextInputWidget,
        }

    def clean_event_names(self) -> list[str]:
        """Drop empty and repeated names."""
        return _distinct(self.cleaned_data.get("event_names"))

    def clean_keywords(self) -> list[str]:
        """Drop empty and repeated words."""
        return _distinct(self.cleaned_data.get("keywords"))

    def clean_channel(self) -> Channel:
        """Take a channel that row-level security shows, which is one of this workspace."""
        channel: Channel | None = self.cleaned_data.get("channel")
        if channel is None:
            raise forms.ValidationError(_("Choose a channel."))
        return channel

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


class PhaseModelForm(KeyedForm[PhaseModel]):
    """A phase model; one of them is always the one used first."""

    class Meta:
        model = PhaseModel
        fields = ("name", "key", "is_cycle", "is_default")

    def clean_is_default(self) -> bool:
        """Let another take the place instead of leaving it empty."""
        wanted: bool = self.cleaned_data["is_default"]
        if not wanted and self.initial.get("is_default"):
            raise forms.ValidationError(_("Mark the model that takes its place instead."))
        return wanted


class PhaseForm(KeyedForm[Phase]):
    """A phase below its model; its key is unique there."""

    class Meta:
        model = Phase
        fields = ("position", "name", "key")

    def clean(self) -> dict[str, Any]:
        """Make an empty key from the name; the model's rows are compared by the formset."""
        data = forms.ModelForm.clean(self) or {}
        if not data.get("key") and data.get("name"):
            data["key"] = slugify(data["name"])[:60] or "phase"
        return data


class ChannelForm(KeyedForm[Channel]):
    """A channel."""

    class Meta:
        model = Channel
        fields = ("name", "key", "kind", "icon", "position")


class ChannelWordForm(forms.ModelForm[ChannelWord]):
    """A word that leads to one channel of the workspace only."""

    class Meta:
        model = ChannelWord
        fields = ("field", "text")

    def clean(self) -> dict[str, Any]:
        """Refuse a word that leads to a channel already."""
        data: dict[str, Any] = super().clean() or {}
        word = str(data.get("text", "")).strip().lower()
        there = ChannelWord.objects.filter(field=data.get("field", ""), text=word)
        other = there.exclude(pk=self.instance.pk).select_related("channel").first()
        if other is not None:
            self.add_error(
                "text",
                gettext("This word leads to %(channel)s already.") % {"channel": other.channel},
            )
        return data


class GoalForm(KeyedForm[Goal]):
    """A goal: an event, an address, a touchpoint, or several of these."""

    class Meta:
        model = Goal
        fields = (
            "name",
            "key",
            "kind",
            "event_name",
            "page_pattern",
            "touchpoint",
            "value",
            "currency",
            "once_per_visit",
            "is_primary",
        )

    def clean_currency(self) -> str:
        """Write it in capitals."""
        currency: str = self.cleaned_data["currency"]
        return currency.strip().upper()

    def clean(self) -> dict[str, Any]:
        """Ask for a way to reach it, and for the currency of a value."""
        data = super().clean()
        if not (data.get("event_name") or data.get("page_pattern") or data.get("touchpoint")):
            self.add_error(
                "event_name", _("Say by which event, page address or touchpoint it is reached.")
            )
        if data.get("value") and not data.get("currency") and "currency" not in self.errors:
            self.add_error("currency", _("In which currency?"))
        return data


class DimensionForm(KeyedForm[Dimension]):
    """A dimension."""

    named_by = "title"

    class Meta:
        model = Dimension
        fields = ("title", "key", "property")


def _distinct(words: list[str] | None) -> list[str]:
    return list(dict.fromkeys(word.strip() for word in words or [] if word.strip()))
