"""Checks of what a person types, for forms and the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cxm.customers import vocabulary
from cxm.customers.matching import check_traits

T = TypeVar("T")


def validate_purpose(purpose: str) -> None:
    """Raise ValidationError unless consent can be given to ``purpose``."""
    _validate(vocabulary.check_purpose, purpose)


def validate_channel(channel: str) -> None:
    """Raise ValidationError unless ``channel`` is a way to reach or follow a person."""
    _validate(vocabulary.check_channel, channel)


def validate_reason(reason: str) -> None:
    """Raise ValidationError unless ``reason`` is a word for why an address is suppressed."""
    _validate(vocabulary.check_reason, reason)


def validate_traits(traits: object) -> None:
    """Raise ValidationError unless ``traits`` is an object that can be kept."""
    if not isinstance(traits, dict):
        raise ValidationError(_('Write the traits as an object, such as {"plan": "gold"}.'))
    _validate(check_traits, traits)


def _validate(check: Callable[[T], None], value: T) -> None:
    try:
        check(value)
    except ValueError as error:
        raise ValidationError(str(error)) from None
