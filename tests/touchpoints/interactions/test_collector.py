"""The Segment API on a real server, with a real client."""

from __future__ import annotations

import gzip
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from segment.analytics.client import Client

from cxm.common.scope import workspace_scope
from cxm.customers.models import Customer, Identity
from cxm.workspaces.models import Workspace
from tests.touchpoints.interactions.server import Server
from tests.touchpoints.make import make_source
from touchpoints.interactions.models import Interaction, Quarantined, SourceDay
from touchpoints.interactions.services import drain, revoke_source

pytestmark = pytest.mark.django_db(transaction=True)

TRACK = {"event": "Order Completed", "userId": "u1", "messageId": "m1"}


@pytest.fixture
def key(workspace: Workspace) -> str:
    return make_source(workspace)[1]


def rows(workspace: Workspace) -> list[Interaction]:
    drain()
    with workspace_scope(workspace.pk):
        return list(Interaction.objects.order_by("occurred_at", "id"))


def test_the_segment_client_delivers_unchanged(
    server: Server, workspace: Workspace, key: str
) -> None:
    errors: list[Any] = []
    for zipped in (False, True):
        client = Client(
            key,
            host=server.url,
            on_error=lambda error, items: errors.append((error, items)),
            gzip=zipped,
            max_retries=2,
        )
        suffix = "zipped" if zipped else "plain"
        client.identify("u1", {"email": "ann@example.com", "name": "Ann", "plan": suffix})
        client.track("u1", f"Order {suffix}", {"revenue": 12.5, "currency": "EUR"})
        client.page("u1", "Docs", "Install", {"url": "https://x.example/docs"})
        client.screen("u1", "App", "Start")
        client.group("u1", "g1", {"seats": 3})
        client.alias("browser-9", "u1")
        client.track("u1", "Long ago", timestamp=datetime.now(UTC) - timedelta(days=40))
        client.flush()
        client.join()
    assert not errors
    found = rows(workspace)
    assert len(found) == 14
    assert [row.kind for row in found].count("track") == 4
    with workspace_scope(workspace.pk):
        customer = Customer.objects.get()
        assert customer.name == "Ann"
        assert Identity.objects.filter(kind="email", value="ann@example.com").exists()
        assert {row.customer_id for row in found} == {customer.pk}
        assert not Quarantined.objects.exists()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (f"/v1/{path}", kind)
        for kind, paths in {
            "track": ("track", "t"),
            "identify": ("identify", "i"),
            "page": ("page", "p"),
            "screen": ("screen", "s"),
            "group": ("group", "g"),
            "alias": ("alias", "a"),
        }.items()
        for path in paths
    ],
)
def test_every_call_has_its_paths(
    server: Server, workspace: Workspace, key: str, path: str, kind: str
) -> None:
    answer = server.post(path, {**TRACK, "name": "Home", "previousId": "a"}, key=key)
    assert (answer.status, answer.body) == (200, {"success": True})
    assert [row.kind for row in rows(workspace)] == [kind]


@pytest.mark.parametrize("path", ["/v1/batch", "/v1/b", "/v1/import"])
def test_batches_come_by_three_names_and_as_plain_text(
    server: Server, workspace: Workspace, key: str, path: str
) -> None:
    body = {"writeKey": key, "batch": [{"type": "track", **TRACK}]}
    answer = server.post(path, body, Content_Type="text/plain")
    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert len(rows(workspace)) == 1


def test_an_answer_means_stored_and_once(server: Server, workspace: Workspace, key: str) -> None:
    for sent in ("2026-05-20T10:00:00Z", "2026-05-20T10:09:00Z"):
        body = {**TRACK, "timestamp": "2026-05-20T09:59:00Z", "sentAt": sent}
        assert server.post("/v1/track", body, key=key).status == 200
    assert len(rows(workspace)) == 1


def test_two_workspaces_keep_their_own(
    server: Server, workspace: Workspace, other_workspace: Workspace, key: str
) -> None:
    other = make_source(other_workspace)[1]
    for one in (key, other):
        assert server.post("/v1/track", TRACK, key=one).status == 200
    assert len(rows(workspace)) == len(rows(other_workspace)) == 1


