"""Shapes of the catalogue's forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from touchpoints.catalogue.models import Channel, Touchpoint


class TouchpointForm(forms.ModelForm[Touchpoint]):
    """A touchpoint; a new one has the first channel of the list chosen."""

    class Meta:
        model = Touchpoint
        fields = (
            "name",
            "key",
            "channel",
            "phase",
            "status",
            "description",
            "owner",
            "department",
            "moment_of_truth",
            "icon",
            "event_names",
            "page_prefix",
            "goal_event",
        )
        widgets = {"event_names": UnfoldAdminTextInputWidget}

    def clean_event_names(self) -> list[str]:
        """Drop empty and repeated names."""
        names: list[str] = self.cleaned_data.get("event_names") or []
        return list(dict.fromkeys(name.strip() for name in names if name.strip()))

    def clean_channel(self) -> Channel:
        """Take a channel that row-level security shows, which is one of this workspace."""
        channel: Channel | None = self.cleaned_data.get("channel")
        if channel is None:
            raise forms.ValidationError(_("Choose a channel."))
        return channel

    def clean(self) -> dict[str, Any]:
        """Refuse a key that another touchpoint has."""
        data = super().clean() or {}
        same = Touchpoint.objects.filter(key=data.get("key", "")).exclude(pk=self.instance.pk)
        if data.get("key") and same.exists():
            self.add_error("key", _("Another touchpoint has this key."))
        return data
