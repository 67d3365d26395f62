"""What we know about people, declared beside the column that holds it.

Every model with a column that could hold words about a person (text, JSON, e-mail, network
address, file) declares each such column in one of two class attributes::

    personal_data: ClassVar[PersonalData] = PersonalData(
        customer="customer",
        fields={"comment": PersonalField(purpose="answer a customer", retention="24 months")},
        on_erase="blank",
    )
    not_personal: ClassVar[tuple[str, ...]] = ("status", "language")

``tests/test_personal_data.py`` walks the models and fails on a column in neither. Export and
erasure of one customer (``cxm.customers.privacy``) read nothing but these declarations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class PersonalField:
    """Why a column is kept, for how long, and whether its person gets it in an export."""

    purpose: str
    retention: str
    export: bool = True


@dataclass(frozen=True)
class PersonalData:
    """The personal columns of a model.

    Attributes:
        customer: lookup path from the model to the customer ("" for the customer itself,
            None for a model about our own users, whom a customer's export leaves out).
        fields: each personal column with its declaration.
        on_erase: "delete" removes the rows, "blank" empties the personal columns and keeps the
            rest for the figures, "keep" leaves the row as it is (say why in the purpose).
    """

    customer: str | None
    fields: Mapping[str, PersonalField] = field(default_factory=dict)
    on_erase: Literal["delete", "blank", "keep"] = "delete"