def test_a_bad_event_takes_no_neighbour_with_it(
    server: Server, workspace: Workspace, key: str
) -> None:
    batch: list[object] = [{"type": "track", **TRACK, "messageId": f"m{n}"} for n in range(10)]
    batch[3] = {"type": "track", "userId": "u1", "messageId": "bad"}
    batch[5] = {"type": "track", **TRACK, "messageId": "nul", "properties": {"a": "\x00"}}
    batch[7] = 17
    assert server.post("/v1/batch", {"batch": batch}, key=key).status == 200
    assert len(rows(workspace)) == 7
    with workspace_scope(workspace.pk):
        reasons = set(Quarantined.objects.values_list("reason", flat=True))
        day = SourceDay.objects.get()
    assert reasons == {"no_event", "refused_by_database", "not_an_object"}
    assert (day.received, day.stored, day.quarantined) == (10, 7, 3)


def test_requests_at_the_same_time_are_all_stored(
    server: Server, workspace: Workspace, other_workspace: Workspace, key: str
) -> None:
    other = make_source(other_workspace)[1]

    def send(n: int) -> int:
        body = {"event": "A", "anonymousId": f"a{n}", "messageId": f"m{n % 90}"}
        return server.post("/v1/track", body, key=other if n % 2 else key).status

    with ThreadPoolExecutor(16) as threads:
        assert set(threads.map(send, range(180))) == {200}
    assert len(rows(workspace)) == len(rows(other_workspace)) == 45


@pytest.mark.parametrize("header", ["Sec_GPC", "DNT"])
def test_who_does_not_want_to_be_tracked_leaves_a_count_and_no_trace(
    server: Server, workspace: Workspace, key: str, header: str
) -> None:
    assert server.post("/v1/track", TRACK, key=key, **{header: "1"}).status == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT declined, body, visitor, agent FROM interactions_inbox")
        assert cursor.fetchall() == [(True, b"", "", "")]
    assert not rows(workspace)
    with workspace_scope(workspace.pk):
        day = SourceDay.objects.get()
    assert (day.received, day.declined) == (0, 1)


def test_keys_that_are_unknown_missing_or_revoked_are_refused(
    server: Server, workspace: Workspace
) -> None:
    source, revoked = make_source(workspace)
    with workspace_scope(workspace.pk):
        revoke_source(source=source)
    for key in ("", "cxw_nobody", revoked):
        answer = server.post("/v1/track", TRACK, key=key)
        assert (answer.status, answer.body["code"]) == (401, "invalid_write_key")


def test_bodies_that_cannot_be_taken_are_refused(server: Server, key: str) -> None:
    bomb = zlib.compressobj(9, zlib.DEFLATED, 31)
    bombed = b"".join(bomb.compress(bytes(1_000_000)) for _ in range(300)) + bomb.flush()
    assert len(bombed) < 400_000
    for body, encoding, code in (
        (b"{", "", "invalid_json"),
        (b'"' + b"x" * 600_000 + b'"', "", "body_too_large"),
        (bombed, "gzip", "body_too_large"),
        (b"not gzip", "gzip", "invalid_gzip"),
        (gzip.compress(b"{}" * 500)[:-9], "gzip", "invalid_gzip"),
        (b"{}", "br", "unknown_encoding"),
    ):
        headers = {"Content_Encoding": encoding} if encoding else {}
        answer = server.post("/v1/batch", body, key=key, **headers)
        assert (answer.status, answer.body["code"]) == (400, code)
        assert answer.body["message"]


def test_other_addresses_and_methods(server: Server, key: str) -> None:
    assert server.post("/v1/nothing", {}, key=key).status == 404
    assert server.post("/v1/track", b"", method="GET").status == 405
    answer = server.post("/v1/track", b"", method="OPTIONS", Origin="https://x.example")
    assert answer.status == 204
    assert answer.headers["access-control-allow-methods"] == "POST, OPTIONS"
    elsewhere = server.post("/health/live", b"", method="GET", Origin="https://x.example")
    assert "access-control-allow-origin" not in elsewhere.headers


def test_the_client_for_browsers_is_told_where_to_send(server: Server, key: str) -> None:
    answer = server.post(f"/v1/projects/{key}/settings", b"", method="GET", Origin="https://x.test")
    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["content-type"] == "application/json"
    assert answer.body["integrations"] == {
        "Segment.io": {
            "apiKey": key,
            "apiHost": f"{server.url.removeprefix('http://')}/v1",
            "protocol": "http",
        }
    }
    # No figures about itself go to anybody else.
    assert answer.body["metrics"] == {"sampleRate": 0}
    for path in ("a%20b", "a/b", "", "x" * 201):
        assert server.post(f"/v1/projects/{path}/settings", b"", method="GET").status == 404
    assert server.post(f"/v1/projects/{key}/settings", b"{}").status == 404
