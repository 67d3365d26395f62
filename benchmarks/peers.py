"""What the collector is measured against: a plain Django view, and a server that only parses."""

# Django is set up for one of the two only.
# ruff: noqa: PLC0415
from __future__ import annotations

import json
import logging
import os
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
from a2wsgi import WSGIMiddleware

_OK = b'{"success":true}'
_HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(_OK))]


async def parse(scope: Any, receive: Any, send: Any) -> None:
    """Parse the body and answer."""
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    message = await receive()
    body = message["body"]
    while message.get("more_body"):
        message = await receive()
        body += message["body"]
    msgspec.json.decode(body)
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": _OK})


def _view(request: Any) -> Any:
    """Store one event, as one would write it at first."""
    from django.db import connection
    from django.http import HttpResponse

    from touchpoints.interactions.models import Interaction

    event = json.loads(request.body)
    now = datetime.now(UTC)
    workspace = os.environ["BENCH_WORKSPACE"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('cxm.workspace', %s, false)", [workspace])
    Interaction.objects.create(
        workspace_id=UUID(workspace),
        occurred_at=now,
        id=uuid4(),
        received_at=now,
        source_id=UUID(os.environ["BENCH_SOURCE"]),
        kind=event["type"],
        event=event["event"],
        anonymous_id=event["anonymousId"],
        actor=uuid4(),
        visit_key=uuid4(),
        url=event["context"]["page"]["url"],
        properties=event["properties"],
        context=event["context"],
    )
    return HttpResponse(_OK, content_type="application/json")


def _naive() -> Any:
    """Return Django with that view alone and no middleware."""
    import django
    from django.conf import settings
    from django.urls import path

    # wrk breaks its last requests off; nobody wants to read about that.
    logging.disable()
    settings.MIDDLEWARE = []
    django.setup()
    from django.core.handlers.wsgi import WSGIHandler

    settings.ROOT_URLCONF = __name__
    globals()["urlpatterns"] = [path("naive", _view)]
    return WSGIHandler()


if os.environ.get("BENCH_WORKSPACE"):
    _site: Any = WSGIMiddleware(_naive(), workers=8)

    async def naive(scope: Any, receive: Any, send: Any) -> None:
        """Answer by the plain view; its threads last, with their connections."""
        if scope["type"] == "lifespan":
            await parse(scope, receive, send)
        else:
            await _site(scope, receive, send)
