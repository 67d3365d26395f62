"""Group commit: requests that arrive while a commit is under way share the next one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import Final, TypeVar

from django.db import InterfaceError, OperationalError

from cxm.common.tokens import hash_token
from touchpoints.interactions.services.groups import UnavailableError, close, take_group
from touchpoints.interactions.services.ingest import Batch, Sender
from touchpoints.interactions.services.sources import find_sender

# Events of one commit: large enough for COPY to pay, small enough to answer soon.
MOST_AT_ONCE: Final = 5000
# Events that may wait in this process; more are sent away until it has caught up.
MOST_WAITING: Final = 50_000
# A key that was revoked opens the door no longer than this.
REMEMBER_SECONDS: Final = 10.0
MOST_REMEMBERED: Final = 10_000

T = TypeVar("T")
Waiting = tuple[Batch, "asyncio.Future[None]"]


class Committer:
    """Commits batches for the requests of one event loop, and knows the keys used lately.

    One thread of its own talks to the database for commits and one for keys: while a commit
    waits for the disk, the loop goes on reading requests.
    """

    def __init__(self) -> None:
        self.waiting = 0
        self._pending: list[Waiting] = []
        self._wake = asyncio.Event()
        self._commits = ThreadPoolExecutor(1, "collector-commit")
        self._lookups = ThreadPoolExecutor(1, "collector-key")
        self._known: dict[str, tuple[float, Sender | None]] = {}
        self._closing = False
        self.loop = asyncio.get_running_loop()
        self._task = self.loop.create_task(self._work())

    @property
    def is_full(self) -> bool:
        """Whether too much waits for another event to be taken."""
        return self.waiting >= MOST_WAITING

    async def commit(self, batch: Batch) -> None:
        """Return when the batch is stored for good.

        Raises:
            UnavailableError: the database is lost; the batch is not acknowledged.
            Exception: this batch could not be stored.
        """
        done: asyncio.Future[None] = self.loop.create_future()
        self.waiting += len(batch.records)
        self._pending.append((batch, done))
        self._wake.set()
        await done

    async def sender(self, key: str) -> Sender | None:
        """Return who sends with a key, None for an unknown one. Raises UnavailableError."""
        digest = hash_token(key)
        at = monotonic()
        known = self._known.get(digest)
        if known is not None and at < known[0]:
            return known[1]
        found = await self.loop.run_in_executor(self._lookups, _twice(lambda: find_sender(key)))
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[digest] = at + REMEMBER_SECONDS, found
        return found

    async def close(self) -> None:
        """Commit what waits, and let go of the threads and their connections."""
        self._closing = True
        self._wake.set()
        await self._task
        for threads in (self._commits, self._lookups):
            await self.loop.run_in_executor(threads, close)
            threads.shutdown()

    async def _work(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._pending:
                await self._commit_next()
            if self._closing:
                return

    async def _commit_next(self) -> None:
        group = self._next_group()
        batches = [batch for batch, _ in group]
        try:
            outcomes = await self.loop.run_in_executor(self._commits, take_group, batches)
        except Exception as error:  # the requests get it, the work goes on
            outcomes = [error] * len(group)
        for (batch, done), outcome in zip(group, outcomes, strict=True):
            self.waiting -= len(batch.records)
            if done.cancelled():
                continue
            if outcome is None:
                done.set_result(None)
            else:
                done.set_exception(outcome)

    def _next_group(self) -> list[Waiting]:
        events, end = 0, 0
        for batch, _ in self._pending:
            if end and events + len(batch.records) > MOST_AT_ONCE:
                break
            events += len(batch.records)
            end += 1
        group, self._pending = self._pending[:end], self._pending[end:]
        return group


def _twice(read: Callable[[], T]) -> Callable[[], T]:
    """Read again on a new connection when the old one is lost. Raises UnavailableError."""

    def run() -> T:
        for attempt in (1, 2):
            try:
                return read()
            except (OperationalError, InterfaceError) as error:
                close()
                if attempt == 2:
                    raise UnavailableError(str(error)) from error
        raise UnavailableError("The database was not read.")

    return run
