"""Secrets that we hand out: random when made, hashed where they are kept."""

from __future__ import annotations

import hashlib
import secrets

TOKEN_BYTES = 32


def make_token(prefix: str = "") -> str:
    """Return a fresh secret of 256 random bits, safe in addresses, behind ``prefix``."""
    return prefix + secrets.token_urlsafe(TOKEN_BYTES)


def hash_token(token: str) -> str:
    """Return the SHA-256 of ``token`` in hexadecimal: the only form in which we store it.

    A plain hash suffices because a token holds far too many random bits to be guessed.
    """
    return hashlib.sha256(token.encode()).hexdigest()
