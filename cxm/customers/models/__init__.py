"""Customers: who they are, how they are known, what they agreed to, and groups of them."""

from cxm.customers.models.consents import Consent, Suppression
from cxm.customers.models.merging import Merge, Suggestion, SuggestionReason
from cxm.customers.models.people import FIRST_NUMBER, Customer, Identity, NumberSeries
from cxm.customers.models.segments import Segment, SegmentCondition

__all__ = [
    "FIRST_NUMBER",
    "Consent",
    "Customer",
    "Identity",
    "Merge",
    "NumberSeries",
    "Segment",
    "SegmentCondition",
    "Suggestion",
    "SuggestionReason",
    "Suppression",
]
