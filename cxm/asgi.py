"""The site for ASGI servers: the collector's addresses go to it straight, the rest to Django."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, cast

from django.core.asgi import get_asgi_application
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, Scope

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxm.settings")
# Requests run in threads that come and go; a pool lends them their connections.
os.environ.setdefault("DATABASE_POOL", "true")

django_application = cast("ASGI3Application", get_asgi_application())
collector: ASGI3Application = import_string("touchpoints.interactions.collector.application")


async def application(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Answer one connection."""
    if scope["type"] == "lifespan" or (
        scope["type"] == "http" and scope["path"].startswith("/v1/")
    ):
        await collector(scope, receive, send)
    else:
        await django_application(scope, receive, send)
