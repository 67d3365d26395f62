"""Reads about customers."""

from cxm.customers.reports.contact import Contacts, Refusal, contactable
from cxm.customers.reports.duplicates import Pair, pairs, waiting
from cxm.customers.reports.people import (
    ConsentLine,
    Consents,
    IdentityLine,
    Person,
    consents_of,
    families_of,
    family_ids,
    identities_of,
    merges_of,
    people_of,
    person_of,
)
from cxm.customers.reports.segments import segments_of, sizes_of

__all__ = [
    "ConsentLine",
    "Consents",
    "Contacts",
    "IdentityLine",
    "Pair",
    "Person",
    "Refusal",
    "consents_of",
    "contactable",
    "families_of",
    "family_ids",
    "identities_of",
    "merges_of",
    "pairs",
    "people_of",
    "person_of",
    "segments_of",
    "sizes_of",
    "waiting",
]
