"""Rate limits, counted in PostgreSQL so that they hold across processes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from cxm.common.clock import now

if TYPE_CHECKING:
    from rest_framework.views import APIView

WINDOW = 60

_COUNT = (
    "INSERT INTO api_ratewindow (caller, starts_at, count) VALUES (%s, %s, 1) "
    "ON CONFLICT (caller, starts_at) DO UPDATE SET count = api_ratewindow.count + 1 "
    "RETURNING count"
)


@dataclass(frozen=True)
class Rate:
    """Where a caller stands in the current window; seconds until it ends."""

    limit: int
    used: int
    reset: int

    @property
    def exceeded(self) -> bool:
        """Whether the request that was just counted is one too many."""
        return self.used > self.limit


def count(caller: str, limit: int) -> Rate:
    """Count one request of ``caller`` in the current minute."""
    seconds = int(now().timestamp())
    start = seconds - seconds % WINDOW
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [_disguised(caller), datetime.fromtimestamp(start, UTC)])
        (used,) = cursor.fetchone()
    return Rate(limit=limit, used=used, reset=start + WINDOW - seconds)


def _disguised(caller: str) -> str:
    """Return a keyed hash: a caller may be a network address, which we do not keep."""
    return salted_hmac("cxm.api.throttling", caller, algorithm="sha256").hexdigest()


class KeyThrottle(BaseThrottle):
    """Allows each key or user API_RATE_PER_MINUTE requests a minute."""

    rate: Rate | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count the request and say whether it may go on."""
        access = getattr(request._request, "access", None)
        if access is None:
            return True
        caller = f"key:{access.api_key.pk}" if access.api_key else f"user:{access.user.pk}"
        self.rate = count(caller, settings.API_RATE_PER_MINUTE)
        request._request.rate = self.rate  # type: ignore[attr-defined]
        return not self.rate.exceeded

    def wait(self) -> float | None:
        """Return the seconds until the next window."""
        return float(self.rate.reset) if self.rate else None


def add_rate_headers(request: HttpRequest, response: HttpResponseBase) -> None:
    """Write the RateLimit headers of a counted request."""
    rate: Rate | None = getattr(request, "rate", None)
    if rate is not None:
        response["RateLimit-Limit"] = str(rate.limit)
        response["RateLimit-Remaining"] = str(max(rate.limit - rate.used, 0))
        response["RateLimit-Reset"] = str(rate.reset)
