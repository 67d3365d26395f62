"""Segment's own library for browsers, unmodified, on a page of another origin."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Request

from cxm.common.scope import workspace_scope
from cxm.customers.models import Customer
from cxm.workspaces.models import Workspace
from tests.clients.packages import packages
from tests.touchpoints.interactions.conftest import server
from tests.touchpoints.interactions.server import Server
from tests.touchpoints.interactions.tally import Tally, tally_of
from tests.touchpoints.make import make_channel, make_source
from touchpoints.interactions.models import Interaction
from touchpoints.interactions.services import drain

__all__ = ["packages", "server"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# A browser that is driven says so, and counts as a bot.
AGENT = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Safari/537.36"
)
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>
<link rel="icon" href="data:,"><script src="/umd/index.js"></script></head><body><script>
window.analytics = AnalyticsNext.AnalyticsBrowser.load(SETTINGS, OPTIONS);
</script></body></html>"""
BATCHING = {
    "integrations": {
        "Segment.io": {"deliveryStrategy": {"strategy": "batching", "config": {"timeout": 200}}}
    }
}
CALLS = """async () => {
    await analytics.page("Home");
    await analytics.identify("u1", {email: "ann@example.com", name: "Ann"});
    await analytics.track("Order Completed", {revenue: 12.5, currency: "EUR"});
    await analytics.group("g1", {seats: 3});
    await analytics.screen("Start");
    await analytics.alias("u1", "browser-9");
}"""


@contextmanager
def serving_shop(folder: Path, settings: object, options: object) -> Iterator[str]:
    """Serve a page with the library on an origin of its own."""
    html = PAGE.replace("SETTINGS", json.dumps(settings)).replace("OPTIONS", json.dumps(options))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            file = folder / Path(path).name
            is_script = path.startswith("/umd/") and file.is_file()
            body = file.read_bytes() if is_script else html.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/javascript" if is_script else "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    shop = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=shop.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{shop.server_port}"
    finally:
        shop.shutdown()
        shop.server_close()
        thread.join()


@pytest.mark.parametrize("options", [{}, BATCHING], ids=["one by one", "in batches"])
def test_the_client_for_browsers_delivers_unchanged(
    chromium: Browser,
    packages: Path,
    server: Server,
    workspace: Workspace,
    options: dict[str, object],
) -> None:
    umd = packages / "node_modules/@segment/analytics-next/dist/umd"
    sent: list[Request] = []
    elsewhere: list[str] = []
    make_channel(workspace, key="email")
    # All that a page needs of us: the address and a key.
    settings = {"writeKey": make_source(workspace)[1], "cdnURL": server.url}

    def note(request: Request) -> None:
        if request.url.startswith(server.url):
            sent.append(request)
        elif urlsplit(request.url).hostname != "localhost":
            elsewhere.append(request.url)

    with serving_shop(umd, settings, options) as shop:
        context = chromium.new_context(user_agent=AGENT)
        page = context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("request", note)
        page.goto(f"{shop}/home?utm_source=crm&utm_medium=email&utm_campaign=spring")
        page.evaluate(CALLS)
        page.wait_for_timeout(800)
        answers = [request.response() for request in sent]
        statuses = {answer.status if answer else 0 for answer in answers}
        context.close()
    assert complaints == []
    assert [url for url in elsewhere if not url.startswith("data:")] == []
    assert statuses == {200}
    posts = [request for request in sent if request.method == "POST"]
    assert {request.headers["content-type"] for request in posts} == {"text/plain"}
    paths = [urlsplit(request.url).path for request in posts]
    assert set(paths) == (
        {"/v1/b"} if options else {f"/v1/{letter}" for letter in ("p", "i", "t", "g", "s", "a")}
    )

    drain()
    assert tally_of(workspace) == Tally(received=6, stored=6)
    with workspace_scope(workspace.pk):
        assert Customer.objects.get().name == "Ann"
        home = Interaction.objects.select_related("channel").get(kind="page")
        order = Interaction.objects.get(event="Order Completed")
    assert (order.value, order.currency) == (Decimal("12.5"), "EUR")
    assert home.url.startswith(f"{shop}/home")
    assert home.channel is not None
    assert home.channel.key == "email"
