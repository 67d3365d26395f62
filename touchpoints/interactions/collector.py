"""The door of the Segment HTTP tracking API, below /v1/: an ASGI application of its own.

It stands beside Django, not in it, because each event should cost microseconds of this process;
a request is answered when the transaction that holds its events is committed, and not before.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import logging
import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import msgspec

from cxm.common.clock import now
from touchpoints.interactions.committer import Committer
from touchpoints.interactions.segment import CALLS, LARGEST_BATCH, BadCallError, read_call
from touchpoints.interactions.services.groups import UnavailableError
from touchpoints.interactions.services.ingest import Batch

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope

logger = logging.getLogger(__name__)

PREFIX: Final = "/v1/"
# Seconds after which a client should try again: after trouble here, and when too much waits.
RETRY_AFTER: Final = 5
FULL_RETRY_AFTER: Final = 1
# Bytes of a body that is too long that are still read, so that its sender hears the answer.
LONGEST_READ: Final = 16 * 1024 * 1024
_GZIP: Final = 16 + zlib.MAX_WBITS
_SUCCESS: Final = b'{"success":true}'
_CORS: Final = ((b"access-control-allow-origin", b"*"),)
_PREFLIGHT: Final = (
    *_CORS,
    (b"access-control-allow-methods", b"POST, OPTIONS"),
    (b"access-control-allow-headers", b"authorization, content-type, content-encoding"),
    (b"access-control-max-age", b"86400"),
)
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
    """An ASGI application; its committer belongs to the event loop that runs it."""

    def __init__(self) -> None:
        self._committer: Committer | None = None

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
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                if self._committer is not None:
                    await self._committer.close()
                    self._committer = None
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
        kind = CALLS.get(scope["path"].removeprefix(PREFIX).rstrip("/"))
        if kind is None:
            raise RefusalError(404, "not_found", "Nothing is at this address.")
        if scope["method"] != "POST":
            raise RefusalError(405, "method_not_allowed", "Send a POST.", ((b"allow", b"POST"),))
        headers: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            headers[name] = value
        committer = self._committer_here()
        body = _unpacked(await _body(receive, headers), headers)
        received_at = now()
        try:
            call = read_call(body, kind, received_at)
        except BadCallError as error:
            raise RefusalError(400, error.code, error.message) from None
        try:
            key = _basic_user(headers) or call.write_key
            sender = await committer.sender(key) if key else None
            if sender is None:
                raise RefusalError(
                    401, "invalid_write_key", "The write key is missing or not known."
                )
            if headers.get(b"sec-gpc") == b"1" or headers.get(b"dnt") == b"1":
                # The person does not want to be tracked: nothing is kept, not even a count.
                return
            if committer.is_full:
                wait = b"%d" % FULL_RETRY_AFTER
                waits = ((b"retry-after", wait), (b"x-ratelimit-reset", wait))
                raise RefusalError(429, "too_many_requests", "Too much at once; try again.", waits)
            if call.items:
                await committer.commit(Batch(sender, call.items, received_at))
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

    def _committer_here(self) -> Committer:
        loop = asyncio.get_running_loop()
        if self._committer is None or self._committer.loop is not loop:
            self._committer = Committer()
        return self._committer


async def _body(receive: ASGIReceiveCallable, headers: Mapping[bytes, bytes]) -> bytes:
    """Return the body. What is too long is read on and thrown away, up to a point.

    A client that is still sending when the answer comes and the connection closes sees a broken
    pipe, takes it for trouble on the way and sends the same again.
    """
    too_long = RefusalError(400, "body_too_large", "A body may have 500 KB.")
    length = headers.get(b"content-length", b"")
    if length.isdigit() and int(length) > LONGEST_READ:
        raise too_long
    body, read = bytearray(), 0
    while True:
        message = await receive()
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


def _basic_user(headers: Mapping[bytes, bytes]) -> str:
    """Return the user of HTTP Basic, which carries the write key; "" if there is none."""
    kind, _, encoded = headers.get(b"authorization", b"").partition(b" ")
    if kind.lower() != b"basic":
        return ""
    try:
        return base64.b64decode(encoded.strip(), validate=True).decode().partition(":")[0].strip()
    except (binascii.Error, UnicodeDecodeError):
        return ""


application = Collector()
