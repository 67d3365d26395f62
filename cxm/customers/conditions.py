"""The conditions of which segments are made: which fields, which comparisons. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Final

from cxm.customers.keys import KINDS
from cxm.customers.vocabulary import check_channel, check_purpose

LANGUAGE: Final = "language"
CREATED: Final = "created_at"
TRAIT: Final = "trait"
IDENTITY: Final = "identity"
CONSENT: Final = "consent"

IS: Final = "is"
IS_NOT: Final = "is_not"
CONTAINS: Final = "contains"
GREATER: Final = "greater"
LESS: Final = "less"
SET: Final = "is_set"
NOT_SET: Final = "is_not_set"
BEFORE: Final = "before"
AFTER: Final = "after"
WITHIN_DAYS: Final = "within_days"
HAS: Final = "has"
HAS_NOT: Final = "has_not"
GRANTED: Final = "granted"
NOT_GRANTED: Final = "not_granted"

OPERATORS: Final[dict[str, tuple[str, ...]]] = {
    LANGUAGE: (IS, IS_NOT),
    CREATED: (BEFORE, AFTER, WITHIN_DAYS),
    TRAIT: (IS, IS_NOT, CONTAINS, GREATER, LESS, SET, NOT_SET),
    IDENTITY: (HAS, HAS_NOT),
    CONSENT: (GRANTED, NOT_GRANTED),
}
FIELDS: Final = tuple(OPERATORS)
ALL_OPERATORS: Final = tuple(dict.fromkeys(o for found in OPERATORS.values() for o in found))
VALUELESS: Final = frozenset({SET, NOT_SET, HAS, HAS_NOT, GRANTED, NOT_GRANTED})

ALL: Final = "all"
ANY: Final = "any"

MOST_DAYS: Final = 36_525


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on a customer.

    Attributes:
        field: one of FIELDS.
        name: the trait's name; the kind of identity; "purpose/channel" of a consent; else "".
        operator: one of OPERATORS[field].
        value: text to compare with; a number for "greater" and "less"; a date (2026-11-22) for
            "before" and "after"; a number of days; "" where nothing is compared.

    Raises:
        ValueError: a sentence that says what does not fit.
    """

    field: str
    name: str
    operator: str
    value: str

    def __post_init__(self) -> None:
        if self.field not in OPERATORS:
            raise ValueError(f"“{self.field}” is no field. Choose one of: {', '.join(FIELDS)}.")
        if self.operator not in OPERATORS[self.field]:
            known = ", ".join(OPERATORS[self.field])
            raise ValueError(
                f"“{self.operator}” does not fit {self.field}. Choose one of: {known}."
            )
        _check_name(self.field, self.name)
        _check_value(self.operator, self.value)

    @property
    def number(self) -> float:
        """The value as a number."""
        return float(self.value)

    @property
    def days(self) -> int:
        """The value as a number of days."""
        return int(self.value)

    @property
    def day(self) -> date:
        """The value as a date."""
        return date.fromisoformat(self.value)

    @property
    def purpose_and_channel(self) -> tuple[str, str]:
        """The two parts of a consent's name."""
        purpose, _, channel = self.name.partition("/")
        return purpose, channel


def _check_name(field: str, name: str) -> None:
    if field == TRAIT:
        if not name or "\x00" in name:
            raise ValueError("Name the trait.")
    elif field == IDENTITY:
        if name not in KINDS:
            raise ValueError(f"Name the kind of identity, one of: {', '.join(KINDS)}.")
    elif field == CONSENT:
        purpose, _, channel = name.partition("/")
        check_purpose(purpose)
        check_channel(channel)
    elif name:
        raise ValueError(f"The field {field} needs no name; leave it empty.")


def _check_value(operator: str, value: str) -> None:
    if operator in VALUELESS:
        if value:
            raise ValueError("Nothing is compared here; leave the value empty.")
    elif not value or "\x00" in value:
        raise ValueError("Give the value to compare with.")
    elif operator in (GREATER, LESS):
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if not math.isfinite(number):
            raise ValueError(f"“{value}” is no number.")
    elif operator == WITHIN_DAYS:
        if not (value.isascii() and value.isdigit() and 0 < int(value) <= MOST_DAYS):
            raise ValueError(f"“{value}” is no number of days.")
    elif operator in (BEFORE, AFTER):
        try:
            date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"“{value}” is no date. Write it as 2026-11-22.") from None
