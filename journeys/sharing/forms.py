"""The form of a new link, and that of a link's password."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cxm.common.clock import day_of, now
from cxm.workspaces.models import Workspace
from journeys.maps.models import JourneyMap, Version
from journeys.sharing.reports import lanes_to_choose
from journeys.sharing.services import LONGEST_PASSWORD, USUAL_DAYS

PUBLISHED: Final = ""


class ShareForm(forms.Form):
    """For whom a link is, what it shows, and for how long."""

    name = forms.CharField(
        label=gettext_lazy("For whom"),
        max_length=120,
        help_text=gettext_lazy("So that you know later which link this is."),
    )
    version = forms.ChoiceField(label=gettext_lazy("Which version"), required=False)
    lanes = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Lanes shown"),
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
    )
    with_figures = forms.BooleanField(
        label=gettext_lazy("With figures"),
        required=False,
        help_text=gettext_lazy("Scores with their interval and n. Never answers of one customer."),
    )
    may_embed = forms.BooleanField(
        label=gettext_lazy("May be embedded"),
        required=False,
        help_text=gettext_lazy("Other websites may show it in a frame."),
    )
    until = forms.DateField(
        label=gettext_lazy("Works until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("The whole of this day. Leave empty for a link without an end."),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        required=False,
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy(
            "Leave empty for none. Tell it to them in another way than the link."
        ),
    )

    def __init__(
        self, *args: Any, journey: JourneyMap, workspace: Workspace, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(workspace.timezone)
        self.versions = {
            str(version.pk): version
            for version in Version.objects.filter(map=journey).order_by("-number")
        }
        lanes = lanes_to_choose(journey)
        version: Any = self.fields["version"]
        version.choices = [
            (PUBLISHED, _("Whatever is published")),
            *((key, _version_words(found)) for key, found in self.versions.items()),
        ]
        chosen: Any = self.fields["lanes"]
        chosen.choices = [(str(lane.key), lane.title) for lane in lanes]
        self.fields["lanes"].initial = [str(lane.key) for lane in lanes]
        self.fields["until"].initial = day_of(now(), workspace.timezone) + timedelta(
            days=USUAL_DAYS
        )

    def chosen_version(self) -> Version | None:
        """Return the version that the link is pinned to, None for whatever is published."""
        return self.versions.get(self.cleaned_data["version"])

    def expires_at(self) -> datetime | None:
        """Return the moment after the last day, in the workspace's time zone."""
        until = self.cleaned_data["until"]
        if until is None:
            return None
        return datetime.combine(until + timedelta(days=1), time.min, self.zone)


class PasswordForm(forms.Form):
    """The password of a link."""

    password = forms.CharField(max_length=LONGEST_PASSWORD, strip=False)


def _version_words(version: Version) -> str:
    return _("Version %(number)s, %(status)s") % {
        "number": version.number,
        "status": version.get_status_display().lower(),
    }
