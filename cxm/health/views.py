"""Doors for load balancers and monitors."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cxm.health.reports import readiness


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """Say that this process answers; touches nothing else."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Say whether every part runs: 200, or 503 when one is red."""
    parts = readiness()
    ok = all(part.ok for part in parts)
    body = {
        "status": "ok" if ok else "unavailable",
        "checks": {
            p.name: {"status": "ok" if p.ok else "failed", "detail": p.detail} for p in parts
        },
    }
    return JsonResponse(body, status=200 if ok else 503)
