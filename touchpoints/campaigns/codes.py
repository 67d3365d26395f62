"""Codes of placements: what stands in a link, behind a QR code and in a pixel's address."""

from __future__ import annotations

import re
import secrets
from typing import Final

LENGTH: Final = 16
# No 0, O, 1, I and l: a code in print is sometimes typed.
ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_CODE: Final = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")


def make_code() -> str:
    """Return a fresh code of 16 characters, some 93 random bits: never guessed, never met twice."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def is_code(text: str) -> bool:
    """Say whether ``text`` could be a code, before anybody asks the database for it."""
    return _CODE.fullmatch(text) is not None
