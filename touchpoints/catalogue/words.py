"""Rules in words."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from touchpoints.catalogue.conditions import (
    PROPERTY,
    Condition,
    InvalidConditionError,
    read_conditions,
)
from touchpoints.catalogue.models import MatchingRule

FIELD_WORDS: Final = {
    "address": gettext_lazy("Page address"),
    "event": gettext_lazy("Event"),
    "property": gettext_lazy("Property"),
    "utm_source": gettext_lazy("UTM source"),
    "utm_medium": gettext_lazy("UTM medium"),
    "utm_campaign": gettext_lazy("UTM campaign"),
    "utm_term": gettext_lazy("UTM term"),
    "utm_content": gettext_lazy("UTM content"),
    "source": gettext_lazy("Sent by"),
    "kind": gettext_lazy("Kind"),
}
OPERATOR_WORDS: Final = {
    "is": gettext_lazy("is"),
    "is_not": gettext_lazy("is not"),
    "begins": gettext_lazy("begins with"),
    "contains": gettext_lazy("contains"),
    "pattern": gettext_lazy("is like (with *)"),
}


def condition_words(condition: Condition) -> str:
    """Return a condition as people read it: Page address begins with “/checkout”."""
    field = condition.name if condition.field == PROPERTY else FIELD_WORDS[condition.field]
    operator = (
        _("is like") if condition.operator == "pattern" else OPERATOR_WORDS[condition.operator]
    )
    return _("%(field)s %(operator)s “%(value)s”") % {
        "field": field,
        "operator": operator,
        "value": condition.value,
    }


def rule_words(rule: MatchingRule) -> str:
    """Return all conditions of a rule as people read them."""
    try:
        conditions = read_conditions(rule.conditions)
    except InvalidConditionError:
        return _("A condition that cannot be read; save the rule again.")
    return _(" and ").join(condition_words(condition) for condition in conditions)
