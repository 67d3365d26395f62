"""Killing the web process under load: what was acknowledged is stored, and once."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock, Thread

import pytest
from django.db import connection

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import Workspace
from tests.touchpoints.interactions.server import database_address, environment
from tests.touchpoints.interactions.tally import tally_of
from tests.touchpoints.interactions.wire import Wire
from tests.touchpoints.make import make_source
from touchpoints.interactions.models import Interaction
from touchpoints.interactions.services import drain

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

KILLS = 20
SENDERS = 8
# Events that a server takes before it is killed.
TAKEN_EACH = 60
# Servers that start while another one works: a start takes longer than a life.
AHEAD = 3


class Web:
    """The web process as the supervisor runs it: on a socket that is open already."""

    def __init__(self, url: str) -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cxm.local.web", str(listener.fileno())],
            env=environment(url, f"http://127.0.0.1:{self.port}"),
            pass_fds=[listener.fileno()],
        )
        # The process holds it from here on; where it is gone, connections are refused.
        listener.close()

    def wait(self) -> None:
        """Return when it answers."""
        with Wire(f"http://127.0.0.1:{self.port}") as wire:
            assert wire.send("POST", "/v1/track", {}, b"{}") == 401

    def kill(self) -> None:
        """End it in the middle of whatever it does."""
        self.process.kill()
        self.process.wait()


@dataclass
class Load:
    """Senders that go on sending, each event until it is acknowledged, as clients do."""

    key: str
    port: int = 0
    sent: int = 0
    again: int = 0
    refused: Counter[int] = field(default_factory=Counter)
    acknowledged: set[str] = field(default_factory=set)
    stop: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)

    def run(self) -> None:
        """Send until told to stop; what is under way is finished first."""
        basic = {"Authorization": "Basic " + b64encode(f"{self.key}:".encode()).decode()}
        while not self.stop.is_set():
            with self.lock:
                self.sent += 1
                name = f"event-{self.sent}"
            body = json.dumps({"event": name, "anonymousId": name, "messageId": name}).encode()
            with ExitStack() as stack:
                self._deliver(stack, basic, name, body)

    def _deliver(self, stack: ExitStack, basic: dict[str, str], name: str, body: bytes) -> None:
        port, wire = 0, None
        while True:
            try:
                if wire is None or port != self.port:
                    port = self.port
                    wire = stack.enter_context(Wire(f"http://127.0.0.1:{port}"))
                status = wire.send("POST", "/v1/track", basic, body)
            except OSError:
                with self.lock:
                    self.again += 1
                time.sleep(0.005)
                continue
            if status == 200:
                with self.lock:
                    self.acknowledged.add(name)
                return
            self.refused[status] += 1
            time.sleep(0.05)


@contextmanager
def draining(stop: Event) -> Iterator[None]:
    """Sort in all the time, as the worker does."""

    def run() -> None:
        while not stop.wait(0.05):
            drain()
        connection.close()

    thread = Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def test_what_was_acknowledged_outlives_twenty_kills(workspace: Workspace) -> None:
    load = Load(make_source(workspace)[1])
    url = database_address()
    waiting = [Web(url) for _ in range(AHEAD)]
    senders = [Thread(target=load.run) for _ in range(SENDERS)]
    try:
        with draining(Event()):
            for number in range(KILLS + 1):
                web = waiting.pop(0)
                web.wait()
                load.port = web.port
                if number + AHEAD <= KILLS:
                    waiting.append(Web(url))
                if not number:
                    for sender in senders:
                        sender.start()
                if number == KILLS:
                    # The last one lives, so that each event is acknowledged in the end.
                    break
                before = len(load.acknowledged)
                while len(load.acknowledged) < before + TAKEN_EACH:
                    time.sleep(0.001)
                web.kill()
            load.stop.set()
            for sender in senders:
                sender.join()
    finally:
        load.stop.set()
        for each in [*waiting, web]:
            each.kill()
    drain()
    assert load.acknowledged == {f"event-{number}" for number in range(1, load.sent + 1)}
    assert load.sent >= KILLS * TAKEN_EACH
    # The kills were in the middle: senders lost their connection and sent again.
    assert load.again >= KILLS
    assert not load.refused
    with workspace_scope(workspace.pk):
        stored = Counter(Interaction.objects.values_list("event", flat=True))
    assert stored == Counter(load.acknowledged)
    tally = tally_of(workspace)
    assert tally.is_complete
    assert (tally.stored, tally.quarantined) == (load.sent, 0)
