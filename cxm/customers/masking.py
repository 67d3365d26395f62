"""Contact data as somebody sees it who did not ask to be shown it. Pure."""

from __future__ import annotations

from typing import Final

import phonenumbers

from cxm.customers.keys import CRM, EMAIL, PHONE

DOTS: Final = "•••"
SHOWN_AT_MOST: Final = 6
SHOWN_DIGITS: Final = 2


def masked(kind: str, value: str) -> str:
    """Return an identity so that it is recognised by who knows it, and told to nobody else.

    A CRM id is no contact data and stays as it is.
    """
    if kind == EMAIL:
        return masked_email(value)
    if kind == PHONE:
        return masked_phone(value)
    if kind == CRM:
        return value
    return value[: min(4, len(value) // 2)] + DOTS


def masked_email(address: str) -> str:
    """Return half of the local part, six characters at most, and the domain."""
    local, _, domain = address.rpartition("@")
    return local[: min(SHOWN_AT_MOST, len(local) // 2)] + DOTS + "@" + domain


def masked_phone(number: str) -> str:
    """Return the country code and the last two digits of a number in E.164."""
    try:
        code = f"+{phonenumbers.parse(number).country_code}"
    except phonenumbers.NumberParseException:
        code = ""
    return f"{code} •• •• •• {number[-SHOWN_DIGITS:]}".strip()
