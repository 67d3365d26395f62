"""Shape of input of the room's pages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from touchpoints.tracking.models import PagePicture
from touchpoints.tracking.reports.clicks import USUAL_DAYS, Question
from touchpoints.tracking.reports.codes import Wanted


class NameForm(forms.Form):
    """The name of a new source."""

    name = forms.CharField(
        max_length=120, error_messages={"required": _("Give it a name, for example Web shop.")}
    )


class CodesForm(forms.Form):
    """What is looked for on the page of codes; what cannot be read counts as nothing."""

    q = forms.CharField(required=False, max_length=200)
    campaign = forms.UUIDField(required=False)
    page = forms.IntegerField(required=False, min_value=1)

    def wanted(self) -> Wanted:
        """Return what is looked for."""
        self.is_valid()
        read = self.cleaned_data
        return Wanted(
            words=read.get("q") or "", campaign=read.get("campaign"), page=read.get("page") or 1
        )


class HeatForm(forms.Form):
    """Which page's heat map is asked for; what cannot be read counts as not asked."""

    path = forms.CharField(required=False, max_length=2000)
    device = forms.CharField(required=False, max_length=10)
    days = forms.IntegerField(required=False, min_value=1, max_value=366)
    touchpoint = forms.UUIDField(required=False)
    source = forms.UUIDField(required=False)

    def question(self) -> Question:
        """Return what is asked for."""
        self.is_valid()
        read = self.cleaned_data
        return Question(
            days=read.get("days") or USUAL_DAYS,
            path=read.get("path") or "",
            device=read.get("device") or "",
            touchpoint=read.get("touchpoint"),
            source=read.get("source"),
        )


class PictureForm(forms.Form):
    """A picture of a page; that it is one is checked by its bytes, later."""

    path = forms.CharField(max_length=500, strip=False)
    device = forms.ChoiceField(choices=PagePicture.Device)
    picture = forms.FileField(allow_empty_file=True)
