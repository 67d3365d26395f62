"""The site for ASGI servers: the collector's addresses go to it straight, the rest to Django.

Django answers in threads that last, through its WSGI handler: its ASGI handler takes three times
the processor time for each request and a new thread, hence a new database connection, for each.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, cast

from a2wsgi import WSGIMiddleware
from django.utils.module_loading import import_string

from cxm.wsgi import application as wsgi_application

if TYPE_CHECKING:
    from a2wsgi.wsgi_typing import WSGIApp
    from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, Scope

THREADS = int(os.environ.get("WEB_THREADS") or 8)

site = cast("ASGI3Application", WSGIMiddleware(cast("WSGIApp", wsgi_application), workers=THREADS))
collector: ASGI3Application = import_string("touchpoints.interactions.collector.application")


async def application(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Answer one connection."""
    if scope["type"] == "lifespan" or (
        scope["type"] == "http" and scope["path"].startswith("/v1/")
    ):
        await collector(scope, receive, send)
    else:
        await site(scope, receive, send)
