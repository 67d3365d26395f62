"""The shape of a survey in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from surveys.questionnaires.models import Survey


class SurveyForm(forms.ModelForm[Survey]):
    """A survey; its languages are chosen, not typed."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Customers get their own where it is among these, else the first."),
    )

    class Meta:
        model = Survey
        fields = (
            "name",
            "kind",
            "touchpoint",
            "status",
            "languages",
            "change_days",
            "reply_days",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk or self.instance._state.adding:
            self.initial.setdefault("languages", [code for code, _name in settings.LANGUAGES])
