"""Proof that a link's password was given: signed, of one link, for some hours.

It travels in a cookie of that link's address alone, and – in a frame of another website, where
browsers drop our cookies – in the address from which the frame fetches figures.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from journeys.maps.models import ShareLink

COOKIE: Final = "cxm-share"
LASTS: Final = timedelta(hours=4)
_SALT: Final = "journeys.sharing.unlocking"


def proof_of(link: ShareLink) -> str:
    """Return the proof; it ends with the time, and when the password is another one."""
    return signing.TimestampSigner(salt=_SALT).sign(_mark(link))


def proves(link: ShareLink, proof: str) -> bool:
    """Say whether a proof is of this link, of its password now, and not too old."""
    try:
        mark = signing.TimestampSigner(salt=_SALT).unsign(proof, max_age=LASTS)
    except signing.BadSignature:
        return False
    return mark == _mark(link)


def is_unlocked(request: HttpRequest, link: ShareLink) -> bool:
    """Say whether who asks may see what the link shows."""
    if not link.password:
        return True
    given = (request.COOKIES.get(COOKIE, ""), request.GET.get("proof", ""))
    return any(proves(link, proof) for proof in given if proof)


def keep_unlocked(response: HttpResponse, link: ShareLink, *, path: str, secure: bool) -> None:
    """Let the browser show the proof again below this path."""
    response.set_cookie(
        COOKIE,
        proof_of(link),
        max_age=LASTS,
        path=path,
        secure=secure,
        httponly=True,
        samesite="Lax",
    )


def _mark(link: ShareLink) -> str:
    print_of_password = salted_hmac(_SALT, link.password, algorithm="sha256").hexdigest()[:32]
    return f"{link.pk.hex}.{print_of_password}"
