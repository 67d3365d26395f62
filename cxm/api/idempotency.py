"""`Idempotency-Key`: a POST repeated with the same key gets the first answer.

1. The key is claimed in a transaction of its own, so that a second request sees it running.
2. The view runs in a transaction that also stores its answer: both are there or neither.
3. A claim that was never finished (the process died) opens again after a minute.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from cxm.api.errors import problem
from cxm.api.models import IdempotentRequest
from cxm.common.clock import now
from cxm.common.scope import current_workspace_id

HEADER = "Idempotency-Key"
LONGEST_KEY = 200
LOCK = timedelta(minutes=1)
KEPT = timedelta(hours=24)


class IdempotencyMiddleware:
    """Stands inside the workspace's scope; acts on POST below /api/ with the header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request, or replay its first answer."""
        key = request.headers.get(HEADER)
        if (
            key is None
            or request.method != "POST"
            or not request.path.startswith("/api/")
            or (workspace := current_workspace_id()) is None
        ):
            return self.get_response(request)
        if not 0 < len(key) <= LONGEST_KEY:
            return problem(
                status=400,
                code="invalid_idempotency_key",
                title="Bad Request",
                detail=f"Send an Idempotency-Key of 1 to {LONGEST_KEY} characters.",
            )
        digest = _hash(request)
        claim = _claim(workspace, key, digest, now())
        if claim == "other":
            return problem(
                status=422,
                code="idempotency_key_reused",
                title="Unprocessable Content",
                detail="This Idempotency-Key came with another request before. Use a new key.",
            )
        if claim == "running":
            return problem(
                status=409,
                code="request_running",
                title="Conflict",
                detail="The first request with this Idempotency-Key is still running.",
            )
        if isinstance(claim, HttpResponse):
            return claim
        return self._run(request, key)

    def _run(self, request: HttpRequest, key: str) -> HttpResponseBase:
        try:
            with transaction.atomic():
                response = self.get_response(request)
                if response.status_code < 400:
                    _store(key, response)
                else:
                    transaction.set_rollback(True)
        except BaseException:
            _forget(key)
            raise
        if response.status_code >= 500:
            _forget(key)
        elif response.status_code >= 400:
            _store(key, response)
        return response


def _claim(
    workspace: UUID, key: str, digest: str, moment: datetime
) -> Literal["mine", "other", "running"] | HttpResponse:
    with transaction.atomic():
        IdempotentRequest.objects.filter(key=key, created_at__lt=moment - KEPT).delete()
        fresh = IdempotentRequest(
            workspace_id=workspace,
            key=key,
            request_hash=digest,
            created_at=moment,
            locked_until=moment + LOCK,
        )
        IdempotentRequest.objects.bulk_create([fresh], ignore_conflicts=True)
        row = IdempotentRequest.objects.select_for_update().get(key=key)
        if row.pk == fresh.pk:
            return "mine"
        if row.request_hash != digest:
            return "other"
        if row.status is None:
            if row.locked_until is not None and row.locked_until > moment:
                return "running"
            row.locked_until = moment + LOCK
            row.save(update_fields=["locked_until"])
            return "mine"
    response = HttpResponse(
        bytes(row.body or b""), status=row.status, content_type=row.content_type
    )
    response["Idempotent-Replayed"] = "true"
    return response


def _store(key: str, response: HttpResponseBase) -> None:
    body = response.content if isinstance(response, HttpResponse) else b""
    IdempotentRequest.objects.filter(key=key).update(
        status=response.status_code,
        content_type=response.headers.get("Content-Type", "")[:100],
        body=body,
        locked_until=None,
    )


def _forget(key: str) -> None:
    IdempotentRequest.objects.filter(key=key, status=None).delete()


def _hash(request: HttpRequest) -> str:
    digest = hashlib.sha256(request.get_full_path().encode())
    digest.update(b"\n" + request.body)
    return digest.hexdigest()
