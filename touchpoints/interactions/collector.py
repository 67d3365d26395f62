"""The Segment HTTP tracking API, below /v1/: an ASGI application of its own.

It stands beside Django, not in it, because each request should cost microseconds of this
process. A body is read, checked as a whole and stored as it came; the answer follows the commit.
What becomes of the events in it, each for itself, is decided by the drain a moment later.
"""

from __future__ import annotations

import base64
import binascii
import gc
import logging
import random
import time
import zlib
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import msgspec
from django.conf import settings

from cxm.common.visitors import client_address, visitor_of_day
from touchpoints.interactions.client_settings import PATH as SETTINGS
from touchpoints.interactions.client_settings import client_settings
from touchpoints.interactions.door import Body, Door, UnavailableError, row_id
from touchpoints.interactions.segment import CALLS, LARGEST_BATCH, BadCallError, open_call

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope

logger = logging.getLogger(__name__)

PREFIX: Final = "/v1/"
# Seconds after which a client should try again: after trouble here, and when too much waits.
RETRY_AFTER: Final = 5
FULL_RETRY_AFTER: Final = 1
# Bytes of a body that is too long that are still read, so that its sender hears the answer.
LONGEST_READ: Final = 16 * 1024 * 1024
# Ours have fewer characters.
LONGEST_KEY: Final = 200
_GZIP: Final = 16 + zlib.MAX_WBITS
_SUCCESS: Final = b'{"success":true}'
_CORS: Final = ((b"access-control-allow-origin", b"*"),)
_PREFLIGHT: Final = (
    *_CORS,
    (b"access-control-allow-methods", b"POST, OPTIONS"),
    (b"access-control-allow-headers", b"authorization, content-type, content-encoding"),
    (b"access-control-max-age", b"86400"),
)
_SETTINGS_HEADERS: Final = (*_CORS, (b"cache-control", b"public, max-age=300"))
_PROXIES: Final = settings.TRUSTED_PROXIES
_LONGEST_AGENT: Final = 512
Headers = tuple[tuple[bytes, bytes], ...]


class RefusalError(Exception):
    """An answer other than success."""

    def __init__(self, status: int, code: str, message: str, headers: Headers = ()) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers


