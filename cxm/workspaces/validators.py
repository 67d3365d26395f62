"""Checks of settings that a person types."""

from __future__ import annotations

from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def validate_zone(name: str) -> None:
    """Raise ValidationError unless ``name`` is a time zone of the IANA database."""
    if name not in available_timezones():
        raise ValidationError(
            _("“%(name)s” is no time zone. Write one such as Europe/Berlin."), params={"name": name}
        )


def validate_language(code: str) -> None:
    """Raise ValidationError unless the public pages speak the language ``code``."""
    if code not in dict(settings.LANGUAGES):
        raise ValidationError(
            _("“%(code)s” is not spoken here. Choose one of: %(codes)s."),
            params={"code": code, "codes": ", ".join(dict(settings.LANGUAGES))},
        )
