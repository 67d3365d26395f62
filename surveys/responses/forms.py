"""The shape of what a customer sends."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.responses.services import LONGEST_COMMENT


class WordsField(forms.CharField):
    """Words of a customer; a line break is one character, as the browser counted it."""

    def to_python(self, value: Any) -> str:
        """Return the text with simple line breaks and without characters nobody can type."""
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace(chr(0), "")


class AnswerForm(forms.Form):
    """Score, reason, and whether a reply is welcome."""

    score = forms.IntegerField(
        min_value=0,
        max_value=10,
        error_messages={
            "required": _("Choose a number from 0 to 10."),
            "invalid": _("Choose a number from 0 to 10."),
            "min_value": _("Choose a number from 0 to 10."),
            "max_value": _("Choose a number from 0 to 10."),
        },
    )
    comment = WordsField(required=False, max_length=LONGEST_COMMENT)
    reply = forms.BooleanField(required=False)