class Collector:
    """An ASGI application; its door belongs to the event loop that runs it."""

    def __init__(self) -> None:
        self._door: Door | None = None

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        """Answer a request, or start and stop with the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live(self, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                # What is loaded by now stays: looking through all of it for garbage would stop
                # everybody for tens of milliseconds, again and again.
                gc.collect()
                gc.freeze()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                if self._door is not None:
                    await self._door.close()
                    self._door = None
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _answer(
        self, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        status, body = 200, _SUCCESS
        headers: Headers = _CORS
        try:
            if scope["method"] == "OPTIONS":
                status, body, headers = 204, b"", _PREFLIGHT
            elif scope["method"] == "GET" and (asked := SETTINGS.match(_path(scope))):
                body, headers = client_settings(asked[1], settings.SITE_URL), _SETTINGS_HEADERS
            else:
                await self._take(scope, receive)
        except RefusalError as refusal:
            status = refusal.status
            body = msgspec.json.encode({"code": refusal.code, "message": refusal.message})
            headers = (*_CORS, *refusal.headers)
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [
                    (b"content-type", b"application/json"),
                    (b"content-length", b"%d" % len(body)),
                    *headers,
                ],
                "trailers": False,
            }
        )
        await send({"type": "http.response.body", "body": body, "more_body": False})

    async def _take(self, scope: HTTPScope, receive: ASGIReceiveCallable) -> None:
        kind = CALLS.get(_path(scope))
        if kind is None:
            raise RefusalError(404, "not_found", "Nothing is at this address.")
        if scope["method"] != "POST":
            raise RefusalError(405, "method_not_allowed", "Send a POST.", ((b"allow", b"POST"),))
        headers = dict(scope["headers"])
        nanoseconds = time.time_ns()
        body = await _body(receive, headers)
        if b"content-encoding" in headers:
            body = _unpacked(body, headers)
        try:
            call = open_call(body, kind)
        except BadCallError as error:
            raise RefusalError(400, error.code, error.message) from None
        door = self._door_here()
        try:
            # Cut, because keys are remembered, those that are none as well.
            key = (_basic_user(headers.get(b"authorization", b"")) or call.write_key)[:LONGEST_KEY]
            is_known, sender = door.known(key)
            if not is_known and key:
                sender = await door.sender(key)
            if sender is None:
                raise RefusalError(
                    401, "invalid_write_key", "The write key is missing or not known."
                )
            if door.is_full:
                wait = b"%d" % FULL_RETRY_AFTER
                waits = ((b"retry-after", wait), (b"x-ratelimit-reset", wait))
                raise RefusalError(429, "too_many_requests", "Too much at once; try again.", waits)
            if not call.events:
                return
            # The person does not want to be tracked: that it was so is counted, nothing is kept.
            declined = headers.get(b"sec-gpc") == b"1" or headers.get(b"dnt") == b"1"
            visitor = agent = ""
            if sender.salt and not declined:
                agent = headers.get(b"user-agent", b"")[:_LONGEST_AGENT].decode("latin-1")
                visitor = visitor_of_day(sender.salt, _address(scope, headers), agent)
            await door.commit(
                Body(
                    sender=sender,
                    id=row_id(nanoseconds, random.getrandbits(62)),
                    microseconds=nanoseconds // 1000,
                    call=kind,
                    events=call.events,
                    content=b"" if declined else body,
                    declined=declined,
                    visitor=visitor,
                    agent=agent.replace("\x00", ""),
                )
            )
        except UnavailableError:
            later = ((b"retry-after", b"%d" % RETRY_AFTER),)
            raise RefusalError(
                503, "unavailable", "The database is away; try again.", later
            ) from None
        except RefusalError:
            raise
        except Exception:
            logger.exception("A call could not be stored")
            raise RefusalError(500, "error", "The events could not be stored; try again.") from None

    def _door_here(self) -> Door:
        if self._door is None:
            self._door = Door()
        return self._door


def _path(scope: HTTPScope) -> str:
    return scope["path"].removeprefix(PREFIX).rstrip("/")


async def _body(receive: ASGIReceiveCallable, headers: Mapping[bytes, bytes]) -> bytes:
    """Return the body. What is too long is read on and thrown away, up to a point.

    A client that is still sending when the answer comes and the connection closes sees a broken
    pipe, takes it for trouble on the way and sends the same again.
    """
    too_long = RefusalError(400, "body_too_large", "A body may have 500 KB.")
    length = headers.get(b"content-length", b"")
    if length.isdigit() and int(length) > LONGEST_READ:
        raise too_long
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        # Nearly all bodies come in one part.
        whole = message.get("body", b"")
        if len(whole) > LARGEST_BATCH:
            raise too_long
        return whole
    body, read = bytearray(), 0
    while True:
        if message["type"] != "http.request":
            raise RefusalError(400, "disconnected", "The body ended early.")
        part = message.get("body", b"")
        read += len(part)
        if read <= LARGEST_BATCH:
            body += part
        elif read > LONGEST_READ:
            raise too_long
        if not message.get("more_body"):
            break
        message = await receive()
    if read > LARGEST_BATCH:
        raise too_long
    return bytes(body)


def _unpacked(body: bytes, headers: Mapping[bytes, bytes]) -> bytes:
    """Return the body without its gzip, of which no more than the limit is ever unpacked."""
    encoding = headers.get(b"content-encoding", b"").strip().lower()
    if encoding in (b"", b"identity"):
        return body
    if encoding not in (b"gzip", b"x-gzip"):
        raise RefusalError(400, "unknown_encoding", "Send the body as it is or as gzip.")
    unpacker = zlib.decompressobj(_GZIP)
    try:
        unpacked = unpacker.decompress(body, LARGEST_BATCH + 1)
    except zlib.error:
        raise RefusalError(400, "invalid_gzip", "The body is not valid gzip.") from None
    if len(unpacked) > LARGEST_BATCH:
        raise RefusalError(400, "body_too_large", "A body may have 500 KB.")
    if not unpacker.eof:
        raise RefusalError(400, "invalid_gzip", "The gzip ends early.")
    return unpacked


def _address(scope: HTTPScope, headers: Mapping[bytes, bytes]) -> str:
    """Return the network address of who sends this."""
    client = scope["client"]
    known = {
        "REMOTE_ADDR": client[0] if client else "",
        "HTTP_X_FORWARDED_FOR": headers.get(b"x-forwarded-for", b"").decode("latin-1"),
    }
    return client_address(known, _PROXIES)


@lru_cache(maxsize=1024)
def _basic_user(authorization: bytes) -> str:
    """Return the user of HTTP Basic, which carries the write key; "" if there is none."""
    kind, _, encoded = authorization.partition(b" ")
    if kind.lower() != b"basic":
        return ""
    try:
        return base64.b64decode(encoded.strip(), validate=True).decode().partition(":")[0].strip()
    except (binascii.Error, UnicodeDecodeError):
        return ""


application = Collector()
