"""Texts and numbers as people write them. Pure."""

from __future__ import annotations

import math
import re
import unicodedata

from journeys.exports.incoming.raw import Value

_NUMBER = re.compile(r"[+-]?\d{1,6}(?:\.\d{1,6})?")


def clean(value: Value) -> str:
    """Return a text without control characters, with plain line ends, stripped.

    What has no place in a database or in XML is left out: zero bytes, halves of a pair.
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        letter
        for letter in text
        if letter in "\n\t"
        or (unicodedata.category(letter) not in {"Cc", "Cs"} and letter not in "\ufffe\uffff")
    ).strip()


def number(value: Value) -> float | None:
    """Return a number written in any usual way, "+1,5" and "−2" too; None when it is none."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return float(value) if math.isfinite(value) and abs(value) < 1e6 else None
    written = value.strip().replace("−", "-").replace("–", "-").replace(",", ".")
    return float(written) if _NUMBER.fullmatch(written) else None
