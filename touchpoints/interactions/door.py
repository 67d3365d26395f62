"""The collector's hand on the database: group commit into the inbox.

Requests that arrive while commits are under way share the next one: one COPY, one commit, one
wait for the disk. It runs on the event loop, on connections of its own.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from struct import Struct
from time import monotonic
from typing import Final

import msgspec
import psycopg
from django.db import InterfaceError, OperationalError, connection

from touchpoints.interactions.services.sources import Sender, close, find_sender

logger = logging.getLogger(__name__)

# Bytes of one commit: large enough for COPY to pay, small enough to answer soon.
MOST_BYTES: Final = 4 * 1024 * 1024
# Bytes that may wait in this process; more are sent away until it has caught up.
MOST_WAITING: Final = 64 * 1024 * 1024
ATTEMPTS: Final = 3
# Commits under way at once: while one waits for the disk, the next is on its way there.
LINES: Final = 2
# A key that was revoked opens the door no longer than this.
REMEMBER_SECONDS: Final = 10.0
MOST_REMEMBERED: Final = 10_000

COPY: Final = """
COPY interactions_inbox (
    workspace_id, id, source_id, received_at, call, events, declined, visitor, agent, body
) FROM STDIN (FORMAT BINARY)
"""
# PostgreSQL's binary COPY format: signature, flags, length of an extension; then rows.
_HEAD: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TAIL: Final = b"\xff\xff"
_FIXED: Final = Struct("!h i16s i16s i16s iq i")
_COUNTS: Final = Struct("!ii i? i")
_LENGTH: Final = Struct("!i")
# Microseconds between 1970 and 2000, where PostgreSQL's time begins.
_EPOCH: Final = 946_684_800_000_000


class UnavailableError(Exception):
    """The database cannot be reached; nothing that waits may be acknowledged."""


class Body(msgspec.Struct, frozen=True, gc=False):
    """One body on its way into the inbox.

    Attributes:
        id: 16 bytes, in the order of time.
        microseconds: when it came, since 1970.
        call: a value of ``segment.CALLS``.
        events: how many events it holds.
        declined: the person does not want to be tracked; `content` is empty then.
        visitor: the day's name of a visitor without consent, "" where there is none.
        agent: the user agent of the request, for sources that are websites.
    """

    sender: Sender
    id: bytes
    microseconds: int
    call: str
    events: int
    content: bytes
    declined: bool = False
    visitor: str = ""
    agent: str = ""

    def packed(self) -> bytes:
        """Return the row as COPY reads it."""
        call, visitor, agent = self.call.encode(), self.visitor.encode(), self.agent.encode()
        return b"".join(
            (
                _FIXED.pack(
                    10,
                    16,
                    self.sender.workspace_id.bytes,
                    16,
                    self.id,
                    16,
                    self.sender.source_id.bytes,
                    8,
                    self.microseconds - _EPOCH,
                    len(call),
                ),
                call,
                _COUNTS.pack(4, self.events, 1, self.declined, len(visitor)),
                visitor,
                _LENGTH.pack(len(agent)),
                agent,
                _LENGTH.pack(len(self.content)),
                self.content,
            )
        )


Waiting = tuple[bytes, "asyncio.Future[None]"]


class Door:
    """Commits bodies for the requests of one event loop, and knows the keys used lately."""

    def __init__(self) -> None:
        self.waiting = 0
        self.loop = asyncio.get_running_loop()
        self._pending: list[Waiting] = []
        self._wake = asyncio.Event()
        self._closing = False
        self._lookups = ThreadPoolExecutor(1, "collector-key")
        self._known: dict[str, tuple[float, Sender | None]] = {}
        self._lines = [Line() for _ in range(LINES)]
        self._tasks = [self.loop.create_task(self._work(line)) for line in self._lines]

    @property
    def is_full(self) -> bool:
        """Whether too much waits for another body to be taken."""
        return self.waiting >= MOST_WAITING

    async def commit(self, body: Body) -> None:
        """Return when the body is stored for good. Raises UnavailableError when it may not be."""
        row = body.packed()
        done: asyncio.Future[None] = self.loop.create_future()
        self.waiting += len(row)
        self._pending.append((row, done))
        self._wake.set()
        await done

    def known(self, key: str) -> tuple[bool, Sender | None]:
        """Return whether the key was looked up lately, and who sends with it."""
        entry = self._known.get(key)
        if entry is None or monotonic() >= entry[0]:
            return False, None
        return True, entry[1]

    async def sender(self, key: str) -> Sender | None:
        """Return who sends with a key, None for an unknown one. Raises UnavailableError."""
        is_known, sender = self.known(key)
        if is_known:
            return sender
        found = await self.loop.run_in_executor(self._lookups, _find, key)
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[key] = monotonic() + REMEMBER_SECONDS, found
        return found

    async def close(self) -> None:
        """Commit what waits, and let go of threads and connections."""
        self._closing = True
        while self._tasks:
            self._wake.set()
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
            self._tasks = [task for task in self._tasks if not task.done()]
        await self.loop.run_in_executor(self._lookups, close)
        self._lookups.shutdown()
        for line in self._lines:
            await line.disconnect()

    async def _work(self, line: Line) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._pending:
                await self._commit_next(line)
            if self._closing:
                return

    async def _commit_next(self, line: Line) -> None:
        group, size = self._next_group()
        error: Exception | None = None
        try:
            await line.copy([row for row, _ in group])
        except (psycopg.OperationalError, psycopg.InterfaceError, OSError) as lost:
            error = UnavailableError(str(lost))
        except Exception as unforeseen:  # the requests get it, the work goes on
            logger.exception("%d bodies could not be stored", len(group))
            error = unforeseen
        self.waiting -= size
        for _, done in group:
            if done.cancelled():
                continue
            if error is None:
                done.set_result(None)
            else:
                done.set_exception(error)

    def _next_group(self) -> tuple[list[Waiting], int]:
        size = end = 0
        for row, _ in self._pending:
            if end and size + len(row) > MOST_BYTES:
                break
            size += len(row)
            end += 1
        group, self._pending = self._pending[:end], self._pending[end:]
        return group, size


class Line:
    """A connection for commits, made when it is needed, and again when it is lost."""

    def __init__(self) -> None:
        self._connection: psycopg.AsyncConnection[tuple[object, ...]] | None = None

    async def copy(self, rows: list[bytes]) -> None:
        """Store rows by one COPY, which is one transaction.

        After a lost connection it is tried again. That cannot store a row twice: the ids of the
        rows are their key, so a second COPY of what was committed, with its answer lost, fails
        on them.
        """
        content = b"".join((_HEAD, *rows, _TAIL))
        for attempt in range(1, ATTEMPTS + 1):
            try:
                connected = await self._connected()
                async with connected.cursor() as cursor, cursor.copy(COPY) as copy:
                    await copy.write(content)
            except psycopg.errors.UniqueViolation:
                if attempt == 1:
                    raise
                return
            except (psycopg.OperationalError, psycopg.InterfaceError, OSError) as lost:
                await self.disconnect()
                if attempt == ATTEMPTS:
                    raise
                logger.warning("The database was lost; trying again: %s", lost)
            else:
                return

    async def _connected(self) -> psycopg.AsyncConnection[tuple[object, ...]]:
        if self._connection is None or self._connection.closed:
            settings = connection.get_connection_params()
            for name in ("cursor_factory", "context", "server_side_binding", "pool"):
                settings.pop(name, None)
            self._connection = await psycopg.AsyncConnection.connect(**settings, autocommit=True)
        return self._connection

    async def disconnect(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            await self._connection.close()
            self._connection = None


def _find(key: str) -> Sender | None:
    """Look a key up, again on a new connection when the old one is lost."""
    for attempt in (1, 2):
        try:
            return find_sender(key)
        except (OperationalError, InterfaceError) as error:
            close()
            if attempt == 2:
                raise UnavailableError(str(error)) from error
    raise UnavailableError("The database was not read.")


def row_id(nanoseconds: int, number: int) -> bytes:
    """Return 16 bytes of a UUID of version 7 (RFC 9562, method 3) in the order of arrival.

    48 bits of milliseconds, 12 of their fraction; `number` fills the rest.
    """
    milliseconds, rest = divmod(nanoseconds, 1_000_000)
    high = milliseconds << 16 | 0x7 << 12 | rest * 4096 // 1_000_000
    return (high << 64 | 0b10 << 62 | number & (1 << 62) - 1).to_bytes(16, "big")
