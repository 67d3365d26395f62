"""Bad input gets a clear answer or a place in quarantine, and never costs a good event."""

from __future__ import annotations

import json
from base64 import b64encode
from collections import Counter
from collections.abc import Collection

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import Workspace
from tests.touchpoints.interactions.payloads import MARKER, Payload, good_events, payloads
from tests.touchpoints.interactions.server import Server
from tests.touchpoints.interactions.tally import Tally, tally_of
from tests.touchpoints.interactions.wire import Wire
from tests.touchpoints.make import make_source
from touchpoints.interactions.models import Interaction
from touchpoints.interactions.services import drain

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]


@pytest.fixture
def key(workspace: Workspace) -> str:
    return make_source(workspace)[1]


def check_answer(payload: Payload, status: int) -> None:
    if payload.taken:
        assert status == 200, payload
    else:
        assert 400 <= status < 500, payload


def stored(workspace: Workspace, names: Collection[str]) -> Counter[str]:
    """Return how often each of these good events is stored."""
    with workspace_scope(workspace.pk):
        found = Interaction.objects.values_list(f"properties__{MARKER}", flat=True)
        return Counter(name for name in found if name in names)


def expected(sent: list[Payload]) -> Tally:
    taken = [payload for payload in sent if payload.taken]
    return Tally(
        received=sum(payload.events for payload in taken if not payload.declined),
        declined=sum(payload.events for payload in taken if payload.declined),
    )


def test_no_payload_whatever_breaks_the_collector(
    server: Server, workspace: Workspace, key: str
) -> None:
    with Wire(server.url) as wire:

        @settings(max_examples=120, suppress_health_check=list(HealthCheck))
        @given(st.lists(payloads(key), min_size=1, max_size=4))
        def send(sent: list[Payload]) -> None:
            drain()
            before = tally_of(workspace)
            for payload in sent:
                status = wire.send(payload.method, payload.path, payload.headers, payload.body)
                check_answer(payload, status)
            drain()
            after = tally_of(workspace)
            assert after.is_complete
            assert (after - before).came == expected(sent).came
            good = {name for payload in sent if not payload.declined for name in payload.good}
            assert stored(workspace, good) == dict.fromkeys(good, 1)

        send()


def request(key: str, body: bytes, *lines: str) -> bytes:
    basic = b64encode(f"{key}:".encode()).decode()
    head = ["POST /v1/batch HTTP/1.1", "Host: x", "Connection: close"]
    return "\r\n".join([*head, f"Authorization: Basic {basic}", *lines, "", ""]).encode() + body


@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_lengths_that_lie_cost_nobody_but_the_liar(
    server: Server, workspace: Workspace, key: str, data: st.DataObject
) -> None:
    event = data.draw(good_events())
    body = json.dumps({"batch": [event]}).encode()
    lie = data.draw(st.integers(-len(body), 5000).filter(bool))
    wire = Wire(server.url)
    for lines in (
        (f"Content-Length: {len(body) + lie}",),
        (f"Content-Length: {len(body)}", f"Content-Length: {len(body) + abs(lie)}"),
        ("Content-Length: -1",),
        ("Content-Length: 99999999999999999999",),
        ("Content-Length: x",),
        ("Transfer-Encoding: chunked",),
        (f"Content-Length: {len(body)}", "Transfer-Encoding: chunked"),
        (),
    ):
        before = tally_of(workspace)
        statuses = wire.raw(request(key, body, *lines))
        drain()
        after = tally_of(workspace)
        assert all(status == 200 or 400 <= status < 500 for status in statuses)
        assert after.is_complete
        assert (after - before).received >= statuses.count(200)
    assert wire.send("POST", "/v1/track", {}, b"{}") == 401


def test_chunks_are_put_together(server: Server, workspace: Workspace, key: str) -> None:
    event = {"type": "track", "event": "A", "userId": "u", "properties": {MARKER: "chunked"}}
    body = json.dumps({"batch": [event]}).encode()
    chunks = b"".join(b"%x\r\n%s\r\n" % (1, body[at : at + 1]) for at in range(len(body)))
    chunked = request(key, chunks + b"0\r\n\r\n", "Transfer-Encoding: chunked")
    assert Wire(server.url).raw(chunked, patience=10) == [200]
    drain()
    assert stored(workspace, {"chunked"}) == {"chunked": 1}
