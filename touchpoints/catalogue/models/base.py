"""What the room's models share."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from touchpoints.catalogue.conditions import InvalidConditionError, read_conditions

validate_key = RegexValidator(
    r"^[a-z0-9][a-z0-9_.-]*$",
    _("Use small letters, digits, and - _ . between them."),
)
validate_currency = RegexValidator(
    r"^[A-Z]{3}$", _("Write a currency by its three capital letters, for example EUR.")
)


def validate_conditions(conditions: object) -> None:
    """Raise ValidationError unless a rule can have these conditions."""
    try:
        read_conditions(conditions)
    except InvalidConditionError as error:
        raise ValidationError(error.detail, code=error.code) from error
